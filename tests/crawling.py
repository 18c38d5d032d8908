"""Readers who follow links: every page behind the links from a first one, each asked for once."""

import re
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

PATH = re.compile(r'href="(/[^"#?]*)')
LINK = re.compile(r'href="(/[^"#]*)"')
EVERY_ADDRESS = re.compile(r'(?:href|src|action|data-autosave-url)="(/[^"#]*)"')
LEFT_ALONE = ("/static/", "/favicon", "/sign-out", "/language")
OK = 200


@dataclass(frozen=True, slots=True)
class Came:
    """What came back from an address, and the page that offered it: empty for a first one."""

    offered_by: str
    address: str
    answer: Any

    @property
    def is_page(self) -> bool:
        return self.answer.status_code == OK and self.answer.headers.get("content-type", "").startswith("text/html")


def crawl(
    client: Any, *starts: str, wants: Callable[[str], bool] = lambda _address: True, links: re.Pattern[str] = PATH
) -> Iterator[Came]:
    """Everything behind the links from `starts` that is wanted, nearest first; `client` is Flask's or httpx's."""
    waiting, seen = deque(("", start) for start in starts), set[str]()
    while waiting:
        offered_by, address = waiting.popleft()
        if address in seen or address.startswith(LEFT_ALONE) or not wants(address):
            continue
        seen.add(address)
        came = Came(offered_by, address, client.get(address, follow_redirects=False))
        yield came
        waiting += [(address, unescape(found)) for found in (links.findall(came.answer.text) if came.is_page else ())]
        if place := came.answer.headers.get("location"):
            waiting.append((address, place))


def endpoint_of(app: Flask, address: str) -> tuple[str, bool] | None:
    """Which endpoint answers a GET there, and whether the address names an object; None if none does."""
    try:
        endpoint, values = app.url_map.bind("localhost").match(address.partition("?")[0])
    except (HTTPException, RequestRedirect):
        return None
    return endpoint, bool(values)


class Few:
    """Wants a few addresses of each endpoint: a third application is like the first."""

    def __init__(self, app: Flask, at_most: int) -> None:
        self.app, self.at_most, self.taken = app, at_most, Counter[str]()

    def __call__(self, address: str) -> bool:
        place = endpoint_of(self.app, address)
        if place is not None:
            self.taken[place[0]] += 1
        return place is None or self.taken[place[0]] <= self.at_most
