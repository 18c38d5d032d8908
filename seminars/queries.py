"""Every SELECT over events, registrations and attendance, and the policies as SQL."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask import has_request_context
from sqlalchemy import ColumnElement, ScalarSelect, and_, false, func, or_, select, true
from sqlalchemy.orm import selectinload

from app.access.actor import SYSTEM, Actor
from app.access.door import visible_to
from app.access.policies import Judgement, Policy, SqlJudgement
from app.core import clock
from app.core.db import db, is_writing, kazakh_key
from app.people.models import Person
from app.programmes.queries import by_role
from app.request import arrived_at
from competitions.models import Application, Competition
from seminars.models import Attendance, Event, Registration, Session
from seminars.policy import (
    GRANTS,
    ON_EVENTS,
    ON_REGISTRATIONS,
    ON_STANDING,
    EventFacts,
    Permission,
    RegistrationFacts,
    event_obstacles,
    grants_event,
    grants_registration,
    registration_obstacles,
)
from seminars.states import EventKind, EventState, RegistrationState


@dataclass(frozen=True, slots=True)
class Seats:
    """How full an event is."""

    capacity: int
    taken_count: int
    waiting_count: int

    @property
    def free_count(self) -> int:
        """Seats nobody has yet."""
        return max(0, self.capacity - self.taken_count)


@dataclass(frozen=True, slots=True)
class Guest:
    """One row of the attendance list."""

    registration: Registration
    person: Person
    attended_ids: frozenset[int]


def _present() -> datetime:
    return arrived_at() if has_request_context() else clock.now()


def begins_at() -> ScalarSelect[datetime]:
    """When the first session of an event begins, as a correlated subquery."""
    return select(func.min(Session.starts_at)).where(Session.event_id == Event.id).correlate(Event).scalar_subquery()


# --- The policies -------------------------------------------------------------------------------------------------------


def _event_facts(_actor: Actor, ids: Sequence[int]) -> dict[int, EventFacts]:
    at = _present()
    wanted = select(Event.id, Event.programme_id, Event.state, begins_at()).where(Event.id.in_(ids))
    return {one: EventFacts(programme, state, starts_at, at) for one, programme, state, starts_at in db.session.execute(wanted)}


def _judge_event(permission: StrEnum, actor: Actor, facts: EventFacts) -> Judgement:
    return Judgement(grants_event(permission, actor, facts), event_obstacles(permission, facts))


def _where_event(permission: StrEnum, actor: Actor) -> SqlJudgement:
    is_over: ColumnElement[bool] = func.coalesce(begins_at() <= _present(), true())
    if permission == Permission.EVENT_REGISTER:
        open_to_all = Event.state == EventState.ANNOUNCED
        return SqlJudgement(open_to_all if actor.is_signed_in else false(), is_over)
    owned: ColumnElement[bool] = Event.programme_id.in_(sorted(actor.programmes_with(*GRANTS.get(permission, ()))))
    blocked: ColumnElement[bool] = Event.state == EventState.CANCELLED if permission in ON_STANDING else false()
    if permission == Permission.EVENT_CANCEL:
        blocked = or_(blocked, and_(Event.state == EventState.ANNOUNCED, is_over))
    return SqlJudgement(true() if actor is SYSTEM else owned, blocked)


def _registration_facts(_actor: Actor, ids: Sequence[int]) -> dict[int, RegistrationFacts]:
    at = _present()
    wanted = (
        select(Registration.id, Registration.person_id, Event.programme_id, Event.state, begins_at())
        .join(Event, Event.id == Registration.event_id)
        .where(Registration.id.in_(ids))
    )
    return {
        one: RegistrationFacts(person, EventFacts(programme, state, starts_at, at))
        for one, person, programme, state, starts_at in db.session.execute(wanted)
    }


def _judge_registration(permission: StrEnum, actor: Actor, facts: RegistrationFacts) -> Judgement:
    return Judgement(grants_registration(actor, facts), registration_obstacles(permission, facts))


def _where_registration(permission: StrEnum, actor: Actor) -> SqlJudgement:
    begun = select(Session.id).where(Session.event_id == Registration.event_id).correlate(Registration)
    starts = select(func.min(Session.starts_at)).where(Session.event_id == Registration.event_id).correlate(Registration)
    cancelled = select(Event.id).where(Event.id == Registration.event_id, Event.state == EventState.CANCELLED)
    is_over = or_(~begun.exists(), starts.scalar_subquery() <= _present(), cancelled.correlate(Registration).exists())
    blocked = is_over if permission == Permission.REGISTRATION_CANCEL else false()
    return SqlJudgement(Registration.person_id.in_(sorted(actor.person_ids)), blocked)


EVENT_POLICY = Policy(Event, ON_EVENTS, _event_facts, _judge_event, _where_event)
REGISTRATION_POLICY = Policy(Registration, ON_REGISTRATIONS, _registration_facts, _judge_registration, _where_registration)

# Events are made inside a competition, so making one is an act on the competition.
CREATION_POLICY = by_role(Competition, {Permission.EVENT_CREATE: GRANTS[Permission.EVENT_CREATE]})


# --- For everybody ------------------------------------------------------------------------------------------------------


def announced_events(at: datetime, competition_id: int | None = None) -> list[Event]:
    """Announced events that have not ended, soonest first."""
    last = select(func.max(Session.ends_at)).where(Session.event_id == Event.id).correlate(Event).scalar_subquery()
    wanted = select(Event).where(Event.state == EventState.ANNOUNCED, last > at).order_by(begins_at())
    if competition_id is not None:  # whoever asks has the competition
        return list(db.session.scalars(wanted.where(Event.competition_id == competition_id)))
    return list(db.session.scalars(wanted.options(selectinload(Event.competition))))


def unheld_events(competition_id: int, at: datetime) -> Sequence[Event]:
    """The events of a competition that may still be called off: drafts, and announced ones that have not begun."""
    coming = and_(Event.state == EventState.ANNOUNCED, begins_at() > at)
    wanted = select(Event).where(Event.competition_id == competition_id, or_(Event.state == EventState.DRAFT, coming))
    return db.session.scalars(wanted.order_by(Event.id)).all()


def announced_pitch(competition_id: int, at: datetime) -> Event | None:
    """The next announced pitch day of a competition."""
    return announced_pitches([competition_id], at).get(competition_id)


def announced_pitches(competition_ids: Iterable[int], at: datetime) -> dict[int, Event]:
    """The next announced pitch day of each of these competitions that has one."""
    last = select(func.max(Session.ends_at)).where(Session.event_id == Event.id).correlate(Event).scalar_subquery()
    wanted = select(Event).where(Event.state == EventState.ANNOUNCED, Event.kind == EventKind.PITCH, last > at)
    found = db.session.scalars(wanted.where(Event.competition_id.in_(competition_ids)).order_by(begins_at().desc()))
    return {one.competition_id: one for one in found if one.competition_id is not None}


def announced_event(public_id: str) -> Event | None:
    """One event everybody may see: announced, or cancelled after its announcement."""
    wanted = select(Event).where(Event.public_id == public_id, Event.state != EventState.DRAFT)
    return db.session.scalar(wanted.options(selectinload(Event.competition)))


def seats(event: Event) -> Seats:
    """How full one event is."""
    return seats_by_event([event])[event.id]


def seats_by_event(events: Sequence[Event]) -> dict[int, Seats]:
    """How full each of a page of events is, in one query."""
    wanted = (
        select(Registration.event_id, Registration.state, func.count())
        .where(Registration.event_id.in_([event.id for event in events]))
        .group_by(Registration.event_id, Registration.state)
    )
    counts = {(event_id, state): count for event_id, state, count in db.session.execute(wanted)}
    return {
        event.id: Seats(
            event.capacity,
            counts.get((event.id, RegistrationState.REGISTERED), 0),
            counts.get((event.id, RegistrationState.WAITING), 0),
        )
        for event in events
    }


# --- For the participant ------------------------------------------------------------------------------------------------


def standing_registration(event_id: int, person_ids: frozenset[int]) -> Registration | None:
    """The person's seat or place in the waiting list of this event."""
    return db.session.scalar(
        select(Registration).where(
            Registration.event_id == event_id,
            Registration.person_id.in_(sorted(person_ids)),
            Registration.state != RegistrationState.CANCELLED,
        )
    )


def my_registrations(actor: Actor) -> list[Registration]:
    """The person's own registrations, latest first."""
    wanted = visible_to(actor, Registration, Permission.REGISTRATION_READ).options(selectinload(Registration.event))
    return list(db.session.scalars(wanted.order_by(Registration.registered_at.desc())))


def place_in_line(registration: Registration) -> int:
    """1 for the first of the waiting list."""
    ahead = select(func.count()).where(
        Registration.event_id == registration.event_id,
        Registration.state == RegistrationState.WAITING,
        Registration.number <= registration.number,
    )
    return db.session.scalar(ahead) or 0


# --- For the organiser --------------------------------------------------------------------------------------------------


def my_events(actor: Actor) -> list[Event]:
    """The events of the actor's programmes, latest first."""
    wanted = visible_to(actor, Event, Permission.EVENT_READ).options(selectinload(Event.competition))
    return list(db.session.scalars(wanted.order_by(func.coalesce(begins_at(), Event.created_at).desc())))


def creatable_competitions(actor: Actor) -> list[Competition]:
    """The competitions in which the actor may make events, newest first."""
    wanted = visible_to(actor, Competition, Permission.EVENT_CREATE)
    return list(db.session.scalars(wanted.order_by(Competition.created_at.desc())))


def required_languages(event: Event) -> tuple[str, ...]:
    """The languages an event must be announced in: those of its competition, else Kazakh and Russian."""
    languages = db.session.scalar(select(Competition.languages).where(Competition.id == event.competition_id))
    return tuple(languages or ("kk", "ru"))


def guests(event: Event) -> list[Guest]:
    """The attendance list, by name in Kazakh order; the waiting list after it, by number."""
    wanted = (
        select(Registration)
        .where(Registration.event_id == event.id, Registration.state != RegistrationState.CANCELLED)
        .options(selectinload(Registration.person))
    )
    found = list(db.session.scalars(wanted))
    attended = attended_sessions(event)
    listed = [Guest(one, one.person, attended.get(one.person_id, frozenset())) for one in found]
    return sorted(listed, key=_by_list)


def _by_list(guest: Guest) -> tuple[bool, int, str]:
    waits = guest.registration.state is RegistrationState.WAITING
    return (waits, guest.registration.number if waits else 0, kazakh_key(guest.person.full_name))


def attended_sessions(event: Event) -> dict[int, frozenset[int]]:
    """Session ids by person id."""
    wanted = select(Attendance.person_id, Attendance.session_id).where(
        Attendance.session_id.in_([session.id for session in event.sessions])
    )
    found: dict[int, frozenset[int]] = {}
    for person_id, session_id in db.session.execute(wanted):
        found[person_id] = found.get(person_id, frozenset()) | {session_id}
    return found


def attendances(session_id: int, person_ids: Sequence[int]) -> dict[int, Attendance]:
    """The rows of presence at one session, by person id."""
    wanted = select(Attendance).where(Attendance.session_id == session_id, Attendance.person_id.in_(person_ids))
    return {one.person_id: one for one in db.session.scalars(wanted)}


def last_number(event_id: int) -> int:
    """The highest number given in this event; the event's row must be locked."""
    return db.session.scalar(select(func.max(Registration.number)).where(Registration.event_id == event_id)) or 0


def head_of_line(event_id: int, count: int) -> list[Registration]:
    """The first `count` of the waiting list."""
    wanted = select(Registration).where(
        and_(Registration.event_id == event_id, Registration.state == RegistrationState.WAITING)
    )
    return list(
        db.session.scalars(wanted.order_by(Registration.number).limit(count).options(selectinload(Registration.person)))
    )


def standing_registrations(*event_ids: int) -> list[Registration]:
    """All seats and places of events, with their people."""
    wanted = select(Registration).where(Registration.event_id.in_(event_ids), Registration.state != RegistrationState.CANCELLED)
    return list(db.session.scalars(wanted.options(selectinload(Registration.person))))


def locked_event(event_id: int) -> Event:
    """The event with its row locked until the transaction ends: seats are given one at a time."""
    return db.session.scalars(
        select(Event).where(Event.id == event_id).with_for_update().execution_options(populate_existing=True)
    ).one()


def lock_event_of(registration_id: str) -> None:
    """Lock the event of a registration before the registration itself, as whoever gives out its seats does.

    Where one locks first what the other locks last, each waits for the other until the database ends one of them.
    """
    if is_writing():
        owner = select(Registration.event_id).where(Registration.public_id == registration_id).scalar_subquery()
        db.session.execute(select(Event.id).where(Event.id == owner).with_for_update())


def was_at_seminar() -> ColumnElement[bool]:
    """Whether the applicant of an application was present at an event of its competition."""
    present = (
        select(Attendance.id)
        .join(Session, Session.id == Attendance.session_id)
        .join(Event, Event.id == Session.event_id)
        .where(Event.competition_id == Application.competition_id, Attendance.person_id == Application.applicant_id)
    )
    return present.correlate(Application).exists()
