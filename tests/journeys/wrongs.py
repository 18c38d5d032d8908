"""Wrong things people do, one a row: what is done, what is answered, what is said, and what of her words is still there."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from itsdangerous import URLSafeSerializer
from sqlalchemy import select, text
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from app.core import clock
from app.core.db import db, writing
from app.messages.models import Message
from tests.client import Client
from tests.journeys.demo import Demo
from tests.journeys.walker import words

LANGUAGES = ("kk", "ru")
ALMATY = ZoneInfo("Asia/Almaty")
FROM_HERE = {"Sec-Fetch-Site": "same-origin"}
SECRET = frozenset({"password", "current"})
UNTYPED = frozenset({"seen"})  # what the page itself sends along
SEE_OTHER = 303
# Names in addresses and values: the first column of the first row.
PLACES = {
    "start": "SELECT public_id FROM competitions_competitions WHERE slug = 'start-app'",
    "jas": "SELECT public_id FROM competitions_competitions WHERE slug = 'jas-qadam'",
    "past": "SELECT public_id FROM competitions_competitions WHERE slug = 'start-app-previous'",
    "newest": "SELECT public_id FROM competitions_competitions ORDER BY id DESC",
    "start_programme": "SELECT public_id FROM programmes_programmes WHERE slug = 'start-app'",
    "jas_programme": "SELECT public_id FROM programmes_programmes WHERE slug = 'jas-qadam'",
    "event": "SELECT public_id FROM seminars_events ORDER BY id DESC",
    "session": "SELECT public_id FROM seminars_sessions ORDER BY id DESC",
    "snapshot": "SELECT sha256 FROM scoring_ranking_snapshots ORDER BY id DESC",
    "certificate": "SELECT public_id FROM certificates_certificates ORDER BY id",
    "message": "SELECT m.public_id FROM messages_messages m JOIN programmes_programmes p ON p.id = m.programme_id "
    "WHERE p.slug = 'start-app' ORDER BY m.id",
    "code": "SELECT code FROM certificates_certificates ORDER BY id",
}
NAMED = {
    "application": "SELECT public_id FROM competitions_applications WHERE code = :name",
    "own": "SELECT a.public_id FROM competitions_applications a JOIN people_persons p ON p.id = a.applicant_id "
    "WHERE p.email = :name || '@demo.example'",
    "seat": "SELECT j.public_id FROM scoring_jurors j JOIN people_persons p ON p.id = j.person_id "
    "WHERE p.email = :name || '@demo.example' ORDER BY j.id DESC",
    "sheet": "SELECT v.public_id FROM scoring_reviews v JOIN scoring_assignments a ON a.id = v.assignment_id "
    "JOIN scoring_jurors j ON j.id = a.juror_id JOIN people_persons p ON p.id = j.person_id "
    "WHERE p.email || ' ' || v.state = replace(:name, ' ', '@demo.example ') ORDER BY v.id",
    "event": "SELECT public_id FROM seminars_events WHERE id = CAST(:name AS INTEGER)",
    "session": "SELECT public_id FROM seminars_sessions WHERE event_id = CAST(:name AS INTEGER)",
    "milestone": "SELECT d.at FROM competitions_calendar_dates d JOIN competitions_competitions c ON c.id = d.competition_id "
    "WHERE c.slug || ' ' || d.milestone = :name",
    "taken": "SELECT r.public_id FROM seminars_registrations r JOIN people_persons p ON p.id = r.person_id "
    "WHERE r.event_id || ' ' || p.email = :name || '@demo.example'",
    "member": "SELECT m.public_id FROM programmes_memberships m JOIN people_users u ON u.id = m.user_id "
    "WHERE u.email = :name || '@demo.example'",
    "person": "SELECT public_id FROM people_persons WHERE email = :name || '@demo.example'",
    "user": "SELECT public_id FROM people_users WHERE email = :name || '@demo.example'",
}


@dataclass(frozen=True)
class Act:
    """One request of one person; a file is a pair of its bytes and its name, several values are a list."""

    who: str | None
    path: str
    typed: Mapping[str, Any] | None = None
    at: str = "+0"
    """When: days from now, or from a milestone: `jas-qadam closes +1`."""
    token: str | None = None
    is_wrong: bool = False
    """Also as a preparation it may be refused."""


@dataclass(frozen=True)
class Wrong:
    """One wrong thing: after `before`, `act` is answered with `status` and says each of `says`."""

    what: str
    act: Act
    status: int
    says: tuple[str, ...]
    keeps: tuple[str, ...] | None = None
    """The fields that still hold what was typed; None for all."""
    before: tuple[Act, ...] = ()
    state: str = "loaded"
    change: str = ""
    """SQL that brings about what nobody can do by clicks."""


def in_both(rows: Sequence[Wrong]) -> list[Any]:
    """Every row in both languages with `--long`; else in one of them by turns."""
    return [
        pytest.param(row, language, id=f"{row.what} in {language}", marks=() if number % 2 == turn else pytest.mark.long)
        for number, row in enumerate(rows)
        for turn, language in enumerate(LANGUAGES)
    ]


class Page(HTMLParser):
    """What stands in the fields of a page, and what can be read on it."""

    def __init__(self, body: str) -> None:
        super().__init__()
        self.fields = MultiDict[str, str]()
        self.pieces: list[str] = []
        self._inside: list[str] = []
        self._textarea = self._select = ""
        self.feed(body)
        self.text = " ".join("".join(self.pieces).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name, value = given.get("name", ""), given.get("value", "")
        if tag in {"script", "style", "head", "template"}:
            self._inside.append(tag)
        elif tag == "input" and (given.get("type") not in {"checkbox", "radio"} or "checked" in given):
            self.fields.add(name, value)
        elif tag == "textarea":
            self._textarea = name
            self.fields.add(name, "")
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in given:
            self.fields.add(self._select, value)

    def handle_endtag(self, tag: str) -> None:
        if self._inside and tag == self._inside[-1]:
            self._inside.pop()
        self._textarea = "" if tag == "textarea" else self._textarea
        self.pieces.append(" " if tag in {"p", "li", "h1", "h2", "td", "th", "div", "label", "dd", "dt", "option"} else "")

    def handle_data(self, data: str) -> None:
        if self._textarea:
            before = self.fields.poplist(self._textarea)
            self.fields.setlist(self._textarea, [*before[:-1], before[-1] + data])
        if not self._inside:
            self.pieces.append(data)


class Stage:
    """The demo with one language spoken by everybody."""

    def __init__(self, demo: Demo, language: str) -> None:
        self.demo, self.language = demo, language
        self.start = clock.now()
        self.last = Page("")

    def answer(self, act: Act) -> TestResponse:
        """Who does it arrives anew, speaks the language, and sends it from one of our pages."""
        with time_machine.travel(self.moment(act), tick=False):
            self.client = self.demo.enter(act.who)
            self.client.post("/language", data={"language": self.language})
            answer = self.send(self.client, act)
        self.last = Page(answer.text)
        return answer

    def moment(self, act: Act) -> datetime:
        """When somebody acts."""
        *milestone, days = act.at.split()
        base = self.start
        if milestone:
            found = datetime.fromisoformat(self._place("milestone", " ".join(milestone)))
            base = found.replace(tzinfo=UTC)
        return base + timedelta(days=float(days))

    def send(self, client: Client, act: Act) -> TestResponse:
        """One request; addresses and values name what they mean in braces."""
        path = self.fill(act.path)
        if act.typed is None:
            return client.get(path, headers=FROM_HERE)
        headers = FROM_HERE | ({"X-CSRFToken": act.token} if act.token else {})
        answer = client.post(path, data=self._data(act.typed), headers=headers)
        answer.request.environ["wsgi.input"].close()  # a large body is a file on the disk
        return answer

    def _data(self, typed: Mapping[str, Any]) -> dict[str, Any]:
        return {name: self._value(value) for name, value in typed.items()}

    def _value(self, value: Any) -> Any:
        if isinstance(value, tuple):
            return BytesIO(value[0]), value[1]
        return [self.fill(one) for one in value] if isinstance(value, list) else self.fill(value)

    def change(self, statement: str) -> None:
        """Change the database from outside."""
        with self.demo.app.app_context(), writing():
            db.session.execute(text(statement))

    def fill(self, words: str) -> str:
        """`{start}` and `{application:SA26-001}` by what stands in the database now, `{day:+3}` by Almaty's clock."""
        return re.sub(r"\{(\w+)(?::([^{}]+))?\}", lambda found: self._place(found[1], found[2]), words)

    def _place(self, kind: str, name: str | None) -> str:
        if kind in {"day", "time"} and name:
            moment = (self.start + timedelta(days=float(name))).astimezone(ALMATY)
            return moment.strftime("%Y-%m-%d" if kind == "day" else "%Y-%m-%dT%H:%M")
        if kind == "field" and name:
            return self.last.fields[name]
        if kind == "link" and name:
            return self._link(name)
        with self.demo.app.app_context():
            found = db.session.scalar(text(NAMED[kind] if name else PLACES[kind]), {"name": name} if name else {})
            db.session.remove()
        return str(found)

    def _link(self, address: str) -> str:
        """The path of the first link in the newest letter to an address."""
        with self.demo.app.app_context():
            newest = select(Message.text).where(Message.address == address).order_by(Message.id.desc())
            body = str(db.session.scalars(newest).first())
            db.session.remove()
        found = re.search(r"https?://[^/\s]+(/\S+)", body)
        assert found, body
        return found[1]


def shown(stage: Stage, answer: TestResponse, act: Act) -> Page:
    """The page she reads: where she is sent on to, that one."""
    if answer.status_code == SEE_OTHER:
        with time_machine.travel(stage.moment(act), tick=False):
            return Page(stage.client.get(answer.location).text)
    return Page(str(answer.get_json()["message"]) if answer.is_json else answer.text)


def pattern(sentence: str) -> str:
    """A sentence of the catalogue with anything in its places."""
    plain = re.sub(r"%%", "%", sentence)
    return re.sub(r"%\\\((\w+)\\\)[sd]|%\((\w+)\)[sd]", ".+?", re.escape(" ".join(plain.split())).replace(r"\ ", " "))


def faults(wrong: Wrong, stage: Stage) -> list[str]:
    """What is not as the row says."""
    if wrong.change:
        stage.change(wrong.change)
    for act in wrong.before:
        done = stage.answer(act)
        if done.status_code >= 400 and not act.is_wrong:
            return [f"before: {act.path} {done.status_code} {Page(done.text).text[:500]}"]
    answer = stage.answer(wrong.act)
    page = shown(stage, answer, wrong.act)
    found = [f"status {answer.status_code}"] if answer.status_code != wrong.status else []
    catalogue = words(stage.language)
    for sentence in wrong.says:
        said = catalogue[sentence]
        if said == sentence or not re.search(pattern(said), page.text):
            found.append(f"does not say {said!r}")
        if re.search(pattern(sentence), page.text):
            found.append(f"says in English {sentence!r}")
    found += _lost(wrong, stage, page)
    return [*found, f"reads {page.text[:2000]!r}"] if found else []


def _carried(page: Page) -> list[str]:
    """The words that wait in a page until somebody has signed in: anybody can read them, only the site can sign them."""
    packs = [URLSafeSerializer("any key").loads_unsafe(one)[1] for one in page.fields.getlist("kept")]
    return [" ".join(value.split()) for pack in packs for _name, value, *_rest in (pack or {}).get("fields", ())]


def _lost(wrong: Wrong, stage: Stage, page: Page) -> list[str]:
    typed = wrong.act.typed or {}
    names = [name for name in typed if name not in SECRET | UNTYPED] if wrong.keeps is None else wrong.keeps
    lost = []
    for name in names:
        values = typed[name] if isinstance(typed[name], list) else [typed[name]]
        for value in values:
            wanted = " ".join(stage.fill(value).split())
            held = [" ".join(one.split()) for one in page.fields.getlist(name)]
            if any(wanted in one for one in _carried(page)):
                continue
            if wanted not in held and not (len(wanted) > 3 and wanted in page.text):
                lost.append(f"lost {name}={wanted!r}, holds {held}")
    return lost
