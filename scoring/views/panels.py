"""What scoring shows on pages of lower modules and on first pages."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from flask import render_template, url_for
from flask_babel import gettext as _

from app.access.actor import Actor
from app.access.door import decide, decide_all
from app.jinja import label, tr_plain
from app.modules import Todo
from app.request import arrived_at
from competitions.models import Application, Competition
from competitions.states import CompetitionState
from scoring.policy import Permission
from scoring.queries import jury, needs, result
from scoring.states import Need

# Where each need of a round is met.
STEPS: Mapping[Need, str] = {
    Need.JURORS: "scoring_organiser.invite",
    Need.ASSIGNMENT: "scoring_organiser.assignments",
    Need.SHEETS: "scoring_organiser.panel",
    Need.STAGE: "scoring_organiser.panel",
    Need.FREEZING: "scoring_organiser_ranking.ranking",
}
# So long before a window closes whoever runs the competition is told of sheets that are not signed.
REMINDED_BEFORE = timedelta(days=3)


def desk(competition: Competition, actor: Actor) -> str:
    """The jury and the ranking, on the organiser's page of a competition."""
    found = jury.round_of(competition.id)
    if found is None or not decide(actor, Permission.ROUND_READ, found).is_allowed:
        return ""
    may_rank = decide(actor, Permission.ROUND_RANKING, found).is_allowed
    panel = jury.panel(found, actor)
    need = needs.next_needs([found], arrived_at())[found.id] if competition.state is CompetitionState.ANNOUNCED else None
    may_meet = need is not None and decide(actor, _may(need), found).is_allowed
    return render_template(
        "scoring/panels/desk.html",
        competition=competition,
        panel=panel,
        juror_count=needs.juror_count(panel),
        wanted_count=needs.wanted_count(found),
        may_rank=may_rank,
        step=STEPS[need] if need and may_meet else None,
        need=need,
    )


def feedback(one: Application, _actor: Actor) -> str:
    """What the jury wrote to the applicant, on her own page once the results are public."""
    found = result.feedback_for(one)
    return render_template("scoring/panels/feedback.html", feedback=found) if found or result.was_judged(one) else ""


def _may(need: Need) -> Permission:
    return Permission.ROUND_FREEZE if need is Need.FREEZING else Permission.ROUND_MANAGE


def todos(actor: Actor) -> Iterator[Todo]:
    """What a juror still has to do: conflicts to declare, sheets to sign; and what its jury needs of who runs a competition."""
    yield from _seat_todos(actor)
    yield from _round_todos(actor)


def _round_todos(actor: Actor) -> Iterator[Todo]:
    """Whether sheets are signed is waited for, until the window is about to close."""
    rounds = needs.running_rounds(actor) if actor.roles else ()
    found = needs.next_needs(rounds, arrived_at()) if rounds else {}
    may = {
        permission: decide_all(actor, permission, rounds) for permission in (Permission.ROUND_MANAGE, Permission.ROUND_FREEZE)
    }
    for number, one in enumerate(rounds):
        need = found[one.id]
        if need is None or not may[_may(need)][number].is_allowed:
            continue
        due = (
            next((stage.closes_at for stage in one.stages if stage.closes_at > arrived_at()), None)
            if need is Need.SHEETS
            else None
        )
        if due is None or due - arrived_at() < REMINDED_BEFORE:
            name, href = tr_plain(one.competition.name), url_for(STEPS[need], public_id=one.competition.public_id)
            yield Todo(f"{name}: {label(need).text}", href, due=due)


def _seat_todos(actor: Actor) -> Iterator[Todo]:
    seats = jury.own_seats(actor) if actor.is_signed_in else ()
    progress = jury.progress_of(seats) if seats else {}
    for seat in seats:
        name = tr_plain(seat.round.competition.name)
        href = url_for("scoring_juror.queue", public_id=seat.public_id)
        if seat.conflicts_declared_at is None:
            yield Todo(_("Jury of %(name)s: say where you have a conflict of interest", name=name), href, tone="warning")
        elif progress[seat.id].left_count:
            due = max(stage.closes_at for stage in seat.round.stages)
            yield Todo(_("Jury of %(name)s: sheets to sign", name=name), href, due=due, count=progress[seat.id].left_count)
