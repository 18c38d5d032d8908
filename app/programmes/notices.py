"""Which letter goes to whom after an act on members."""

import hashlib

from flask_babel import lazy_gettext as _l

from app.messages.services import Address, post
from app.modules import MessageKind
from app.programmes.models import Programme
from app.programmes.states import Role
from app.request import link_to

KINDS = (
    MessageKind(
        "programmes.invitation", _l("Invitation to the team of a programme"), "programmes/email/invitation", is_secret=True
    ),
)


def invitation(programme: Programme, email: str, role: Role, *, language: str, secret: str) -> None:
    """A link by which one address takes one role."""
    post(
        "programmes.invitation",
        to=Address(email, language),
        key=hashlib.sha256(secret.encode()).hexdigest()[:32],
        programme_id=programme.id,
        programme=programme.name,
        role=role,
        href=link_to("programmes_public.invitation", secret=secret),
    )
