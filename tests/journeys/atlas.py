"""The pages of the demo: who finds which by following links from her first page, and what they speak of."""

import re
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from tests.journeys.walker import PASSWORD

# One person for each way of seeing the site; the names are those of roles and of what her application lives through.
PEOPLE: dict[str, str | None] = {
    "visitor": None,
    "applicant": "graduate1@demo.example",
    "applicant-draft": "jas4@demo.example",
    "applicant-sent": "jas1@demo.example",
    "applicant-refused": "graduate8@demo.example",
    "winner": "winner1@demo.example",
    "juror": "juror2@demo.example",
    "chair": "chair@demo.example",
    "checker": "checker@demo.example",
    "secretary": "secretary@demo.example",
    "organiser": "organiser@demo.example",
    "organiser-jas": "organiser.jas@demo.example",
    "lawyer": "lawyer@demo.example",
    "press": "press@demo.example",
    "consultant": "consultant@demo.example",
    "institution": "institution@demo.example",
    "funder": "funder@demo.example",
    "admin": "admin@demo.example",
}
LINK = re.compile(r'href="(/[^"#?]*)')
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
META = re.compile(r'name="csrf-token"[^>]*content="([^"]+)"')
LEFT_ALONE = ("/static/", "/favicon")
WORKPLACES = ("/account/", "/my", "/jury", "/manage", "/admin", "/reports")
OBJECTS_PER_ENDPOINT = 2


@dataclass(frozen=True, slots=True)
class Found:
    """A page somebody reaches by links."""

    path: str
    endpoint: str
    is_about: bool

    @property
    def name(self) -> str:
        """Fit for a file."""
        return self.endpoint.replace(".", "-")


@cache
def routes() -> Flask:
    """The application, for its map of addresses only."""
    from app.config import Settings  # noqa: PLC0415 - the application is imported when first needed
    from app.factory import create_app  # noqa: PLC0415

    key: Any = "k" * 40
    return create_app(Settings(data=Path(tempfile.gettempdir()), secret_key=key, vault_key=key, audit_key=key))


def endpoint_of(path: str) -> tuple[str, bool] | None:
    """Which endpoint answers there, and whether the address names an object; None if none does."""
    try:
        endpoint, values = routes().url_map.bind("localhost").match(path)
    except (HTTPException, RequestRedirect):
        return None
    return endpoint, bool(values)


def enter(address: str, email: str | None, language: str) -> httpx.Client:
    """A client of somebody who is signed in and has chosen this language, or a visitor's."""
    client = httpx.Client(base_url=address, follow_redirects=True, timeout=60)
    if email is not None:
        token = TOKEN.search(client.get("/sign-in").text)
        assert token
        form = {"csrf_token": unescape(token.group(1)), "email": email, "password": PASSWORD}
        answer = client.post("/sign-in", data=form, headers={"Referer": f"{address}/sign-in"})
        assert answer.url.path != "/sign-in", f"{email} cannot sign in: {answer.status_code}"
        token = TOKEN.search(answer.text) or META.search(answer.text)
        assert token
        chosen = {"csrf_token": unescape(token.group(1)), "language": language}
        client.post("/language", data=chosen, headers={"Referer": str(answer.url)})
    return client


def pages_of(client: httpx.Client, email: str | None, also: Iterable[str] = ()) -> list[Found]:
    """Every page behind the links from the first page; public ones are the visitor's.

    Two objects of an endpoint at most: a third application, call or event is not opened. `also` are addresses no link names.
    """
    waiting, known, taken = ["/" if email is None else "/account/", *also], set[str](), Counter[str]()
    found = []
    while waiting:
        path = waiting.pop(0)
        place = endpoint_of(path)
        if path in known or place is None or taken[place[0]] >= OBJECTS_PER_ENDPOINT or path.startswith(LEFT_ALONE):
            continue
        if email is not None and not (path.startswith(WORKPLACES) or path.endswith("/apply")):
            continue
        known.add(path)
        answer = client.get(path)
        if answer.url.path != path:
            waiting.append(answer.url.path)
            continue
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        taken[place[0]] += 1
        found.append(Found(path, *place))
        waiting += [urlsplit(unescape(link)).path for link in LINK.findall(answer.text)]
    return found


def one_of_each(pages: list[Found]) -> list[Found]:
    """The first page of every endpoint."""
    return list({one.endpoint: one for one in reversed(pages)}.values())[::-1]
