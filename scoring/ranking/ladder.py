"""The tie ladder: places by a score, then link by link, and which link separated two equals."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby, pairwise
from typing import TypeAlias

Value: TypeAlias = Fraction | int | float


@dataclass(frozen=True, slots=True)
class Rung:
    """One link of the ladder: its name and the value it gives each application, the higher the better."""

    name: str
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Place:
    """The rank of an application and the link that separated it from an equal neighbour."""

    application: str
    rank: int
    decided_by: str | None


def places(scores: Mapping[str, Value], ladder: Sequence[Rung] = ()) -> tuple[Place, ...]:
    """Order applications by score, the higher the better; what the ladder leaves equal shares a rank (1, 2, 2, 4)."""
    keys = {name: (score, *(rung.values[name] for rung in ladder)) for name, score in scores.items()}
    order = sorted(sorted(keys), key=lambda name: keys[name], reverse=True)
    separated = _separations([keys[name] for name in order])
    found: list[Place] = []
    for position, name in enumerate(order):
        is_tied = position > 0 and keys[name] == keys[order[position - 1]]
        rank = found[-1].rank if is_tied else position + 1
        # Of the two neighbours the deeper link counts: it is the one that fixed the place.
        depth = max(separated[position], separated[position + 1])
        found.append(Place(name, rank, ladder[depth - 1].name if depth else None))
    return tuple(found)


def _separations(keys: Sequence[tuple[Value, ...]]) -> list[int]:
    """Return, for each gap before, between and after, the link that opened it: 0 for the score itself or no gap."""
    gaps = [
        next((depth for depth, (one, other) in enumerate(zip(upper, lower, strict=True)) if one != other), 0)
        for upper, lower in pairwise(keys)
    ]
    return [0, *gaps, 0]


def groups(order: Sequence[Place], eligible: Container[str]) -> list[tuple[str, ...]]:
    """Return the eligible in groups of equals, best first: what an allocation walks down."""
    kept = (place for place in order if place.application in eligible)
    return [tuple(place.application for place in group) for _, group in groupby(kept, key=lambda place: place.rank)]
