"""What seminars do when a competition is called off: its events that were not held are called off with it."""

from app.core.db import db
from competitions.events import CompetitionCancelled
from competitions.models import Competition
from seminars.queries import unheld_events
from seminars.services import cancel_event


def on_competition_cancelled(event: CompetitionCancelled) -> None:
    """Whoever has or waits for a seat learns it by the usual letter, with the reason that applicants read."""
    competition = db.session.get_one(Competition, event.competition_id)
    for one in unheld_events(competition.id, event.at):
        cancel_event(one, reason=competition.cancellation, by=event.by, at=event.at)


REACTIONS = ((CompetitionCancelled, on_competition_cancelled),)
