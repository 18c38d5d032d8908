"""The platform's part of the demo: its people can sign in, and calendars move by whole weeks."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app import demo
from app.core.db import db, writing
from app.people.models import Person, User
from app.people.rules import check_iin, check_password
from app.programmes.queries import actor_of
from app.programmes.states import Role

ALMATY = ZoneInfo("Asia/Almaty")
STAFF = {
    "organiser": "organiser", "secretary": "secretary", "checker": "checker", "consultant": "consultant",
    "consultant2": "consultant", "lawyer": "lawyer", "press": "press", "institution": "institution", "funder": "funder",
}  # fmt: skip
JURY = ("chair", "juror2", "juror3", "juror4", "juror5", "juror1")


@pytest.fixture
def loaded(database):
    with writing():
        demo.load_people()
        yield
        db.session.rollback()


def test_everybody_of_the_demo_has_an_account_and_her_role_and_no_other(loaded):
    ours, theirs = demo.programme("start-app").id, demo.programme("jas-qadam").id
    for name, role in STAFF.items():
        assert demo.acting(f"{name}@demo.example").roles == {ours: frozenset({role})}
    assert demo.acting("organiser.jas@demo.example").roles == {theirs: frozenset({Role.ORGANISER})}
    for name in (*JURY, *(f"graduate{number}" for number in range(1, 15))):
        assert demo.acting(f"{name}@demo.example").roles == {}
    administrators = [user.email for user in db.session.scalars(db.select(User)) if actor_of(user).is_administrator]
    assert administrators == ["admin@demo.example"]


def test_graduates_of_the_demo_have_their_identity_in_the_vault(loaded):
    graduates = [demo.person(f"graduate{number}@demo.example") for number in range(1, 15)]

    assert [check_iin(one.iin or "") for one in graduates] == [None] * 14
    assert graduates[0].full_name == "Үлгібаева Томирис"
    assert graduates[0].born_on == date(2001, 2, 3)
    assert len({one.iin_index for one in graduates}) == 14


def test_password_of_the_demo_would_be_refused_to_people():
    assert check_password(demo.PASSWORD)


def test_birthday_moves_with_the_identity_number(loaded):
    person = demo.person("graduate8@demo.example")
    demo.born(person, date(1991, 11, 6))

    assert (person.iin or "")[:7] == "9111063"
    assert check_iin(person.iin or "") is None
    assert person.born_on == date(1991, 11, 6)
    assert db.session.scalar(db.select(db.func.count(Person.id)).where(Person.iin_index == person.iin_index)) == 1


CALENDAR = {
    "closes": datetime(2026, 8, 14, 18, tzinfo=ALMATY),
    "scoring_opens": datetime(2026, 9, 21, 9, tzinfo=ALMATY),
    "scoring_closes": datetime(2026, 10, 9, 18, tzinfo=ALMATY),
}


@pytest.mark.parametrize("days", range(0, 800, 13))
def test_calendar_moves_by_whole_weeks_until_today_is_in_the_phase(days):
    at = datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=days)
    moved = demo.shift(CALENDAR, ("scoring_opens", "scoring_closes"), at=at)

    assert moved["scoring_opens"] <= at < moved["scoring_closes"]
    for name, instant in moved.items():
        assert (instant - CALENDAR[name]) % timedelta(weeks=1) == timedelta(0)
        assert (instant.weekday(), instant.hour) == (CALENDAR[name].weekday(), CALENDAR[name].hour)


def test_phase_shorter_than_a_week_has_begun():
    pitch = {"starts": datetime(2026, 10, 20, 10, tzinfo=ALMATY), "ends": datetime(2026, 10, 20, 14, tzinfo=ALMATY)}
    at = datetime(2027, 3, 5, 12, tzinfo=UTC)

    moved = demo.shift(pitch, ("starts", "ends"), at=at)

    assert timedelta(0) <= at - moved["starts"] < timedelta(weeks=1)
