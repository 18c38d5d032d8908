"""Identity numbers on the organisers' pages: masked everywhere, shown in full here, with a reason and an audit entry."""

from typing import Any

from flask import Blueprint
from werkzeug.wrappers import Response as BaseResponse

from app.access.door import fetch
from app.access.routes import requires
from app.people.forms import RevealForm
from app.people.models import Person
from app.people.policy import Permission
from app.people.queries import own_session_row
from app.people.rules import masked_iin, shown_phone
from app.people.services import persons
from app.people.session import ask_again
from app.people.states import RevealReason
from app.request import actor, arrived_at, page

bp = Blueprint("people_organiser", __name__, url_prefix="/manage/people")


@bp.route("/<public_id>/identity", methods=["GET", "POST"])
@requires(Permission.PERSON_IDENTITY)
def identity(public_id: str) -> BaseResponse:
    """Ask for the reason, then show the number once: the page is not kept and cannot be reloaded without a new entry."""
    person = fetch(Person, public_id, may=Permission.PERSON_IDENTITY)
    form, shown = RevealForm(), None
    if form.validate_on_submit():
        ask_again(own_session_row(actor()).created_at)
        shown = persons.reveal_identity(person, reason=RevealReason(form.reason.data), by=actor(), at=arrived_at())
    status = 422 if form.is_submitted() and shown is None else 200
    phone = shown_phone(shown.phone) if shown else ""
    values: dict[str, Any] = {"form": form, "person": person, "masked": masked_iin(person.iin), "shown": shown, "phone": phone}
    return page("people/organiser/identity.html", **values, status=status)
