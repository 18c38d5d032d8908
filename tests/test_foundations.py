"""The foundations of the tests themselves: databases are fresh, the clock stands, mail arrives."""

import smtplib
from datetime import UTC, datetime
from email.message import EmailMessage

from redis import Redis

from app.core import clock
from app.core.db import db


def test_database_is_migrated_and_empty(database):
    assert db.engine.dialect.name == database


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
