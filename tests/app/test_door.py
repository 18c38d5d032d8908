"""The door between two people who change the same thing; the whole demo passes it in tests/architecture/test_doors.py."""

import threading

import pytest
from flask import g

from app.access.door import fetch
from app.access.routes import requires
from app.core.db import db, writing
from app.people.services.passwords import hash_password
from app.programmes.models import Programme
from app.programmes.policy import Permission
from app.programmes.queries import actor_of
from tests import factories
from tests.client import PASSWORD


def test_what_is_fetched_to_be_changed_waits_for_whoever_changes_it(database, app):
    with writing():
        public_id = factories.programme("before").public_id
        who = actor_of(factories.user(is_administrator=True))
    db.session.remove()
    found = []

    def rename(words, meanwhile=lambda: None):
        with app.test_request_context(), writing():
            g.actor = who
            programme = fetch(Programme, public_id, may=Permission.PROGRAMME_EDIT)
            found.append(programme.name["en"])
            programme.name = factories.text(words)
            meanwhile()

    second = threading.Thread(target=rename, args=("second",))

    def begin_second():
        second.start()
        second.join(timeout=1)

    rename("first", begin_second)
    second.join(timeout=15)

    assert found == ["before (eng)", "first (eng)"]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_route_that_never_asks_for_the_permission_it_declares_answers_nobody(client, app, method):
    with app.app_context(), writing():
        programme_id = factories.programme("before").id
        factories.user("admin@example.com", password_hash=hash_password(PASSWORD), is_administrator=True)

    @requires(Permission.PROGRAMME_EDIT)
    def careless():
        programme = db.session.get_one(Programme, programme_id)
        if method == "POST":
            programme.name = factories.text("after")
        return str(programme.name["en"])

    app.add_url_rule("/careless", view_func=careless, methods=[method])
    app.config["PROPAGATE_EXCEPTIONS"] = False
    client.post("/sign-in", data={"email": "admin@example.com", "password": PASSWORD})
    answer = client.open("/careless", method=method)

    assert answer.status_code == 500
    assert "(eng)" not in answer.text
    with app.app_context():
        assert db.session.get_one(Programme, programme_id).name["en"] == "before (eng)"


def test_route_that_asks_for_the_permission_it_declares_answers(client, app):
    with app.app_context(), writing():
        public_id = factories.programme("before").public_id
        factories.user("admin@example.com", password_hash=hash_password(PASSWORD), is_administrator=True)

    @requires(Permission.PROGRAMME_EDIT)
    def careful():
        return str(fetch(Programme, public_id, may=Permission.PROGRAMME_EDIT).name["en"])

    app.add_url_rule("/careful", view_func=careful)
    client.post("/sign-in", data={"email": "admin@example.com", "password": PASSWORD})

    assert client.get("/careful").text == "before (eng)"
