"""What a query asks of applications, and whether one application answers it. Pure: the database gives the same answer.

A query is a tree: all of, any of, none of, and at the leaves a word, a value, a range or a mark.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final, Literal, TypeAlias

from competitions.rules.stems import beginnings, stems, words


class Field(StrEnum):
    """What an application may be asked for by name."""

    STATUS = "status"
    LANGUAGE = "language"
    REGION = "region"
    AGE = "age"
    SUM = "sum"
    SUBMITTED = "submitted"
    NAME = "name"
    CODE = "code"


# What a query looks into; each may be closed to somebody.
Scope: TypeAlias = Literal["list", "project", "person"]
LIST: Final = "list"
PROJECT: Final = "project"
PERSON: Final = "person"


# Of a draft only its state is known; a word may also be her name.
SCOPES: Mapping[Field, frozenset[Scope]] = {
    Field.STATUS: frozenset({LIST}),
    Field.SUBMITTED: frozenset({LIST}),
    Field.LANGUAGE: frozenset({PROJECT}),
    Field.SUM: frozenset({PROJECT}),
    Field.CODE: frozenset({PROJECT}),
    Field.REGION: frozenset({PERSON}),
    Field.AGE: frozenset({PERSON}),
    Field.NAME: frozenset({PERSON}),
}
OF_WORDS: frozenset[Scope] = frozenset({PROJECT, PERSON})


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the project or of the applicant's name; `field` narrows it to one of both."""

    stems: frozenset[str]
    beginnings: frozenset[str]
    field: Field | None = None


@dataclass(frozen=True, slots=True)
class OneOf:
    """A value among these."""

    field: Field
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Between:
    """A number or a day from one to another, both included."""

    field: Field
    low: int | date | None
    high: int | date | None


@dataclass(frozen=True, slots=True)
class Flag:
    """A mark that some part of the platform puts on applications."""

    name: str


@dataclass(frozen=True, slots=True)
class Not:
    """None of it."""

    inner: "Node"


@dataclass(frozen=True, slots=True)
class All:
    """Each of them; of nothing, everything."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Some:
    """At least one of them."""

    parts: "tuple[Node, ...]"


Node: TypeAlias = Word | OneOf | Between | Flag | Not | All | Some
EVERYTHING = All(())


@dataclass(frozen=True, slots=True)
class Asked:
    """One application as a query sees it."""

    status: str
    language: str
    region: str | None = None
    age: int | None = None
    sum: int | None = None
    submitted: date | None = None
    project: frozenset[str] = frozenset()
    name: frozenset[str] = frozenset()
    flags: frozenset[str] = field(default_factory=frozenset)


def words_asked(text: str, of: Field | None = None) -> Node:
    """All words of a text, wherever they stand."""
    found: tuple[Node, ...] = tuple(Word(stems(one), beginnings(one), of) for one in words(text))
    return found[0] if len(found) == 1 else All(found)


def answers(node: Node, one: Asked) -> bool:
    """Whether an application is what the query asks for; what is not known of it is not so."""
    match node:
        case All(parts):
            return all(answers(part, one) for part in parts)
        case Some(parts):
            return any(answers(part, one) for part in parts)
        case Not(inner):
            return not answers(inner, one)
        case Word():
            return any(_is_meant(node, stem) for stem in _stems_of(node, one))
        case OneOf(by, values):
            return getattr(one, by.value) in values
        case Between(by, low, high):
            value = getattr(one, by.value)
            return value is not None and (low is None or low <= value) and (high is None or value <= high)
        case Flag(name):
            return name in one.flags


def _is_meant(word: Word, stem: str) -> bool:
    return stem in word.stems or any(stem.startswith(one) for one in word.beginnings)


def _stems_of(word: Word, one: Asked) -> frozenset[str]:
    if word.field is Field.NAME:
        return one.name
    return one.project if word.field is Field.CODE else one.project | one.name


def leaves(node: Node) -> Iterator[Word | OneOf | Between | Flag]:
    """What stands at the ends of the tree."""
    match node:
        case All(parts) | Some(parts):
            for part in parts:
                yield from leaves(part)
        case Not(inner):
            yield from leaves(inner)
        case _:
            yield node


def scopes(nodes: Iterable[Node]) -> frozenset[Scope]:
    """What must be open to who asks: else a query that finds nothing would tell what she may not see."""
    found: set[Scope] = {LIST}
    for leaf in (leaf for node in nodes for leaf in leaves(node)):
        by = None if isinstance(leaf, Flag) else leaf.field
        found |= SCOPES[by] if by is not None else OF_WORDS
    return frozenset(found)
