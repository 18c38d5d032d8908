"""Accounts on the administrator's pages."""

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from app.access.door import admit, fetch
from app.access.routes import dangerous, requires
from app.core.tables import page_number, paged
from app.people import queries
from app.people.models import User
from app.people.policy import Permission
from app.people.services import accounts
from app.request import actor, arrived_at, done, page

bp = Blueprint("people_admin", __name__, url_prefix="/admin/users")
LONGEST_SEARCH = 100


def enter(permission: Permission) -> None:
    """Open a page about the installation as a whole: an administrator's own account is what the door is asked about."""
    admit(queries.own_user(actor()), may=permission)


@bp.get("")
@requires(Permission.USER_LIST)
def users() -> Response:
    """All accounts, or those whose name or address holds the words asked for."""
    enter(Permission.INSTALLATION_READ)
    text = request.args.get("q", "")[:LONGEST_SEARCH]
    found = paged(queries.users_found(actor(), text), number=page_number(request.args.get("page")))
    address = url_for(".users", q=text) if text else url_for(".users")
    return page("people/admin/users.html", users=found, text=text, address=address)


@bp.post("/<public_id>/block")
@requires(Permission.USER_BLOCK)
@dangerous(_l("Block an account"), "User.block")
def block(public_id: str) -> BaseResponse:
    """Shut an account at once, on all its devices."""
    accounts.block(fetch(User, public_id, may=Permission.USER_BLOCK), by=actor(), at=arrived_at())
    return done(_("The account is blocked and signed out everywhere."), url_for(".users"))


@bp.post("/<public_id>/unblock")
@requires(Permission.USER_BLOCK)
@dangerous(_l("Unblock an account"), "User.unblock")
def unblock(public_id: str) -> BaseResponse:
    """Open an account again."""
    accounts.unblock(fetch(User, public_id, may=Permission.USER_BLOCK), by=actor(), at=arrived_at())
    return done(_("The account may sign in again."), url_for(".users"))
