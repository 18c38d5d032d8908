"""What scoring shows on pages of lower modules and on first pages."""

from collections.abc import Iterator, Mapping

from flask import render_template, url_for
from flask_babel import gettext as _

from app.access.actor import Actor
from app.access.door import decide
from app.jinja import tr_plain
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


def desk(competition: Competition, actor: Actor) -> str:
    """The jury and the ranking, on the organiser's page of a competition."""
    found = jury.round_of(competition.id)
    if found is None or not decide(actor, Permission.ROUND_READ, found).is_allowed:
        return ""
    may_rank = decide(actor, Permission.ROUND_RANKING, found).is_allowed
    panel = jury.panel(found, actor)
    need = needs.next_need(found, panel, arrived_at()) if competition.state is CompetitionState.ANNOUNCED else None
    may_manage = decide(actor, Permission.ROUND_MANAGE, found).is_allowed
    return render_template(
        "scoring/panels/desk.html",
        competition=competition,
        panel=panel,
        juror_count=needs.juror_count(panel),
        wanted_count=needs.wanted_count(found),
        may_rank=may_rank,
        step=STEPS[need] if need and may_manage else None,
        need=need,
    )


def feedback(one: Application, _actor: Actor) -> str:
    """What the jury wrote to the applicant, on her own page once the results are public."""
    found = result.feedback_for(one)
    return render_template("scoring/panels/feedback.html", feedback=found) if found else ""


def todos(actor: Actor) -> Iterator[Todo]:
    """What a juror still has to do: conflicts to declare, sheets to sign."""
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
