"""A person's own seats."""

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from app.access.door import fetch
from app.access.routes import requires, signed_in
from app.request import actor, arrived_at, done, page
from seminars import queries, services
from seminars.models import Event, Registration
from seminars.policy import Permission
from seminars.states import RegistrationState

blueprint = Blueprint("seminars_participant", __name__, url_prefix="/my/events")


@blueprint.get("")
@signed_in
def registrations() -> Response:
    """My seats and what else is coming."""
    who, at = actor(), arrived_at()
    upcoming = queries.announced_events(at)
    return page(
        "seminars/participant/registrations.html",
        registrations=queries.my_registrations(who),
        upcoming=upcoming,
        seats=queries.seats_by_event(upcoming),
        now=at,
    )


@blueprint.post("/<public_id>/register")
@requires(Permission.EVENT_REGISTER)
def register(public_id: str) -> BaseResponse:
    """Take a seat."""
    event = fetch(Event, public_id, may=Permission.EVENT_REGISTER)
    who = actor()
    made = services.register(event, person_id=who.person_id or 0, by=who, at=arrived_at())
    has_seat = made.state is RegistrationState.REGISTERED
    message = _("You have a seat.") if has_seat else _("All seats are taken. You are in the waiting list.")
    return done(message, url_for("seminars_public.event", public_id=public_id), tone="success" if has_seat else "info")


@blueprint.post("/registrations/<public_id>/cancel")
@requires(Permission.REGISTRATION_CANCEL)
def cancel_registration(public_id: str) -> BaseResponse:
    """Give the seat back, or leave the waiting list."""
    queries.lock_event_of(public_id)
    registration = fetch(Registration, public_id, may=Permission.REGISTRATION_CANCEL)
    had_seat = registration.state is RegistrationState.REGISTERED
    services.cancel_registration(registration, by=actor(), at=arrived_at())
    given, left = (
        _("You gave your seat back. Thank you for telling us."),
        _("You left the waiting list. Thank you for telling us."),
    )
    return done(given if had_seat else left, url_for("seminars_participant.registrations"))
