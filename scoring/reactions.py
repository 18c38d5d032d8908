"""What scoring does when a competition is announced, its calendar moves, or a juror is offered a role."""

from app.access.actor import SYSTEM
from app.core.db import db
from app.core.refusals import Refusal, RefusedError
from app.programmes.events import RoleOffered
from competitions.events import CalendarMoved, CompetitionAnnounced
from competitions.models import Competition
from competitions.queries.access import present
from scoring.policy import READING_NAMES
from scoring.queries.impartial import scores_blind
from scoring.rules import ScoringRefusal
from scoring.services.rounds import make_round, move_windows


def on_announced(event: CompetitionAnnounced) -> None:
    """The approved rules become a round with stages and criteria."""
    make_round(db.session.get_one(Competition, event.competition_id), by=SYSTEM, at=present())


def on_calendar_moved(event: CalendarMoved) -> None:
    """Stages follow the calendar."""
    move_windows(db.session.get_one(Competition, event.competition_id), by=SYSTEM, at=present())


def on_role_offered(event: RoleOffered) -> None:
    """Whoever scores without names takes no role that shows them."""
    if event.role in READING_NAMES and scores_blind(event.user_id, event.programme_id, present()):
        raise RefusedError(Refusal(ScoringRefusal.SCORES_BLIND, field="email"))


REACTIONS = ((CompetitionAnnounced, on_announced), (CalendarMoved, on_calendar_moved), (RoleOffered, on_role_offered))
