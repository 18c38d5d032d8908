"""A reader who follows every link she can reach, and keeps all that came: bodies, headers, addresses."""

import re
from itertools import islice

from tests.client import Client
from tests.crawling import EVERY_ADDRESS, crawl

TOKEN = re.compile(r'(name="csrf_token" value|name="csrf-token" content)="[^"]*"')
LIMIT = 300


def read_all(client: Client, start: str) -> dict[str, str]:
    """Everything behind the links from `start`, by address: status, headers and body as one text."""
    return {
        one.address: f"{one.answer.status}\n{one.answer.headers}\n{one.answer.data.decode('utf-8', 'replace')}"
        for one in islice(crawl(client, start, links=EVERY_ADDRESS), LIMIT)
    }


def bodies(pages: dict[str, str]) -> dict[str, str]:
    """The same without what differs in each answer: tokens and request headers."""
    return {address: TOKEN.sub("", text.split("\r\n\r\n", 1)[-1]) for address, text in pages.items()}
