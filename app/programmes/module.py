"""What programmes hand to the platform."""

from flask_babel import lazy_gettext as _l

from app.access.actor import Actor
from app.modules import MenuEntry, Module
from app.programmes.invariants import INVARIANTS, SEALS
from app.programmes.labels import ACTS, LABELS
from app.programmes.notices import KINDS
from app.programmes.policy import DANGEROUS, GRANTS
from app.programmes.queries import POLICIES
from app.programmes.states import Role
from app.programmes.views import admin, organiser, public


def _is_organiser(actor: Actor) -> bool:
    return bool(actor.programmes_with(Role.ORGANISER))


def _is_administrator(actor: Actor) -> bool:
    return actor.is_administrator


module = Module(
    name="programmes",
    blueprints=(public.bp, organiser.bp, admin.bp),
    labels=LABELS,
    acts=ACTS,
    dangerous=DANGEROUS,
    policies=POLICIES,
    grants=GRANTS,
    invariants=INVARIANTS,
    seals=SEALS,
    message_kinds=KINDS,
    menu=(
        MenuEntry(_l("Team"), "programmes_organiser.teams", _is_organiser, position=70, icon="users"),
        MenuEntry(_l("Action log"), "programmes_organiser.audit_log", _is_organiser, position=85, icon="history"),
        MenuEntry(_l("Programmes"), "programmes_admin.programmes", _is_administrator, position=61, icon="folder"),
        MenuEntry(_l("Organisations"), "programmes_admin.organisations", _is_administrator, position=62, icon="building-2"),
    ),
)
