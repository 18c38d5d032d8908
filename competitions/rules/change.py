"""One change of one input, as a client sends it, and what became of it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

# What is kept of the history of one answer: as many of its latest texts as fit.
TEXTS_KEPT = 1000
BYTES_KEPT = 2 * 1024 * 1024
# What is too old goes with every so manieth version: to measure a whole history at each save would be slow.
FORGOTTEN_EVERY = 25


def fitting_count(sizes: Sequence[int]) -> int:
    """How many of the texts with these sizes, the latest first, are kept; the latest always is."""
    total = 0
    for number, size in enumerate(sizes[:TEXTS_KEPT]):
        total += size
        if total > BYTES_KEPT:
            return max(number, 1)
    return min(len(sizes), TEXTS_KEPT)


class Outcome(StrEnum):
    """What became of a change."""

    SAVED = "saved"
    UNTOUCHED = "untouched"
    LATE = "late"
    CONFLICT = "conflict"


class Standing(StrEnum):
    """What a text of the history is now."""

    PRESENT = "present"
    EARLIER = "earlier"
    NOT_CHOSEN = "not_chosen"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Change:
    """What a client sends: the input's name, what was typed, its own id, and the version it saw (None: whatever there is)."""

    field: str
    typed: Any
    change_id: str
    base_version: int | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of it: the version after it, and the value that the server holds of this input now."""

    outcome: Outcome
    question_key: str
    version: int
    value: Any


def standing_of(version: int | None, *, present: int | None, is_late: bool) -> Standing:
    """What a text of the history is, beside the version that stands there now."""
    if is_late:
        return Standing.LATE
    if version is None:
        return Standing.NOT_CHOSEN
    return Standing.PRESENT if version == present else Standing.EARLIER


def judge(*, base: Any, present: Any, wanted: Any) -> Outcome:
    """What becomes of `wanted`, typed over `base`, where `present` stands now: three texts of one input.

    Who left the input as she found it has no say in it; who changed what another has changed meanwhile must be asked.
    """
    if same(wanted, present) or same(base, present):
        return Outcome.SAVED
    return Outcome.UNTOUCHED if same(wanted, base) else Outcome.CONFLICT


def same(left: Any, right: Any) -> bool:
    """Whether two answers are one; nothing answered is the same however it is stored."""
    return (None if left == "" else left) == (None if right == "" else right)
