"""Which letters go to whom after which verb of this package."""

from collections.abc import Iterable

from app.core.columns import new_public_id
from app.core.db import db
from app.messages.services import Address, post
from app.people.models import Person
from app.people.queries import language_of
from seminars.models import Event, Registration
from seminars.states import RegistrationState


def _tell(kind: str, event: Event, registration: Registration, *, key: str, **context: object) -> None:
    """One letter to one guest who has an address; guests without one are called by phone, from the list."""
    person = db.session.get_one(Person, registration.person_id)
    if not person.email:
        return
    to = Address(person.email, language_of(person), person.full_name)
    told = {"event": event, "session": event.sessions[0], "title": event.title}
    post(kind, to=to, key=key, programme_id=event.programme_id, **told, **context)


def registered(event: Event, registration: Registration) -> None:
    """A seat, or a place in the waiting list."""
    has_seat = registration.state is RegistrationState.REGISTERED
    _tell("seminars.registered" if has_seat else "seminars.waiting", event, registration, key=registration.public_id)


def seat_given(event: Event, registration: Registration) -> None:
    """The wait is over."""
    _tell("seminars.seat_given", event, registration, key=registration.public_id)


def event_cancelled(event: Event, registrations: Iterable[Registration]) -> None:
    """The event will not take place."""
    for one in registrations:
        _tell("seminars.cancelled", event, one, key=one.public_id)


def event_moved(event: Event, registrations: Iterable[Registration]) -> None:
    """The time or the place has changed; each change is a letter of its own."""
    change = new_public_id()
    for one in registrations:
        _tell("seminars.moved", event, one, key=f"{one.public_id}:{change}")
