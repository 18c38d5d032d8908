"""What every route declares: public, signed in, or the permission its handler asks of the door."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

V = TypeVar("V", bound=Callable[..., Any])


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


def _declare(view: V, policy: StrEnum) -> V:
    view.__policy__ = policy  # type: ignore[attr-defined]
    return view


def policy_of(view: Callable[..., Any]) -> StrEnum | None:
    """The declared policy, or None: a build fault, answered as 404 and red in the architecture tests."""
    return getattr(view, "__policy__", None)
