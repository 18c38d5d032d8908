"""What seminars hand to the platform."""

from flask_babel import lazy_gettext as _l

from app.modules import Demo, Mark, MenuEntry, MessageKind, Module, Panel
from app.programmes.states import STAFF
from seminars import demo
from seminars.invariants import INVARIANTS
from seminars.labels import ACTS, LABELS
from seminars.policy import DANGEROUS, GRANTS
from seminars.queries import CREATION_POLICY, EVENT_POLICY, REGISTRATION_POLICY, was_at_seminar
from seminars.reactions import REACTIONS
from seminars.states import EVENT, REGISTRATION
from seminars.views import organiser, panels, participant, public

module = Module(
    name="seminars",
    blueprints=(public.blueprint, participant.blueprint, organiser.blueprint),
    policies=(EVENT_POLICY, REGISTRATION_POLICY, CREATION_POLICY),
    machines=(EVENT, REGISTRATION),
    labels=LABELS,
    acts=ACTS,
    dangerous=DANGEROUS,
    grants=GRANTS,
    invariants=INVARIANTS,
    demo=Demo(load=demo.load),
    reactions=REACTIONS,
    marks=(
        Mark(
            "application",
            "seminar",
            {"kk": ("семинар",), "ru": ("семинар",), "en": ("seminar",)},
            _l("the applicant was at a seminar of this competition"),
            was_at_seminar,
        ),
    ),
    panels=(
        Panel("competition.call", panels.call, position=50),
        Panel("competition.cancel", panels.cancel),
        Panel("letter.application_admitted", panels.admitted_letter),
    ),
    menu=(
        MenuEntry(
            _l("My seminars"), "seminars_participant.registrations", lambda actor: actor.is_signed_in and not actor.roles, 30
        ),
        MenuEntry(_l("Events"), "seminars_organiser.events", lambda actor: bool(actor.programmes_with(*STAFF)), 40),
    ),
    message_kinds=(
        MessageKind("seminars.registered", _l("You have a seat"), "seminars/email/registered"),
        MessageKind("seminars.waiting", _l("You are in the waiting list"), "seminars/email/waiting"),
        MessageKind("seminars.seat_given", _l("A seat has become free for you"), "seminars/email/seat_given"),
        MessageKind("seminars.cancelled", _l("The event will not take place: %(title)s"), "seminars/email/cancelled"),
        MessageKind("seminars.moved", _l("The event has a new time or place: %(title)s"), "seminars/email/moved"),
    ),
)
