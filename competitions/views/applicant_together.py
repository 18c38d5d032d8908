"""Writing an application together: who is in, the link that invites, joining and leaving."""

from flask import Response, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from app.access.door import AbsentError, fetch
from app.access.routes import public, requires, signed_in
from app.core.refusals import Refusal, RefusedError
from app.jinja import sentence
from app.request import actor, arrived_at, done, link_to, page
from competitions.forms.together import WRITES, ShareForm
from competitions.models import Application
from competitions.policy import Permission
from competitions.queries.together import co_applicant_by_id, shared_application, together_with
from competitions.services import together as services
from competitions.views.applicant import own_contents
from competitions.views.applicant_thread import bp

__all__ = ["bp"]


@bp.route("/applications/<public_id>/together", methods=["GET", "POST"])
@requires(Permission.APPLICATION_SHARE)
def together(public_id: str) -> Response:
    """Who writes with her, and a link for one more; it is shown once and kept nowhere."""
    own = fetch(Application, public_id, may=Permission.APPLICATION_SHARE)
    form = ShareForm()
    tried = form.attempt(
        lambda: services.invite(own, may_edit=form.right.data == WRITES, by=actor(), at=arrived_at())
    )  # fmt: skip
    what = own_contents(own)
    link = link_to("competitions_applicant.invitation", secret=tried.made) if tried.made else ""
    return page(
        "competitions/applicant/together.html",
        status=tried.status, what=what, call=what, form=form, co_applicants=together_with(own), link=link,
        refusals=[sentence(one) for one in tried.refusals],
    )  # fmt: skip


@bp.post("/applications/<public_id>/together/<co_applicant>/remove")
@requires(Permission.APPLICATION_SHARE)
def remove(public_id: str, co_applicant: str) -> BaseResponse:
    """Take somebody off."""
    own = fetch(Application, public_id, may=Permission.APPLICATION_SHARE)
    found = co_applicant_by_id(own, co_applicant)
    if found is None:
        raise AbsentError
    services.leave(own, found, by=actor(), at=arrived_at())
    return done(_("This person can no longer open the application."), url_for(".together", public_id=public_id))


@bp.post("/applications/<public_id>/leave")
@requires(Permission.APPLICATION_OPEN)
def leave(public_id: str) -> BaseResponse:
    """Leave an application that is somebody else's."""
    found = fetch(Application, public_id, may=Permission.APPLICATION_OPEN)
    services.leave_by_herself(found, by=actor(), at=arrived_at())
    return done(_("You have left the application."), url_for(".my_applications"))


@bp.get("/invitations/<secret>")
@public
def invitation(secret: str) -> Response:
    """What the link invites to; nothing happens until the button is pressed."""
    return _invitation(secret)


@bp.post("/invitations/<secret>")
@signed_in
def join(secret: str) -> BaseResponse:
    """Become a co-applicant."""
    try:
        found = services.join(secret, by=actor(), at=arrived_at())
    except RefusedError as refused:
        return _invitation(secret, refused.refusals)
    return done(_("You write this application together now."), url_for(".application", public_id=found.public_id))


def _invitation(secret: str, refusals: tuple[Refusal, ...] = ()) -> Response:
    found = shared_application(secret)
    if found is None:
        return page("errors/link_used.html", status=410, again=None)
    application, may_edit = found
    return page(
        "competitions/applicant/invitation.html",
        status=409 if refusals else 200, secret=secret, application=application, may_edit=may_edit,
        is_own=application.applicant_id in actor().person_ids, is_signed_in=actor().is_signed_in,
        refusals=[sentence(one) for one in refusals],
    )  # fmt: skip
