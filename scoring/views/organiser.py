"""The organiser's desk of a jury: the panel, conflicts of interest, who reviews what."""

from collections.abc import Sequence

from flask import Blueprint, Response, current_app, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from app.access.door import AbsentError, admit, can
from app.access.routes import dangerous, requires
from app.kept import named, names_of
from app.request import actor, arrived_at, done, language, page
from competitions.models import Application
from scoring.forms import AssignmentForm, InviteForm, PinConflictForm, wanted_pairs
from scoring.models import Juror, Round
from scoring.policy import Permission
from scoring.queries import jury, needs, result
from scoring.queries.blind import BlindCard, blind_cards
from scoring.rules import Pair
from scoring.services import assigning, rounds, seats
from scoring.states import ConflictKind

blueprint = Blueprint("scoring_organiser", __name__, url_prefix="/manage/competitions/<public_id>/jury")


def round_for(public_id: str, may: Permission) -> Round:
    """The round of the competition in the address."""
    found = jury.round_at(public_id)
    if found is None:
        raise AbsentError
    return admit(found, may=may)


def _juror(round_: Round, seat_id: str) -> Juror:
    juror = jury.juror_in(round_, seat_id)
    if juror is None:
        raise AbsentError
    return juror


@blueprint.get("")
@requires(Permission.ROUND_READ)
def panel(public_id: str) -> Response:
    """The jury: who answered, how far each is; never a score."""
    found = round_for(public_id, Permission.ROUND_READ)
    stage, invited = jury.next_stage(found), jury.panel(found, actor())
    return page(
        "scoring/organiser/panel.html",
        round=found,
        panel=invited,
        juror_count=needs.juror_count(invited),
        wanted_count=needs.wanted_count(found),
        next_stage=stage,
        waits_for=rounds.opening_obstacles(found, stage, at=arrived_at()) if stage else [],
        without_words=result.without_words(found, actor(), arrived_at()),
        may_manage=can(Permission.ROUND_MANAGE, found),
        may_rank=can(Permission.ROUND_RANKING, found),
        now=arrived_at(),
    )


@blueprint.route("/invite", methods=["GET", "POST"])
@requires(Permission.ROUND_MANAGE)
@dangerous(_l("Invite a juror"), "Juror.invite")
@named(lambda **_values: names_of(InviteForm(current_app.config["SETTINGS"].languages)))
def invite(public_id: str) -> BaseResponse:
    """Offer a seat by letter."""
    found = round_for(public_id, Permission.ROUND_MANAGE)
    form = InviteForm(current_app.config["SETTINGS"].languages, language=language())
    network = request.remote_addr or ""
    tried = form.attempt(lambda: seats.invite_juror(found, network=network, by=actor(), at=arrived_at(), **form.facts()))
    if tried.is_done:
        return done(_("The invitation is on its way."), _panel(found))
    return page("scoring/organiser/invite.html", status=tried.status, round=found, form=form, refusals=tried.refusals)


@blueprint.post("/<seat_id>/again")
@requires(Permission.ROUND_MANAGE)
@dangerous(_l("Invite again"), "Juror.invite_again")
def invite_again(public_id: str, seat_id: str) -> BaseResponse:
    """Send the letter once more; the link before it dies."""
    found = round_for(public_id, Permission.ROUND_MANAGE)
    seats.invite_again(_juror(found, seat_id), network=request.remote_addr or "", by=actor(), at=arrived_at())
    return done(_("The invitation was sent again."), _panel(found))


@blueprint.post("/<seat_id>/remove")
@requires(Permission.ROUND_MANAGE)
@dangerous(_l("End a seat on the jury"), "Juror.remove")
def remove(public_id: str, seat_id: str) -> BaseResponse:
    """End a seat; signed sheets stay."""
    found = round_for(public_id, Permission.ROUND_MANAGE)
    dropped = seats.remove_juror(_juror(found, seat_id), by=actor(), at=arrived_at())
    said = ngettext(
        "The seat has ended. %(num)s sheet needs another juror.",
        "The seat has ended. %(num)s sheets need another juror.",
        dropped,
    )
    return done(said, _panel(found))


@blueprint.post("/open-stage")
@requires(Permission.ROUND_MANAGE)
def open_stage(public_id: str) -> BaseResponse:
    """Open the next stage for those who reached the pass mark."""
    found = round_for(public_id, Permission.ROUND_MANAGE)
    _stage, count = rounds.open_next_stage(found, by=actor(), at=arrived_at())
    said = ngettext(
        "The stage is open for %(num)s finalist, who gets a letter.",
        "The stage is open for %(num)s finalists, who get letters.",
        count,
    )
    return done(said, _panel(found))


# --- Conflicts of interest ----------------------------------------------------------------------------------------------


@blueprint.route("/conflicts", methods=["GET", "POST"])
@requires(Permission.ROUND_MANAGE)
def conflicts(public_id: str) -> BaseResponse:
    """What jurors declared, what the system noticed, and what the organiser knows."""
    found = round_for(public_id, Permission.ROUND_MANAGE)
    jurors, applications = jury.sitting_jurors(found), jury.admitted(found)
    form = PinConflictForm(jurors, applications)
    tried = form.attempt(lambda: _pin(form, jurors, applications))
    if tried.is_done:
        return done(_("The conflict of interest is on record."), _conflicts(found))
    return page(
        "scoring/organiser/conflicts.html",
        status=tried.status, round=found, form=form, refusals=tried.refusals,
        rows=jury.conflicts_of(found), suggestions=jury.suggested_conflicts(found),
    )  # fmt: skip


def _pin(form: PinConflictForm, jurors: Sequence[Juror], applications: Sequence[Application]) -> None:
    assigning.pin_conflict(
        next(one for one in jurors if one.public_id == form.juror.data),
        application_id=next(one.id for one in applications if one.public_id == form.application.data),
        kind=ConflictKind(form.kind.data),
        note=form.note.data or "",
        by=actor(),
        at=arrived_at(),
    )


@blueprint.post("/conflicts/<conflict_id>/lift")
@requires(Permission.ROUND_MANAGE)
@dangerous(_l("Take this conflict of interest back"), "ConflictOfInterest.lift")
def lift_conflict(public_id: str, conflict_id: str) -> BaseResponse:
    """Take a conflict back."""
    found = round_for(public_id, Permission.ROUND_MANAGE)
    conflict = jury.conflict_in(found, conflict_id)
    if conflict is None:
        raise AbsentError
    assigning.lift_conflict(conflict, by=actor(), at=arrived_at())
    return done(_("The conflict was taken back. Sheets recused because of it stay recused."), _conflicts(found))


# --- Assignment ---------------------------------------------------------------------------------------------------------


@blueprint.route("/assignments", methods=["GET", "POST"])
@requires(Permission.ROUND_MANAGE)
def assignments(public_id: str) -> BaseResponse:
    """Who reviews what: ticks or everything at once, first as a difference, then as one act."""
    found = round_for(public_id, Permission.ROUND_MANAGE)
    jurors, cards = jury.sitting_jurors(found), blind_cards(found)
    form = AssignmentForm()
    wanted = _wanted(form, found, jurors, cards)
    tried = form.attempt(
        lambda: assigning.assign(found, wanted=wanted, signature=form.signature.data or "", by=actor(), at=arrived_at())
    )
    if tried.made is not None:
        return done(_assigned(len(tried.made.added), len(tried.made.removed)), _assignments(found))
    return page(
        "scoring/organiser/assignments.html",
        status=409 if tried.refusals else 200, round=found, jurors=jurors, cards=cards, wanted=wanted, refusals=tried.refusals,
        started=jury.started_pairs(found), conflicts=jury.conflict_pairs(found),
        planned=assigning.planned(found, wanted) if form.act.data else None,
    )  # fmt: skip


def _wanted(form: AssignmentForm, found: Round, jurors: Sequence[Juror], cards: Sequence[BlindCard]) -> frozenset[Pair]:
    """The pairs that are asked for: everybody, the ticks, or what stands while nothing is asked."""
    if form.is_for_all:
        return assigning.everybody(found)
    if not form.act.data:
        return jury.assigned_pairs(found)
    return wanted_pairs({one.public_id: one.id for one in jurors}, {one.code: one.application_id for one in cards})


def _assigned(added: int, removed: int) -> str:
    return str(_("Assigned: %(added)s added, %(removed)s taken off.", added=added, removed=removed))


def _panel(found: Round) -> str:
    return url_for("scoring_organiser.panel", public_id=found.competition.public_id)


def _conflicts(found: Round) -> str:
    return url_for("scoring_organiser.conflicts", public_id=found.competition.public_id)


def _assignments(found: Round) -> str:
    return url_for("scoring_organiser.assignments", public_id=found.competition.public_id)
