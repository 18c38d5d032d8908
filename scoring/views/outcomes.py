"""Who is in the final and who is not, in words, for the applicant's list and page, from the opening of the stage on."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from app.jinja import moment, tr_plain
from app.modules import Label, Outcome
from app.request import arrived_at
from competitions.models import Application
from competitions.states import Milestone
from scoring.queries import result
from seminars.queries import announced_pitch

AHEAD = frozenset(Milestone) - {Milestone.OPENS, Milestone.CLOSES, Milestone.CHECKED, Milestone.FREEZES}
RESULTS = frozenset({Milestone.PUBLISHES, Milestone.APPEALS_CLOSE})


def outcomes(applications: Sequence[Application]) -> Mapping[int, Outcome]:
    """What the opening of the final says of each of these applications, until the results are public."""
    places = result.places_in_final(applications)
    return {one.id: _outcome(one, places[one.id]) for one in applications if one.id in places}


def _outcome(application: Application, place: result.PlaceInFinal) -> Outcome:
    if not place.is_in:
        text = _("Thank you for your work. When the results are public, you will read here what the jury wrote to you.")
        badge = Label(_("Not in the final"), "neutral")
        return Outcome(badge, _("This time your project did not go on to the final"), text, "info", RESULTS)
    day = announced_pitch(application.competition_id, arrived_at())
    where = (
        _("Where: %(place)s", place=tr_plain(day.place))
        if day and tr_plain(day.place)
        else _("The place is not announced yet: it will stand on the page of your application.")
    )
    minutes = result.pitch_minutes(application.competition)
    when = _("Pitch: %(when)s, %(minutes)s minutes to present.", when=moment(place.opens_at), minutes=minutes)
    return Outcome(Label(_("In the final"), "success"), _("You are in the final"), f"{when} {where}", "success", AHEAD)
