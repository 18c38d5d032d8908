"""What scoring hands to the platform."""

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.access.actor import Actor
from app.jinja import tr_plain
from app.modules import Demo, MenuEntry, MessageKind, Module, Panel, Todo
from scoring import demo
from scoring.invariants import INVARIANTS
from scoring.labels import ACTS, LABELS
from scoring.policy import GRANTS
from scoring.queries import jury
from scoring.queries.access import POLICIES
from scoring.reactions import REACTIONS
from scoring.states import JUROR, REVIEW
from scoring.views import juror, juror_chair, juror_invitation, juror_sheet, organiser, organiser_ranking, panels


def _todos(actor: Actor) -> Iterator[Todo]:
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


module = Module(
    name="scoring",
    blueprints=(
        juror_invitation.blueprint,
        juror_sheet.blueprint,
        juror_chair.blueprint,
        juror.blueprint,
        organiser.blueprint,
        organiser_ranking.blueprint,
    ),
    policies=POLICIES,
    machines=(JUROR, REVIEW),
    labels=LABELS,
    acts=ACTS,
    grants=GRANTS,
    reactions=REACTIONS,
    invariants=INVARIANTS,
    todos=(_todos,),
    panels=(Panel("competition.desk", panels.desk, position=40),),
    menu=(MenuEntry(_l("Scoring"), "scoring_juror.seats", jury.has_seat, 20, icon="scale"),),
    message_kinds=(
        MessageKind(
            "scoring.jury_invite", _l("Invitation to the jury of %(competition)s"), "scoring/email/jury_invite", is_secret=True
        ),
        MessageKind("scoring.seat_answered", _l("%(juror)s answered the invitation"), "scoring/email/seat_answered"),
        MessageKind("scoring.seat_removed", _l("Your work on the jury has ended"), "scoring/email/seat_removed"),
        MessageKind("scoring.sheets_assigned", _l("Applications wait for your scores"), "scoring/email/sheets_assigned"),
        MessageKind("scoring.sheet_reopened", _l("The chair gave a sheet back to you"), "scoring/email/sheet_reopened"),
        MessageKind("scoring.finalist", _l("You are in the final: %(competition)s"), "scoring/email/finalist"),
    ),
    demo=Demo(load=demo.load, finish_scoring=demo.finish_scoring),
)
