"""Guesses at the password of a session that was left open: few, counted apart, and then it ends."""

import pytest

from app.core.db import db, writing
from app.people.models import Attempt, UserSession
from app.people.services.passwords import hash_password
from tests import factories
from tests.client import PASSWORD

OTHER = "басқа бөлек сөз жаздым"
PAGES = {
    "/account/confirm": {},
    "/account/password": {"password": OTHER},
    "/account/email": {"email": "new@example.com"},
}


@pytest.fixture
def graduate(app, client):
    with app.app_context(), writing():
        factories.user("graduate@example.com", password_hash=hash_password(PASSWORD))
    assert client.post("/sign-in", data={"email": "graduate@example.com", "password": PASSWORD}).status_code == 303


def live_count(app) -> int:
    with app.app_context():
        return len(db.session.scalars(db.select(UserSession).where(UserSession.ended_at.is_(None))).all())


@pytest.mark.parametrize("page", PAGES)
def test_session_that_guesses_at_the_password_ends_after_five(app, client, graduate, page):
    answers = [client.post(page, data=PAGES[page] | {"current": f"{OTHER} {number}"}).status_code for number in range(5)]
    assert answers == [422] * 5
    assert live_count(app) == 1

    last = client.post(page, data=PAGES[page] | {"current": PASSWORD})

    assert (last.status_code, last.location) == (303, "/sign-in")
    assert live_count(app) == 0
    assert client.get("/account/settings").status_code == 303


def test_guesses_of_a_session_do_not_count_against_signing_in(app, client, graduate):
    for number in range(6):
        client.post("/account/confirm", data={"current": f"{OTHER} {number}"})

    with app.app_context():
        assert db.session.scalars(db.select(Attempt)).all() == []
    assert client.post("/sign-in", data={"email": "graduate@example.com", "password": PASSWORD}).status_code == 303


def test_right_password_begins_the_count_again(app, client, graduate):
    for current in (*[OTHER] * 4, PASSWORD, *[OTHER] * 4):
        client.post("/account/confirm", data={"current": current})

    assert client.post("/account/confirm", data={"current": PASSWORD}).status_code == 303
    assert live_count(app) == 1
