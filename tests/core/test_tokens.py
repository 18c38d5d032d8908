"""Single-use links: for one purpose, until their instant, by one of many."""

from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest
from sqlalchemy import select

from app.core import tokens
from app.core.db import db, writing
from app.core.refusals import CoreRefusal, RefusedError
from app.core.tokens import Token
from app.people.states import TokenPurpose

NOW = datetime(2026, 8, 1, 9, tzinfo=UTC)
LASTS = timedelta(hours=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def secret(database, at):
    at(NOW)
    with writing():
        return tokens.issue(TokenPurpose.RESET_PASSWORD, "aida", lasts=LASTS, email="aida@example.com")


def use(secret, purpose=TokenPurpose.RESET_PASSWORD):
    """What the link says, or why it says nothing."""
    try:
        with writing():
            return tokens.consume(purpose, secret).subject
    except RefusedError as refused:
        return [one.code for one in refused.refusals]


def test_link_is_used_once_and_looking_at_it_is_no_use(secret):
    looks = [tokens.peek(TokenPurpose.RESET_PASSWORD, secret) for _look in range(2)]
    db.session.rollback()

    assert [one.payload for one in looks if one] == [{"email": "aida@example.com"}] * 2
    assert [use(secret), use(secret)] == ["aida", [CoreRefusal.LINK_USED]]
    assert tokens.peek(TokenPurpose.RESET_PASSWORD, secret) is None


def test_link_is_used_by_one_of_two_who_come_together(secret, app):
    """The other has read it as unused, waits for the first to end, and finds it used."""
    began, answers = Event(), []

    def come_second():
        with app.app_context():
            began.set()
            answers.append(use(secret))
            db.session.remove()

    second = Thread(target=come_second)
    with writing():
        first = tokens.consume(TokenPurpose.RESET_PASSWORD, secret).subject
        second.start()
        began.wait()
        second.join(0.5)
    second.join()

    assert (first, answers) == ("aida", [[CoreRefusal.LINK_USED]])


def test_link_opens_nothing_of_another_purpose(secret):
    assert use(secret, TokenPurpose.CHANGE_EMAIL) == [CoreRefusal.LINK_USED]
    assert use(secret) == "aida"


@pytest.mark.parametrize(
    ("passed", "expected"),
    [(LASTS - SECOND, "aida"), (LASTS, [CoreRefusal.LINK_USED]), (LASTS + SECOND, [CoreRefusal.LINK_USED])],
)
def test_link_ends_at_its_very_instant(secret, at, passed, expected):
    at(NOW + passed)

    assert use(secret) == expected


def test_link_is_kept_nowhere(secret):
    row = db.session.execute(select(*Token.__table__.columns)).one()

    assert not [value for value in row if secret in str(value)]


def test_only_links_that_came_after_another_are_ended_with_it(secret, at):
    at(NOW + SECOND)
    with writing():
        later = tokens.issue(TokenPurpose.RESET_PASSWORD, "aida", lasts=LASTS)
        between = tokens.consume(TokenPurpose.RESET_PASSWORD, later)
    with writing():
        latest = tokens.issue(TokenPurpose.RESET_PASSWORD, "aida", lasts=LASTS)
    with writing():
        assert tokens.revoke(TokenPurpose.RESET_PASSWORD, "aida", issued_after=between) == 1

    assert use(latest) != "aida"
    assert use(secret) == "aida"
