"""What must never be true of events; run by `baiqau doctor` and after every database test."""

from sqlalchemy import Select, func, select

from app.modules import Invariant
from seminars.models import Attendance, Event, Registration, Session
from seminars.states import EventState, RegistrationState


def _overbooked() -> Select[tuple[int]]:
    taken = (
        select(func.count())
        .where(Registration.event_id == Event.id, Registration.state == RegistrationState.REGISTERED)
        .correlate(Event)
        .scalar_subquery()
    )
    return select(Event.id).where(taken > Event.capacity)


def _waiting_beside_a_free_seat() -> Select[tuple[int]]:
    def counted(state: RegistrationState):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a scalar subquery
        of_event = select(func.count()).where(Registration.event_id == Event.id, Registration.state == state)
        return of_event.correlate(Event).scalar_subquery()

    return select(Event.id).where(
        Event.state == EventState.ANNOUNCED,
        counted(RegistrationState.WAITING) > 0,
        counted(RegistrationState.REGISTERED) < Event.capacity,
    )


def _announced_without_session() -> Select[tuple[int]]:
    sessions = select(Session.id).where(Session.event_id == Event.id).correlate(Event)
    return select(Event.id).where(Event.state == EventState.ANNOUNCED, ~sessions.exists())


def _registration_of_another_programme() -> Select[tuple[int]]:
    return (
        select(Registration.id)
        .join(Event, Event.id == Registration.event_id)
        .where(Registration.programme_id != Event.programme_id)
    )


def _attendance_before_announcement() -> Select[tuple[int]]:
    return (
        select(Attendance.id)
        .join(Session, Session.id == Attendance.session_id)
        .join(Event, Event.id == Session.event_id)
        .where(Event.state == EventState.DRAFT)
    )


INVARIANTS = (
    Invariant("no event has more seats taken than it has", _overbooked),
    Invariant("nobody waits beside a free seat", _waiting_beside_a_free_seat),
    Invariant("an announced event has a session", _announced_without_session),
    Invariant("a registration is of its event's programme", _registration_of_another_programme),
    Invariant("presence is marked only at announced events", _attendance_before_announcement),
)
