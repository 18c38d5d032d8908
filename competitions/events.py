"""What happens to competitions and applications, for packages above to answer in the same transaction."""

from dataclasses import dataclass
from datetime import datetime

from app.core.audit import By
from app.core.events import Event


@dataclass(frozen=True, slots=True)
class CompetitionAnnounced(Event):
    """The call is public: its rules, form and calendar are what applicants rely on."""

    competition_id: int


@dataclass(frozen=True, slots=True)
class CompetitionCancelled(Event):
    """The competition will not take place."""

    competition_id: int
    by: By
    at: datetime


@dataclass(frozen=True, slots=True)
class CalendarMoved(Event):
    """The dates of an announced competition were changed."""

    competition_id: int


@dataclass(frozen=True, slots=True)
class ApplicationSubmitted(Event):
    """An application was submitted, for the first time or again."""

    application_id: int


@dataclass(frozen=True, slots=True)
class ApplicationAdmitted(Event):
    """A checker admitted an application."""

    application_id: int


@dataclass(frozen=True, slots=True)
class ApplicationAdmissionUndone(Event):
    """A checker took an admission back before its letter went out."""

    application_id: int


@dataclass(frozen=True, slots=True)
class ApplicationWithdrawn(Event):
    """The applicant withdrew."""

    application_id: int


@dataclass(frozen=True, slots=True)
class ApplicationRestored(Event):
    """The applicant took her withdrawal back: nothing new was submitted, the application stands where it stood."""

    application_id: int
