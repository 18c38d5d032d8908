"""The letters of the jury: to whom, in which language, with what."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.access.actor import COMMAND
from app.core.columns import Translation
from app.core.db import db, writing
from app.messages.models import Message
from app.people.models import Person
from scoring.services import rounds, seats, sheets
from seminars.services import announce_event, create_event
from seminars.states import EventKind
from tests import factories
from tests.scoring.scenario import SCORED_AT, jury_at_work

LATER = SCORED_AT + timedelta(hours=1)


@pytest.fixture
def world(database, app, at, kept):
    at(SCORED_AT)
    return kept(app, jury_at_work)


def letters(kind):
    return db.session.scalars(select(Message).where(Message.kind == kind).order_by(Message.id)).all()


def invite(world, language):
    return seats.invite_juror(
        world.round,
        family_name="Сарапшина",
        given_name="Гүлнәр",
        email="x@example.com",
        languages=["kk", "ru"],
        language=language,
        is_chair=False,
        network="",
        by=world.manager(),
        at=LATER,
    )


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_an_invitation_speaks_the_language_the_organiser_chose_and_tells_dates_load_and_link(world, language):
    with writing():
        invite(world, language)
    letter = letters("scoring.jury_invite")[0]

    assert (letter.address, letter.language, letter.name) == ("x@example.com", language, "Сарапшина Гүлнәр")
    assert "/jury/invitations/" in letter.text
    assert "21.09.2026" in letter.text
    assert ": 3" in letter.text


def test_an_invitation_is_told_apart_when_sent_again(world):
    with writing():
        juror = invite(world, "kk")
        seats.invite_again(juror, network="", by=COMMAND, at=LATER + timedelta(days=1))

    assert len({letter.text for letter in letters("scoring.jury_invite")}) == 2


def test_organisers_learn_what_was_answered(world):
    answered = letters("scoring.seat_answered")

    assert [letter.address for letter in answered] == [world.organiser.email] * 3
    assert world.competition.public_id in answered[0].text


def test_jurors_learn_what_was_assigned(world):
    assigned = letters("scoring.sheets_assigned")

    assert [letter.address for letter in assigned] == [user.email for user in world.users]
    assert all(": 3" in letter.text for letter in assigned)


def test_a_juror_reads_why_a_sheet_came_back(world):
    with writing():
        review = world.sign(1, 0)
        sheets.reopen(review, reason="C2 пікірі басқа жобадан.", by=world.by(0), at=LATER)
    letter = letters("scoring.sheet_reopened")[0]

    assert (letter.address, "C2 пікірі басқа жобадан." in letter.text) == (world.users[1].email, True)
    assert review.public_id in letter.text


def test_a_removed_juror_is_told_and_an_unanswered_one_is_not(world):
    with writing():
        juror = invite(world, "kk")
        seats.remove_juror(juror, by=COMMAND, at=LATER)
        seats.remove_juror(world.jurors[2], by=COMMAND, at=LATER)

    assert [letter.address for letter in letters("scoring.seat_removed")] == [world.users[2].email]


def test_finalists_learn_when_they_present_and_nobody_else_hears_anything(world):
    with writing():
        for juror in range(3):
            for place, points in ((0, 8), (1, 7), (2, 4)):
                world.sign(juror, place, points)
        rounds.open_next_stage(world.round, by=COMMAND, at=LATER)
    told = letters("scoring.finalist")

    assert len(told) == 2
    assert world.applications[0].code in told[0].text
    assert "20.10.2026" in told[0].text
    assert f"/my/applications/{world.applications[0].public_id}" in told[0].text
    assert "әзірге жарияланған жоқ" in told[0].text
    assert all(world.applications[2].code not in letter.text for letter in db.session.scalars(select(Message)))


def test_finalists_are_called_by_their_given_name_and_read_where_the_pitch_day_is(world):
    with writing():
        day = create_event(
            world.round.programme_id, kind=EventKind.PITCH, title=Translation(kk="Питч", ru="Питч", en="Pitch"),
            description=Translation(), place=Translation(kk="Ақсу залы", ru="Зал Аксу", en="Aksu hall"),
            starts_at=LATER + timedelta(days=9), ends_at=LATER + timedelta(days=9, hours=3), capacity=30,
            academic_hours=None, by=COMMAND, at=LATER, competition=world.round.competition,
        )  # fmt: skip
        announce_event(day, languages=("kk", "ru", "en"), by=COMMAND, at=LATER)
        world.sign_all()
        rounds.open_next_stage(world.round, by=COMMAND, at=LATER)
    told = letters("scoring.finalist")

    assert told
    assert all("Ақсу залы" in one.text for one in told if one.language == "kk")
    assert all(re.search(r"(залы|Зал|hall)", one.text) for one in told)
    assert {one.name for one in told} <= set(db.session.scalars(select(Person.given_name)))


def test_a_letter_never_holds_points_or_a_jurors_name_for_an_applicant(world):
    with writing():
        world.sign_all()
        rounds.open_next_stage(world.round, by=COMMAND, at=LATER)
    names = [user.person.family_name for user in world.users]

    for letter in letters("scoring.finalist"):
        assert not any(name in letter.text for name in names)
        assert not re.search(r"\b60\b", letter.text)  # the points of each; a name of the tests may hold any digits


def test_applicants_without_an_address_are_no_obstacle(world):
    with writing():
        world.applications[0].applicant_id = factories.person(email=None).id
        world.sign_all()
        rounds.open_next_stage(world.round, by=COMMAND, at=LATER)

    assert len(letters("scoring.finalist")) == 2
