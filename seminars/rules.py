"""Seats, presence and completion: facts in, a value or refusals out. Pure."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from app.core.refusals import Refusal
from seminars.states import EventState, RegistrationState


class EventRefusal(StrEnum):
    """Why an act on an event is not done."""

    NOT_ANNOUNCED = "event_not_announced"
    OVER = "event_over"
    NOT_BEGUN = "event_not_begun"
    CAPACITY_BELOW_SEATS = "capacity_below_seats"
    LANGUAGE_MISSING = "event_language_missing"
    ENDS_BEFORE_START = "session_ends_before_start"
    BEGUN_ALREADY = "event_begun_already"
    HELD = "event_held"


def seat_for(taken_count: int, capacity: int) -> RegistrationState:
    """A seat while there is one, else a place in the waiting list."""
    return RegistrationState.REGISTERED if taken_count < capacity else RegistrationState.WAITING


def seats_to_give(taken_count: int, capacity: int, waiting_count: int) -> int:
    """How many from the head of the waiting list get a seat now."""
    return max(0, min(capacity - taken_count, waiting_count))


def check_capacity(capacity: int, taken_count: int) -> list[Refusal]:
    """Seats already promised are not taken away by shrinking the room."""
    if capacity >= taken_count:
        return []
    return [Refusal(EventRefusal.CAPACITY_BELOW_SEATS, {"count": taken_count}, field="capacity")]


def check_open(state: EventState) -> list[Refusal]:
    """Seats move only while the event stands announced."""
    return [] if state is EventState.ANNOUNCED else [Refusal(EventRefusal.NOT_ANNOUNCED)]


def check_session(starts_at: datetime, ends_at: datetime) -> list[Refusal]:
    """A session ends after it starts."""
    return [] if ends_at > starts_at else [Refusal(EventRefusal.ENDS_BEFORE_START, field="ends_at")]


def check_announcement(missing_languages: Collection[str], starts_at: datetime, *, at: datetime) -> list[Refusal]:
    """Nothing is announced while a required language is empty, nor once it has begun: nobody could register."""
    found = [Refusal(EventRefusal.LANGUAGE_MISSING, {"language": code}) for code in missing_languages]
    return found if at < starts_at else [*found, Refusal(EventRefusal.BEGUN_ALREADY, {"instant": starts_at})]
