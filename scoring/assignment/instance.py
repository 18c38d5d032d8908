"""What an assignment starts from, as facts with names; no solving here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Floor(StrEnum):
    """A fairness floor that is to be found: raise the worst application's summed affinity as far as it goes."""

    MAX = "max"


@dataclass(frozen=True, slots=True)
class Juror:
    """A juror, the languages she reads (None: all) and how many applications she may be given."""

    id: str
    languages: frozenset[str] | None = None
    min: int = 0
    max: int | None = None


@dataclass(frozen=True, slots=True)
class Application:
    """An application and the language of its file (None: any juror reads it)."""

    id: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Instance:
    """One question of who reads what; pairs are (juror, application), affinity absent is zero."""

    jurors: tuple[Juror, ...]
    applications: tuple[Application, ...]
    reviews_per_application: int
    affinity: Mapping[tuple[str, str], float] = field(default_factory=dict)
    conflicts: frozenset[tuple[str, str]] = frozenset()
    fixed: frozenset[tuple[str, str]] = frozenset()
    floor: float | Floor | None = None
    connect: bool = False
    seed: int = 1

    def bridges(self) -> tuple[str, ...]:
        """Return the jurors who read every language of the applications: without them the languages fall apart."""
        needed = {application.language for application in self.applications} - {None}
        return tuple(juror.id for juror in self.jurors if juror.languages is None or needed <= juror.languages)
