"""What other modules put on a page: panels in a named slot, and todos on the first pages."""

from collections.abc import Sequence
from typing import Any

from flask import current_app
from markupsafe import Markup

from app.access.actor import Actor
from app.modules import Outcome, Todo
from app.request import actor


def panels(slot: str, obj: Any = None) -> list[Markup]:
    """The panels of one place for the present actor, in order; a module that has nothing to show gives an empty one."""
    found = (panel.render(obj, actor()) for panel in current_app.extensions["baiqau"].panels(slot))
    return [Markup(one) for one in found if one]  # noqa: S704 - modules render them from autoescaped templates


def outcomes(slot: str, found: Sequence[Any]) -> dict[int, Outcome]:
    """How each of these ended, by id; absent where no module has said it yet."""
    known: dict[int, Outcome] = {}
    for one in current_app.extensions["baiqau"].outcomes(slot):
        known.update(one.find(found))
    return known


def todos(who: Actor) -> list[Todo]:
    """What needs the person now: what is due first comes first, then what has no date."""
    found = [todo for source in current_app.extensions["baiqau"].todos for todo in source(who)]
    return sorted(found, key=lambda todo: (todo.due is None, str(todo.due)))
