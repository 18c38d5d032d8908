"""Phases, the order of dates, and terms counted in working days."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from competitions.queries.starters import starters
from competitions.rules.calendar import Calendar, check_calendar, phase_of
from competitions.rules.publishing import PublishingRefusal, check_moved
from competitions.rules.working_days import add_working_days, days_off, end_of_term, is_working_day
from competitions.states import CompetitionState, Milestone, Phase

ALMATY = ZoneInfo("Asia/Almaty")
START_APP = starters()["start_app"].calendar(date(2026, 7, 20), ALMATY)
JAS_QADAM = starters()["jas_qadam"].calendar(date(2026, 11, 2), ALMATY)
SECOND = timedelta(seconds=1)


def almaty(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ALMATY)


@pytest.mark.parametrize(
    ("calendar", "instant", "expected"),
    [
        (START_APP, "2026-07-20 08:59:59", Phase.UPCOMING),
        (START_APP, "2026-07-20 09:00:00", Phase.OPEN),
        (START_APP, "2026-08-14 17:59:59", Phase.OPEN),
        (START_APP, "2026-08-14 18:00:00", Phase.CHECKING),
        (START_APP, "2026-08-28 18:00:00", Phase.TRAINING),
        (START_APP, "2026-09-20 12:00:00", Phase.TRAINING),
        (START_APP, "2026-09-21 09:00:00", Phase.SCORING),
        (START_APP, "2026-10-09 18:00:00", Phase.PITCH),
        (START_APP, "2026-10-20 10:00:00", Phase.DECIDING),
        (START_APP, "2026-10-22 12:00:00", Phase.CONTRACTING),
        (START_APP, "2026-11-06 18:00:00", Phase.REPORTING),
        (JAS_QADAM, "2026-11-30 18:00:00", Phase.CHECKING),
        (JAS_QADAM, "2026-12-05 12:00:00", Phase.PITCH),
        (JAS_QADAM, "2026-12-10 10:00:00", Phase.DECIDING),
        (JAS_QADAM, "2026-12-10 18:00:00", Phase.REPORTING),
    ],
)
def test_phase_is_computed_from_the_calendar_to_the_second(calendar, instant, expected):
    assert calendar.phase(almaty(instant)) is expected


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (CompetitionState.ANNOUNCED, Phase.DECIDING),
        (CompetitionState.DECIDED, Phase.DECIDING),
        (CompetitionState.PUBLISHED, Phase.CONTRACTING),
    ],
)
def test_the_jury_is_deciding_until_people_publish_the_results(state, expected):
    assert phase_of(state, START_APP, almaty("2026-10-23 12:00")) is expected


def test_a_deadline_passes_at_its_very_instant():
    closes_at = START_APP.dates[Milestone.CLOSES]
    assert [START_APP.is_open(closes_at + step) for step in (-SECOND, SECOND * 0, SECOND)] == [True, False, False]


def test_applications_open_at_the_very_instant():
    opens_at = START_APP.dates[Milestone.OPENS]
    assert [START_APP.is_open(opens_at + step) for step in (-SECOND, SECOND * 0, SECOND)] == [False, True, True]


@pytest.mark.parametrize("milestone", list(START_APP.dates))
def test_a_milestone_is_to_come_or_has_come_and_never_both(milestone):
    instants = [START_APP.dates[milestone] + step for step in (-SECOND, SECOND * 0, SECOND)]
    assert [START_APP.is_before(milestone, one) for one in instants] == [True, False, False]
    assert [START_APP.has_passed(milestone, one) for one in instants] == [False, True, True]


def test_a_milestone_that_a_competition_has_not_is_neither_before_nor_passed():
    at = almaty("2026-12-01 12:00")
    assert (JAS_QADAM.is_before(Milestone.FREEZES, at), JAS_QADAM.has_passed(Milestone.FREEZES, at)) == (False, False)


def test_the_next_milestone_is_the_nearest_to_come():
    assert START_APP.next(almaty("2026-09-01 00:00")) == (Milestone.FREEZES, almaty("2026-09-18 18:00"))
    assert START_APP.next(almaty("2028-01-01 00:00")) is None


def test_starters_have_calendars_in_order():
    assert [check_calendar(one) for one in (START_APP, JAS_QADAM)] == [[], []]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({Milestone.CLOSES: almaty("2026-07-20 09:00")}, [("date_not_after", "closes")]),
        ({Milestone.CHECKED: almaty("2026-08-01 09:00")}, [("date_not_after", "checked")]),
        ({Milestone.APPEALS_CLOSE: almaty("2026-10-01 09:00")}, [("date_not_after", "appeals_close")]),
        ({Milestone.CLOSES: None}, [("date_missing", "closes")]),
        ({Milestone.OPENS: None, Milestone.PUBLISHES: None}, [("date_missing", "opens"), ("date_missing", "publishes")]),
    ],
)
def test_dates_that_cannot_stand_together_are_named(changes, expected):
    dates = {one: instant for one, instant in (START_APP.dates | changes).items() if instant is not None}
    assert [(str(one.code), one.field) for one in check_calendar(Calendar(dates))] == expected


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        ("2026-08-19", 3, "2026-08-24"),  # the seeds: returned on the 19th, due on the 24th
        ("2026-08-14", 10, "2026-08-28"),  # ten working days of checking
        ("2026-10-22", 3, "2026-10-28"),  # Republic Day falls on a Sunday, so Monday the 26th is off
        ("2026-08-28", 1, "2026-09-01"),  # Constitution Day falls on a Sunday
        ("2026-12-30", 1, "2026-12-31"),
        ("2026-12-31", 1, "2027-01-05"),  # the 2nd is a Saturday, so Monday the 4th is off
        ("2026-03-20", 1, "2026-03-26"),  # Nauryz 21-23, of which two on a weekend: two weekdays more are off
        ("2026-05-26", 1, "2026-05-28"),  # the first day of Kurban Ait does not move
        ("2026-08-19", 0, "2026-08-19"),
    ],
)
def test_terms_are_counted_in_working_days(start, count, expected):
    assert add_working_days(date.fromisoformat(start), count) == date.fromisoformat(expected)


def test_a_term_ends_with_the_working_day_of_the_zone():
    assert end_of_term(almaty("2026-08-19 23:59"), 3, ALMATY) == almaty("2026-08-24 18:00")


def test_weekends_and_days_off_are_no_working_days():
    assert [is_working_day(date(2026, 10, day)) for day in (23, 24, 25, 26, 27)] == [True, False, False, False, True]
    assert date(2026, 1, 7) in days_off(2026)


@pytest.mark.parametrize(("days", "is_refused"), [(-1, True), (0, False), (1, False)])
def test_a_running_call_is_made_longer_not_shorter(days, is_refused):
    calendar = starters()["start_app"].calendar(date(2026, 7, 20), ALMATY)
    at = calendar.dates[Milestone.CLOSES] - timedelta(days=20)
    moved = Calendar({**calendar.dates, Milestone.CLOSES: calendar.dates[Milestone.CLOSES] + timedelta(days=days)})

    assert [one.code for one in check_moved(calendar, moved, at=at)] == [PublishingRefusal.CLOSING_EARLIER] * is_refused


@pytest.mark.parametrize(
    ("milestone", "days", "is_refused"),
    [
        (Milestone.CLOSES, 1, True),  # it has passed: nobody opens the call anew
        (Milestone.CLOSES, -1, True),
        (Milestone.CHECKED, 1, False),
        (Milestone.CHECKED, -30, True),  # it would lie in the past
    ],
)
def test_what_has_passed_stays_and_nothing_is_moved_into_the_past(milestone, days, is_refused):
    calendar = starters()["start_app"].calendar(date(2026, 7, 20), ALMATY)
    at = calendar.dates[Milestone.CLOSES] + timedelta(hours=1)
    moved = Calendar({**calendar.dates, milestone: calendar.dates[milestone] + timedelta(days=days)})

    assert [one.field for one in check_moved(calendar, moved, at=at)] == ([milestone.value] if is_refused else [])
