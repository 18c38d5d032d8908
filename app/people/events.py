"""What happens to people that higher packages answer. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.core.audit import By
from app.core.events import Event
from app.people.states import ConsentKind


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn(Event):
    """A person took a consent back; pages that rested on it change at once."""

    person_id: int
    kind: ConsentKind
    scope: str


@dataclass(frozen=True, slots=True)
class NameCorrected(Event):
    """Staff corrected a name that was admitted; `details` is what the record of acts may hold of it."""

    person_id: int
    by: By
    at: datetime
    details: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class NameChanging(Event):
    """A person writes another name; what was published or admitted under the present one may refuse."""

    person_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class NameChanged(Event):
    """A person has another name now, whoever wrote it."""

    person_id: int
