"""The calendar of a competition: what is going on at an instant, and which dates cannot stand together. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from itertools import pairwise

from app.core.refusals import Refusal
from competitions.states import CompetitionState, Milestone, Phase

# The phase that ends when the milestone comes; a competition without the milestone has no such phase.
PHASE_ENDS: tuple[tuple[Milestone, Phase], ...] = (
    (Milestone.OPENS, Phase.UPCOMING),
    (Milestone.CLOSES, Phase.OPEN),
    (Milestone.CHECKED, Phase.CHECKING),
    (Milestone.SCORING_OPENS, Phase.TRAINING),
    (Milestone.SCORING_CLOSES, Phase.SCORING),
    (Milestone.PITCH, Phase.PITCH),
    (Milestone.PUBLISHES, Phase.DECIDING),
    (Milestone.CONTRACTS, Phase.CONTRACTING),
)
# The order in which milestones must come; contracts and payments may come while an appeal still runs.
IN_ORDER: tuple[Milestone, ...] = (
    Milestone.OPENS,
    Milestone.CLOSES,
    Milestone.CHECKED,
    Milestone.FREEZES,
    Milestone.SCORING_OPENS,
    Milestone.SCORING_CLOSES,
    Milestone.PITCH,
    Milestone.PUBLISHES,
    Milestone.CONTRACTS,
    Milestone.PAYS,
    Milestone.INTERIM_REPORTS,
    Milestone.REPORTS,
)
UNPUBLISHED = frozenset({CompetitionState.ANNOUNCED, CompetitionState.DECIDED})
AFTER_RESULTS = Milestone.APPEALS_CLOSE
NEEDED = (Milestone.OPENS, Milestone.CLOSES, Milestone.CHECKED, Milestone.PUBLISHES)

JUDGING = (Milestone.SCORING_OPENS, Milestone.PITCH)


class CalendarRefusal(StrEnum):
    """What can be wrong with a calendar."""

    DATE_MISSING = "date_missing"
    DATE_NOT_AFTER = "date_not_after"
    CLOSING_PASSED = "closing_passed"


@dataclass(frozen=True, slots=True)
class Calendar:
    """The instants of one competition. An instant counts as after: at 18:00:00 sharp a deadline of 18:00 has passed."""

    dates: Mapping[Milestone, datetime]

    def at(self, milestone: Milestone) -> datetime | None:
        """When the milestone comes, or None where this competition has none."""
        return self.dates.get(milestone)

    @property
    def closes_at(self) -> datetime | None:
        """When applications close."""
        return self.dates.get(Milestone.CLOSES)

    @property
    def judging_begins_at(self) -> datetime | None:
        """When the first juror scores: with the blind sheets, or where there are none, on the day of the pitch."""
        return min((self.dates[one] for one in JUDGING if one in self.dates), default=None)

    def is_before(self, milestone: Milestone, at: datetime) -> bool:
        """Whether the milestone exists and is still to come."""
        instant = self.dates.get(milestone)
        return instant is not None and at < instant

    def has_passed(self, milestone: Milestone, at: datetime) -> bool:
        """Whether the milestone exists and has come."""
        instant = self.dates.get(milestone)
        return instant is not None and at >= instant

    def is_open(self, at: datetime) -> bool:
        """Whether applications are accepted: from the opening to just before the closing."""
        return self.has_passed(Milestone.OPENS, at) and self.is_before(Milestone.CLOSES, at)

    def phase(self, at: datetime) -> Phase:
        """What is going on at this instant."""
        return phase(self, at)

    def next(self, at: datetime) -> tuple[Milestone, datetime] | None:
        """The next milestone and its instant; None when all have passed."""
        ahead = [(instant, milestone) for milestone, instant in self.dates.items() if instant > at]
        if not ahead:
            return None
        instant, milestone = min(ahead)
        return milestone, instant

    def moved(self, by: timedelta) -> "Calendar":
        """The same calendar, all of it earlier or later."""
        return Calendar({milestone: instant + by for milestone, instant in self.dates.items()})


def phase(calendar: Calendar, at: datetime) -> Phase:
    """What is going on at an instant: the first phase whose end is still to come, else reporting."""
    for milestone, running in PHASE_ENDS:
        if calendar.is_before(milestone, at):
            return running
    return Phase.REPORTING


def phase_of(state: CompetitionState, calendar: Calendar, at: datetime) -> Phase:
    """What is going on in truth: until people publish the results the jury is still deciding, whatever the calendar hoped."""
    planned = phase(calendar, at)
    is_late = state in UNPUBLISHED and planned in {Phase.CONTRACTING, Phase.REPORTING}
    return Phase.DECIDING if is_late else planned


def check_calendar(calendar: Calendar) -> list[Refusal]:
    """Missing dates, and dates that do not come after the one before; each names its field."""
    missing = [
        Refusal(CalendarRefusal.DATE_MISSING, {"milestone": milestone}, field=milestone.value)
        for milestone in NEEDED
        if milestone not in calendar.dates
    ]
    present = [milestone for milestone in IN_ORDER if milestone in calendar.dates]
    pairs = list(pairwise(present))
    if Milestone.PUBLISHES in calendar.dates and AFTER_RESULTS in calendar.dates:
        pairs.append((Milestone.PUBLISHES, AFTER_RESULTS))
    disordered = [
        Refusal(
            CalendarRefusal.DATE_NOT_AFTER,
            {"milestone": later, "earlier": earlier, "instant": calendar.dates[earlier]},
            field=later.value,
        )
        for earlier, later in pairs
        if calendar.dates[later] <= calendar.dates[earlier]
    ]
    return missing + disordered


@dataclass(frozen=True, slots=True)
class Step:
    """A milestone counted from the opening day: so many days later, at this local time."""

    milestone: Milestone
    day: int
    time: time


def spread(opens_on: date, steps: Iterable[Step], zone: tzinfo) -> Calendar:
    """The calendar that begins on `opens_on`."""
    return Calendar(
        {one.milestone: datetime.combine(opens_on + timedelta(days=one.day), one.time, tzinfo=zone) for one in steps}
    )
