"""An applicant's appeal against a refusal: until when, her words, and the answer."""

from flask import url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from app.access.door import fetch
from app.access.routes import requires
from app.request import actor, arrived_at, done, page
from competitions.forms.appeal import AppealForm
from competitions.models import Application
from competitions.policy import Permission
from competitions.queries.appeal import appealing
from competitions.services import appeal as services
from competitions.views.applicant import own_contents
from competitions.views.applicant_thread import bp
from competitions.views.status import reasons

__all__ = ["bp"]


@bp.route("/applications/<public_id>/appeal", methods=["GET", "POST"])
@requires(Permission.APPLICATION_SAVE)
def appeal(public_id: str) -> BaseResponse:
    """Why it was refused, where she objects, and what she is answered."""
    own = fetch(Application, public_id, may=Permission.APPLICATION_SAVE)
    form = AppealForm()
    tried = form.attempt(lambda: services.appeal(own, form.text.data or "", by=actor(), at=arrived_at()))
    if tried.is_done:
        return done(
            _("Your appeal is sent. The answer comes by letter and stands here."), url_for(".appeal", public_id=public_id)
        )
    what = own_contents(own)
    found = appealing(what)
    return page(
        "competitions/applicant/appeal.html",
        status=tried.status, what=what, call=what, form=form, found=found, reasons=reasons(what),
        may_appeal=found.may_appeal(arrived_at()), refusals=tried.refusals,
    )  # fmt: skip
