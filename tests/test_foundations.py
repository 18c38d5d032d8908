"""The foundations of the tests themselves: databases are fresh, the clock stands, mail arrives."""

import io
import smtplib
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from _pytest.terminal import TerminalReporter
from redis import Redis

from app.core import clock, storage
from app.core.db import db, writing
from app.people.models import Person
from app.programmes.models import Programme
from tests import factories
from tests.conftest import ENGINES, Places, dealt


def test_database_is_migrated_and_empty(database):
    assert db.engine.dialect.name == database


@pytest.fixture
def lodger(database, app, kept):
    with writing():
        factories.programme("before the scene")
    return kept(app, move_in, "Әлия")


PLAYED: list[str] = []


def move_in(name):
    PLAYED.append(name)
    with writing():
        return factories.person(name), storage.put(b"a key", suffix=".txt").key


@pytest.mark.parametrize("turn", [1, 2])
def test_scene_is_played_once_and_each_test_has_a_copy_of_its_own(lodger, app, kept, turn):
    person, key = lodger
    people, programmes = db.session.scalars(db.select(Person)).all(), db.session.scalars(db.select(Programme)).all()
    found = [one.given_name for one in people], programmes
    with writing():
        factories.person(f"guest {turn}")
        person.given_name = "Басқа"

    assert found == (["Әлия"], [])
    assert storage.read(key) == b"a key"
    assert len(PLAYED) <= len(ENGINES)
    with pytest.raises(AssertionError, match="one scene"):
        kept(app, move_in, "Бек")


@pytest.mark.parametrize("turn", [1, 2])
def test_database_is_fresh_for_who_might_play_a_scene_and_plays_none(database, kept, turn):
    found = db.session.scalars(db.select(Person)).all()
    with writing():
        factories.person(f"guest {turn}")

    assert found == []


def test_clock_stands_where_it_is_put(at):
    at("2026-08-14 18:00")

    assert clock.now() == datetime(2026, 8, 14, 13, 0, tzinfo=UTC)


def test_mailbox_keeps_letters_and_refuses_addresses(mailbox):
    mailbox.refused.add("gone@example.com")
    letter = EmailMessage()
    letter["From"], letter["To"] = "a@example.com", "b@example.com, gone@example.com"
    letter.set_content("Сәлем")
    host, port = mailbox.url.removeprefix("smtp://").split(":")
    with smtplib.SMTP(host, int(port)) as server:
        refused = server.send_message(letter)

    assert set(refused) == {"gone@example.com"}
    assert [letter.get_content().strip() for letter in mailbox.to("b@example.com")] == ["Сәлем"]


def test_client_gets_the_front_page(client):
    assert client.get("/").status_code == 200


def test_browser_opens_the_site(page, site):
    assert page.goto("/").status == 200


def test_redis_answers(redis_url):
    with Redis.from_url(redis_url) as queue:
        assert queue.ping()


@pytest.mark.parametrize("hands", [1, 2, 3, 4])
@pytest.mark.parametrize("count", [0, 1, 3, 8, 41])
def test_longest_tests_start_first_in_every_process_and_none_is_lost(count, hands):
    cards = [("", number) for number in range(count)]
    cards[-3:] = [(name, len(name)) for name in ("long", "longest", "longer")][:count]

    played = dealt(cards, lambda card: len(card[0]), hands=hands)

    assert sorted(played) == sorted(cards)
    assert [card for card in played if not card[0]] == [card for card in cards if not card[0]]
    starts = [sum((count + turn) // hands for turn in range(hand)) for hand in range(hands)] if count >= 3 * hands else []
    assert [len(played[start][0]) for start in starts[:3]] == [7, 6, 4][: len(starts)]


def test_what_tests_measured_is_told_at_the_end_of_every_run(pytestconfig):
    report = pytest.TestReport(
        "a", ("a", 1, "a"), {}, "passed", None, "call", user_properties=[("told", "8 writers: 800 of 800.")]
    )
    places, screen = Places(pytestconfig), io.StringIO()

    places.pytest_runtest_logreport(report)
    places.pytest_terminal_summary(TerminalReporter(pytestconfig, screen))

    assert "8 writers: 800 of 800." in screen.getvalue().splitlines()
