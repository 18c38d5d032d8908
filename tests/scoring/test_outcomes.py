"""What her own page says of the final: nothing before the stage is opened, then who is in it and who is not."""

from datetime import timedelta

from app.access.actor import COMMAND
from app.core.db import db, writing
from app.people.models import Person, User
from competitions.models import Competition
from scoring.models import Round
from scoring.queries import result
from scoring.services import rounds
from tests.scoring.scenario import SCORED_AT, make_jury, sign_in
from tests.scoring.test_feedback import account_of

LATER = SCORED_AT + timedelta(hours=1)
FINAL = "Сіз финалдасыз"
NOT_IN_FINAL = "Бұл жолы жобаңыз финалға өтпеді"


def test_her_page_says_who_is_in_the_final_from_the_opening_of_the_stage_until_publication(app, client, at):
    at(SCORED_AT)
    with app.app_context(), writing():
        made = make_jury()
        for juror in range(3):
            for place, points in ((0, 8), (1, 7), (2, 4)):
                made.sign(juror, place, points)
        urls = [f"/my/applications/{one.public_id}" for one in made.applications]
        accounts = [account_of(db.session.get_one(Person, one.applicant_id)).id for one in made.applications]
        round_id, competition_id = made.round.id, made.competition.id
        at(LATER)

    def read(place):
        with app.app_context(), writing():
            sign_in(client, db.session.get_one(User, accounts[place]), LATER)
        return client.get(urls[place]).text

    assert not [place for place in (0, 2) if FINAL in read(place) or NOT_IN_FINAL in read(place)]

    with app.app_context(), writing():
        rounds.open_next_stage(db.session.get_one(Round, round_id), by=COMMAND, at=LATER)

    finalist, other = read(0), read(2)
    assert (FINAL in finalist, NOT_IN_FINAL in finalist) == (True, False)
    assert ("20.10.2026" in finalist, "10" in finalist, "әзірге жарияланған жоқ" in finalist) == (True, True, True)
    assert (FINAL in other, NOT_IN_FINAL in other) == (False, True)

    with app.app_context(), writing():
        db.session.get_one(Competition, competition_id).published_at = LATER

    assert (FINAL in read(0), NOT_IN_FINAL in read(2)) == (False, False)


def test_nothing_is_said_of_an_application_nobody_scored(database, at):
    at(SCORED_AT)
    with writing():
        made = make_jury()
        for juror in range(3):
            made.sign(juror, 0, 8)
            made.sign(juror, 1, 4)
        before = result.places_in_final(made.applications)
        rounds.open_next_stage(made.round, by=COMMAND, at=made.round.stages[0].closes_at)

    after = result.places_in_final(made.applications)
    assert before == {}
    assert {made.applications.index(one): after[one.id].is_in for one in made.applications if one.id in after} == {
        0: True,
        1: False,
    }
