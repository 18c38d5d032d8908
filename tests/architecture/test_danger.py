"""What is dangerous asks for the password: by the tables of the modules, held against every route."""

import html
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from app.access.routes import danger_of, signed_in
from app.core import audit, clock
from app.core.db import db, writing
from app.people.models import Person, User
from app.people.rules import CONFIRMED_FOR
from app.people.services.passwords import hash_password
from app.people.services.sessions import open_session
from app.programmes.states import Role
from app.request import actor
from tests import factories
from tests.client import PASSWORD, Client

FROM_HERE = {"Sec-Fetch-Site": "same-origin"}
# What every installation asks for; the modules' tables may hold more.
FEWEST = {
    "Competition.decide", "Competition.publish_results", "RankingSnapshot.freeze", "Programme.invite", "Juror.invite",
    "Membership.end_role", "Juror.remove", "ConflictOfInterest.lift", "Certificate.revoke", "Competition.export",
    "Certificate.replace", "Person.reveal_identity", "User.block", "Event.cancel", "Competition.publish_form",
}  # fmt: skip


@pytest.fixture
def competition_id(app: Flask) -> str:
    with app.app_context(), writing():
        owner = factories.programme()
        factories.user(
            "all@example.com", password_hash=hash_password(PASSWORD),
            member_of=owner, role=Role.ORGANISER, is_administrator=True,
        )  # fmt: skip
        return factories.competition(owner).public_id


def enter(app: Flask, client: Client, *, ago: timedelta) -> None:
    """The organiser, who typed her password so long ago."""
    with app.app_context(), writing():
        user = db.session.scalars(db.select(User).where(User.email == "all@example.com")).one()
        secret = open_session(user, device="", at=clock.now() - ago)
    client.hold_session(secret)


def dangerous_requests(app: Flask) -> Iterator[tuple[str, str]]:
    """Method and address of every route that declares danger; ids in them belong to nothing."""
    for rule in app.url_map.iter_rules():
        if danger_of(app.view_functions[rule.endpoint]) is not None:
            with app.test_request_context():
                address = app.url_map.bind("localhost").build(rule.endpoint, dict.fromkeys(rule.arguments, "csv"))
            unsafe = (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}
            yield from ((method, address) for method in unsafe or {"GET", "HEAD"})


def test_every_dangerous_act_is_declared_by_a_route_and_no_route_declares_another(app: Flask) -> None:
    dangers = [danger_of(view) for view in app.view_functions.values()]
    declared = {act for danger in dangers if danger is not None for act in danger[1]}
    registry = app.extensions["baiqau"]

    assert declared == registry.dangerous
    assert declared <= set(registry.acts)
    assert declared >= FEWEST


def test_every_dangerous_route_asks_for_the_password_that_was_typed_long_ago(
    app: Flask, client: Client, competition_id: str
) -> None:
    enter(app, client, ago=CONFIRMED_FOR + timedelta(seconds=1))
    found = list(dangerous_requests(app))
    answers = {(method, address): client.open(address, method=method, headers=FROM_HERE) for method, address in found}

    assert len(found) >= len(FEWEST)
    assert {one: answer.status_code for one, answer in answers.items() if answer.status_code != 401} == {}
    assert all('action="/account/confirm"' in answer.text for (method, _), answer in answers.items() if method != "HEAD")


def test_no_dangerous_route_asks_who_has_just_signed_in(app: Flask, client: Client, competition_id: str) -> None:
    enter(app, client, ago=timedelta(seconds=1))

    asked = [one for one in dangerous_requests(app) if client.open(one[1], method=one[0]).status_code == 401]

    assert asked == []


def test_route_that_does_what_is_dangerous_and_does_not_say_so_fails_and_leaves_nothing(app: Flask, client: Client) -> None:
    @app.post("/a-quiet-route")
    @signed_in
    def quiet() -> str:
        audit.record("reveal_identity", db.session.scalars(db.select(Person)).one(), by=actor())
        return "done"

    app.config["PROPAGATE_EXCEPTIONS"] = False
    with app.app_context(), writing():
        factories.user("all@example.com")
    enter(app, client, ago=timedelta(0))

    assert client.post("/a-quiet-route").status_code == 500
    with app.app_context():
        verbs = db.session.scalars(db.select(audit.AuditEntry.verb)).all()
    assert "reveal_identity" not in verbs


def test_download_waits_for_the_password_and_leads_back(app: Flask, client: Client, competition_id: str) -> None:
    enter(app, client, ago=CONFIRMED_FOR + timedelta(seconds=1))
    page = f"/manage/competitions/{competition_id}/applications"
    asked = client.get(f"{page}.csv?x=1", headers=FROM_HERE | {"Referer": f"http://localhost{page}"})
    assert asked.status_code == 401
    [kept] = re.findall(r'name="kept"[^>]*value="([^"]+)"', asked.text)

    wrong = client.post("/account/confirm", data={"current": "not this one", "kept": html.unescape(kept)})
    assert wrong.status_code == 422
    again = client.post("/account/confirm", data={"current": PASSWORD, "kept": html.unescape(kept)})

    assert f'method="get" action="{page}.csv"' in again.text
    assert 'name="x"' not in again.text
    assert f'href="{page}"' in again.text
    assert client.get(f"{page}.csv?x=1").mimetype == "text/csv"
    with app.app_context():
        assert [one.verb for one in db.session.scalars(db.select(audit.AuditEntry)) if one.verb == "export"] == ["export"]


def test_form_that_waited_for_the_password_comes_back_with_all_that_was_typed(
    app: Flask, client: Client, competition_id: str
) -> None:
    enter(app, client, ago=CONFIRMED_FOR + timedelta(seconds=1))
    address = f"/manage/competitions/{competition_id}/cancel"
    asked = client.post(address, data={"reason": "Қаражат «болмай»\nқалды <b>"}, headers=FROM_HERE)
    [kept] = re.findall(r'name="kept"[^>]*value="([^"]+)"', asked.text)

    again = client.post("/account/confirm", data={"current": PASSWORD, "kept": html.unescape(kept)})

    assert f'action="{address}"' in again.text
    assert 'value="Қаражат «болмай»\nқалды &lt;b&gt;"' in again.text
    assert client.post(address, data={"reason": "Қаражат «болмай»\nқалды <b>"}).status_code == 303
