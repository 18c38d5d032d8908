"""Working days in Kazakhstan: fixed holidays with their moved days off, and terms counted in working days. Pure."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

SATURDAY = 5
END_OF_DAY = time(18, 0)
# Law on Holidays 267-II: national and state holidays; one that falls on a weekend gives the next working day off.
HOLIDAYS = (
    (1, 1), (1, 2), (3, 8), (3, 21), (3, 22), (3, 23), (5, 1), (5, 7), (5, 9), (7, 6), (8, 30), (10, 25), (12, 16),
)  # fmt: skip
# Labour Code, article 84: Orthodox Christmas and the first day of Kurban Ait are days off that do not move.
DAYS_OFF = ((1, 7),)
KURBAN_AIT = {2024: (6, 16), 2025: (6, 6), 2026: (5, 27), 2027: (5, 16), 2028: (5, 5)}


@lru_cache(maxsize=32)
def days_off(year: int) -> frozenset[date]:
    """Weekdays of this year on which nobody works."""
    holidays = {date(year, month, day) for month, day in HOLIDAYS}
    fixed = {date(year, month, day) for month, day in (*DAYS_OFF, *((KURBAN_AIT[year],) if year in KURBAN_AIT else ()))}
    taken = holidays | fixed
    for holiday in sorted(holidays):
        if holiday.weekday() >= SATURDAY:
            moved = holiday
            while moved.weekday() >= SATURDAY or moved in taken:
                moved += timedelta(days=1)
            taken.add(moved)
    return frozenset(taken)


def is_working_day(day: date) -> bool:
    """Whether people work on this day."""
    return day.weekday() < SATURDAY and day not in days_off(day.year)


def add_working_days(start: date, count: int) -> date:
    """The last day of a term of `count` working days that begins on the day after `start`."""
    day = start
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """How many working days follow `start` up to `end`, counting `end`; below zero where `end` lies before `start`."""
    if end < start:
        return -working_days_between(end, start)
    return sum(is_working_day(start + timedelta(days=one)) for one in range(1, (end - start).days + 1))


def end_of_term(start: datetime, count: int, zone: ZoneInfo) -> datetime:
    """The end of the working day with which a term of `count` working days ends, by the clock of `zone`."""
    return datetime.combine(add_working_days(start.astimezone(zone).date(), count), END_OF_DAY, tzinfo=zone)
