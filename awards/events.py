"""What this package tells higher ones."""

from dataclasses import dataclass

from app.core.events import Event


@dataclass(frozen=True, slots=True)
class ResultsPublished(Event):
    """The results of a competition became public."""

    competition_id: int
