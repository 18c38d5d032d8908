"""The workspace menu: entries of all modules that are for the present actor."""

from dataclasses import dataclass

from flask import current_app, request, url_for

from app.request import actor


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
    who = actor()
    entries = [entry for entry in current_app.extensions["baiqau"].menu if entry.is_for(who)]
    links = [(entry, url_for(entry.endpoint)) for entry in entries]
    matching = [href for _entry, href in links if _is_within(request.path, href)]
    current = max(matching, key=len, default=None)
    return [NavigationItem(str(entry.label), href, entry.icon, is_current=href == current) for entry, href in links]


def _is_within(path: str, href: str) -> bool:
    return path == href or path.startswith(href.rstrip("/") + "/")
