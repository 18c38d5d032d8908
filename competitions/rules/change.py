"""One change of one input, as a client sends it, and what became of it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

# What is kept of the history of one answer: as many of its latest texts as fit.
TEXTS_KEPT = 200
BYTES_KEPT = 2 * 1024 * 1024


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
    LATE = "late"
    CONFLICT = "conflict"


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
