"""States and closed sets of events and registrations. Pure."""

from enum import StrEnum

from app.core.states import Machine


class EventKind(StrEnum):
    """What kind of gathering it is."""

    SEMINAR = "seminar"
    TRAINING = "training"
    FORUM = "forum"
    PITCH = "pitch"
    MEETING = "meeting"


class EventState(StrEnum):
    """Acts on an event; whether it is over is computed from its sessions."""

    DRAFT = "draft"
    ANNOUNCED = "announced"
    CANCELLED = "cancelled"


EVENT = Machine(
    "event",
    EventState.DRAFT,
    [
        (EventState.DRAFT, EventState.ANNOUNCED, "announce"),
        (EventState.DRAFT, EventState.CANCELLED, "cancel"),
        (EventState.ANNOUNCED, EventState.CANCELLED, "cancel"),
    ],
)


class RegistrationState(StrEnum):
    """The life of one seat: taken at once, or after waiting."""

    REGISTERED = "registered"
    WAITING = "waiting"
    CANCELLED = "cancelled"


REGISTRATION = Machine(
    "registration",
    RegistrationState.WAITING,
    [
        (RegistrationState.WAITING, RegistrationState.REGISTERED, "give_seat"),
        (RegistrationState.REGISTERED, RegistrationState.CANCELLED, "cancel"),
        (RegistrationState.WAITING, RegistrationState.CANCELLED, "cancel"),
    ],
)


class AttendanceMethod(StrEnum):
    """How presence was established."""

    LIST = "list"
    CODE = "code"
