"""The demo's competitions are what the domain pack tells, whatever day it is."""

from collections import Counter
from datetime import date

import pytest

from app import demo
from app.core import clock
from app.core.db import db
from app.doctor import examine
from competitions.models import Application, Competition
from competitions.queries.application import versions_of
from competitions.queries.check import inspection
from competitions.queries.competition import call_of
from competitions.rules.calendar import phase_of
from competitions.rules.checking import Hint
from competitions.states import ApplicationState, Milestone, Phase
from tests.conftest import make_settings

TODAY = "2026-11-22 12:00"


@pytest.fixture
def settings(database_url, tmp_path):
    return make_settings(database_url, tmp_path / "data", modules="competitions")


def loaded_on(_day):
    """The demo, loaded where the clock stands on this day."""
    demo.load()


def states(slug):
    found = db.session.query(Application).join(Competition, Competition.id == Application.competition_id)
    return Counter(one.state.value for one in found.filter(Competition.slug == slug))


def phase(slug):
    found = db.session.query(Competition).filter(Competition.slug == slug).one()
    return phase_of(found.state, call_of(found).calendar, clock.now())


def by_code(code):
    return db.session.query(Application).filter(Application.code == code).one()


@pytest.mark.parametrize("day", [TODAY, pytest.param("2027-03-03 09:00", marks=pytest.mark.long)])
def test_demo_stands_in_its_phases_on_any_day(app, at, kept, day):
    at(day)
    with app.app_context():
        kept(app, loaded_on, day)
        found = [phase(slug) for slug in ("start-app", "jas-qadam", "start-app-previous")]
        assert found == [Phase.SCORING, Phase.OPEN, Phase.DECIDING]  # results are published by the module of awards
        assert states("start-app") == {"admitted": 11, "not_admitted": 2, "withdrawn": 1, "draft": 4}
        assert states("jas-qadam") == {"submitted": 3, "draft": 3}
        assert states("start-app-previous") == {"admitted": 4}
        assert by_code("SA26-003").state is ApplicationState.ADMITTED
        assert by_code("SA26-013").state is ApplicationState.NOT_ADMITTED
        assert demo.person("graduate7@demo.example").id == by_code("SA26-007").applicant_id


def test_doctor_finds_nothing_overdue_right_after_the_demo(app, at, kept):
    at(TODAY)
    with app.app_context():
        kept(app, loaded_on, TODAY)

        assert [(one.name, one.detail) for one in examine() if not one.is_ok] == []


def test_the_limits_of_age_are_told_from_both_sides(app, at, kept):
    at(TODAY)
    with app.app_context():
        kept(app, loaded_on, TODAY)
        born = [demo.person(f"graduate{number}@demo.example").born_on for number in (8, 11)]
        assert born == [date(1991, 10, 9), date(1991, 10, 10)]
        competition = db.session.get_one(Competition, by_code("SA26-008").competition_id)
        assert call_of(competition).calendar.dates[Milestone.CLOSES].date() == date(2026, 10, 9)
        seen = [inspection(by_code(code), clock.now()) for code in ("SA26-008", "SA26-011")]
        assert [Hint.AGE_OUTSIDE in {hint for hint, _values in one.hints} for one in seen if one] == [True, False]


def test_finishing_moves_the_pitch_into_the_past_and_scale_adds_a_competition(app, at, kept):
    at(TODAY)
    with app.app_context():
        kept(app, loaded_on, TODAY)
        demo.finish_scoring()
        assert phase("start-app") is Phase.DECIDING
        competition = db.session.query(Competition).filter(Competition.slug == "start-app").one()
        dates = call_of(competition).calendar.dates
        sent = [version.submitted_at for code in ("SA26-005", "SA26-010") for version in versions_of(by_code(code))]
        assert len(sent) == 4
        assert max(sent) < dates[Milestone.FREEZES]
        assert [dates[one] for one in Milestone if one in dates] == sorted(dates.values())
        assert dates[Milestone.PITCH] < clock.now() < dates[Milestone.PUBLISHES]
        addresses = demo.scale(applications=30, jurors=3, reviews=1, seed=1)
        assert addresses["public"] == "/c/scale-30-1"
        assert states("scale-30-1") == {"admitted": 30}
        assert by_code("SA26B-030").applicant_id
