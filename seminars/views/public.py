"""What everybody sees of events."""

from flask import Blueprint, Response

from app.access.door import AbsentError
from app.access.routes import public
from app.request import actor, arrived_at, page
from seminars import queries

blueprint = Blueprint("seminars_public", __name__, url_prefix="/events")


@blueprint.get("")
@public
def events() -> Response:
    """What is coming."""
    found = queries.announced_events(arrived_at())
    return page("seminars/public/events.html", events=found, seats=queries.seats_by_event(found))


@blueprint.get("/<public_id>")
@public
def event(public_id: str) -> Response:
    """One event, with the one thing a reader can do now."""
    found = queries.announced_event(public_id)
    if found is None:
        raise AbsentError
    own = queries.standing_registration(found.id, actor().person_ids)
    place = queries.place_in_line(own) if own else None
    is_over = found.sessions[0].starts_at <= arrived_at()
    return page(
        "seminars/public/event.html", event=found, seats=queries.seats(found), registration=own, place=place, is_over=is_over
    )
