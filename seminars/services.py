"""Verbs of events: create, announce, cancel; register, leave, mark presence."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from app.access.actor import Actor
from app.core import audit
from app.core.audit import By
from app.core.columns import Translation
from app.core.db import db, use_case
from app.core.refusals import Refusal, RefusedError, refuse_if
from app.core.transitions import move
from competitions.models import Competition
from seminars import notices, queries
from seminars.models import Attendance, Event, Registration, Session
from seminars.rules import EventRefusal, check_announcement, check_capacity, check_open, check_session, seat_for, seats_to_give
from seminars.states import AttendanceMethod, EventKind, EventState, RegistrationState


@use_case
def create_event(
    programme_id: int,
    *,
    kind: EventKind,
    title: Translation,
    description: Translation,
    place: Translation,
    starts_at: datetime,
    ends_at: datetime,
    capacity: int,
    academic_hours: int | None,
    by: Actor,
    at: datetime,
    competition: Competition | None = None,
    online_url: str = "",
    agenda: Sequence[Mapping[str, object]] = (),
) -> Event:
    """Make a draft with one session. Raises RefusedError when it ends before it starts."""
    refuse_if(check_session(starts_at, ends_at))
    event = Event(
        programme_id=programme_id, competition_id=competition.id if competition else None, kind=kind, title=title,
        description=description, place=place, online_url=online_url, capacity=capacity, academic_hours=academic_hours,
        agenda=list(agenda), created_at=at, sessions=[Session(starts_at=starts_at, ends_at=ends_at)],
    )  # fmt: skip
    db.session.add(event)
    db.session.flush()
    audit.record("create", event, by=by, at=at, kind=kind)
    return event


@use_case
def edit_event(
    event: Event,
    *,
    kind: EventKind,
    title: Translation,
    description: Translation,
    place: Translation,
    starts_at: datetime,
    ends_at: datetime,
    capacity: int,
    academic_hours: int | None,
    online_url: str,
    by: Actor,
    at: datetime,
) -> None:
    """Change an event; new seats go to the head of the waiting list, and a moved time or place is told to everyone."""
    locked = queries.locked_event(event.id)
    taken_count = queries.seats(locked).taken_count
    refuse_if([*check_session(starts_at, ends_at), *check_capacity(capacity, taken_count)])
    session = locked.sessions[0]
    is_moved = (session.starts_at, session.ends_at, dict(locked.place)) != (starts_at, ends_at, dict(place))
    locked.kind, locked.title, locked.description, locked.place = kind, title, description, place
    locked.capacity, locked.academic_hours, locked.online_url = capacity, academic_hours, online_url
    session.starts_at, session.ends_at = starts_at, ends_at
    audit.record("edit", locked, by=by, at=at, capacity=capacity, is_moved=is_moved)
    db.session.flush()
    if locked.state is EventState.ANNOUNCED:
        _give_free_seats(locked, by=by, at=at)
        if is_moved:
            notices.event_moved(locked, queries.standing_registrations(locked.id))


@use_case
def announce_event(event: Event, *, languages: tuple[str, ...], by: Actor, at: datetime) -> None:
    """Let people register. Raises RefusedError while a required language is empty, and once it has begun."""
    empty = {code for text in (event.title, event.place) for code in Translation(text).missing(languages)}
    refuse_if(check_announcement(sorted(empty), event.sessions[0].starts_at, at=at))
    move(event, EventState.ANNOUNCED, by=by, at=at)


@use_case
def cancel_event(event: Event, *, reason: str, by: By, at: datetime) -> None:
    """Call it off and tell everyone who has or waits for a seat; after that no seat of it moves."""
    locked = queries.locked_event(event.id)
    was_announced = locked.state is EventState.ANNOUNCED
    move(locked, EventState.CANCELLED, by=by, at=at)
    locked.cancellation = reason
    if was_announced:
        notices.event_cancelled(locked, queries.standing_registrations(locked.id))


@use_case
def register(event: Event, *, person_id: int, by: Actor, at: datetime) -> Registration:
    """Give the person a seat, or a place in the waiting list in the order of arrival; a second click changes nothing.

    Raises RefusedError unless the event is announced, also where it was called off a moment ago.
    """
    locked = queries.locked_event(event.id)
    refuse_if(check_open(locked.state))
    found = queries.standing_registration(locked.id, by.person_ids | {person_id})
    if found is not None:
        return found
    seat = seat_for(queries.seats(locked).taken_count, locked.capacity)
    registration = Registration(
        programme_id=locked.programme_id,
        event_id=locked.id,
        person_id=person_id,
        number=queries.last_number(locked.id) + 1,
        registered_at=at,
    )
    db.session.add(registration)
    db.session.flush()
    audit.record("register", registration, by=by, at=at, event=locked.public_id)
    if seat is RegistrationState.REGISTERED:
        move(registration, RegistrationState.REGISTERED, by=by, at=at)
    notices.registered(locked, registration)
    return registration


@use_case
def cancel_registration(registration: Registration, *, by: Actor, at: datetime) -> None:
    """Give the seat back; the first of the waiting list gets it at once. Raises RefusedError once the event is called off."""
    event = queries.locked_event(registration.event_id)
    refuse_if(check_open(event.state))
    move(registration, RegistrationState.CANCELLED, by=by, at=at)
    db.session.flush()
    _give_free_seats(event, by=by, at=at)


@use_case
def mark_attendance(
    session: Session, *, came_ids: Collection[int], absent_ids: Collection[int] = (), by: Actor, at: datetime
) -> tuple[int, int]:
    """Mark who came and take the mark from who did not; whoever is in neither stays as somebody else marked her.

    Returns how many were added and taken away. Refused before the session begins.
    """
    if at < session.starts_at:
        raise RefusedError(Refusal(EventRefusal.NOT_BEGUN))
    marked = queries.attendances(session.id, sorted({*came_ids, *absent_ids}))
    added = set(came_ids) - set(marked)
    removed = set(absent_ids) & set(marked)
    for person_id in sorted(added):
        row = Attendance(
            session_id=session.id, person_id=person_id, method=AttendanceMethod.LIST, marked_by_id=by.user_id, marked_at=at
        )
        db.session.add(row)
    for person_id in removed:
        db.session.delete(marked[person_id])
    if added or removed:
        audit.record(
            "mark_attendance", session.event, by=by, at=at, session=session.public_id, added=len(added), removed=len(removed)
        )
    return len(added), len(removed)


def _give_free_seats(event: Event, *, by: Actor, at: datetime) -> None:
    seats = queries.seats(event)
    for waiting in queries.head_of_line(event.id, seats_to_give(seats.taken_count, seats.capacity, seats.waiting_count)):
        move(waiting, RegistrationState.REGISTERED, by=by, at=at)
        notices.seat_given(event, waiting)
