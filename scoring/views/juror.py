"""A juror's seats: conflicts before reading, and the queue."""

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from app.access.door import can, fetch
from app.access.routes import requires, signed_in
from app.request import actor, arrived_at, done, page
from scoring.forms import KINDS, ReasonForm, declared_conflicts
from scoring.labels import points_text
from scoring.models import Juror
from scoring.policy import Permission
from scoring.queries import jury, sheet
from scoring.queries.blind import blind_cards
from scoring.services import assigning

blueprint = Blueprint("scoring_juror", __name__, url_prefix="/jury")


@blueprint.get("")
@signed_in
def seats() -> Response:
    """The juries I sit on, with what is left to do."""
    found = jury.own_seats(actor())
    return page("scoring/juror/seats.html", seats=found, progress=jury.progress_of(found), now=arrived_at())


@blueprint.get("/<public_id>")
@requires(Permission.SEAT_READ)
def queue(public_id: str) -> BaseResponse:
    """My sheets in a fair order."""
    juror = jury.seat_with_round(fetch(Juror, public_id, may=Permission.SEAT_READ))
    if juror.conflicts_declared_at is None:
        return done(_("First say with which applications you have a conflict of interest."), _conflicts(juror), tone="info")
    may_chair = can(Permission.ROUND_CHAIR, juror.round)
    return page(
        "scoring/juror/queue.html",
        juror=juror,
        round=juror.round,
        queues=sheet.queues(juror, actor()),
        progress=jury.progress_of([juror])[juror.id],
        may_chair=may_chair,
        may_rank=may_chair and can(Permission.ROUND_RANKING, juror.round),
        points_text=points_text,
        now=arrived_at(),
    )


@blueprint.route("/<public_id>/conflicts", methods=["GET", "POST"])
@requires(Permission.SEAT_DECLARE)
def conflicts(public_id: str) -> BaseResponse:
    """Before any reading: code, title and district of each application, and whether something ties me to it."""
    juror = jury.seat_with_round(fetch(Juror, public_id, may=Permission.SEAT_DECLARE))
    cards = blind_cards(juror.round)
    form = ReasonForm()
    if form.is_submitted():
        chosen = declared_conflicts({card.code: card.application_id for card in cards})
        added = assigning.declare_conflicts(juror, conflicts=chosen, by=actor(), at=arrived_at())
        said = ngettext(
            "%(num)s conflict of interest is on record. That application is closed to you.",
            "%(num)s conflicts of interest are on record. Those applications are closed to you.",
            added,
        )
        return done(said if added else _("Thank you: no new conflict of interest. You can read now."), _queue(juror))
    standing = jury.conflicts_by_application(juror)
    return page("scoring/juror/conflicts.html", juror=juror, round=juror.round, cards=cards, standing=standing, kinds=KINDS)


def _queue(juror: Juror) -> str:
    return url_for("scoring_juror.queue", public_id=juror.public_id)


def _conflicts(juror: Juror) -> str:
    return url_for("scoring_juror.conflicts", public_id=juror.public_id)
