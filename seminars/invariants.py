"""What must never be true of events; run by `baiqau doctor` and after every database test."""

from sqlalchemy import ScalarSelect, Select, func, select

from app.modules import Invariant
from seminars.models import Attendance, Event, Registration, Session
from seminars.states import EventState, RegistrationState


def _overbooked() -> Select[int]:
    taken = (
        select(func.count())
        .where(Registration.event_id == Event.id, Registration.state == RegistrationState.REGISTERED)
        .correlate(Event)
        .scalar_subquery()
    )
    return select(Event.id).where(taken > Event.capacity)


def _waiting_beside_a_free_seat() -> Select[int]:
    def counted(state: RegistrationState) -> ScalarSelect[int]:
        of_event = select(func.count()).where(Registration.event_id == Event.id, Registration.state == state)
        return of_event.correlate(Event).scalar_subquery()

    return select(Event.id).where(
        Event.state == EventState.ANNOUNCED,
        counted(RegistrationState.WAITING) > 0,
        counted(RegistrationState.REGISTERED) < Event.capacity,
    )


def _announced_without_session() -> Select[int]:
    sessions = select(Session.id).where(Session.event_id == Event.id).correlate(Event)
    return select(Event.id).where(Event.state == EventState.ANNOUNCED, ~sessions.exists())


def _registration_of_another_programme() -> Select[int]:
    return (
        select(Registration.id)
        .join(Event, Event.id == Registration.event_id)
        .where(Registration.programme_id != Event.programme_id)
    )


def _attendance_before_announcement() -> Select[int]:
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
