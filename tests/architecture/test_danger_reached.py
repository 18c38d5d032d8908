"""What a route may reach is what it declares: the calls below each handler, followed through the code."""

import ast
import inspect
from collections.abc import Callable, Iterator
from functools import cache
from textwrap import dedent
from types import FunctionType, ModuleType
from typing import Any

from flask import Flask

from app.access.routes import danger_of
from app.core import audit, transitions
from app.core.db import Model
from app.core.events import Event
from app.modules import Registry

PACKAGES = ("app.", "competitions.", "scoring.", "awards.", "seminars.", "grants.", "reports.")

# Two arrows lead to the state that these verbs move to, and the other one is shut to them.
OTHER_ARROWS = {
    "app.people.services.accounts.set_password": "User.unblock",  # it moves the unconfirmed alone
    "competitions.services.competition.announce": "Competition.reconsider",  # a call that has closed is not announced
}


@cache
def tree_of(function: FunctionType) -> ast.AST:
    return ast.parse(dedent(inspect.getsource(function)))


def found_in(function: FunctionType, node: ast.AST) -> Any:
    """What a name or a chain of attributes means where the function stands; None for what only a call would tell."""
    if isinstance(node, ast.Name):
        return function.__globals__.get(node.id)
    if isinstance(node, ast.Attribute):
        whole = found_in(function, node.value)
        return getattr(whole, node.attr, None) if isinstance(whole, (ModuleType, type)) else None
    return None


def named_in(function: FunctionType) -> Iterator[Any]:
    """Every function and event of ours that is called, or given away to be called."""
    for node in ast.walk(tree_of(function)):
        found = found_in(function, node) if isinstance(node, (ast.Name, ast.Attribute)) else None
        if isinstance(found, (FunctionType, type)) and f"{found.__module__}.".startswith(PACKAGES):
            yield found


def models() -> list[Any]:
    return [one.class_ for one in Model.registry.mappers]


def acts_in(function: FunctionType) -> Iterator[str]:
    """The acts one function itself does: the entries it records, and those of the states it moves to."""
    for node in ast.walk(tree_of(function)):
        if not isinstance(node, ast.Call):
            continue
        called = found_in(function, node.func)
        if called is audit.record:
            verb = node.args[0]
            verbs = {one.value for one in ast.walk(verb) if isinstance(one, ast.Constant) and isinstance(one.value, str)}
            near: list[Any] = [one for one in models() if function.__globals__.get(one.__name__) is one]
            yield from (f"{one.__name__}.{word}" for one in near for word in verbs)
        elif called is transitions.move:
            target = found_in(function, node.args[1])
            named = {one.value.value for one in node.keywords if one.arg == "verb" and isinstance(one.value, ast.Constant)}
            arrows = [(one, arrow) for one in models() if hasattr(one, "machine") for arrow in one.machine.arrows]
            led = [(one, arrow) for one, arrow in arrows if target is None or arrow.target is target]
            yield from (f"{one.__name__}.{arrow.verb}" for one, arrow in led if not named or arrow.verb in named)


def reached(start: Callable[..., Any], registry: Registry) -> set[str]:
    """Every act at the end of some way through the code that begins at `start`."""
    waiting: list[Any] = [start, getattr(start, "__before_writing__", None)]
    seen: set[int] = set()
    acts: set[str] = set()
    while waiting:
        found = waiting.pop()
        if isinstance(found, type) and issubclass(found, Event):
            waiting += registry.reactions.of(found)
            continue
        function = inspect.unwrap(found) if callable(found) else None
        if not isinstance(function, FunctionType) or id(function) in seen:
            continue
        seen.add(id(function))
        acts.update(set(acts_in(function)) - {OTHER_ARROWS.get(f"{function.__module__}.{function.__name__}")})
        waiting += named_in(function)
    return acts


def test_no_route_reaches_what_is_dangerous_without_declaring_it(app: Flask) -> None:
    registry = app.extensions["baiqau"]
    quiet = {}
    for endpoint, view in app.view_functions.items():
        danger = danger_of(view)
        undeclared = reached(view, registry) & registry.dangerous - (danger[1] if danger else frozenset())
        if undeclared:
            quiet[endpoint] = undeclared

    assert quiet == {}


def test_every_declared_danger_is_reached(app: Flask) -> None:
    """So the ways through the code are really followed: not one dangerous act stays unseen."""
    registry = app.extensions["baiqau"]
    unseen = {}
    for endpoint, view in app.view_functions.items():
        danger = danger_of(view)
        if danger is not None and danger[1] - reached(view, registry):
            unseen[endpoint] = danger[1] - reached(view, registry)

    assert unseen == {}


def test_every_dangerous_route_names_the_fields_of_its_form(app: Flask) -> None:
    """So the page after the password tells in words all that it sends."""
    bare = {}
    for endpoint, view in app.view_functions.items():
        if danger_of(view) is None or hasattr(view, "__field_labels__"):
            continue
        function = inspect.unwrap(view)
        assert isinstance(function, FunctionType)
        called = [(one.id, found_in(function, one)) for one in ast.walk(tree_of(function)) if isinstance(one, ast.Name)]
        forms = [name for name, one in called if name.lower().endswith("form") and isinstance(one, (FunctionType, type))]
        if forms:
            bare[endpoint] = forms

    assert bare == {}
