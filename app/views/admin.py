"""The administrator's first page and the showcase of components."""

from flask import Blueprint, Response

from app.access.routes import requires
from app.panels import todos
from app.people.policy import Permission
from app.people.views.admin import enter
from app.request import actor, page
from app.showcase import context

bp = Blueprint("app_admin", __name__, url_prefix="/admin")


@bp.get("/")
@requires(Permission.INSTALLATION_READ)
def overview() -> Response:
    """The ways into the installation's own records."""
    enter(Permission.INSTALLATION_READ)
    return page("app/admin/overview.html", todos=todos(actor()))


@bp.get("/components")
@requires(Permission.INSTALLATION_READ)
def components() -> Response:
    """Every component in every state."""
    enter(Permission.INSTALLATION_READ)
    return page("app/admin/components.html", **context())
