"""The chair's desk: how far the jury is, signed sheets that can be given back, and the results."""

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from app.access.door import AbsentError, admit, can, fetch
from app.access.routes import dangerous, requires
from app.request import actor, arrived_at, done, page, records_looks
from scoring.forms import ReasonForm
from scoring.models import Juror, Review
from scoring.policy import Permission
from scoring.queries import jury, result, sheet
from scoring.services import sheets as services
from scoring.views.results import Addresses, inputs_file, ranking_page, sheets_page

blueprint = Blueprint("scoring_juror_chair", __name__, url_prefix="/jury/<public_id>")


def _chair(public_id: str, may: Permission = Permission.ROUND_CHAIR) -> Juror:
    juror = jury.seat_with_round(fetch(Juror, public_id, may=Permission.SEAT_READ))
    admit(juror.round, may=may)
    return juror


@blueprint.get("/desk")
@requires(Permission.ROUND_CHAIR)
def desk(public_id: str) -> Response:
    """How far each juror is, and which signed sheets can be given back; never a score."""
    juror = _chair(public_id)
    return page(
        "scoring/juror/desk.html",
        juror=juror,
        round=juror.round,
        panel=jury.panel(juror.round, actor()),
        rows=sheet.desk(juror.round, actor()),
        without_words=result.without_words(juror.round, actor(), arrived_at()),
        may_rank=can(Permission.ROUND_RANKING, juror.round),
    )


@blueprint.route("/reopen/<review_id>", methods=["GET", "POST"])
@requires(Permission.REVIEW_REOPEN)
def reopen(public_id: str, review_id: str) -> BaseResponse:
    """Give a signed sheet back to its juror, with the reason she reads."""
    juror = _chair(public_id)
    review = fetch(Review, review_id, may=Permission.REVIEW_REOPEN)
    what = sheet.sheet_of(review)
    if what.round.id != juror.round_id:
        raise AbsentError
    form = ReasonForm()
    if form.validate_on_submit():
        services.reopen(review, reason=form.reason.data or "", by=actor(), at=arrived_at())
        back = url_for("scoring_juror_chair.desk", public_id=juror.public_id)
        return done(_("The sheet is open again. Its juror gets a letter with your reason."), back)
    status = 422 if form.is_submitted() else 200
    return page("scoring/juror/reopen.html", status=status, juror=juror, sheet=what, form=form)


@blueprint.get("/ranking")
@requires(Permission.ROUND_RANKING)
def ranking(public_id: str) -> Response:
    """The results, without what the chair is in conflict with."""
    return ranking_page(_chair(public_id, Permission.ROUND_RANKING).round, _addresses(public_id))


@blueprint.get("/ranking/sheets")
@requires(Permission.ROUND_SHEETS)
def sheets(public_id: str) -> Response:
    """Every counted sheet by juror, once scoring is over."""
    return sheets_page(_chair(public_id, Permission.ROUND_SHEETS).round, _addresses(public_id))


@blueprint.get("/ranking/inputs.csv")
@records_looks
@requires(Permission.ROUND_SHEETS)
@dangerous(_l("Download the scores"), "Round.export")
def inputs(public_id: str) -> Response:
    """The counted sheets as a file."""
    return inputs_file(_chair(public_id, Permission.ROUND_SHEETS).round)


def _addresses(public_id: str) -> Addresses:
    return Addresses(
        ranking=url_for("scoring_juror_chair.ranking", public_id=public_id),
        sheets=url_for("scoring_juror_chair.sheets", public_id=public_id),
        inputs=url_for("scoring_juror_chair.inputs", public_id=public_id),
    )
