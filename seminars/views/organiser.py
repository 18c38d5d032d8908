"""The organiser's desk of events."""

from collections.abc import Sequence

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from app.access.door import AbsentError, admit, can, fetch
from app.access.routes import dangerous, requires
from app.jinja import tr_plain
from app.kept import named, names_of
from app.request import actor, arrived_at, done, link_to, page
from competitions.models import Competition
from seminars import queries, services
from seminars.forms import AttendanceForm, CancelForm, EventForm, NewEventForm
from seminars.models import Event, Session
from seminars.policy import Permission

blueprint = Blueprint("seminars_organiser", __name__, url_prefix="/manage/events")


@blueprint.get("")
@requires(Permission.EVENT_READ)
def events() -> Response:
    """All events of my programmes."""
    found = queries.my_events(actor())
    may_create = bool(queries.creatable_competitions(actor()))
    return page(
        "seminars/organiser/events.html",
        events=found,
        seats=queries.seats_by_event(found),
        may_create=may_create,
        now=arrived_at(),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.EVENT_CREATE)
def new_event() -> BaseResponse:
    """Make a draft."""
    competitions = queries.creatable_competitions(actor())
    if not competitions:
        raise AbsentError
    form = NewEventForm()
    form.competition.choices = [(one.public_id, tr_plain(one.name)) for one in competitions]
    tried = form.attempt(lambda: _create(form, competitions))
    if tried.made is not None:
        return done(_("The event is a draft. Announce it when it is ready."), _desk(tried.made))
    return page("seminars/organiser/new_event.html", status=tried.status, form=form, refusals=tried.refusals)


def _create(form: NewEventForm, competitions: Sequence[Competition]) -> Event:
    found = next(one for one in competitions if one.public_id == form.competition.data)
    competition = admit(found, may=Permission.EVENT_CREATE)
    return services.create_event(competition.programme_id, competition=competition, by=actor(), at=arrived_at(), **form.facts())


@blueprint.get("/<public_id>")
@requires(Permission.EVENT_READ)
def event(public_id: str) -> Response:
    """One event: seats, what can be done now, and guests for those who work with them."""
    found = fetch(Event, public_id, may=Permission.EVENT_READ)
    sees_guests = can(Permission.EVENT_GUESTS, found)
    return page(
        "seminars/organiser/event.html",
        event=found,
        seats=queries.seats(found),
        sees_guests=sees_guests,
        guests=queries.guests(found) if sees_guests else [],
        now=arrived_at(),
        has_begun=found.sessions[0].starts_at <= arrived_at(),
        may_edit=can(Permission.EVENT_EDIT, found),
        may_cancel=can(Permission.EVENT_CANCEL, found),
        address=link_to("seminars_public.event", public_id=found.public_id),
        may_mark=can(Permission.EVENT_ATTENDANCE, found),
    )


@blueprint.route("/<public_id>/edit", methods=["GET", "POST"])
@requires(Permission.EVENT_EDIT)
def edit_event(public_id: str) -> BaseResponse:
    """Change the facts."""
    found = fetch(Event, public_id, may=Permission.EVENT_EDIT)
    session = found.sessions[0]
    form = EventForm(obj=found, starts_at=session.starts_at, ends_at=session.ends_at)
    tried = form.attempt(lambda: services.edit_event(found, by=actor(), at=arrived_at(), **form.facts()))
    if tried.is_done:
        return done(_("Saved."), _desk(found))
    return page("seminars/organiser/edit_event.html", status=tried.status, form=form, event=found, refusals=tried.refusals)


@blueprint.post("/<public_id>/announce")
@requires(Permission.EVENT_EDIT)
def announce_event(public_id: str) -> BaseResponse:
    """Let people register."""
    found = fetch(Event, public_id, may=Permission.EVENT_EDIT)
    services.announce_event(found, languages=queries.required_languages(found), by=actor(), at=arrived_at())
    return done(_("Announced. People can register now."), _desk(found))


@blueprint.route("/<public_id>/cancel", methods=["GET", "POST"])
@requires(Permission.EVENT_CANCEL)
@dangerous(_l("Cancel the event"), "Event.cancel")
@named(lambda **_values: names_of(CancelForm()))
def cancel_event(public_id: str) -> BaseResponse:
    """Call it off, after seeing how many will be told."""
    found = fetch(Event, public_id, may=Permission.EVENT_CANCEL)
    form = CancelForm()
    if form.validate_on_submit():
        services.cancel_event(found, reason=form.reason.data or "", by=actor(), at=arrived_at())
        return done(_("The event is cancelled, and everyone has been told."), _desk(found))
    return page(
        "seminars/organiser/cancel_event.html", status=_status(form), form=form, event=found, seats=queries.seats(found)
    )


@blueprint.route("/<public_id>/sessions/<session_id>/attendance", methods=["GET", "POST"])
@requires(Permission.EVENT_ATTENDANCE)
def attendance(public_id: str, session_id: str) -> BaseResponse:
    """The attendance list of one session: ticks, saved as often as wanted."""
    found = fetch(Event, public_id, may=Permission.EVENT_ATTENDANCE)
    session = _session(found, session_id)
    guests = queries.guests(found)
    form = AttendanceForm()
    form.list_guests(guests, session.id)
    if form.validate_on_submit():
        came = {one.person.id for one in guests if one.person.public_id in form.ticked()}
        did_not = {one.person.id for one in guests if one.person.public_id in form.unticked()}
        services.mark_attendance(session, came_ids=came, absent_ids=did_not, by=actor(), at=arrived_at())
        return done(_("The list is saved."), _desk(found))
    return page(
        "seminars/organiser/attendance.html", status=_status(form), form=form, event=found, session=session, guests=guests
    )


def _session(event: Event, public_id: str) -> Session:
    """The session of this event; one of another event is unknown here."""
    found = next((one for one in event.sessions if one.public_id == public_id), None)
    if found is None:
        raise AbsentError
    return found


def _desk(event: Event) -> str:
    return url_for("seminars_organiser.event", public_id=event.public_id)


def _status(form: CancelForm | AttendanceForm) -> int:
    return 422 if form.errors else 200
