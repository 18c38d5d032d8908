"""The first pages of those who run a competition name what its jury needs next, each only to who may do it."""

from datetime import timedelta

import pytest

from app.access.actor import VISITOR
from app.core.db import db, writing
from app.people.models import User
from app.people.services.sessions import open_session
from app.programmes.queries import actor_of
from app.programmes.services import give_role
from app.programmes.states import Role
from scoring.queries.needs import next_needs, running_rounds
from scoring.services import rounds, seats
from scoring.states import Need
from tests import factories
from tests.scoring.scenario import SCORED_AT, make_jury

LATER = SCORED_AT + timedelta(hours=1)


def need(world, at=SCORED_AT):
    return next_needs([world.round], at)[world.round.id]


def test_a_round_needs_people_then_sheets_then_signatures_then_a_stage_then_the_freeze(database, at):
    at(SCORED_AT)
    with writing():
        world = make_jury(jurors=5, is_assigned=False)
        found = [need(world)]
        for juror in world.jurors[:2]:
            seats.remove_juror(juror, by=world.manager(), at=SCORED_AT)
        found.append(need(world))
        world.jurors, world.users = world.jurors[2:], world.users[2:]
        world.assign_all()
        found.append(need(world))
        world.sign_all()
        found.append(need(world))
        rounds.open_next_stage(world.round, by=world.manager(), at=LATER)
        found.append(need(world, world.round.stages[0].closes_at))
        world.sign_all(1)
        found.append(need(world))

    assert found == [Need.ASSIGNMENT, Need.JURORS, Need.SHEETS, Need.STAGE, Need.SHEETS, Need.FREEZING]


def test_the_draft_of_a_removed_juror_is_waited_for_by_nobody(database, at):
    at(SCORED_AT)
    with writing():
        world = make_jury()
        world.fill(2, 0)
        seats.remove_juror(world.jurors[2], by=world.manager(), at=SCORED_AT)
        world.jurors, world.users = world.jurors[:2], world.users[:2]
        world.sign_all()

    assert need(world) is Need.STAGE


def test_many_rounds_are_each_told_their_own(database, at):
    at(SCORED_AT)
    with writing():
        first, second = make_jury(), make_jury(is_assigned=False, applications=0)
        give_role(second.programme, first.organiser, role=Role.ORGANISER, by=second.manager(), at=SCORED_AT)
    found = running_rounds(actor_of(first.organiser))

    assert [one.id for one in found] == [second.round.id, first.round.id]
    assert next_needs(found, SCORED_AT) == {first.round.id: Need.SHEETS, second.round.id: Need.JURORS}
    assert running_rounds(VISITOR) == []


@pytest.mark.parametrize(("role", "is_told"), [(Role.ORGANISER, True), (Role.SECRETARY, True), (Role.CHECKER, False)])
def test_the_first_page_names_the_ranking_to_freeze(app, client, at, role, is_told):
    at(LATER)
    with app.app_context(), writing():
        world = make_jury()
        world.sign_all()
        rounds.open_next_stage(world.round, by=world.manager(), at=LATER)
        world.sign_all(1)
        account = factories.user(member_of=world.programme, role=role, language="en")
        client.hold_session(open_session(account, device="", at=LATER))
        address = f"/manage/competitions/{world.competition.public_id}/ranking"
    text = client.get("/manage/").get_data(as_text=True)

    assert ("Freeze the ranking" in text) is is_told
    assert (address in text) is is_told


def test_signatures_are_asked_for_when_the_window_is_about_to_close(app, client, at):
    at(SCORED_AT)
    with app.app_context(), writing():
        world = make_jury()
        closes_at = world.round.stages[0].closes_at
        account_id = world.organiser.id
        world.organiser.language = "en"
    shown = {}
    for days in (4, 2):
        at(closes_at - timedelta(days=days))
        with app.app_context(), writing():
            account = db.session.get_one(User, account_id)
            client.hold_session(open_session(account, device="", at=closes_at - timedelta(days=days)))
        shown[days] = "See how far the jury is" in client.get("/manage/").get_data(as_text=True)

    assert shown == {4: False, 2: True}
