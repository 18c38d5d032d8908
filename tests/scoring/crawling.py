"""A reader who follows every link she can reach, and keeps all that came: bodies, headers, addresses."""

import re
from html import unescape

from tests.client import Client

LINK = re.compile(r'(?:href|src|action|data-autosave-url)="(/[^"#]*)"')
TOKEN = re.compile(r'(name="csrf_token" value|name="csrf-token" content)="[^"]*"')
LEFT_ALONE = ("/static/", "/sign-out", "/language")
LIMIT = 300


def crawl(client: Client, start: str) -> dict[str, str]:
    """Everything behind the links from `start`, by address: status, headers and body as one text."""
    waiting = [start]
    seen: dict[str, str] = {}
    while waiting and len(seen) < LIMIT:
        address = waiting.pop(0)
        if address in seen or address.startswith(LEFT_ALONE):
            continue
        response = client.get(address)
        body = response.data.decode("utf-8", "replace")
        seen[address] = f"{response.status}\n{response.headers}\n{body}"
        if response.mimetype == "text/html":
            waiting += [unescape(found) for found in LINK.findall(body)]
        if response.location:
            waiting.append(response.location)
    return seen


def bodies(pages: dict[str, str]) -> dict[str, str]:
    """The same without what differs in each answer: tokens and request headers."""
    return {address: TOKEN.sub("", text.split("\r\n\r\n", 1)[-1]) for address, text in pages.items()}
