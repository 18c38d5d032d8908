"""What happens to people that higher packages answer. Pure."""

from dataclasses import dataclass

from app.core.events import Event
from app.people.states import ConsentKind


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn(Event):
    """A person took a consent back; pages that rested on it change at once."""

    person_id: int
    kind: ConsentKind
    scope: str


@dataclass(frozen=True, slots=True)
class NameChanging(Event):
    """A person writes another name; what was published or admitted under the present one may refuse."""

    person_ids: frozenset[int]
