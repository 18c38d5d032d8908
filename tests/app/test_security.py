"""Headers, tokens, redirects, hosts and single-use links, attacked through the pages."""

import hashlib
import re
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from itertools import cycle

import pytest
from sqlalchemy import text

from app.access.actor import COMMAND
from app.access.routes import BODY_LIMIT, UPLOAD_LIMIT, WRITING_LIMIT, body_limit_of, policy_of, public
from app.core import clock
from app.core.db import db, writing
from app.messages.models import Message
from app.people.models import User, UserSession
from app.people.services.passwords import compare, hash_password
from app.programmes.services import give_role
from app.programmes.states import Role
from app.routes import inventory
from tests import factories
from tests.client import PASSWORD
from tests.conftest import make_app, make_settings

SECRET = "a secret of the program"
ATTACK = {"X-CSRFToken": ""}  # the test client adds no token of its own
# Paths on which a browser could leave the site, after the OWASP cheat sheet and advisories of CTFd and Indico.
AWAY = (
    "https://evil.example", "http://evil.example", "//evil.example", "///evil.example", "////evil.example",
    "/\\evil.example", "\\/evil.example", "\\\\evil.example", "/\t/evil.example", "/\n/evil.example",
    "/\r\n/evil.example", "\t//evil.example", "https:evil.example", "https:/evil.example", "/%5cevil.example",
    "/%2f/evil.example", "/%2fevil.example", "/%09/evil.example", "javascript:alert(1)",
    "JaVaScRiPt:alert(1)", "data:text/html,x", "evil.example", "@evil.example", ".evil.example",
    "/\u2028/evil.example", "http://[evil.example", "//evil.example%00/", "/\x00/evil.example",
    "/%0d%0aSet-Cookie:x=1", "/..//evil.example", "/.//evil.example", "/my//evil.example", "/my/..//evil.example",
    "/%2e%2e//evil.example", "/my/%2e%2e/%2fevil.example",
)  # fmt: skip


@pytest.fixture
def people(app):
    with app.app_context(), writing():
        kept = hash_password(PASSWORD)
        owner = factories.programme("start-app")
        factories.user("graduate@example.com", password_hash=kept)
        factories.user("admin@example.com", password_hash=kept, is_administrator=True)
        organiser = factories.user("organiser@example.com", password_hash=kept)
        give_role(owner, organiser, role=Role.ORGANISER, by=COMMAND, at=factories.LONG_AGO)


def sign_in(client, email="graduate@example.com", **more):
    return client.post("/sign-in", data={"email": email, "password": PASSWORD, **more})


@pytest.mark.db(long="sqlite")
def test_character_0_is_in_no_address_and_no_text(database, app, client, people):
    """PostgreSQL refuses it, and an answer of 500 would be anybody's for the asking."""
    for email in ("organiser@example.com", "admin@example.com", None):
        if email:
            sign_in(client, email)
        else:
            client.post("/sign-out")
        for address in [
            re.sub(r"<(?:\w+:)?\w+>", "%00", str(rule)) for rule in app.url_map.iter_rules() if "GET" in rule.methods
        ]:
            if "%00" in address or email:
                assert visit(client, f"{address}?q=%00&page=a%00").status_code < 500, address
    for address in routes(app, "POST"):
        answer = client.post(address, data={"email\0": "a\0@x.kz", "email": "a\0@x.kz", "q\0": "\0", "change_id": "\0"})
        assert answer.status_code < 500, address


def routes(app, method: str) -> list[str]:
    """Every address of the application for `method`, with ids that nothing has."""
    with app.app_context():
        rules = [row["rule"] for row in inventory() if method in row["methods"] and not row["rule"].startswith("/static")]
    return [filled(rule) for rule in rules]


def filled(rule: str) -> str:
    """The address of a route for ids that nothing has."""
    first_of_any = re.sub(r"<any\('?(\w+)[^)]*\):\w+>", r"\1", rule)
    return re.sub(r"<(?:\w+:)?\w+>", "nothing", re.sub(r"<int:\w+>", "999999999", first_of_any))


def visit(client, path: str, method: str = "GET", **more):
    """One request; files that are sent are closed."""
    answer = client.open(path, method=method, **more)
    answer.get_data()
    answer.close()
    return answer


def token_in(page: str) -> str:
    """The token of the page's forms."""
    return re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]


def changed(app) -> str:
    """A digest of all that the database holds, but for the counters that slow down who asks too often."""
    with app.app_context():
        tables = sorted(set(db.metadata.tables) - {"core_windows"})
        content = [(name, db.session.execute(text(f'SELECT * FROM "{name}" ORDER BY 1')).all()) for name in tables]
        db.session.rollback()
    return hashlib.sha256(repr(content).encode()).hexdigest()


# --- Bodies -------------------------------------------------------------------------------------------------------------


def test_no_route_reads_more_than_it_declares(client, app, people):
    sign_in(client)
    read = []
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if "POST" not in rule.methods or policy_of(view) is None:
            continue
        body = b"x" * (body_limit_of(view) + 1)
        answer = visit(client, filled(rule.rule), "POST", data=body, content_type="application/x-www-form-urlencoded")
        if answer.status_code != 413:
            read.append((rule.endpoint, answer.status_code))

    assert read == []


DEEP = "[" * 100_000
ODD_BODIES = {
    "application/json": DEEP,
    "text/plain": "csrf_token=x&email=a",
    "text/xml": "<a/>",
    "multipart/mixed; boundary=x": "--x--",
    "": "a=b",
    "Ж": "a=b",
}
IN_PARTS = ["multipart/form-data", 'multipart/form-data; boundary="', f"multipart/form-data; boundary={'x' * 300}"]


def answers_to_all(client, app, **sent) -> dict[str, int]:
    """What every route that changes something answers to this."""
    return {path: visit(client, path, "POST", **sent).status_code for path in routes(app, "POST")}


@pytest.mark.parametrize("kind", ODD_BODIES)
def test_body_that_is_no_form_is_taken_by_no_route(client, app, people, kind):
    sign_in(client)
    before = changed(app)
    answers = answers_to_all(client, app, data=ODD_BODIES[kind], content_type=kind)

    assert len(answers) > 50
    assert {path: status for path, status in answers.items() if status != 415} == {}
    assert changed(app) == before


@pytest.mark.parametrize("kind", IN_PARTS)
def test_form_in_parts_that_cannot_be_read_breaks_no_route(client, app, people, kind):
    sign_in(client)
    answers = answers_to_all(client, app, data=b"--y\r\n\r\n", content_type=kind)

    assert {path: status for path, status in answers.items() if status >= 500} == {}


def test_fields_of_json_without_end_break_no_route(client, app, people):
    sign_in(client)
    fields = dict.fromkeys(("kept", "value", "next", "plan", "budget", "cashflow"), DEEP) | {"field": "plan"}
    answers = answers_to_all(client, app, data=fields)

    assert {path: status for path, status in answers.items() if status >= 500} == {}


def test_only_pages_for_long_texts_and_files_take_more_than_a_form_of_fields(app):
    views = {endpoint: body_limit_of(view) for endpoint, view in app.view_functions.items()}
    assert {endpoint: limit for endpoint, limit in views.items() if limit > BODY_LIMIT} == {
        "certificates_public.compare": UPLOAD_LIMIT,
        "competitions_applicant.piece": WRITING_LIMIT,
        "competitions_applicant.save_group": UPLOAD_LIMIT,
        "competitions_applicant.save_field": WRITING_LIMIT,
        "competitions_organiser.add_question": WRITING_LIMIT,
        "competitions_organiser.edit_question": WRITING_LIMIT,
        "competitions_organiser.edit_questions": WRITING_LIMIT,
        "competitions_organiser.edit_section": WRITING_LIMIT,
        "competitions_organiser.edit_texts": WRITING_LIMIT,
        "competitions_organiser.import_form": WRITING_LIMIT,
        "competitions_organiser.look": WRITING_LIMIT,
        "people_person.confirm": WRITING_LIMIT,
        "people_public.sign_in": WRITING_LIMIT,
    }


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json"])
def test_body_of_untold_length_is_read_no_further_than_the_limit(client, people, kind):
    stream = BytesIO(b"x" * (BODY_LIMIT + 100_000))
    answer = client.open(
        "/reset-password",
        method="POST",
        content_type=kind,
        input_stream=stream,
        environ_overrides={"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"},
    )

    assert answer.status_code in {400, 413}
    assert stream.tell() <= BODY_LIMIT + 1


@pytest.mark.parametrize(
    ("language", "said"),
    [("kk", "256"), ("ru", "256"), ("en", "What you sent is longer than this page takes: at most 256 KB.")],
)
def test_too_much_at_once_is_answered_in_the_readers_language_with_the_way_back(client, people, language, said):
    answer = client.post(
        "/reset-password",
        data={"email": "x" * (BODY_LIMIT + 1)},
        headers={"Accept-Language": language, "Referer": "http://localhost/reset-password?next=/my/"},
    )

    assert answer.status_code == 413
    assert said in answer.text
    assert f'<html lang="{language}"' in answer.text
    assert 'href="/reset-password?next=/my/"' in answer.text


def test_way_back_leads_nowhere_else(client, people):
    referrer = {"Referer": "https://evil.example/reset-password"}
    answer = client.post("/reset-password", data={"email": "x" * (BODY_LIMIT + 1)}, headers=referrer)

    assert answer.status_code == 413
    assert "evil.example" not in answer.text


# --- Headers ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [None, "admin@example.com"])
def test_every_answer_carries_the_policy(client, app, people, who):
    if who:
        sign_in(client, who)
    paths = [*routes(app, "GET"), "/nowhere", "/static/css/app.css", "/static/nothing.css"]
    answers = {path: visit(client, path) for path in paths}
    answers["405"] = client.delete("/")
    answers["400"] = client.post("/sign-in", headers=ATTACK)
    answers["413"] = client.post("/sign-in", data="x" * 9_000_000, content_type="application/x-www-form-urlencoded")

    for path, answer in answers.items():
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy, path
        for rule in (
            "default-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "form-action 'self'",
        ):
            assert rule in policy, path
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
        assert answer.headers["Referrer-Policy"] == "same-origin", path
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin", path
        assert "Permissions-Policy" in answer.headers, path
        assert answer.status_code != 500, path
    assert answers["413"].status_code == 413


def test_fault_of_ours_is_a_page_with_the_policy_and_a_number(client, app):
    @public
    def broken():
        raise KeyError(SECRET)

    app.add_url_rule("/broken", view_func=broken)
    answer = client.get("/broken")

    assert answer.status_code == 500
    assert "Content-Security-Policy" in answer.headers
    assert answer.headers["X-Request-Id"] in answer.text
    assert SECRET not in answer.text


def test_pages_of_signed_in_people_are_stored_nowhere(client, people):
    sign_in(client)
    answer = client.get("/account/")

    assert answer.headers["Cache-Control"] == "no-store"
    assert "Cookie" in answer.headers["Vary"]


def test_session_cookie_is_out_of_reach_of_scripts_and_other_sites(client, people):
    cookie = sign_in(client).headers.getlist("Set-Cookie")

    for one in cookie:
        assert "HttpOnly" in one
        assert "SameSite=Lax" in one
        assert "Domain" not in one


# --- Who may enter ------------------------------------------------------------------------------------------------------


def test_visitor_gets_into_nothing_that_is_not_public(client, app):
    with app.app_context():
        closed = [row for row in inventory() if row["policy"] != "public"]
    for row in closed:
        path = filled(row["rule"])
        for method in row["methods"]:
            answer = client.open(path, method=method)
            asked = answer.status_code == 303 and answer.location.startswith("/sign-in?next=")
            assert asked if method == "GET" else answer.status_code == 401, (method, path, answer.status_code)


def test_route_that_declares_nothing_answers_nobody(client, app):
    app.add_url_rule("/undeclared", view_func=lambda: "secret")

    assert client.get("/undeclared").status_code == 404


# --- Forged requests ----------------------------------------------------------------------------------------------------


def test_no_unsafe_request_passes_without_a_token(client, app, people):
    """Each route is tried by one of the three kinds of senders in turn."""
    senders = cycle(({}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}))
    sign_in(client, "admin@example.com")
    before = changed(app)
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        for path in routes(app, method):
            answer = client.open(path, method=method, data={"email": "x@example.com"}, headers=ATTACK | next(senders))
            assert answer.status_code == 400, (method, path)
            assert "x@example.com" not in answer.text

    assert changed(app) == before


def test_token_of_another_browser_does_not_pass(client, app, people):
    sign_in(client)
    other = app.test_client()
    page = other.get("/sign-in").text
    token = token_in(page)
    answer = client.post("/account/settings", data={"csrf_token": token, "family_name": "A", "given_name": "B"}, headers=ATTACK)

    assert answer.status_code == 400


# --- Ways out of the site -----------------------------------------------------------------------------------------------


def test_no_address_given_by_a_stranger_leads_away(app, people):
    assert len(AWAY) == len(set(AWAY)) == 35
    for target in AWAY:
        client = app.test_client()
        asked = client.get("/sign-in", query_string={"next": target})
        chosen = client.post("/language", data={"language": "kk", "next": target})
        entered = sign_in(client, next=target)
        again = client.get("/sign-in", query_string={"next": target})

        assert [one.status_code for one in (asked, chosen, entered, again)] == [200, 303, 303, 302], target
        for answer in (chosen, entered, again):
            assert re.match(r"^/(?![/\\])", answer.location), (target, answer.location)
            assert "evil" not in answer.location, target
        for answer in (asked, chosen, entered, again):
            assert "Set-Cookie: x" not in str(answer.headers), target


@pytest.mark.parametrize("target", ["/account/settings", "/c/start-app?a=1&b=%D3%99", "/my/#part"])
def test_address_on_the_site_is_kept(client, people, target):
    assert sign_in(client, next=target).location == target


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"X-Forwarded-Host": "evil.example"},
        {"Forwarded": "host=evil.example"},
        {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Prefix": "/evil.example"},
    ],
)
def test_host_of_a_request_is_believed_nowhere(client, app, people, headers):
    form = client.get("/reset-password", headers=headers).text
    token = token_in(form)
    sent = {"email": "graduate@example.com", "csrf_token": token}
    client.post("/reset-password", data=sent, headers=headers | ATTACK)
    answers = [client.get(path, headers=headers) for path in ("/", "/sign-in", "/account/", "/.well-known/security.txt")]

    with app.app_context():
        letter = db.session.scalars(db.select(Message)).one()
        assert "evil.example" not in letter.text
        assert app.config["SETTINGS"].base_url in letter.text
    for answer in answers:
        assert "evil.example" not in answer.text + str(answer.headers)


# --- What must not happen twice -----------------------------------------------------------------------------------------


@pytest.mark.db
def test_link_used_by_twenty_at_once_works_for_one(client, app, database, people):
    client.post("/reset-password", data={"email": "graduate@example.com"})
    with app.app_context():
        letter = db.session.scalars(db.select(Message)).one()
        link = re.findall(r"https?://[^/\s]+(/\S+)", letter.text)[-1]

    def use(number: int) -> int:
        return app.test_client().post(link, data={"password": f"бір бөлек сөз тіркесі {number}"}).status_code

    with ThreadPoolExecutor(20) as crowd:
        statuses = sorted(crowd.map(use, range(20)))

    assert statuses[0] == 303
    assert statuses.count(303) == 1
    assert set(statuses) <= {303, 409, 410}
    with app.app_context():
        live = db.session.scalars(db.select(UserSession).where(UserSession.ended_at.is_(None))).all()
        assert len(live) == 1


def test_asking_for_pages_changes_nothing(client, app, people, at):
    at(clock.now())
    for who in (None, "graduate@example.com", "organiser@example.com", "admin@example.com"):
        if who:
            client.post("/sign-out")
            sign_in(client, who)
        before = changed(app)
        methods = ("GET", "HEAD", "OPTIONS") if who and who.startswith("organiser") else ("GET",)
        for path in routes(app, "GET"):
            for method in methods:
                assert visit(client, path, method).status_code < 500, path
        assert changed(app) == before


def test_other_spellings_of_an_address_open_no_door(client, people):
    sign_in(client)
    for path in (
        "/admin/users",
        "/admin/users/",
        "//admin/users",
        "/admin%2fusers",
        "/Admin/Users",
        "/admin/users.json",
        "/admin/./users",
    ):
        assert visit(client, path).status_code in {308, 404}, path
    for headers in ({"X-HTTP-Method-Override": "DELETE"}, {"X-Original-URL": "/account/"}):
        assert client.get("/admin/users", headers=headers).status_code == 404


def test_fields_that_a_form_does_not_have_change_nothing(client, app, people):
    sign_in(client)
    extra = {
        "is_administrator": "1",
        "state": "active",
        "person_id": "1",
        "user_id": "1",
        "email": "x@example.com",
        "iin": "010203599017",
    }
    client.post("/account/settings", data={"family_name": "Әсембай", "given_name": "Іңкәр", **extra})

    with app.app_context():
        account = db.session.scalars(db.select(User).where(User.email == "graduate@example.com")).one()
        assert (account.is_administrator, account.person.iin, account.person.family_name) == (False, None, "Әсембай")


# --- The same behind https, and the time that answers take --------------------------------------------------------------


def test_cookie_behind_https_is_bound_to_the_host_and_secure(database_url, tmp_path):
    secure = make_app(make_settings(database_url, tmp_path / "data", base_url="https://baiqau.example"))
    answer = secure.test_client().get("/sign-in", base_url="https://baiqau.example")
    cookie = answer.headers["Set-Cookie"]

    assert cookie.startswith("__Host-baiqau=")
    assert all(part in cookie for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"))
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
    with secure.app_context():
        db.engine.dispose()


@pytest.mark.long
def test_time_of_an_answer_tells_nothing_about_an_account(database_url, tmp_path):
    """Measured with the cost of production, for addresses with and without an account, in turns."""
    slow = make_app(make_settings(database_url, tmp_path / "data", password_memory_kib=65536, password_rounds=3))
    with slow.app_context():
        with writing():
            factories.user("graduate@example.com", password_hash=hash_password(PASSWORD))
        taken: dict[str, list[float]] = {"graduate@example.com": [], "nobody@example.com": []}
        for number in range(100):
            for email, times in taken.items():
                began = time.perf_counter()
                compare(email, "wrong password", address=f"192.0.2.{number}", at=clock.now())
                times.append(time.perf_counter() - began)
        db.session.rollback()
        db.engine.dispose()
    known, unknown = (statistics.median(times) for times in taken.values())

    assert abs(known - unknown) < max(0.02, known * 0.1)
