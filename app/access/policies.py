"""What a module says of acts on one class of objects: facts, a pure judgement, and the same as SQL."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from app.access.actor import Actor
from app.core.refusals import Refusal

if TYPE_CHECKING:  # pure policies import this module
    from sqlalchemy import ColumnElement


@dataclass(frozen=True, slots=True)
class Judgement:
    """A module's word on one act: whether it grants it, and what stands in the way. Any obstacle wins over any grant."""

    is_granted: bool = False
    obstacles: tuple[Refusal, ...] = ()


GRANTED = Judgement(is_granted=True)
SILENT = Judgement()


@dataclass(frozen=True, slots=True)
class SqlJudgement:
    """The same word as predicates over the rows of the class."""

    granted: "ColumnElement[bool]"
    blocked: "ColumnElement[bool]"


@dataclass(frozen=True)
class Policy:
    """One module's policy for one model.

    `facts(actor, ids)` answers for a page of ids with one query; an id that is absent has no facts and is not granted.
    `judge(permission, actor, facts)` is pure; `where(permission, actor)` says the same in SQL (a test compares them).
    """

    model: type[Any]
    permissions: frozenset[StrEnum]
    facts: Callable[[Actor, Sequence[int]], Mapping[int, Any]]
    judge: Callable[[StrEnum, Actor, Any], Judgement]
    where: Callable[[StrEnum, Actor], SqlJudgement]
