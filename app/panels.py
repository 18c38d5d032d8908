"""What other modules put on a page: panels in a named slot, and todos on the first pages."""

from typing import Any

from flask import current_app
from markupsafe import Markup

from app.access.actor import Actor
from app.modules import Todo
from app.request import actor


def panels(slot: str, obj: Any = None) -> list[Markup]:
    """The panels of one place for the present actor, in order; a module that has nothing to show gives an empty one."""
    found = (panel.render(obj, actor()) for panel in current_app.extensions["baiqau"].panels(slot))
    return [Markup(one) for one in found if one]  # noqa: S704 - modules render them from autoescaped templates


def todos(who: Actor) -> list[Todo]:
    """What needs the person now: what is due first comes first, then what has no date."""
    found = [todo for source in current_app.extensions["baiqau"].todos for todo in source(who)]
    return sorted(found, key=lambda todo: (todo.due is None, str(todo.due)))
