"""Nothing a person typed is lost to an expired page, an ended session or a database that is away."""

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import session
from sqlalchemy.exc import OperationalError

from app.access.routes import public
from app.core import audit, clock
from app.core.db import db, writing
from app.kept import Kept, Typed, kept_act, send_again, unpack
from app.people.models import Person, User, UserSession
from app.people.rules import CONFIRMED_FOR
from app.people.services.passwords import hash_password
from app.people.services.sessions import open_session
from app.programmes.states import Role
from app.request import KEEPER
from tests import factories
from tests.client import PASSWORD

TYPED = {"family_name": "Әсембай <b>", "given_name": "Іңкәр\nекінші жол"}
NOON = datetime(2026, 7, 20, 12, 0, tzinfo=UTC)
OURS = {"Origin": "http://localhost", "Accept-Language": "en"}
FROM_HERE = {"X-CSRFToken": "", "Origin": "http://localhost"}


@pytest.fixture
def graduate(app):
    with app.app_context(), writing():
        factories.user("graduate@example.com", password_hash=hash_password(PASSWORD))


def sign_in(client, **more):
    return client.post("/sign-in", data={"email": "graduate@example.com", "password": PASSWORD, **more})


def carried_over(client, email: str, address: str, typed: dict[str, str]) -> str:
    """The page after somebody signed in over a form that a visitor sent."""
    lost = client.post(address, data=typed, headers=OURS)
    assert lost.status_code == 401
    way_in, fields = form_of(lost.text)
    return client.post(way_in, data=fields | {"email": email, "password": PASSWORD}, headers=OURS).text


def end_every_session(app) -> None:
    with app.app_context(), writing():
        db.session.execute(db.update(UserSession).values(ended_at=UserSession.created_at))


def form_of(page: str) -> tuple[str, dict[str, str]]:
    """The address and the fields of the last form that is no switch of languages."""
    form = [
        one for one in re.findall(r"<form.*?</form>", page, re.DOTALL) if "/language" not in one and "/sign-out" not in one
    ][-1]
    fields = re.findall(r'<input[^>]*?name="([^"]+)"[^>]*?value="([^"]*)"', form, re.DOTALL)
    action = re.search(r'action="([^"]*)"', form)
    assert action is not None
    return html.unescape(action.group(1)), {name: html.unescape(value) for name, value in fields}


def saved_name(app) -> tuple[str, str]:
    with app.app_context():
        person = db.session.scalars(db.select(Person)).one()
        return person.family_name, person.given_name


def test_page_that_was_open_too_long_is_sent_again_with_one_button(client, app, graduate):
    sign_in(client)
    stale = client.post("/account/settings", data=TYPED | {"csrf_token": "of yesterday"}, headers=FROM_HERE)
    assert stale.status_code == 400
    assert "Әсембай &lt;b&gt;" in stale.text

    address, fields = form_of(stale.text)
    assert (address, {name: fields[name] for name in TYPED}) == ("/account/settings", TYPED)
    again = client.post(address, data=fields, headers={"X-CSRFToken": ""})

    assert again.status_code == 303
    assert saved_name(app)[0] == "Әсембай <b>"


def test_text_survives_a_session_that_ended(client, app, graduate):
    sign_in(client)
    end_every_session(app)
    lost = client.post("/account/settings?part=1", data=TYPED, headers={"Origin": "http://localhost"})
    assert lost.status_code == 401
    address, fields = form_of(lost.text)
    assert address == "/sign-in"

    back = client.post(address, data=fields | {"email": "graduate@example.com", "password": PASSWORD})
    assert back.status_code == 200
    address, fields = form_of(back.text)
    assert address == "/account/settings?part=1"
    assert client.post(address, data=fields, headers={"X-CSRFToken": ""}).status_code == 303
    assert saved_name(app)[0] == "Әсембай <b>"


def test_text_survives_signing_out_on_another_page(client, app, graduate):
    sign_in(client)
    client.post("/sign-out")
    back = carried_over(client, "graduate@example.com", "/account/settings", TYPED)
    address, fields = form_of(back)

    assert address == "/account/settings"
    assert client.post(address, data=fields, headers={"X-CSRFToken": ""}).status_code == 303
    assert saved_name(app)[0] == "Әсембай <b>"


@pytest.mark.parametrize("was_known", [True, False])
def test_form_that_another_left_is_shown_whole_and_cannot_be_sent_by_who_signs_in_next(client, app, graduate, was_known):
    with app.app_context(), writing():
        factories.user("juror@example.com", password_hash=hash_password(PASSWORD))
    if was_known:
        sign_in(client)
        client.post("/sign-out")
    left = {"act": "sign", "email": "mine@evil.example", "comment": "екі сөз"}
    shown = html.unescape(carried_over(client, "juror@example.com", "/account/email", left))

    assert "not written under your account" in shown
    assert 'action="/account/email"' not in shown
    assert 'href="/account/email"' in shown
    assert [word for word in (*left.values(), "New e-mail") if word not in shown] == []


def test_form_that_waited_for_a_sign_in_shows_every_field_and_its_page(client, app, graduate):
    sign_in(client)
    end_every_session(app)
    sent = {"email": "mine@evil.example", "act": "sign", "version-act": "31415"}
    again = carried_over(client, "graduate@example.com", "/account/email", sent)
    shown = again.split('class="kept"')[1]

    assert form_of(again)[0] == "/account/email"
    assert 'href="/account/email"' in again
    assert [word for word in ("What will be sent", "mine@evil.example", "sign") if word not in shown] == []
    assert "31415" not in shown


def test_text_survives_a_wrong_password_after_the_session_ended(client, graduate):
    lost = client.post("/account/settings", data=TYPED, headers={"Origin": "http://localhost"})
    address, fields = form_of(lost.text)
    wrong = client.post(address, data=fields | {"email": "graduate@example.com", "password": "not the right one"})

    assert "kept" in form_of(wrong.text)[1]


def test_password_is_asked_for_again_and_never_shown(client, graduate):
    stale = client.post(
        "/sign-in", data={"email": "graduate@example.com", "password": PASSWORD, "csrf_token": "x"}, headers=FROM_HERE
    )

    assert stale.status_code == 400
    assert PASSWORD not in stale.text
    assert 'type="password" name="password"' in stale.text


@pytest.mark.parametrize(
    "sender",
    [
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "same-site"},
        {"Referer": "https://evil.example/http://localhost/"},
        {},
    ],
)
def test_form_of_another_site_gets_no_page_that_would_send_it(client, graduate, sender):
    sign_in(client)
    answer = client.post("/account/settings", data=TYPED, headers={"X-CSRFToken": ""} | sender)

    assert answer.status_code == 400
    assert "Әсембай" not in answer.text


def test_page_shows_words_of_hers_and_no_mark_of_ours(client, graduate):
    sign_in(client)
    sent = TYPED | {"version-title": "31415", "go": "nextmark", "csrf_token": "of yesterday"}
    shown = client.post("/account/settings", data=sent, headers=FROM_HERE).text.split('class="kept"')[1]

    assert "Әсембай &lt;b&gt;" in shown
    assert "31415" not in shown
    assert "nextmark" not in shown


def test_text_comes_back_when_the_database_is_away(client, app, graduate):
    @public
    def save():
        raise OperationalError(None, {}, RuntimeError())

    app.add_url_rule("/save", view_func=save, methods=["POST"])
    sign_in(client)
    answer = client.post("/save", data={"text": "Менің жобам"}, headers={"Origin": "http://localhost"})

    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert form_of(answer.text)[1]["text"] == "Менің жобам"


@pytest.mark.db
def test_text_comes_back_when_someone_else_was_first(client, app, database, graduate):
    @public
    def save():
        first = db.session.scalars(db.select(User)).one()
        db.session.add(User(email="another@example.com", person_id=first.person_id, created_at=NOON))
        return "saved"

    app.add_url_rule("/save", view_func=save, methods=["POST"])
    sign_in(client)
    answer = client.post("/save", data={"text": "Менің жобам"}, headers=OURS)

    assert answer.status_code == 409
    assert "Someone else saved at the same moment" in answer.text
    assert form_of(answer.text)[1]["text"] == "Менің жобам"


@pytest.mark.db
def test_row_that_could_never_be_saved_is_a_fault_and_no_race(client, app, database, graduate):
    @public
    def save():
        db.session.add(User(email="another@example.com", person_id=None, created_at=NOON))
        return "saved"

    app.add_url_rule("/save", view_func=save, methods=["POST"])
    app.config["PROPAGATE_EXCEPTIONS"] = False
    sign_in(client)

    assert client.post("/save", data={"text": "Менің жобам"}, headers=OURS).status_code == 500


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "[]",
        '{"url": "https://evil.example", "fields": [], "has_files": false, "is_read": false, "back": ""}',
        '{"url": "/my", "fields": [], "has_files": false, "is_read": true, "back": "https://evil.example"}',
        '{"url": "/my", "fields": [], "has_files": false}',
        '{"url": "/x", "fields": 3}',
        "null",
        pytest.param("[" * 100_000, id="deep"),
    ],
)
def test_kept_form_that_was_tampered_with_is_dropped(app, text):
    with app.test_request_context():
        assert unpack(text) is None


def test_kept_form_goes_through_a_page_unchanged_but_for_passwords(app):
    kept = Kept("/my/x?a=1", (Typed("a", "1"), Typed("a", "2"), Typed("password", "secret")), has_files=True)

    with app.test_request_context():
        assert unpack(kept.pack()) == Kept("/my/x?a=1", (Typed("a", "1"), Typed("a", "2")), has_files=True)


def test_kept_form_of_another_browser_is_dropped_and_one_of_an_hour_ago_is_only_shown(app, at):
    at(NOON)
    with app.test_request_context():
        text, mine = Kept("/my", (Typed("a", "екі сөз"),)).pack(), dict(session)
        at(NOON + timedelta(hours=1, seconds=1))
        stale = unpack(text)
        assert stale is not None
        assert stale.is_stale
        assert "екі сөз" in send_again(stale, reason="", status=200).get_data(as_text=True)
        assert 'action="/my"' not in send_again(stale, reason="", status=200).get_data(as_text=True)
    with app.test_request_context():
        assert mine
        assert unpack(text) is None


def waiting_act(app, client) -> dict[str, str]:
    """An administrator's page that asks for the password before it invites somebody; its form, with the pack."""
    with app.app_context(), writing():
        owner = factories.programme()
        factories.user(
            "boss@example.com", password_hash=hash_password(PASSWORD),
            member_of=owner, role=Role.ORGANISER, is_administrator=True,
        )  # fmt: skip
        address = f"/programmes/{owner.public_id}/members"
        long_ago = clock.now() - CONFIRMED_FOR - timedelta(seconds=1)
        user = db.session.scalars(db.select(User).where(User.email == "boss@example.com")).one()
        secret = open_session(user, device="", at=long_ago)
    with client.session_transaction() as kept:
        kept["_user_id"], kept["_fresh"] = secret, True
    sent = {"email": "checker@example.kz", "role": "checker", "language": "kk"}
    asked = client.post(f"/manage{address}", data=sent, headers=OURS)
    assert asked.status_code == 401
    return form_of(asked.text)[1] | {"current": PASSWORD}


def confirmed_count(app) -> int:
    with app.app_context():
        found = db.session.scalars(db.select(UserSession.confirmed_at)).all()
    return sum(one is not None and one > clock.now() - CONFIRMED_FOR for one in found)


def test_act_after_the_password_shows_all_it_sends_in_words_and_is_done_without_script(app, client):
    again = client.post("/account/confirm", data=waiting_act(app, client), headers=OURS)

    shown = html.unescape(again.text.split('class="kept"')[1])
    words = ("What will be sent", "E-mail", "checker@example.kz", "Role", "checker", "Language of the letter", "Қазақша")
    assert [word for word in words if word not in shown] == []
    address, fields = form_of(again.text)
    assert client.post(address, data=fields, headers=OURS).status_code == 303
    with app.app_context():
        assert "invite" in db.session.scalars(db.select(audit.AuditEntry.verb)).all()


def test_pack_that_was_changed_on_the_way_confirms_nothing_and_says_so(app, client):
    sent = waiting_act(app, client)
    body, _dot, signature = sent["kept"].rpartition(".")
    other = "A" if body[20] != "A" else "B"
    answer = client.post("/account/confirm", data=sent | {"kept": f"{body[:20]}{other}{body[21:]}.{signature}"}, headers=OURS)

    assert answer.status_code == 303
    assert "What waited for the password cannot be sent any more." in client.get(answer.location).text
    assert confirmed_count(app) == 0


def test_pack_of_another_browser_or_another_account_confirms_nothing(app, client):
    sent = waiting_act(app, client)
    with client.session_transaction() as kept:
        mine = dict(kept)
        kept[KEEPER] = "another browser"
    assert client.post("/account/confirm", data=sent, headers=OURS).status_code == 303
    assert confirmed_count(app) == 0

    with app.app_context(), writing():
        other = factories.user("other@example.com", password_hash=hash_password(PASSWORD))
        secret = open_session(other, device="", at=clock.now() - CONFIRMED_FOR - timedelta(seconds=1))
    with client.session_transaction() as kept:
        kept.update(mine)
        kept["_user_id"] = secret
    assert client.post("/account/confirm", data=sent, headers=OURS).status_code == 303
    assert confirmed_count(app) == 0


def test_download_that_waits_for_the_password_takes_no_words_of_a_link_along(app):
    with app.test_request_context("/manage/competitions/x/applications.csv?warning=екі сөз"):
        kept = kept_act()

    assert kept is not None
    assert (kept.url, kept.fields, kept.is_read) == ("/manage/competitions/x/applications.csv", (), True)


def test_page_after_the_password_shows_every_field_by_its_label(app):
    with app.test_request_context():
        fields = (
            Typed("email", "x@evil.example", "E-mail"),
            Typed("role", "checker", "Role", "тексеруші"),
            Typed("go", "mark"),
        )
        shown = (
            send_again(Kept("/account/sessions/end-others", fields), reason="", status=200)
            .get_data(as_text=True)
            .split('class="kept"')[1]
        )

    assert all(word in shown for word in ("E-mail", "x@evil.example", "Role", "тексеруші", "go", "mark"))
