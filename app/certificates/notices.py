"""Which letter goes to the holder of a certificate that ends."""

from flask_babel import lazy_gettext as _l

from app.certificates.models import Certificate
from app.core.db import db
from app.messages.services import Address, post
from app.modules import MessageKind
from app.people.models import Person
from app.people.queries import account_address

KINDS = (
    MessageKind("certificates.revoked", _l("Your certificate %(number)s was revoked"), "certificates/email/revoked"),
    MessageKind("certificates.replaced", _l("Your certificate %(number)s was replaced"), "certificates/email/replaced"),
)


def tell_revoked(certificate: Certificate) -> None:
    """Why it is not in force any more, and whom to ask."""
    _tell("certificates.revoked", certificate, heir_number="")


def tell_replaced(certificate: Certificate, heir: Certificate) -> None:
    """Which one stands in its place, and where it is."""
    _tell("certificates.replaced", certificate, heir_number=heir.number)


def _tell(kind: str, certificate: Certificate, *, heir_number: str) -> None:
    person = db.session.get(Person, certificate.person_id) if certificate.person_id else None
    email = account_address(person) if person else None
    if person is not None and email:
        post(
            kind,
            to=Address(email, person.language, person.full_name),
            key=certificate.public_id,
            programme_id=certificate.programme_id,
            number=certificate.number,
            reason=certificate.reason,
            heir_number=heir_number,
            contacts=certificate.programme.organisation.contacts,
        )
