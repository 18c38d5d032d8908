"""What every route declares: who may call it, how much it takes, and whether the password is asked once more."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from flask_babel import LazyString

V = TypeVar("V", bound=Callable[..., Any])


KILOBYTE = 1024
MEGABYTE = 1024 * KILOBYTE
# How many bytes of a body a route reads. A route that takes more than a form of some fields declares it.
BODY_LIMIT = 256 * KILOBYTE
# A million Kazakh letters that somebody pasted into one field get an answer that keeps them.
WRITING_LIMIT = 8 * MEGABYTE
UPLOAD_LIMIT = 60 * MEGABYTE
# What a body may be: forms, as our pages send them, with script and without.
FORM_TYPES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})


class Open(StrEnum):
    """Policies that need no object."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"


def public(view: V) -> V:
    """Everybody may call this route."""
    return _declare(view, Open.PUBLIC)


def signed_in(view: V) -> V:
    """Any signed-in person may call this route; the handler shows only what is hers."""
    return _declare(view, Open.SIGNED_IN)


def requires(permission: StrEnum) -> Callable[[V], V]:
    """The handler asks the door for `permission` by `fetch`, `admit`, `visible_to` or `allow`."""
    return lambda view: _declare(view, permission)


def takes(limit: int) -> Callable[[V], V]:
    """The route reads bodies of up to `limit` bytes: long texts, or files."""

    def declare(view: V) -> V:
        view.__body_limit__ = limit  # type: ignore[attr-defined]
        return view

    return declare


def dangerous(title: LazyString, *acts: str) -> Callable[[V], V]:
    """The route does what must not happen to a screen that was left open: it asks for the password unless it was just typed.

    `title` says on that page what waits; `acts` are those of the modules' tables of dangerous acts that it does. A route
    that is only read asks too; one that shows its form first asks when the form is sent.
    """

    def declare(view: V) -> V:
        view.__dangerous__ = (title, frozenset(acts))  # type: ignore[attr-defined]
        return view

    return declare


def danger_of(view: Callable[..., Any] | None) -> tuple[LazyString, frozenset[str]] | None:
    """What waits for the password, and the dangerous acts behind it; None for a route that asks nothing."""
    found: tuple[LazyString, frozenset[str]] | None = getattr(view, "__dangerous__", None)
    return found


def body_limit_of(view: Callable[..., Any] | None) -> int:
    """How many bytes of a body the route reads; little unless it declares more."""
    return int(getattr(view, "__body_limit__", BODY_LIMIT))


def _declare(view: V, policy: StrEnum) -> V:
    view.__policy__ = policy  # type: ignore[attr-defined]
    return view


def policy_of(view: Callable[..., Any]) -> StrEnum | None:
    """The declared policy, or None: a build fault, answered as 404 and red in the architecture tests."""
    return getattr(view, "__policy__", None)
