"""Which letter goes to whom after an act on an account. Every link is a page; the act itself is a button there."""

import hashlib
from datetime import datetime

from flask_babel import lazy_gettext as _l

from app.core.clock import now
from app.messages.services import Address, post
from app.modules import MessageKind
from app.people.models import Person, User
from app.people.states import NameReason
from app.request import link_to

KINDS = (
    MessageKind("people.verify_email", _l("Confirm your e-mail address"), "people/email/verify_email", is_secret=True),
    MessageKind("people.account_exists", _l("You already have an account"), "people/email/account_exists"),
    MessageKind("people.reset_password", _l("Choose a new password"), "people/email/reset_password", is_secret=True),
    MessageKind("people.password_changed", _l("Your password was changed"), "people/email/password_changed"),
    MessageKind("people.change_email", _l("Confirm your new e-mail address"), "people/email/change_email", is_secret=True),
    MessageKind("people.email_changed", _l("Your e-mail address was changed"), "people/email/email_changed", is_secret=True),
    MessageKind("people.name_corrected", _l("Your name was corrected"), "people/email/name_corrected"),
)


def verify_email(email: str, *, language: str, secret: str) -> None:
    """To an address that has no account yet."""
    link = link_to("people_public.confirm_sign_up", secret=secret)
    post("people.verify_email", to=Address(email, language), key=_key(secret), href=link)


def account_exists(user: User, *, at: datetime) -> None:
    """To the holder of an address that somebody tried to sign up again."""
    sign_in, reset = link_to("people_public.sign_in"), link_to("people_public.request_reset")
    post("people.account_exists", to=address_of(user), key=f"{user.public_id}:{at.isoformat()}", sign_in=sign_in, reset=reset)


def reset_password(to: Address, *, secret: str) -> None:
    """A way to a new password."""
    link = link_to("people_public.reset_password", secret=secret)
    post("people.reset_password", to=to, key=_key(secret), href=link)


def password_changed(user: User, *, at: datetime) -> None:
    """So that nobody changes it unnoticed."""
    reset = link_to("people_public.request_reset")
    post("people.password_changed", to=address_of(user), key=f"{user.public_id}:{now().isoformat()}", at=at, reset=reset)


def change_email(user: User, email: str, *, secret: str) -> None:
    """To the new address."""
    link = link_to("people_public.confirm_email", secret=secret)
    to = Address(email, address_of(user).language, user.person.full_name)
    post("people.change_email", to=to, key=_key(secret), href=link)


def email_changed(user: User, old: str, *, secret: str) -> None:
    """To the old address, with a way back."""
    link = link_to("people_public.undo_email", secret=secret)
    to = Address(old, address_of(user).language, user.person.full_name)
    post("people.email_changed", to=to, key=_key(secret), href=link)


def name_corrected(person: Person, email: str | None, *, reason: NameReason, at: datetime) -> None:
    """What stands now and why, and what to do if it is wrong; without an address there is no letter."""
    if email:
        to = Address(email, person.language, person.full_name)
        key = f"{person.public_id}:{at.isoformat()}"
        post("people.name_corrected", to=to, key=key, name=person.full_name, reason=reason)


def address_of(user: User) -> Address:
    """Where letters to an account go, in its language."""
    return Address(user.email, user.language or user.person.language, user.person.full_name)


def _key(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()[:32]
