"""The pages of the demo: who finds which by following links from her first page, and what they speak of."""

import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import httpx
from flask import Flask

from tests.crawling import Few, crawl, endpoint_of
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
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
META = re.compile(r'name="csrf-token"[^>]*content="([^"]+)"')
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
    app, few = routes(), Few(routes(), OBJECTS_PER_ENDPOINT)

    def wants(path: str) -> bool:
        is_hers = email is None or path.startswith(WORKPLACES) or path.endswith("/apply")
        return is_hers and endpoint_of(app, path) is not None and few(path)

    came = crawl(client, "/" if email is None else "/account/", *also, wants=wants)
    return [Found(one.address, *place) for one in came if one.is_page and (place := endpoint_of(app, one.address))]


def one_of_each(pages: list[Found]) -> list[Found]:
    """The first page of every endpoint."""
    return list({one.endpoint: one for one in reversed(pages)}.values())[::-1]
