"""What messages hand to the platform."""

from flask_babel import lazy_gettext as _l

from app.access.actor import Actor
from app.messages.delivery import deliver, write_letters
from app.messages.invariants import INVARIANTS
from app.messages.labels import LABELS
from app.messages.policy import GRANTS
from app.messages.queries import POLICY
from app.messages.states import DELIVER, WRITE_LETTERS
from app.messages.views import admin, organiser
from app.modules import MenuEntry, Module


def _writes_letters(actor: Actor) -> bool:
    return bool(actor.programmes_with("organiser", "secretary"))


module = Module(
    name="messages",
    blueprints=(admin.bp, organiser.bp),
    policies=(POLICY,),
    grants=GRANTS,
    labels=LABELS,
    invariants=INVARIANTS,
    jobs={DELIVER: deliver, WRITE_LETTERS: write_letters},
    menu=(
        MenuEntry(_l("Letters"), "messages_organiser.outbox", _writes_letters, position=80, icon="mail"),
        MenuEntry(_l("Letters"), "messages_admin.outbox", lambda actor: actor.is_administrator, position=92, icon="mail"),
    ),
)
