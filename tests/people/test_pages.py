"""The account's own pages, the page that reveals an identity number, the administrator's list."""

import base64
import html
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from threading import Barrier, BrokenBarrierError

import pytest
from sqlalchemy import event

from app.access.actor import COMMAND, SYSTEM
from app.core import audit
from app.core.db import db, writing
from app.messages.models import Message
from app.people.models import Consent, Person, User
from app.people.queries import account_index, users_found
from app.people.rules import CONFIRMED_FOR
from app.people.services import consents, persons
from app.people.services.passwords import hash_password
from app.people.states import ConsentKind
from app.programmes.services import give_role
from app.programmes.states import Role
from app.request import SAID_BEFORE
from tests import factories
from tests.client import PASSWORD, enter

IIN = "010203599017"
NOON = datetime(2026, 8, 1, 7, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def people(app):
    with app.app_context(), writing():
        kept = hash_password(PASSWORD)
        checker = factories.user("checker@example.com", password_hash=kept)
        give_role(factories.programme(), checker, role=Role.CHECKER, by=COMMAND, at=factories.LONG_AGO)
        persons.set_identity(checker.person, iin=IIN, phone="8 701 000 00 01", by=COMMAND, at=factories.LONG_AGO)
        graduate = factories.user("graduate@example.com", password_hash=kept)
        consents.give_consent(
            graduate.person, ConsentKind.PHOTO, scope="call", text="Келісемін", language="kk", by=COMMAND, at=factories.LONG_AGO
        )


def person_of(name: str) -> Person:
    return db.session.scalars(db.select(User).where(User.email == f"{name}@example.com")).one().person


def test_identity_number_is_masked_until_a_reason_is_given_and_written_down(app, people):
    with app.app_context():
        page = f"/manage/people/{person_of('checker').public_id}/identity"
    browser = enter(app, "checker")
    asked = browser.get(page)
    assert "0102******17" in asked.text
    assert IIN not in asked.text
    assert browser.post(page, data={}).status_code == 422
    assert browser.post(page, data={"reason": "curiosity"}).status_code == 422

    shown = browser.post(page, data={"reason": "eligibility"})
    assert IIN in shown.text
    assert "+7 701 000 00 01".replace(" ", "\N{NO-BREAK SPACE}") in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    with app.app_context():
        entry = audit.history(person_of("checker"))[-1]
        assert (entry.verb, entry.details) == ("reveal_identity", {"reason": "eligibility"})


def test_identity_number_of_somebody_else_is_unknown(app, people):
    with app.app_context():
        page = f"/manage/people/{person_of('graduate').public_id}/identity"

    assert enter(app, "checker").post(page, data={"reason": "eligibility"}).status_code == 404


@pytest.mark.parametrize("path", ["/account/password", "/account/email"])
def test_form_with_a_password_says_what_is_missing(app, people, path):
    answer = enter(app, "graduate").post(path, data={}, headers={"Accept-Language": "en"})

    assert answer.status_code == 422
    assert "Enter your present password." in answer.text


def test_sign_in_says_what_is_missing(client):
    answer = client.post("/sign-in", data={"email": "graduate@example.com"}, headers={"Accept-Language": "en"})

    assert answer.status_code == 422
    assert "Enter your password." in answer.text


def test_consent_is_withdrawn_with_one_button(app, people):
    browser = enter(app, "graduate")
    page = browser.get("/account/consents").text
    button = re.findall(r"/account/consents/[\w-]+/withdraw", page)[0]

    assert ">берілді<" in page
    assert enter(app, "checker").post(button).status_code == 404
    assert browser.post(button).status_code == 303
    with app.app_context():
        assert db.session.scalars(db.select(Consent)).one().withdrawn_at is not None
    assert "/withdraw" not in browser.get("/account/consents").text


def test_address_is_changed_behind_a_link_to_the_new_mailbox(app, people):
    browser = enter(app, "graduate")
    assert browser.post("/account/email", data={"email": "new@example.com", "current": "not this one"}).status_code == 422
    assert browser.post("/account/email", data={"email": "new@example.com", "current": PASSWORD}).status_code == 303

    with app.app_context():
        letter = db.session.scalars(db.select(Message).where(Message.address == "new@example.com")).one()
        link = re.findall(r"https?://[^/\s]+(/\S+)", letter.text)[0]
    assert "new@example.com" in browser.get(link).text
    assert browser.post(link).status_code == 303
    assert browser.get(link).status_code == 410

    with app.app_context():
        letter = db.session.scalars(db.select(Message).where(Message.kind == "people.email_changed")).one()
        assert letter.address == "graduate@example.com"
        back = re.findall(r"https?://[^/\s]+(/\S+)", letter.text)[0]
    stranger = app.test_client()
    assert stranger.get(back).status_code == 200
    assert stranger.post(back).status_code == 303
    assert browser.get("/account/").status_code == 303


def test_known_device_is_remembered_by_a_cookie_that_names_nobody(app, people):
    browser = enter(app, "graduate")
    cookie = browser.get_cookie("device")

    assert cookie is not None
    assert "graduate" not in cookie.value
    inside = base64.urlsafe_b64decode(cookie.value.split(".")[0] + "==").decode()
    with app.app_context():
        assert inside == f'["{account_index("graduate@example.com")}"]'


@pytest.mark.parametrize(
    "path", ["/account/", "/account/settings", "/account/password", "/account/email", "/account/sessions", "/account/consents"]
)
def test_page_of_the_account_has_its_title(app, people, path):
    answer = enter(app, "graduate").get(path)

    assert answer.status_code == 200
    assert re.search(r"<h1>[^<]+</h1>", answer.text)


def test_what_a_visitor_said_is_hers_after_signing_in_but_never_another_accounts(app, people):
    browser = app.test_client()
    with browser.session_transaction() as session:
        session[SAID_BEFORE] = {"call": {"graduate": True}}
    browser.post("/sign-in", data={"email": "graduate@example.com", "password": PASSWORD})
    with browser.session_transaction() as session:
        assert session[SAID_BEFORE] == {"call": {"graduate": True}}

    browser.post("/sign-in", data={"email": "checker@example.com", "password": PASSWORD})

    with browser.session_transaction() as session:
        assert SAID_BEFORE not in session


def test_what_was_said_is_forgotten_when_she_signs_out(app, people):
    browser = enter(app, "graduate")
    with browser.session_transaction() as session:
        session[SAID_BEFORE] = {"call": {"graduate": True}}

    browser.post("/sign-out")

    with browser.session_transaction() as session:
        assert SAID_BEFORE not in session


def test_identity_number_is_shown_long_after_signing_in_only_with_the_password_again(app, people, at):
    with app.app_context():
        page = f"/manage/people/{person_of('checker').public_id}/identity"
    at(NOON)
    browser = enter(app, "checker")
    at(NOON + CONFIRMED_FOR + SECOND)

    asked = browser.post(page, data={"reason": "eligibility"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert asked.status_code == 401
    assert IIN not in asked.text
    kept = html.unescape(re.findall(r'name="kept"[^>]*value="([^"]+)"', asked.text)[0])

    wrong = browser.post("/account/confirm", data={"current": "not this one", "kept": kept})
    assert wrong.status_code == 422
    again = browser.post("/account/confirm", data={"current": PASSWORD, "kept": kept})
    assert f'action="{page}"' in again.text
    assert 'value="eligibility"' in again.text
    assert IIN in browser.post(page, data={"reason": "eligibility"}).text

    at(NOON + 2 * (CONFIRMED_FOR + SECOND))
    assert browser.post(page, data={"reason": "eligibility"}).status_code == 401


def test_other_devices_are_signed_out_long_after_signing_in_only_with_the_password_again(app, people, at):
    at(NOON)
    browser = enter(app, "graduate")
    at(NOON + CONFIRMED_FOR)
    assert browser.post("/account/sessions/end-others").status_code == 303

    at(NOON + CONFIRMED_FOR + SECOND)
    assert browser.post("/account/sessions/end-others").status_code == 401


def test_password_typed_again_counts_for_this_device_alone_and_only_for_some_minutes(app, people, at):
    at(NOON)
    here, elsewhere = enter(app, "graduate"), enter(app, "graduate")
    at(NOON + CONFIRMED_FOR + SECOND)
    here.post("/account/confirm", data={"current": PASSWORD, "kept": ""})

    assert elsewhere.post("/account/sessions/end-others").status_code == 401
    assert here.post("/account/sessions/end-others").status_code == 303
    at(NOON + 2 * (CONFIRMED_FOR + SECOND))
    assert here.post("/account/sessions/end-others").status_code == 401


def test_accounts_stand_in_the_order_of_the_kazakh_alphabet(app):
    with app.app_context():
        with writing():
            for given, family in enumerate(("Ябеков", "Әлиев", "Бекова", "Аманов", "Қасенов", "Камалов")):
                factories.user(f"reader{given}@example.com").person.family_name = family
        found = [one.person.family_name for one in db.session.scalars(users_found(SYSTEM, "reader"))]
    assert found == ["Аманов", "Әлиев", "Бекова", "Камалов", "Қасенов", "Ябеков"]


@pytest.mark.db
def test_letters_that_are_asked_for_at_once_are_as_few_as_one_after_another(app, client, people, database):
    meeting = Barrier(8, timeout=0.7)

    def all_look_before_one_counts(_connection, _cursor, statement, *_rest):
        if "FROM people_attempts" in statement:
            with suppress(BrokenBarrierError):
                meeting.wait()

    with app.app_context():
        event.listen(db.engine, "after_cursor_execute", all_look_before_one_counts)

    def ask(_number):
        return app.test_client().post("/reset-password", data={"email": "graduate@example.com"}).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(8)))

    with app.app_context():
        assert db.session.query(Message).filter_by(address="graduate@example.com").count() == 3
    assert len([one for one in answers if one == 303]) == 3
