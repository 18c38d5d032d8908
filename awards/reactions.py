"""What awards do when something happens below."""

from app.access.actor import SYSTEM
from app.certificates.events import HolderRenamed
from app.certificates.queries import by_id
from app.certificates.services import hide_name as hide_certificate_name
from app.certificates.services import show_name as show_certificate_name
from app.core import clock
from app.core.db import db
from app.people.events import ConsentWithdrawn
from app.people.models import Person
from app.people.queries import same_person_ids
from app.people.states import ConsentKind
from awards import queries


def name_holder(event: HolderRenamed) -> None:
    """A winner whose diploma was corrected is named to strangers as she agreed to be, as on the winners page."""
    certificate = by_id(event.certificate_id)
    person = db.session.get(Person, certificate.person_id) if certificate.person_id else None
    name = queries.public_names(queries.scope_of(certificate.subject), [person]).get(person.id, "") if person else ""
    if name:
        show_certificate_name(certificate, name, by=SYSTEM, at=clock.now())


def hide_name(event: ConsentWithdrawn) -> None:
    """A name taken back leaves the verification page of the person's diplomas at once; the winners page asks each time.

    Where she only chose to be named otherwise, the page says the name as she chose it.
    """
    if event.kind is not ConsentKind.NAME:
        return
    person = db.session.get_one(Person, event.person_id)
    name = queries.public_names(event.scope, [person]).get(person.id, "")
    for certificate in queries.named_certificates(same_person_ids(person), event.scope):
        if name:
            show_certificate_name(certificate, name, by=SYSTEM, at=clock.now())
        else:
            hide_certificate_name(certificate, by=SYSTEM, at=clock.now())
