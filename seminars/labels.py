"""The words of events, registrations and their refusals."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from app.modules import Label
from seminars.rules import EventRefusal
from seminars.states import AttendanceMethod, EventKind, EventState, RegistrationState

LABELS: tuple[dict[Any, Label], ...] = (
    {
        EventKind.SEMINAR: Label(_l("seminar")),
        EventKind.TRAINING: Label(_l("training")),
        EventKind.FORUM: Label(_l("forum")),
        EventKind.PITCH: Label(_l("pitch day")),
        EventKind.MEETING: Label(_l("meeting")),
    },
    {
        EventState.DRAFT: Label(_l("draft"), "neutral"),
        EventState.ANNOUNCED: Label(lazy_pgettext("event", "announced"), "success"),
        EventState.CANCELLED: Label(lazy_pgettext("event", "cancelled"), "danger"),
    },
    {
        RegistrationState.REGISTERED: Label(_l("seat taken"), "success"),
        RegistrationState.WAITING: Label(_l("in the waiting list"), "warning"),
        RegistrationState.CANCELLED: Label(_l("given back"), "neutral"),
    },
    {
        AttendanceMethod.LIST: Label(_l("by the list")),
        AttendanceMethod.CODE: Label(_l("by the code")),
    },
    {
        EventRefusal.NOT_ANNOUNCED: Label(_l("This event is not open: it has not been announced, or was cancelled.")),
        EventRefusal.OVER: Label(_l("This event has already begun, so seats can no longer be taken or given back.")),
        EventRefusal.NOT_BEGUN: Label(_l("Presence can be marked from the beginning of the event.")),
        EventRefusal.CAPACITY_BELOW_SEATS: Label(
            _l("People already have seats: %(count)s. The number of seats cannot be smaller than that.")
        ),
        EventRefusal.LANGUAGE_MISSING: Label(_l("Fill in the title and the place in this language first: %(language)s.")),
        EventRefusal.HELD: Label(_l("This event has begun, so it can no longer be called off.")),
        EventRefusal.BEGUN_ALREADY: Label(
            _l("The event begins on %(instant)s, which has passed. Change its time, then announce it.")
        ),
        EventRefusal.ENDS_BEFORE_START: Label(_l("The end must come after the beginning.")),
    },
)

# Acts as the record of acts names them, by `Noun.verb`.
ACTS: dict[str, Any] = {
    "Event.create": _l("an event was made"),
    "Event.edit": _l("an event was edited"),
    "Event.announce": _l("an event was announced"),
    "Event.cancel": _l("an event was cancelled"),
    "Event.mark_attendance": _l("presence was marked"),
    "Registration.register": _l("somebody registered for an event"),
    "Registration.give_seat": _l("a seat was given"),
    "Registration.cancel": _l("a registration was cancelled"),
}
