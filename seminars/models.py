"""Tables of events, sessions, registrations and attendance."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, relationship

from app.core.columns import Privacy, Translation, check, choice, column, key, public_id
from app.core.db import Model
from app.core.states import Machine
from app.people.models import Person
from app.programmes.models import ProgrammeOwned
from competitions.models import Competition
from seminars.states import EVENT, REGISTRATION, AttendanceMethod, EventKind, EventState, RegistrationState


class Event(ProgrammeOwned, Model):
    """A gathering with seats; may belong to a competition."""

    __tablename__ = "seminars_events"
    __table_args__ = (
        check("capacity_is_positive", "capacity > 0"),
        check("hours_are_positive", "academic_hours IS NULL OR academic_hours > 0"),
    )
    machine: ClassVar[Machine] = EVENT
    id: Mapped[int] = key()
    public_id: Mapped[str] = public_id()
    competition_id: Mapped[int | None] = column(Privacy.OPEN, ForeignKey("competitions_competitions.id"), index=True)
    kind: Mapped[EventKind] = choice(Privacy.OPEN, EventKind, name="event_kind")
    state: Mapped[EventState] = choice(Privacy.OPEN, EventState, name="event_state", default=EventState.DRAFT)
    title: Mapped[Translation] = column(Privacy.OPEN)
    description: Mapped[Translation] = column(Privacy.OPEN, default=Translation, comment="Markdown")
    place: Mapped[Translation] = column(Privacy.OPEN)
    online_url: Mapped[str] = column(Privacy.OPEN, String(300), default="")
    capacity: Mapped[int] = column(Privacy.OPEN)
    academic_hours: Mapped[int | None] = column(
        Privacy.OPEN, comment="of 45 minutes, printed on certificates; none for a forum"
    )
    agenda: Mapped[list[Any]] = column(Privacy.OPEN, JSON, default=list, comment="[{at: HH:MM, title: {kk, ru, en}}]")
    cancellation: Mapped[str] = column(Privacy.OPEN, String, default="", comment="why it was called off, as guests read it")
    created_at: Mapped[datetime] = column(Privacy.INTERNAL)
    competition: Mapped[Competition | None] = relationship(lazy="raise_on_sql")
    sessions: Mapped[list["Session"]] = relationship(
        back_populates="event", cascade="all, delete-orphan", order_by="Session.starts_at", lazy="selectin"
    )


class Session(Model):
    """One sitting of an event."""

    __tablename__ = "seminars_sessions"
    __table_args__ = (check("ends_after_it_starts", "ends_at > starts_at"),)
    id: Mapped[int] = key()
    public_id: Mapped[str] = public_id()
    event_id: Mapped[int] = column(Privacy.OPEN, ForeignKey("seminars_events.id"), index=True)
    starts_at: Mapped[datetime] = column(Privacy.OPEN)
    ends_at: Mapped[datetime] = column(Privacy.OPEN)
    event: Mapped[Event] = relationship(back_populates="sessions")


class Registration(ProgrammeOwned, Model):
    """One person's seat, or place in the waiting list (ordered by `number`), at one event."""

    __tablename__ = "seminars_registrations"
    __table_args__ = (
        UniqueConstraint("event_id", "number"),
        Index(
            "ix_seminars_registrations_one_standing",
            "event_id", "person_id",
            unique=True,
            sqlite_where=text("state <> 'cancelled'"),
            postgresql_where=text("state <> 'cancelled'"),
        ),
    )  # fmt: skip
    machine: ClassVar[Machine] = REGISTRATION
    id: Mapped[int] = key()
    public_id: Mapped[str] = public_id()
    event_id: Mapped[int] = column(Privacy.INTERNAL, ForeignKey("seminars_events.id"))
    person_id: Mapped[int] = column(Privacy.CONTACT, ForeignKey("people_persons.id"), index=True)
    number: Mapped[int] = column(Privacy.INTERNAL, comment="order of arrival within the event, never reused")
    state: Mapped[RegistrationState] = choice(
        Privacy.INTERNAL, RegistrationState, name="registration_state", default=RegistrationState.WAITING
    )
    registered_at: Mapped[datetime] = column(Privacy.INTERNAL)
    event: Mapped[Event] = relationship(lazy="raise_on_sql")
    person: Mapped[Person] = relationship(lazy="raise_on_sql")


class Attendance(Model):
    """One person was present at one session."""

    __tablename__ = "seminars_attendances"
    __table_args__ = (UniqueConstraint("session_id", "person_id"),)
    id: Mapped[int] = key()
    session_id: Mapped[int] = column(Privacy.INTERNAL, ForeignKey("seminars_sessions.id"))
    person_id: Mapped[int] = column(Privacy.CONTACT, ForeignKey("people_persons.id"), index=True)
    method: Mapped[AttendanceMethod] = choice(Privacy.INTERNAL, AttendanceMethod, name="attendance_method")
    marked_by_id: Mapped[int | None] = column(Privacy.INTERNAL, ForeignKey("people_users.id"))
    marked_at: Mapped[datetime] = column(Privacy.INTERNAL)
