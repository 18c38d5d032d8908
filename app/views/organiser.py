"""The organisers' desk: what needs the team this morning, and what each module shows beside it."""

from flask import Blueprint, Response

from app.access.door import AbsentError
from app.access.routes import requires
from app.panels import todos
from app.programmes import queries
from app.programmes.policy import Permission
from app.request import actor, page

bp = Blueprint("app_organiser", __name__, url_prefix="/manage")


@bp.get("/")
@requires(Permission.PROGRAMME_READ)
def desk() -> Response:
    """The first page of staff."""
    programmes = queries.readable_programmes(actor())
    if not programmes:
        raise AbsentError
    return page("app/organiser/desk.html", todos=todos(actor()), programmes=programmes)
