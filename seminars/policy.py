"""Who may do what with events and registrations, and what stands in the way now. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.access.actor import SYSTEM, Actor
from app.core.refusals import Refusal
from app.programmes.states import STAFF, Role
from seminars.rules import EventRefusal
from seminars.states import EventState


class Permission(StrEnum):
    """Acts of this package."""

    EVENT_READ = "event:read"
    EVENT_CREATE = "event:create"
    EVENT_EDIT = "event:edit"
    EVENT_CANCEL = "event:cancel"
    EVENT_GUESTS = "event:guests"
    EVENT_ATTENDANCE = "event:attendance"
    EVENT_REGISTER = "event:register"
    REGISTRATION_READ = "registration:read"
    REGISTRATION_CANCEL = "registration:cancel"


# Who works with guests reads their names; the rest of the team sees how many they are.
WITH_GUESTS = frozenset({Role.ORGANISER, Role.SECRETARY, Role.CONSULTANT})
# What must not happen at a screen that was left open: the password is asked once more.
DANGEROUS = frozenset({"Event.cancel"})
GRANTS: Mapping[StrEnum, frozenset[Role]] = {
    Permission.EVENT_READ: STAFF,
    Permission.EVENT_CREATE: frozenset({Role.ORGANISER}),
    Permission.EVENT_EDIT: frozenset({Role.ORGANISER}),
    Permission.EVENT_CANCEL: frozenset({Role.ORGANISER}),
    Permission.EVENT_GUESTS: WITH_GUESTS,
    Permission.EVENT_ATTENDANCE: WITH_GUESTS,
}
NAMING_GUESTS = frozenset({Permission.EVENT_GUESTS, Permission.EVENT_ATTENDANCE})
ON_EVENTS = NAMING_GUESTS | {
    Permission.EVENT_READ, Permission.EVENT_EDIT, Permission.EVENT_CANCEL, Permission.EVENT_REGISTER,
}  # fmt: skip
# What nobody does with an event that was called off.
ON_STANDING = frozenset({Permission.EVENT_EDIT, Permission.EVENT_CANCEL, Permission.EVENT_ATTENDANCE})
ON_REGISTRATIONS = frozenset({Permission.REGISTRATION_READ, Permission.REGISTRATION_CANCEL})


@dataclass(frozen=True, slots=True)
class EventFacts:
    """What decides about acts on one event at one instant."""

    programme_id: int
    state: EventState
    starts_at: datetime | None
    at: datetime


@dataclass(frozen=True, slots=True)
class RegistrationFacts:
    """What decides about acts on one registration."""

    person_id: int
    event: EventFacts


def grants_event(permission: StrEnum, actor: Actor, facts: EventFacts) -> bool:
    """Roles open an event's desk; any signed-in person may register for what is announced."""
    if permission == Permission.EVENT_REGISTER:
        return actor.is_signed_in and facts.state is EventState.ANNOUNCED
    return actor is SYSTEM or actor.has_role(facts.programme_id, *GRANTS.get(permission, ()))


def event_obstacles(permission: StrEnum, facts: EventFacts) -> tuple[Refusal, ...]:
    """Registering ends when the event begins, and so does calling it off; a cancelled event is read only."""
    if permission == Permission.EVENT_REGISTER and (facts.starts_at is None or facts.at >= facts.starts_at):
        return (Refusal(EventRefusal.OVER),)
    if permission in ON_STANDING and facts.state is EventState.CANCELLED:
        return (Refusal(EventRefusal.NOT_ANNOUNCED),)
    has_begun = facts.starts_at is None or facts.at >= facts.starts_at
    if permission == Permission.EVENT_CANCEL and facts.state is EventState.ANNOUNCED and has_begun:
        return (Refusal(EventRefusal.HELD),)
    return ()


def grants_registration(actor: Actor, facts: RegistrationFacts) -> bool:
    """A registration is its owner's."""
    return facts.person_id in actor.person_ids


def registration_obstacles(permission: StrEnum, facts: RegistrationFacts) -> tuple[Refusal, ...]:
    """A seat is given back before the event begins, not after; of a cancelled event there is none to give."""
    event = facts.event
    if permission == Permission.REGISTRATION_CANCEL and event.state is EventState.CANCELLED:
        return (Refusal(EventRefusal.NOT_ANNOUNCED),)
    if permission == Permission.REGISTRATION_CANCEL and (event.starts_at is None or event.at >= event.starts_at):
        return (Refusal(EventRefusal.OVER),)
    return ()
