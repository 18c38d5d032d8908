"""The door over the whole demo: what it lists is what it would admit, for every model, every permission and everybody.

Lists also cost the same at one row and at thirty; those of applications, members and the jury are measured beside them.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

import pytest
from flask import Flask, current_app, g
from sqlalchemy import event, select

from app.access.actor import COMMAND, SYSTEM, VISITOR, Actor
from app.access.door import decide_all, visible_to
from app.certificates.rules import Holder
from app.certificates.services import issue
from app.core import clock
from app.core.columns import Translation
from app.core.db import db, looking, writing
from app.messages.models import Message
from app.modules import CertificateKind
from app.people.models import User
from app.people.services.sessions import open_session
from app.programmes.models import Programme
from app.programmes.queries import actor_of
from app.programmes.states import Role
from tests import factories
from tests.client import Client
from tests.crawling import LINK, Few, crawl

MANY = 30
ROWS_AT_MOST = 40
WORDS = Translation({"kk": "Диплом", "ru": "Диплом", "en": "Diploma"})


@pytest.mark.timeout(600)
@pytest.mark.parametrize("is_everybody", [False, pytest.param(True, marks=pytest.mark.long)], ids=["each kind", "everybody"])
def test_lists_answer_as_the_door_does_for_the_people_of_the_demo(demo_app: Flask, is_everybody: bool) -> None:
    told = 0
    with demo_app.app_context():
        people = db.session.scalars(select(User)) if is_everybody else one_of_each_kind().values()
        everybody: list[Actor] = [VISITOR, SYSTEM, *(actor_of(user) for user in people)]
        slots = sorted(demo_app.extensions["baiqau"].policies, key=lambda slot: (slot[0].__name__, slot[1]))
        for model, named in groupby(slots, key=lambda slot: slot[0]):
            permissions = [permission for _model, permission in named]
            everything = db.session.scalars(select(model).order_by(model.id)).unique().all()
            rows = [*everything[: ROWS_AT_MOST // 2], *everything[ROWS_AT_MOST // 2 :][-ROWS_AT_MOST // 2 :]]
            known = {row.id for row in rows}
            for actor in everybody:
                for permission in permissions:
                    said = zip(rows, decide_all(actor, permission, rows), strict=True)
                    admitted = {row.id for row, decision in said if decision.is_allowed is True}
                    listed = set(db.session.scalars(visible_to(actor, model, permission).with_only_columns(model.id)))
                    assert listed & known == admitted, (model.__name__, permission, actor)
                    told += len(admitted)
        db.session.remove()

    assert told > 1000


def test_what_is_known_of_one_actor_answers_for_no_other(demo_app: Flask) -> None:
    """A page asks for many facts once; another actor than the present one is asked about within it, too."""

    def said_to(people: list[Actor]) -> dict[tuple[str, str, int | None], list[int]]:
        said = {}
        for model, permission in demo_app.extensions["baiqau"].policies:
            rows = db.session.scalars(select(model).order_by(model.id).limit(ROWS_AT_MOST)).unique().all()
            for actor in people:
                found = zip(rows, decide_all(actor, permission, rows), strict=True)
                said[model.__name__, permission, actor.user_id] = [row.id for row, one in found if one.is_allowed]
        return said

    with demo_app.app_context():
        people = [actor_of(user) for user in one_of_each_kind().values()]
        expected = said_to(people)
        db.session.remove()
    for asked in (people, people[::-1]):
        with demo_app.test_request_context(), looking():
            g.actor = asked[0]
            assert said_to(asked) == expected
            db.session.remove()


def test_grants_of_every_module_are_written_out_in_a_test(app: Flask) -> None:
    """docs/permissions.md follows the code; these tables do not."""
    tests = Path(__file__).parent.parent
    modules = [one.name.rpartition(".")[2] for one in app.extensions["baiqau"].modules if one.grants]

    assert len(modules) > 7
    assert [one for one in modules if not (tests / one / "test_grants.py").exists()] == []


def competitions(owner: Programme, _number: int) -> None:
    factories.competition(owner)


def events(owner: Programme, _number: int) -> None:
    factories.event(owner, starts_at=clock.now() + timedelta(days=1))


def letters(owner: Programme, number: int) -> None:
    db.session.add(
        Message(
            unique_key=f"letter-{number}", programme_id=owner.id, kind="test", address=f"a{number}@example.com", language="kk",
            subject="Хат", text="Сәлем", message_id=f"<{number}@example.com>", created_at=clock.now(), leaves_at=clock.now(),
        )
    )  # fmt: skip


def certificates(owner: Programme, number: int) -> None:
    holder = Holder("Үлгібаева Тоғжан", "Үлгібаева Т.", None)
    issue(
        "test", subject=f"award-{number}", programme=owner, series="SA26", holder=holder, facts={},
        issued_on=date(2026, 10, 30), by=COMMAND, at=clock.now(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("path", "make"),
    [
        ("/manage/competitions", competitions), ("/manage/events", events), ("/events", events),
        ("/manage/outbox", letters), ("/admin/outbox", letters), ("/manage/certificates", certificates),
    ],
)  # fmt: skip
def test_list_costs_the_same_at_one_and_at_thirty(
    app: Flask, client: Client, path: str, make: Callable[[Programme, int], None]
) -> None:
    app.extensions["baiqau"].certificate_kinds["test"] = CertificateKind("test", WORDS, WORDS, WORDS, "Д")
    statements: list[str] = []
    with app.app_context(), writing():
        owner = factories.programme()
        owner_id = owner.id
        manager = factories.user(member_of=owner, role=Role.ORGANISER, is_administrator=True)
        db.session.flush()
        make(owner, 0)
        secret = open_session(manager, device="", at=clock.now())
        event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    client.hold_session(secret)

    def cost() -> tuple[int, int]:
        statements.clear()
        answer = client.get(path)
        assert answer.status_code == 200, answer.text
        return len(statements), len(answer.data)

    cost()
    few, short = cost()
    with app.app_context(), writing():
        for number in range(1, MANY):
            make(db.session.get_one(Programme, owner_id), number)
    many, long = cost()

    assert many == few
    assert long > short


OF_ONE_KIND = 2


def one_of_each_kind() -> dict[str, User]:
    """Somebody of the demo for each set of roles, seats and ownership that the menu tells apart."""
    menu = current_app.extensions["baiqau"].menu
    found: dict[str, User] = {}
    for user in db.session.scalars(select(User).order_by(User.id)):
        who = actor_of(user)
        if who.roles or who.is_administrator or any(entry.is_for(who) for entry in menu):
            roles = sorted({role for held in who.roles.values() for role in held})
            found.setdefault(" ".join([*roles, *(entry.endpoint for entry in menu if entry.is_for(who))]), user)
    return found


@pytest.mark.long
@pytest.mark.timeout(900)
def test_everybody_of_the_demo_reaches_all_she_is_offered(demo_app: Flask) -> None:
    """Menu, things to do, panels and the links of every page behind them: what is offered is open."""
    with demo_app.app_context():
        with writing():
            secrets = {kind: open_session(user, device="", at=clock.now()) for kind, user in one_of_each_kind().items()}
        db.session.remove()
    client, shut = demo_app.test_client(), list[tuple[str, str, str, int]]()
    assert isinstance(client, Client)
    for kind, secret in secrets.items():
        client.hold_session(secret)
        shut += [(kind, *found) for found in shut_links(demo_app, client)]

    assert len(secrets) > 5
    assert shut == []


def shut_links(app: Flask, client: Client) -> Iterator[tuple[str, str, int]]:
    """Each link that is offered and not open, with the page that offers it; a few pages of each kind are read."""
    for one in crawl(client, "/account/", wants=Few(app, OF_ONE_KIND), links=LINK):
        if one.answer.status_code >= 400:
            yield one.offered_by, one.address, one.answer.status_code
