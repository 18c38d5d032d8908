"""An applicant's thread with the organiser about one application."""

from flask import url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from app.access.door import fetch
from app.access.routes import requires
from app.request import actor, arrived_at, done, page
from competitions.forms.thread import NoteForm
from competitions.models import Application
from competitions.policy import Permission
from competitions.queries.thread import notes_of
from competitions.services import thread as services
from competitions.views.applicant import own_contents
from competitions.views.applicant_uploads import bp

__all__ = ["bp"]


@bp.route("/applications/<public_id>/thread", methods=["GET", "POST"])
@requires(Permission.APPLICATION_SAVE)
def thread(public_id: str) -> BaseResponse:
    """What she asked and was answered, and where she asks; the jury never sees it."""
    own = fetch(Application, public_id, may=Permission.APPLICATION_SAVE)
    form = NoteForm()
    tried = form.attempt(lambda: services.ask(own, form.text.data or "", by=actor(), at=arrived_at()))
    if tried.is_done:
        return done(
            _("Your note is sent. The answer comes by letter and stands here."), url_for(".thread", public_id=public_id)
        )
    what = own_contents(own)
    return page(
        "competitions/applicant/thread.html",
        status=tried.status, what=what, call=what, form=form, notes=notes_of(own), refusals=tried.refusals,
    )  # fmt: skip
