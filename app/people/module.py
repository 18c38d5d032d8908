"""What accounts hand to the platform."""

from flask_babel import lazy_gettext as _l

from app.modules import MenuEntry, Module
from app.people.invariants import INVARIANTS, SEALS
from app.people.labels import ACTS, LABELS
from app.people.notices import KINDS
from app.people.policy import DANGEROUS
from app.people.queries import POLICIES
from app.people.states import USER
from app.people.views import admin, organiser, person, public

module = Module(
    name="people",
    blueprints=(public.bp, person.bp, organiser.bp, admin.bp),
    policies=POLICIES,
    labels=LABELS,
    acts=ACTS,
    dangerous=DANGEROUS,
    machines=(USER,),
    invariants=INVARIANTS,
    seals=SEALS,
    message_kinds=KINDS,
    menu=(MenuEntry(_l("Accounts"), "people_admin.users", lambda actor: actor.is_administrator, position=60, icon="users"),),
)
