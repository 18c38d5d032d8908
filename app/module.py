"""The platform's own pages: the front page, first pages of roles, language, health, the showcase of components."""

from flask_babel import lazy_gettext as _l

from app import demo
from app.labels import LABELS
from app.modules import Demo, MenuEntry, Module
from app.programmes.states import STAFF
from app.views import account, admin, organiser, person, public

module = Module(
    name="app",
    labels=LABELS,
    demo=Demo(load=demo.load_people),
    blueprints=(public.bp, person.bp, account.bp, organiser.bp, admin.bp),
    menu=(
        MenuEntry(
            _l("Today"), "app_organiser.desk", lambda actor: bool(actor.programmes_with(*STAFF)), position=1, icon="house"
        ),
        MenuEntry(
            _l("Administration"), "app_admin.overview", lambda actor: actor.is_administrator, position=2, icon="settings"
        ),
        MenuEntry(_l("My account"), "app_person.home", lambda actor: actor.is_signed_in, position=95, icon="user"),
    ),
)
