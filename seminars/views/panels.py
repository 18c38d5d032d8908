"""What seminars show on pages of lower modules."""

from flask import current_app, render_template

from app.access.actor import Actor
from app.core import clock
from competitions.models import Application, Competition
from competitions.queries.access import present
from seminars import queries
from seminars.states import EventKind, EventState

FOR_ALL_ADMITTED = frozenset({EventKind.SEMINAR, EventKind.TRAINING})


def call(competition: Competition, _actor: Actor) -> str:
    """What is coming, on the public page of a competition."""
    events = queries.announced_events(clock.now(), competition.id)
    if not events:
        return ""
    return render_template("seminars/panels/call.html", events=events, seats=queries.seats_by_event(events))


def cancel(competition: Competition, _actor: Actor) -> str:
    """What is called off together with a competition: the same events as `reactions` then calls off."""
    events = [one for one in queries.unheld_events(competition.id, present()) if one.state is EventState.ANNOUNCED]
    if not events:
        return ""
    people = len(queries.standing_registrations(*(one.id for one in events)))
    return render_template("seminars/panels/cancel.html", events=events, people=people)


def admitted_letter(application: Application, _actor: Actor) -> str:
    """The next seminar, in the letter to an admitted applicant: the worker writes it, so it has no page around it.

    Other kinds of events are not for all who are admitted: to the pitch only finalists come.
    """
    coming = queries.announced_events(clock.now(), application.competition_id)
    events = [one for one in coming if one.kind in FOR_ALL_ADMITTED]
    if not events:
        return ""
    return current_app.jinja_env.get_template("seminars/panels/admitted_letter.txt").render(event=events[0])
