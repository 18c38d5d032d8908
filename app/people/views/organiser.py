"""Identity numbers and contacts, masked on the pages of staff and shown here with a reason; names that staff correct."""

from flask import Blueprint, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from app.access.door import can, fetch
from app.access.routes import dangerous, requires
from app.kept import named, names_of
from app.people.forms import CorrectNameForm, RevealForm
from app.people.models import Person
from app.people.policy import Permission
from app.people.queries import account_address
from app.people.rules import masked_iin, masked_phone, shown_phone
from app.people.services import persons
from app.people.states import NameReason, RevealReason
from app.request import actor, arrived_at, done, page

bp = Blueprint("people_organiser", __name__, url_prefix="/manage/people")


@bp.route("/<public_id>/identity", methods=["GET", "POST"])
@requires(Permission.PERSON_CONTACT)
@dangerous(_l("See what is masked"), "Person.reveal_contact", "Person.reveal_identity")
@named(lambda **_values: names_of(RevealForm()))
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


@bp.route("/<public_id>/name", methods=["GET", "POST"])
@requires(Permission.PERSON_NAME)
@dangerous(_l("Correct the name"), "Person.correct_name")
@named(lambda **_values: names_of(CorrectNameForm()))
def name(public_id: str) -> BaseResponse:
    """Correct a name that its owner cannot change any more."""
    person = fetch(Person, public_id, may=Permission.PERSON_NAME)
    form = CorrectNameForm(obj=person)
    tried = form.attempt(lambda: _correct(person, form))
    if tried.is_done:
        return done(_("The name is corrected; the person gets a letter."), url_for(".name", public_id=public_id))
    return page("people/organiser/name.html", form=form, person=person, refusals=tried.refusals, status=tried.status)


def _correct(person: Person, form: CorrectNameForm) -> None:
    persons.correct_name(
        person,
        family_name=form.family_name.data or "",
        given_name=form.given_name.data or "",
        patronymic=form.patronymic.data or "",
        reason=NameReason(form.reason.data),
        by=actor(),
        at=arrived_at(),
    )
