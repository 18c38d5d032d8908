"""What an applicant, an organiser and everybody read of a published result."""

from datetime import UTC, datetime

import pytest
from flask_babel import force_locale

from app.access.actor import COMMAND
from app.core import jobs
from app.core.db import db, writing
from app.jinja import moment
from app.messages.models import Message
from app.people.models import User
from app.programmes.models import Programme
from app.programmes.states import Role
from awards import services
from competitions.models import Application, Competition
from competitions.queries.application import calendar_of
from competitions.states import Milestone
from scoring.models import RankingSnapshot
from scoring.queries import jury
from scoring.services.results import freeze_ranking
from tests import factories
from tests.scoring.scenario import scored_in_order, sign_in

AT = datetime(2026, 10, 12, 5, tzinfo=UTC)


def ranked(competition: Competition, made: list[Application]) -> RankingSnapshot:
    """A frozen ranking in which the last one did not pass."""
    found = jury.round_of(competition.id)
    assert found is not None
    scored_in_order(competition, made, failing=(made[-1],))
    return freeze_ranking(found, reason="", by=COMMAND, at=AT)


@pytest.fixture
def world(app, at, kept):
    at(AT)
    return kept(app, published)


def published():
    """Four winners, one of the reserve and one not selected, published; with the accounts of three of them."""
    with writing():
        owner = factories.programme()
        competition = factories.called(owner)
        accounts = [factories.user(f"applicant-{name}@example.com") for name in ("winner", "reserve", "other")]
        people = {1: accounts[0].person, 5: accounts[1].person, 6: accounts[2].person}
        competition.contact_email, competition.helpline = "help@example.com", "+7 700 000 01 00"
        made = [factories.application(competition, n, applicant=people.get(n)) for n in range(1, 7)]
        snapshot = ranked(competition, made)
        organiser = factories.actor(member_of=owner, role=Role.ORGANISER)
        services.decide(competition, snapshot_sha256=snapshot.sha256, by=organiser, at=AT)
        seen = services.preview(competition).sha256
        services.publish(competition, preview_sha256=seen, by=organiser, at=AT)
        return {
            "slug": competition.slug,
            "sha256": snapshot.sha256,
            "id": competition.public_id,
            "first": snapshot.outcome["standings"][0],
            "points": snapshot.outcome["standings"][-1]["stages"]["blind"]["printed"],
            "application": {1: made[0].public_id, 5: made[4].public_id, 6: made[5].public_id},
        }


def enter(app, client, who: str) -> None:
    """Sign one of them in; pages come in English."""
    with app.app_context(), writing():
        account = db.session.scalars(db.select(User).where(User.email == f"applicant-{who}@example.com")).one()
        account.language = "en"
        sign_in(client, account, at=AT)


@pytest.mark.parametrize(
    ("who", "number"),
    [("winner", 1), ("reserve", 5), ("other", 6)],
)
def test_applicant_reads_the_published_outcome_everywhere_and_nothing_older(app, client, world, who, number):
    enter(app, client, who)
    badge, title = {
        "winner": ("winner", "Your project won a grant"),
        "reserve": ("reserve list", "Your project is on the reserve list"),
        "other": ("not selected", "This time your project did not win"),
    }[who]

    for address in ("/my", f"/my/applications/{world['application'][number]}"):
        text = client.get(address).text
        assert badge in text, address
        assert title in text, address
        assert "takes part in the competition" not in text
        assert "admitted to the competition" not in text


def test_applicant_reads_her_points_the_mark_and_how_to_appeal(app, client, world):
    enter(app, client, "other")

    text = client.get(f"/my/applications/{world['application'][6]}").text

    assert f"{world['points']} / 75" in text
    assert "45" in text
    assert ">Total</div>" not in text  # the stage after was never hers: no total, and no mark of one
    assert "appeal" in text.lower()
    assert '<p><a href="mailto:help@example.com">help@example.com</a></p>' in text
    assert '<p><a href="tel:+77000000100">+7\u00a0700\u00a0000\u00a001\u00a000</a></p>' in text
    assert f"/results/{world['slug']}" in text


def test_letter_to_who_did_not_win_leads_to_her_points_and_names_the_last_day_of_appeals(app, world):
    with app.app_context():
        jobs.drain()
        text = db.session.scalars(db.select(Message.text).where(Message.kind == "awards.not_selected")).one()
        competition = db.session.scalars(db.select(Competition).where(Competition.public_id == world["id"])).one()
        with force_locale("kk"):
            closes_at = moment(calendar_of(competition).at(Milestone.APPEALS_CLOSE))

    assert "балы: http" in text
    assert closes_at in text
    assert "help@example.com" in text
    assert "+7 700 000 01 00" in text


def test_organiser_reads_the_points_by_stage_behind_the_decision_and_the_way_to_the_file(app, client, world):
    with app.app_context(), writing():
        competition = db.session.scalars(db.select(Competition).where(Competition.public_id == world["id"])).one()
        owner = db.session.get_one(Programme, competition.programme_id)
        sign_in(client, factories.user(member_of=owner, role=Role.ORGANISER, language="en"), at=AT)

    text = client.get(f"/manage/competitions/{world['id']}/awards").text

    assert world["first"]["total"]["printed"] in text
    for points in world["first"]["stages"].values():
        assert points["printed"] in text
    assert f'href="/manage/competitions/{world["id"]}/ranking"' in text


def test_timeline_of_who_did_not_win_ends_with_the_appeals(app, client, world):
    enter(app, client, "other")

    text = client.get(f"/my/applications/{world['application'][6]}").text

    assert "12 October 2026" in text or "12.10.2026" in text, "the instant of publication, not of the calendar"
    assert "Contracts" not in text
    assert "Grants are paid" not in text


def test_results_say_how_they_were_decided(client, world):
    text = client.get(f"/results/{world['slug']}", headers={"Accept-Language": "en"}).text

    for words in ("How it was decided", "Signed score sheets", "A participant can appeal until", world["sha256"][:16]):
        assert words in text


def test_publishing_on_another_day_than_the_calendar_says_warns(app, client, at):
    at(AT)
    with app.app_context(), writing():
        owner = factories.programme()
        competition = factories.called(owner)
        snapshot = ranked(competition, [factories.application(competition, n) for n in range(1, 4)])
        account = factories.user(member_of=owner, role=Role.ORGANISER, language="en")
        services.decide(competition, snapshot_sha256=snapshot.sha256, by=factories.actor(), at=AT)
        sign_in(client, account, at=AT)
        address = f"/manage/competitions/{competition.public_id}/awards/publish"

    assert "The calendar says another day" in client.get(address).text
