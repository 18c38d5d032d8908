"""The demo's events: two past seminars, one next week with a few seats left, the pitch day and the forum."""

import json
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.access.actor import COMMAND, Actor
from app.config import ROOT
from app.core import clock
from app.core.columns import Translation
from app.core.db import db
from app.people.models import Person
from app.people.services.persons import find_or_create_person
from competitions.models import CalendarDate, Competition
from competitions.states import Milestone
from seminars import services
from seminars.models import Event
from seminars.states import EventKind

ZONE = ZoneInfo("Asia/Almaty")
SLUGS = {"start_app": "start-app", "jas_qadam": "jas-qadam"}
# The closing day on which the texts were written; the demo's calendar is that one moved by whole weeks.
WRITTEN_FOR = datetime(2026, 8, 14, 18, tzinfo=ZONE)


def load() -> None:
    """Make the events, their guests and who was present."""
    told = json.loads((ROOT / "app" / "demo_data" / "events.json").read_text())
    events = {key: _make(facts) for key, facts in told["events"].items()}
    people = {one["key"]: _guest(one) for one in told["participants"]}
    for row in told["registrations"]:
        person = people.get(row["participant"]) or _applicant(row["participant"])
        people[row["participant"]] = person
        event = events[row["event"]]
        registered_at = min(clock.now(), event.sessions[0].starts_at) - timedelta(days=3)
        services.register(event, person_id=person.id, by=_himself(person), at=registered_at)
        if row["state"] == "attended":
            session = event.sessions[0]
            services.mark_attendance(session, came_ids=[person.id], by=COMMAND, at=session.ends_at)


def _make(facts: dict[str, Any]) -> Event:
    competition = db.session.scalars(select(Competition).where(Competition.slug == SLUGS[facts["competition"]])).one()
    day = _day(facts, competition)
    starts_at = datetime.combine(day, time.fromisoformat(facts["starts"]), ZONE)
    announced_at = min(starts_at - timedelta(days=14), clock.now())
    event = services.create_event(
        competition.programme_id,
        competition=competition,
        kind=EventKind(facts["kind"]),
        title=Translation(facts["title"]),
        description=Translation(facts["description"]),
        place=Translation(facts["place"]),
        agenda=facts["programme"],
        starts_at=starts_at,
        ends_at=datetime.combine(day, time.fromisoformat(facts["ends"]), ZONE),
        capacity=facts["capacity"],
        academic_hours=facts["academic_hours"],
        by=COMMAND,
        at=announced_at,
    )
    services.announce_event(event, languages=("kk", "ru", "en"), by=COMMAND, at=announced_at)
    return event


def _day(facts: dict[str, Any], competition: Competition) -> date:
    """The written day, moved with the competition's calendar; or the given weekday of next week."""
    if "on" not in facts:
        today = clock.today("Asia/Almaty")
        return today + timedelta(days=7 - today.isoweekday() + facts["next_week_weekday"])
    closes_at = db.session.scalars(
        select(CalendarDate.at).where(CalendarDate.competition_id == competition.id, CalendarDate.milestone == Milestone.CLOSES)
    ).one()
    return date.fromisoformat(facts["on"]) + timedelta(days=(closes_at - WRITTEN_FOR).days)


def _guest(facts: dict[str, Any]) -> Person:
    return find_or_create_person(
        family_name=facts["family"], given_name=facts["given"], email=facts["email"], phone=facts["phone"],
        language=facts["language"], by=COMMAND, at=clock.now(),
    )  # fmt: skip


def _applicant(key: str) -> Person:
    """`SA26-001` is graduate1@, `jas1` is jas1@."""
    name = f"graduate{int(key.removeprefix('SA26-'))}" if key.startswith("SA26-") else key
    return db.session.scalars(select(Person).where(Person.email == f"{name}@demo.example")).one()


def _himself(person: Person) -> Actor:
    return Actor(label="command", person_ids=frozenset({person.id}))
