"""Every route, called by everybody with real, foreign and unknown objects: nothing fails, and what is foreign is unknown."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, text
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.core.db import db
from app.routes import inventory
from tests.client import Client
from tests.journeys.atlas import PEOPLE
from tests.journeys.demo import Demo

pytestmark = pytest.mark.timeout(600)

SHORT = ("visitor", "applicant-sent", "chair", "checker", "organiser", "admin")
UNKNOWN = "AAAAAAAAAAAAAAAAAAAAAA"
SERVER_FAULT, ABSENT = 500, 404
# Which table an address speaks of; the longest beginning counts.
TABLES = {
    "/account/consents/": "people_consents", "/account/jobs/": "core_jobs", "/account/sessions/": "people_user_sessions",
    "/admin/organisations/": "programmes_organisations", "/admin/outbox/": "messages_messages",
    "/admin/programmes/": "programmes_programmes", "/admin/users/": "people_users", "/events/": "seminars_events",
    "/jury/": "scoring_jurors", "/jury/reviews/": "scoring_reviews", "/manage/applications/": "competitions_applications",
    "/manage/certificates/": "certificates_certificates", "/manage/competitions/": "competitions_competitions",
    "/manage/events/": "seminars_events", "/manage/members/": "programmes_memberships", "/manage/outbox/": "messages_messages",
    "/manage/people/": "people_persons", "/manage/programmes/": "programmes_programmes",
    "/my/applications/": "competitions_applications", "/my/certificates/": "certificates_certificates",
    "/my/events/": "seminars_events", "/my/events/registrations/": "seminars_registrations",
}  # fmt: skip
WITHIN = {
    "document_id": "SELECT public_id FROM competitions_documents WHERE application_id = :id",
    "session_id": "SELECT public_id FROM seminars_sessions WHERE event_id = :id",
    "seat_id": "SELECT j.public_id FROM scoring_jurors j JOIN scoring_rounds r ON r.id = j.round_id "
    "WHERE r.competition_id = :id",
    "conflict_id": "SELECT c.public_id FROM scoring_conflicts c JOIN scoring_jurors j ON j.id = c.juror_id "
    "JOIN scoring_rounds r ON r.id = j.round_id WHERE r.competition_id = :id",
    "review_id": "SELECT v.public_id FROM scoring_reviews v JOIN scoring_assignments a ON a.id = v.assignment_id "
    "JOIN scoring_jurors j ON j.id = a.juror_id JOIN scoring_jurors mine ON mine.round_id = j.round_id WHERE mine.id = :id",
}
PLAIN = {"number": "1", "kind": "csv", "group": "idea", "language": "kk", "secret": UNKNOWN, "filename": "css/app.css"}
# What ends the caller's own session comes last.
LAST = ("/account/sessions/", "/sign-out")
TOKENS = re.compile(rb'(name="csrf_token" value|name="csrf-token" content)="[^"]*"')


# How often somebody asked, where that is limited: all that asking for a page changes. Downloads leave an entry besides.
COUNTERS = "core_windows"
RECORD = frozenset({"core_audit_heads", "core_audit_entries"})
WRITTEN = re.compile(r"(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)


@contextmanager
def written_tables(demo: Demo) -> Iterator[set[str]]:
    """The tables into which anything was written meanwhile."""
    found = set[str]()

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        written = WRITTEN.match(statement.lstrip())
        found.update([written[1]] if written else [])

    with demo.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


def addresses(rule: Rule, programme: str | None = None) -> list[str]:
    """Real addresses of a rule, of one programme's objects or of each one's; and one that names nothing."""
    if not rule.arguments:
        return [rule.rule]
    beginning = max((start for start in TABLES if rule.rule.startswith(start)), key=len, default="")
    if "public_id" in rule.arguments and beginning:
        found = _objects(TABLES[beginning], programme)
        return [fill(rule, {"public_id": public_id} | _within(rule, key)) for key, public_id in found]
    return [fill(rule, {"slug": slug, "code": _code()}) for slug in ("start-app", "jas-qadam")]


def _objects(table: str, programme: str | None) -> list[tuple[int, str]]:
    columns = {row[1] for row in db.session.execute(text(f"PRAGMA table_info({table})"))}
    owner = "programme_id" if "programme_id" in columns else "id" if table == "programmes_programmes" else None
    if owner is None:
        rows = db.session.execute(text(f"SELECT id, public_id FROM {table} ORDER BY id")).all()
        return [(row[0], row[1]) for row in (*rows[:1], *rows[-1:])]
    slugs = [programme] if programme else ["start-app", "jas-qadam"]
    rows = []
    for slug in slugs:
        query = f"SELECT id, public_id FROM {table} WHERE {owner} = (SELECT id FROM programmes_programmes WHERE slug = :slug)"
        owned = db.session.execute(text(f"{query} ORDER BY id"), {"slug": slug}).all()
        rows += [*owned[:1], *(owned[1:][-1:] if programme else ())]
    return [(row[0], row[1]) for row in rows]


def _within(rule: Rule, key: int) -> dict[str, str]:
    named = rule.arguments & set(WITHIN)
    return {name: db.session.scalar(text(WITHIN[name]), {"id": key}) or UNKNOWN for name in named}


def _code() -> str:
    return str(db.session.scalar(text("SELECT code FROM certificates_certificates LIMIT 1")))


def fill(rule: Rule, values: dict[str, str]) -> str:
    """The rule with its arguments replaced; what is not given is plain or unknown."""
    return re.sub(r"<(?:[^<>]*:)?(\w+)>", lambda found: values.get(found[1], PLAIN.get(found[1], UNKNOWN)), rule.rule)


def routes(demo: Demo, method: str, *, programme: str | None = None) -> list[tuple[Rule, str]]:
    """Every rule that takes this method with every address tried; those that end the session last."""
    with demo.app.app_context():
        rules = [rule for rule in demo.app.url_map.iter_rules() if method in (rule.methods or ())]
        found = [(rule, address) for rule in rules for address in addresses(rule, programme)]
        found += [(rule, fill(rule, {})) for rule in rules if rule.arguments]
        db.session.remove()
    once = {(rule.endpoint, address): (rule, address) for rule, address in found}
    return sorted(once.values(), key=lambda one: one[1].startswith(LAST))


def call(client: Client, method: str, address: str) -> TestResponse:
    return client.open(address, method=method, buffered=True)


@pytest.mark.parametrize("role", [role if role in SHORT else pytest.param(role, marks=pytest.mark.long) for role in PEOPLE])
def test_no_route_fails_for_anybody(demo: Demo, role: str) -> None:
    """And whoever only opens pages changes nothing by it."""
    demo.restore()
    client = demo.enter(PEOPLE[role])
    failed, changed = [], set()
    for method in ("GET", "POST"):
        for rule, address in routes(demo, method):
            with written_tables(demo) as tables:
                status = call(client, method, address).status_code
            failed += [f"{method} {address}: {status}"] if status >= SERVER_FAULT else []
            changed |= {(rule.endpoint, table) for table in tables} if method == "GET" else set()

    assert failed == []
    downloads = {endpoint for endpoint, view in demo.app.view_functions.items() if hasattr(view, "__records_looks__")}
    recorded = {(endpoint, table) for endpoint in downloads for table in RECORD}
    assert {one for one in changed - recorded if one[1] != COUNTERS} == set()


def test_everything_of_another_programme_is_unknown_to_its_organiser(demo: Demo) -> None:
    """Also the answer itself tells nothing: it is the one to an address that never existed."""
    demo.restore()
    client = demo.enter("organiser.jas@demo.example")
    with demo.app.app_context():
        policies = {row["endpoint"]: row["policy"] for row in inventory()}
    told, asked = [], 0
    for method in ("GET", "POST"):
        for rule, address in routes(demo, method, programme="start-app"):
            is_open = policies[rule.endpoint] in {"public", "signed_in"}
            if is_open or "public_id" not in rule.arguments or not rule.rule.startswith(("/manage/", "/jury/")):
                continue
            foreign, unknown = call(client, method, address), call(client, method, fill(rule, {}))
            asked += 1
            lengths = [
                len(TOKENS.sub(b"", one.data.replace(path.encode(), b"")))
                for one, path in ((foreign, address), (unknown, fill(rule, {})))
            ]
            if (foreign.status_code, unknown.status_code) != (ABSENT, ABSENT) or abs(lengths[0] - lengths[1]) > 16:
                told.append(f"{method} {address}: {foreign.status_code} {unknown.status_code} {lengths}")

    assert told == []
    assert asked > 100
