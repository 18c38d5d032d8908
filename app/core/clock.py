"""The one source of the present instant, so that tests can move it and nothing else reads a clock."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def today(zone: str) -> date:
    """The calendar date in `zone`, an IANA name."""
    return now().astimezone(ZoneInfo(zone)).date()
