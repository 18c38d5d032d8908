"""Reasons why an act is not done: values that rules return, and the exception that stops a verb."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class CoreRefusal(StrEnum):
    """Refusals that any module may give."""

    STATE_CHANGED = "state_changed"
    NOT_ALLOWED = "not_allowed"
    LINK_USED = "link_used"
    TOO_MANY = "too_many"
    DOCUMENT_TOO_LONG = "document_too_long"


class UploadRefusal(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    WRONG_KIND = "wrong_kind"
    NOT_WHAT_IT_SAYS = "not_what_it_says"
    DAMAGED = "damaged"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_COMPLEX = "too_complex"
    UNKNOWN_PICTURE = "unknown_picture"
    ENCRYPTED = "encrypted"
    ACTIVE = "active"
    HIDDEN = "hidden"
    NO_SPACE = "no_space"
    BUSY = "busy"
    ONE_BY_ONE = "one_by_one"
    SPENT = "spent"
    NONE_CHOSEN = "none_chosen"
    NOT_ATTACHED = "not_attached"


@dataclass(frozen=True, slots=True)
class Tenge:
    """A sum of money in a refusal's parameters, shown as `1 000 000 ₸`."""

    amount: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason, with the values its sentence needs; `field` names the form field it belongs to, if any.

    The sentence is found by the module's `labels`: datetimes, dates, `Tenge` and enum values are formatted there.
    """

    code: StrEnum
    params: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    field: str | None = None


class RefusedError(Exception):
    """Stops a verb; carries every reason found, so that all are shown at once."""

    def __init__(self, refusals: Refusal | Iterable[Refusal]) -> None:
        self.refusals: tuple[Refusal, ...] = (refusals,) if isinstance(refusals, Refusal) else tuple(refusals)
        super().__init__(", ".join(str(refusal.code) for refusal in self.refusals))


def refuse_if(refusals: Iterable[Refusal]) -> None:
    """Raise `RefusedError` when there is any refusal."""
    found = tuple(refusals)
    if found:
        raise RefusedError(found)
