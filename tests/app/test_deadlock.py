"""Two requests that wait for each other's rows on PostgreSQL: both are answered, and each is done once."""

import io
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, local

import pytest
from flask import flash, g, request, session
from sqlalchemy.exc import OperationalError

from app.access.routes import public
from app.core.db import db, is_deadlock, writing
from app.people.models import Person
from app.request import TRIES
from tests import factories

OURS = {"Origin": "http://localhost", "Accept-Language": "en"}


@pytest.fixture
def pair(app):
    """The ids of two persons whose given names count what was done."""
    with app.app_context(), writing():
        return tuple(factories.person(given_name="0", family_name=name).id for name in ("Ахметова", "Қасымова"))


def add_one(one):
    person = db.session.scalars(db.select(Person).where(Person.id == one).with_for_update()).one()
    person.given_name = str(int(person.given_name) + 1)
    db.session.flush()


@pytest.mark.db("postgresql")
def test_requests_that_wait_for_each_other_are_both_done_once(app, database, pair, caplog):
    meeting, mine = Barrier(2, timeout=20), local()

    @public
    def save():
        g.seen = g.get("seen", 0) + 1
        first, second = pair if request.form["order"] == "forth" else pair[::-1]
        add_one(first)
        if not hasattr(mine, "has_met"):
            mine.has_met = True
            meeting.wait()
        add_one(second)
        flash(request.files["file"].read().decode())
        return f"{request.form['order']} {g.seen}"

    app.add_url_rule("/save", view_func=save, methods=["POST"])

    def send(order):
        client = app.test_client()
        file = (io.BytesIO(f"{order} was read".encode()), "words.txt")
        answer = client.post("/save", data={"order": order, "file": file}, headers=OURS)
        with client.session_transaction() as told:
            return answer.status_code, answer.text, told["_flashes"]

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(send, ("forth", "back")))

    assert answers == [(200, f"{order} 1", [("message", f"{order} was read")]) for order in ("forth", "back")]
    with app.app_context():
        assert set(db.session.scalars(db.select(Person.given_name).where(Person.id.in_(pair)))) == {"2"}
    assert [one.message for one in caplog.records if one.name == "baiqau.request"] == [
        "save met another request over the same rows and begins again"
    ]


class EndedError(Exception):
    sqlstate = "40P01"


@pytest.mark.parametrize(("error", "tries"), [(EndedError(), TRIES), (RuntimeError(), 1)], ids=["deadlock", "away"])
def test_only_deadlocks_are_tried_again_and_not_for_ever(client, app, error, tries):
    tried = []

    @public
    def save():
        flash("said once")
        tried.append(list(session["_flashes"]))
        raise OperationalError(None, {}, error)

    app.add_url_rule("/save", view_func=save, methods=["POST"])

    assert client.post("/save", data={"text": "Менің жобам"}, headers=OURS).status_code == 503
    assert tried == [[("message", "said once")]] * tries
    assert is_deadlock(OperationalError(None, {}, error)) is (tries > 1)
