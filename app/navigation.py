"""The workspace menu: entries of all modules that are for the present actor, and the page each person starts from."""

from dataclasses import dataclass

from flask import current_app, request, url_for

from app.access.actor import Actor
from app.request import actor

# Whoever has several roles starts where others wait for her.
STARTS = ("/manage", "/jury", "/admin", "/reports", "/my")
ACCOUNT = "/account/"
# The page of the day leads everywhere, so that nothing below its address is a part of it.
DAY = "/manage"


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """One entry as the layout shows it."""

    label: str
    href: str
    icon: str
    is_current: bool
    count: int | None = None


def navigation() -> list[NavigationItem]:
    """The entries for the present actor, in order; the deepest address that begins the present one is current."""
    links = _links(actor())
    matching = [href for _label, href, _icon in links if _is_within(request.path, href)]
    current = max(matching, key=len, default=None)
    return [NavigationItem(label, href, icon, is_current=href == current) for label, href, icon in links]


def first_page(who: Actor) -> str:
    """Where a person goes after signing in: the first entry of her weightiest role, else her account."""
    hrefs = [href for _label, href, _icon in _links(who)]
    return next((href for start in STARTS for href in hrefs if href.rstrip("/") == start), ACCOUNT)


def _links(who: Actor) -> list[tuple[str, str, str]]:
    entries = [entry for entry in current_app.extensions["baiqau"].menu if entry.is_for(who)]
    return [(str(entry.label), url_for(entry.endpoint), entry.icon) for entry in entries]


def _is_within(path: str, href: str) -> bool:
    stem = href.rstrip("/")
    return path in {stem, href} or (stem != DAY and path.startswith(stem + "/"))
