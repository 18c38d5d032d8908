"""The door between two people who change the same thing; the whole demo passes it in tests/architecture/test_doors.py."""

import threading

from flask import g

from app.access.door import fetch
from app.core.db import db, writing
from app.programmes.models import Programme
from app.programmes.policy import Permission
from app.programmes.queries import actor_of
from tests import factories


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
