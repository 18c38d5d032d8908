"""Signing up, in and out through the pages, without JavaScript."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from app.access.actor import COMMAND, VISITOR
from app.core import clock
from app.core.db import db, writing
from app.messages.models import Message
from app.people.models import User, UserSession
from app.people.queries import user_by_email
from app.people.services import accounts
from app.people.services.passwords import hash_password
from app.people.services.persons import find_or_create_person
from app.people.session import SignedIn
from app.programmes.services import give_role
from app.programmes.states import Role
from tests import factories
from tests.client import PASSWORD

OTHER = "бес бөлек сөз жазамын"
NOON = datetime(2026, 8, 1, 7, tzinfo=UTC)


@pytest.fixture
def people(app):
    """A graduate, an organiser and an administrator who all have the same password."""
    with app.app_context(), writing():
        kept = hash_password(PASSWORD)
        owner = factories.programme("start-app")
        for name in ("graduate", "organiser", "admin"):
            account = factories.user(f"{name}@example.com", password_hash=kept, is_administrator=name == "admin")
            if name == "organiser":
                give_role(owner, account, role=Role.ORGANISER, by=COMMAND, at=factories.LONG_AGO)


def sign_in(client, email="graduate@example.com", password=PASSWORD, **more):
    return client.post("/sign-in", data={"email": email, "password": password, **more})


def last_link(app, email):
    with app.app_context():
        found = db.session.scalars(db.select(Message).where(Message.address == email).order_by(Message.id)).all()
        return re.findall(r"https?://[^/\s]+(/\S+)", found[-1].text)[-1]


def test_graduate_signs_up_by_a_letter_and_lands_where_she_wanted(client, app):
    page = client.get("/sign-up?next=/verify/abc")
    assert 'value="/verify/abc"' in page.text
    sent = client.post("/sign-up", data={"email": "Aida@example.com", "next": "/verify/abc"})
    assert (sent.status_code, sent.location) == (303, "/check-mail")
    assert "Aida@example.com" in client.get("/check-mail").text

    link = last_link(app, "aida@example.com")
    assert "aida@example.com" in client.get(link).text
    weak = client.post(link, data={"password": "password1234"})
    assert weak.status_code == 422
    welcome = client.post(link, data={"password": PASSWORD})

    assert (welcome.status_code, welcome.location) == (303, "/verify/abc")
    assert client.get("/account/").status_code == 200
    assert client.get(link).status_code == 410


def test_link_from_a_letter_does_nothing_when_it_is_only_opened(client, app):
    client.post("/sign-up", data={"email": "aida@example.com"})
    link = last_link(app, "aida@example.com")
    for _time in range(3):
        assert client.get(link).status_code == 200
        assert client.head(link).status_code == 200

    with app.app_context():
        assert user_by_email("aida@example.com") is None


@pytest.mark.parametrize(("email", "first"), [("organiser@example.com", "/manage/"), ("admin@example.com", "/admin/")])
def test_person_lands_on_the_first_page_of_her_role(client, people, email, first):
    assert sign_in(client, email).location == first


def test_person_who_is_signed_in_is_not_asked_again(client, people):
    sign_in(client)

    assert client.get("/sign-in?next=/account/settings").location == "/account/settings"


def test_wrong_password_keeps_the_address_and_not_the_password(client, people):
    answer = sign_in(client, password="wrong password")

    assert answer.status_code == 422
    assert "graduate@example.com" in answer.text
    assert "wrong password" not in answer.text


@pytest.mark.parametrize("email", ["graduate@example.com", "nobody@example.com"])
def test_sixth_attempt_is_told_to_wait_whether_or_not_there_is_an_account(client, people, email):
    answers = [sign_in(client, email, password="wrong password").status_code for _time in range(6)]

    assert answers == [422] * 5 + [429]
    assert sign_in(client, email).status_code == 429


def test_answers_to_known_and_unknown_addresses_do_not_differ(client, people):
    for path in ("/sign-up", "/reset-password"):
        known, unknown = (client.post(path, data={"email": email}) for email in ("graduate@example.com", "nobody@example.com"))
        assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    known, unknown = (
        sign_in(client, email, password="wrong password") for email in ("graduate@example.com", "nobody@example.com")
    )

    def bare(answer):
        return re.sub(r'value="[^"]*"|content="[^"]*"|(graduate|nobody)@example.com', "", answer.text)

    assert bare(known) == bare(unknown)


def test_sign_in_gives_a_fresh_session_and_a_fresh_token(client, people):
    client.get("/sign-in")
    with client.session_transaction() as before:
        before["planted"] = "by an attacker"
        token = before["csrf_token"]
    sign_in(client)

    with client.session_transaction() as after:
        assert "planted" not in after
        assert after.get("csrf_token") != token


def test_copied_cookie_dies_at_sign_out(client, app, people):
    sign_in(client)
    copy = app.test_client()
    copy.set_cookie("baiqau", client.get_cookie("baiqau").value)
    assert copy.get("/account/").status_code == 200

    assert client.post("/sign-out").status_code == 303

    assert copy.get("/account/").status_code == 303
    assert client.get("/account/").status_code == 303


def test_sessions_elsewhere_die_when_the_password_changes(client, app, people):
    elsewhere = app.test_client()
    sign_in(elsewhere)
    sign_in(client)
    answer = client.post("/account/password", data={"current": PASSWORD, "password": OTHER})

    assert answer.status_code == 303
    assert client.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 303
    assert sign_in(app.test_client(), password=PASSWORD).status_code == 422
    assert sign_in(app.test_client(), password=OTHER).status_code == 303


def test_present_password_must_be_known_to_change_it(client, people):
    sign_in(client)

    answer = client.post("/account/password", data={"current": "not this one!", "password": OTHER})

    assert answer.status_code == 422
    assert client.get("/account/").status_code == 200


def test_forgotten_password_is_chosen_anew_behind_a_link(client, app, people):
    elsewhere = app.test_client()
    sign_in(elsewhere)
    client.post("/reset-password", data={"email": "graduate@example.com"})
    link = last_link(app, "graduate@example.com")
    assert client.post(link, data={"password": OTHER}).status_code == 303

    assert client.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 303
    assert client.post(link, data={"password": PASSWORD}).status_code == 410


def test_blocked_person_is_out_at_her_next_request(client, app, people):
    sign_in(client)
    with app.app_context():
        graduate = db.session.scalars(db.select(User).where(User.email == "graduate@example.com")).one()
        accounts.block(graduate, by=COMMAND, at=clock.now())

    assert client.get("/account/").status_code == 303
    assert sign_in(client).status_code == 422


def test_role_that_ended_opens_nothing_at_the_next_request(client, app, people):
    sign_in(client, "organiser@example.com")
    assert client.get("/manage/").status_code == 200
    with app.app_context(), writing():
        db.session.execute(db.text("UPDATE programmes_memberships SET ended_at = started_at"))

    assert client.get("/manage/").status_code == 404
    assert client.get("/manage/audit").status_code == 404


def test_session_ends_after_an_idle_hour_and_staff_after_half(client, app, people, at):
    now = clock.now()
    staff = app.test_client()
    sign_in(client)
    sign_in(staff, "organiser@example.com")

    at(now + timedelta(minutes=29))
    assert staff.get("/account/").status_code == 200
    at(now + timedelta(minutes=58))
    assert (client.get("/account/").status_code, staff.get("/account/").status_code) == (200, 200)
    at(now + timedelta(minutes=58 + 30))
    assert (client.get("/account/").status_code, staff.get("/account/").status_code) == (200, 303)
    at(now + timedelta(minutes=58 + 30 + 60))
    assert client.get("/account/").status_code == 303


def test_who_was_idle_for_long_is_told_once_why_she_must_sign_in_again(client, people, at):
    said = "Your session has ended: nothing was done for long"
    now = clock.now()
    client.post("/language", data={"language": "en"})
    visitor = client.get("/account/", follow_redirects=True).text
    sign_in(client)
    client.post("/language", data={"language": "en"})
    at(now + timedelta(minutes=61))
    ended = client.get("/account/", follow_redirects=True).text
    again = client.get("/account/", follow_redirects=True).text

    assert [said in page for page in (visitor, ended, again)] == [False, True, False]
    assert re.search(rf'class="notice is-warning.*?{said}', ended, re.DOTALL)
    assert ended.count(said) == 1


@pytest.mark.parametrize(("ago", "counts"), [(timedelta(minutes=10), True), (timedelta(minutes=10, seconds=1), False)])
def test_password_that_was_typed_counts_for_ten_minutes(ago, counts):
    assert SignedIn("secret", VISITOR, NOON - ago).is_confirmed(NOON) is counts


def test_graduate_stays_signed_in_for_two_weeks_when_she_asks_for_it_and_staff_do_not(client, app, people, at):
    now = clock.now()
    staff = app.test_client()
    kept = sign_in(client, remember="y").headers["Set-Cookie"]
    sign_in(staff, "organiser@example.com", remember="y")
    assert "Expires" in kept

    at(now + timedelta(days=13, hours=23))
    assert (client.get("/account/").status_code, staff.get("/account/").status_code) == (200, 303)
    at(now + timedelta(days=14, minutes=1))
    assert client.get("/account/").status_code == 303


def test_person_sees_her_devices_and_signs_one_out(client, app, people):
    phone = app.test_client()
    agent = {"User-Agent": "Mozilla/5.0 (Linux; Android 13) Chrome/128.0 Mobile Safari/537.36"}
    phone.post("/sign-in", data={"email": "graduate@example.com", "password": PASSWORD}, headers=agent)
    sign_in(client)
    listed = client.get("/account/sessions").text
    assert "Chrome, Android" in listed
    address = re.findall(r"/account/sessions/[\w-]+/end(?!-)", listed)[0]

    assert client.post(address).status_code == 303
    assert phone.get("/account/").status_code == 303
    assert client.get("/account/").status_code == 200


def test_device_of_somebody_else_is_unknown(client, app, people):
    other = app.test_client()
    sign_in(other, "organiser@example.com")
    sign_in(client)
    with app.app_context():
        session = db.session.scalars(
            db.select(UserSession).join(UserSession.user).where(User.email == "organiser@example.com")
        ).one()
        address = f"/account/sessions/{session.public_id}/end"

    assert client.post(address).status_code == 404
    assert other.get("/account/").status_code == 200


def test_name_is_saved_and_shown(client, people):
    sign_in(client)
    answer = client.post("/account/settings", data={"family_name": "Әсембай", "given_name": "Іңкәр"})

    assert answer.status_code == 303
    assert "Әсембай Іңкәр" in client.get("/account/settings").text


def test_language_is_chosen_for_the_browser_and_for_the_account(client, app, people):
    assert '<html lang="ru"' in client.get("/", headers={"Accept-Language": "ru"}).text
    chosen = client.post("/language", data={"language": "en", "next": "/sign-in?next=%2Faccount%2F"})
    assert (chosen.status_code, chosen.location) == (303, "/sign-in?next=%2Faccount%2F")
    assert '<html lang="en"' in client.get("/", headers={"Accept-Language": "ru"}).text

    sign_in(client)
    client.post("/language", data={"language": "ru"})
    phone = app.test_client()
    sign_in(phone)
    assert '<html lang="ru"' in phone.get("/account/").text
    assert client.post("/language", data={"language": "xx"}).location == "/"


def test_language_chosen_before_signing_up_is_the_accounts_even_where_another_was_entered_for_her(client, app):
    with app.app_context(), writing():
        person = find_or_create_person(
            family_name="Әсембай", given_name="Іңкәр", email="aida@example.com", language="ru", by=COMMAND, at=NOON
        )
        assert person.language == "ru"
    russian = {"Accept-Language": "ru"}
    client.get("/?lang=kk", headers=russian)
    client.post("/sign-up", data={"email": "aida@example.com"}, headers=russian)
    link = last_link(app, "aida@example.com")
    client.post(link, data={"password": PASSWORD}, headers=russian)
    phone = app.test_client()
    sign_in(phone, "aida@example.com")

    assert '<html lang="kk"' in phone.get("/account/", headers=russian).text
    with app.app_context():
        account = user_by_email("aida@example.com")
        letters = db.session.scalars(db.select(Message).where(Message.address == "aida@example.com")).all()
        assert account
        assert (account.language, account.person.language) == ("kk", "kk")
        assert {one.language for one in letters} == {"kk"}


def test_account_keeps_its_language_when_its_owner_signs_in_on_a_page_in_another(client, people):
    client.post("/language", data={"language": "ru"})
    sign_in(client)
    client.post("/language", data={"language": "kk"})
    client.post("/sign-out")
    assert '<html lang="en"' in client.get("/sign-in?lang=en").text
    sign_in(client)

    assert '<html lang="kk"' in client.get("/account/").text
    assert '<html lang="ru"' in client.get("/events?lang=ru").text


def test_language_in_the_address_counts_on_public_pages_only(client, people):
    client.set_cookie("language", "kk")
    sign_in(client)
    assert '<html lang="en"' in client.get("/?lang=en").text
    assert '<html lang="kk"' in client.get("/").text
    assert '<html lang="kk"' in client.get("/account/?lang=en").text


def test_visitor_who_came_by_a_link_in_kazakh_is_answered_in_it(client):
    russian = {"Accept-Language": "ru"}
    assert '<html lang="kk"' in client.get("/sign-in?lang=kk", headers=russian).text

    refused = client.post("/sign-in", data={"email": "x", "password": ""}, headers=russian)

    assert refused.status_code == 422
    assert '<html lang="kk"' in refused.text
    assert '<html lang="kk"' in client.get("/events", headers=russian).text
    assert client.get("/?lang=xx", headers=russian).headers.getlist("Set-Cookie") == []
