"""Identity numbers and contacts: masked on the pages of staff, shown in full here, with a reason and an audit entry."""

from flask import Blueprint
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from app.access.door import can, fetch
from app.access.routes import dangerous, requires
from app.people.forms import RevealForm
from app.people.models import Person
from app.people.policy import Permission
from app.people.queries import account_address
from app.people.rules import masked_iin, masked_phone, shown_phone
from app.people.services import persons
from app.people.states import RevealReason
from app.request import actor, arrived_at, page

bp = Blueprint("people_organiser", __name__, url_prefix="/manage/people")


@bp.route("/<public_id>/identity", methods=["GET", "POST"])
@requires(Permission.PERSON_CONTACT)
@dangerous(_l("See what is masked"), "Person.reveal_contact", "Person.reveal_identity")
def identity(public_id: str) -> BaseResponse:
    """Ask for the reason, then show it once: the page is not kept and cannot be reloaded without a new entry."""
    person = fetch(Person, public_id, may=Permission.PERSON_CONTACT)
    with_identity = can(Permission.PERSON_IDENTITY, person)
    form, shown = RevealForm(), None
    if form.validate_on_submit():
        reveal = persons.reveal_identity if with_identity else persons.reveal_contact
        shown = reveal(person, reason=RevealReason(form.reason.data), by=actor(), at=arrived_at())
    return page(
        "people/organiser/identity.html",
        status=422 if form.is_submitted() and shown is None else 200,
        form=form,
        person=person,
        masked=masked_iin(person.iin) if with_identity else masked_phone(person.phone),
        with_identity=with_identity,
        shown=shown,
        phone=shown_phone(shown.phone) if shown else "",
        email=account_address(person) if shown else None,
    )
