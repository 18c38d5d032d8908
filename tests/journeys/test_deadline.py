"""The last moment, through the real server: what arrives before it is in, what arrives at it or later is out and kept."""

import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from tests.journeys.house import House, open_house
from tests.journeys.walker import PASSWORD
from tests.loaded import Loaded

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600), pytest.mark.lasts(15)]
EMAIL = "jas1@demo.example"
TICK = timedelta(milliseconds=100)
TICKS = range(-20, 21)
CLOSES = (
    "SELECT d.at, a.public_id FROM competitions_calendar_dates d JOIN competitions_applications a "
    "ON a.competition_id = d.competition_id JOIN people_users u ON u.person_id = a.applicant_id "
    "WHERE d.milestone = 'closes' AND u.email = :email"
)
CHANGES = (
    "SELECT c.value, c.is_late, c.arrived_at, c.version FROM competitions_answer_changes c JOIN competitions_applications a "
    "ON a.id = c.application_id WHERE a.public_id = :id AND c.change_id LIKE :like ORDER BY c.id"
)
VERSIONS = (
    "SELECT v.content, v.submitted_at FROM competitions_application_versions v JOIN competitions_applications a "
    "ON a.id = v.application_id WHERE a.public_id = :id ORDER BY v.number"
)
PRESENT = (
    "SELECT n.value FROM competitions_answers n JOIN competitions_applications a ON a.id = n.application_id "
    "WHERE a.public_id = :id AND n.question_key = 'title'"
)


def instant(text: object) -> datetime:
    """An instant as the database writes it."""
    return datetime.fromisoformat(str(text)).replace(tzinfo=UTC)


class Applicant:
    """She, by HTTP, signed in three seconds before the last moment."""

    def __init__(self, house: House) -> None:
        self.house = house
        ((closes_at, self.id),) = house.rows(CLOSES, email=EMAIL)
        self.closes_at = instant(closes_at)
        house.travel(self.closes_at - timedelta(seconds=30))
        self.client = httpx.Client(base_url=house.address, timeout=30, headers={"Accept-Language": "ru"})
        self.client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD, "csrf_token": self.token("/sign-in")})
        self.csrf = self.token(f"/my/applications/{self.id}")

    def token(self, path: str) -> str:
        """The token of a page."""
        found = re.search('name="csrf-token" content="([^"]+)"', self.client.get(path).text)
        assert found, path
        return found[1]

    def write(self, text: str, *, change_id: str) -> dict[str, Any]:
        """Save one field as the page does."""
        data = {"field": "title", "value": text, "change_id": change_id}
        headers = {"X-CSRFToken": self.csrf, "Accept": "application/json"}
        answer = self.client.post(f"/my/applications/{self.id}/answers", data=data, headers=headers)
        assert answer.status_code == httpx.codes.OK, answer.text
        return dict(answer.json())

    def submit(self) -> httpx.Response:
        """Send the application."""
        data = {"processing": "y", "csrf_token": self.csrf}
        return self.client.post(f"/my/applications/{self.id}/submit", data=data)

    def changes(self, like: str) -> list[tuple[str, bool, datetime, object]]:
        """What is kept: text, whether late, arrival, version."""
        rows = self.house.rows(CHANGES, id=self.id, like=like)
        return [(json.loads(str(text)), bool(is_late), instant(at), version) for text, is_late, at, version in rows]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, loaded_demo: Loaded) -> Iterator[House]:
    folder: Path = tmp_path_factory.mktemp("deadline")
    with open_house(folder / "house", loaded_demo) as made:
        yield made
        assert made.faults() == []


@pytest.fixture
def her(house: House) -> Iterator[Applicant]:
    made = Applicant(house)
    with closing(made.client):
        yield made


def test_grid_of_100_milliseconds_refuses_nothing_early_and_accepts_nothing_late(her: Applicant):
    """At each of 41 instants she writes and sends; the clock stands still while she does."""
    before = len(her.house.rows(VERSIONS, id=her.id))
    told = {}
    for tick in TICKS:
        her.house.hold(her.closes_at + tick * TICK)
        told[tick] = her.write(f"Сәт {tick}", change_id=f"grid {tick}")["is_late"]
        her.submit()

    kept = her.changes("grid %")
    versions = her.house.rows(VERSIONS, id=her.id)[before:]
    early = [tick for tick in TICKS if tick < 0]
    assert told == {tick: tick >= 0 for tick in TICKS}
    assert [(text, is_late, at) for text, is_late, at, _version in kept] == [
        (f"Сәт {tick}", tick >= 0, her.closes_at + tick * TICK) for tick in TICKS
    ]
    assert [json.loads(str(content))["title"] for content, _at in versions] == [f"Сәт {tick}" for tick in early]
    assert [instant(at) for _content, at in versions] == [her.closes_at + tick * TICK for tick in early]
    assert [json.loads(str(value)) for (value,) in her.house.rows(PRESENT, id=her.id)] == ["Сәт -1"]
    assert "Сәт 20" in her.client.get(f"/my/applications/{her.id}/history/title").text


def test_running_clock_judges_each_arrival_by_itself(her: Applicant):
    """Four seconds around the last moment as they pass: what was answered before it is in, what was sent after it is out."""
    her.house.travel(her.closes_at - timedelta(seconds=2))
    heard: list[tuple[datetime, datetime, bool]] = []
    while her.house.now < her.closes_at + timedelta(seconds=2):
        sent_at = her.house.now
        answer = her.write(f"Жүріп тұр {len(heard)}", change_id=f"running {len(heard)}")
        heard.append((sent_at, her.house.now, answer["is_late"]))
        time.sleep(max(0.0, 0.1 - (her.house.now - sent_at).total_seconds()))

    kept = her.changes("running %")
    assert [text for text, *_rest in kept] == [f"Жүріп тұр {number}" for number in range(len(heard))]
    for (sent_at, answered_at, is_told_late), (_text, is_late, at, version) in zip(heard, kept, strict=True):
        assert is_told_late is is_late is (at >= her.closes_at)
        assert (version is None) is is_late
        assert is_late or sent_at < her.closes_at
        assert not is_late or answered_at >= her.closes_at
    assert {is_late for *_instants, is_late in heard} == {True, False}


def test_slow_body_counts_from_its_first_line(her: Applicant):
    """The head came in time, the text took longer than was left: it is in."""
    body = urlencode({"field": "title", "value": "Баяу желі", "change_id": "slow"}).encode()
    cookies = "; ".join(f"{name}={value}" for name, value in her.client.cookies.items())
    head = (
        f"POST /my/applications/{her.id}/answers HTTP/1.1\r\nHost: 127.0.0.1:{her.house.port}\r\nCookie: {cookies}\r\n"
        f"X-CSRFToken: {her.csrf}\r\nAccept: application/json\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    ).encode()
    her.house.hold(her.closes_at - TICK)
    with socket.create_connection(("127.0.0.1", her.house.port)) as line:
        line.sendall(head + body[:10])
        threading.Event().wait(1)
        her.house.hold(her.closes_at + timedelta(seconds=5))
        line.sendall(body[10:])
        answer = b"".join(iter(lambda: line.recv(65536), b""))

    assert b'"is_late":false' in answer.replace(b" ", b"")
    assert [(text, is_late, at) for text, is_late, at, _version in her.changes("slow")] == [
        ("Баяу желі", False, her.closes_at - TICK)
    ]
