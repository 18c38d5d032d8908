"""The page behind an invitation: takes the role with the account of its address, or makes that account."""

from flask import Blueprint, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from app.access.routes import public
from app.core.refusals import Refusal
from app.navigation import first_page
from app.people.forms import NewPasswordForm
from app.people.queries import own_user
from app.people.services import passwords, sessions
from app.people.session import begin_session, device
from app.programmes import queries, services
from app.request import actor, arrived_at, before_writing, done, page, prepared

bp = Blueprint("programmes_public", __name__)


def _hashed(secret: str) -> str | Refusal | None:
    form = NewPasswordForm()
    invited = queries.invitation_of(secret)
    if actor().is_signed_in or invited is None or not form.validate():
        return None
    return passwords.hash_chosen(form.password.data or "", email=invited.email)


@bp.route("/invitation/<secret>", methods=["GET", "POST"])
@before_writing(_hashed)
@public
def invitation(secret: str) -> BaseResponse:
    """Whose the invitation is decides what is asked: a click, a sign-in, or a first password."""
    invited = queries.invitation_of(secret)
    if invited is None:
        return page("errors/link_used.html", again=None, status=410)
    if request.method == "POST" and actor().is_signed_in:
        services.accept_invitation(secret, user=own_user(actor()), by=actor(), at=arrived_at())
        return done(_("Welcome to the team!"), url_for("app_person.home"))
    form, chosen = NewPasswordForm(), prepared()
    if isinstance(chosen, str):
        user, _membership = services.accept_invitation_anew(secret, password_hash=chosen, by=actor(), at=arrived_at())
        begin_session(sessions.open_session(user, device=device(), at=arrived_at()))
        return done(_("Welcome to the team!"), first_page(actor()))
    form.validate_on_submit()
    return page(
        "programmes/public/invitation.html",
        status=422 if request.method == "POST" else 200,
        form=form,
        invited=invited,
        is_hers=actor().email == invited.email,
        refusals=(chosen,) if isinstance(chosen, Refusal) else (),
    )
