"""What scoring does when a competition is announced or its calendar moves."""

from app.access.actor import SYSTEM
from app.core.db import db
from competitions.events import CalendarMoved, CompetitionAnnounced
from competitions.models import Competition
from competitions.queries.access import present
from scoring.services.rounds import make_round, move_windows


def on_announced(event: CompetitionAnnounced) -> None:
    """The approved rules become a round with stages and criteria."""
    make_round(db.session.get_one(Competition, event.competition_id), by=SYSTEM, at=present())


def on_calendar_moved(event: CalendarMoved) -> None:
    """Stages follow the calendar."""
    move_windows(db.session.get_one(Competition, event.competition_id), by=SYSTEM, at=present())


REACTIONS = ((CompetitionAnnounced, on_announced), (CalendarMoved, on_calendar_moved))
