"""One change of one input, as a client sends it, and what became of it. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


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
