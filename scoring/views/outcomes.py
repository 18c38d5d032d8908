"""Who is in the final and who is not, in words, for the applicant's list and page, from the opening of the stage on."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import gettext as _

from app.jinja import moment, tr_plain
from app.modules import Label, Outcome
from app.request import arrived_at
from competitions.models import Application
from competitions.states import Milestone
from scoring.queries import result
from seminars.models import Event
from seminars.queries import announced_pitches

AHEAD = frozenset(Milestone) - {Milestone.OPENS, Milestone.CLOSES, Milestone.CHECKED, Milestone.FREEZES}
RESULTS = frozenset({Milestone.PUBLISHES, Milestone.APPEALS_CLOSE})


def outcomes(applications: Sequence[Application]) -> Mapping[int, Outcome]:
    """What the opening of the final says of each of these applications, until the results are public."""
    places = result.places_in_final(applications)
    finals = {one.competition_id for one in applications if one.id in places and places[one.id].is_in}
    days, minutes = announced_pitches(finals, arrived_at()), result.pitch_minutes(finals)
    return {
        one.id: _in_final(places[one.id].opens_at, minutes.get(one.competition_id, 0), days.get(one.competition_id))
        if places[one.id].is_in
        else _not_in_final()
        for one in applications
        if one.id in places
    }


def _in_final(opens_at: datetime, minutes: int, day: Event | None) -> Outcome:
    where = (
        _("Where: %(place)s", place=tr_plain(day.place))
        if day and tr_plain(day.place)
        else _("The place is not announced yet: it will stand on the page of your application.")
    )
    when = _("Pitch: %(when)s, %(minutes)s minutes to present.", when=moment(opens_at), minutes=minutes)
    return Outcome(Label(_("In the final"), "success"), _("You are in the final"), f"{when} {where}", "success", AHEAD)


def _not_in_final() -> Outcome:
    text = _("Thank you for your work. When the results are public, you will read here what the jury wrote to you.")
    badge = Label(_("Not in the final"), "neutral")
    return Outcome(badge, _("This time your project did not go on to the final"), text, "info", RESULTS)
