"""Who is funded: the walk down a decided order until the winners or the money run out; no scores are judged here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction


class Rule(StrEnum):
    """What happens at the first application that does not fit into what is left of the budget."""

    PREFIX = "prefix"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Line:
    """The line under the winners: a number of them, or a budget with the amount of each application."""

    winners: int | None = None
    budget: Fraction | int | None = None
    amounts: Mapping[str, Fraction | int] = field(default_factory=dict)
    rule: Rule = Rule.PREFIX

    def __post_init__(self) -> None:
        if (self.winners is None) == (self.budget is None):
            message = "A line is either a number of winners or a budget."
            raise ValueError(message)

    def costs(self, group: Sequence[str]) -> list[Fraction | int]:
        """Return what each of the group takes from the line: a place, or its amount."""
        return [1 if self.budget is None else self.amounts[application] for application in group]


@dataclass(frozen=True, slots=True)
class Allocation:
    """The funded, and the groups that nothing separates although the line runs through them."""

    funded: frozenset[str]
    tied_at_line: tuple[tuple[str, ...], ...] = ()


def funded(order: Iterable[Sequence[str]], line: Line) -> Allocation:
    """Walk groups of equals, best first; a group of several that fits only in part is not funded at all.

    Under a budget an application that does not fit ends the walk (prefix) or is passed over (skip).
    """
    left: Fraction | int = line.budget if line.budget is not None else (line.winners or 0)
    chosen: set[str] = set()
    tied: list[tuple[str, ...]] = []
    for group in order:
        costs = line.costs(group)
        if sum(costs) <= left:
            left -= sum(costs)
            chosen.update(group)
            continue
        if len(group) > 1 and min(costs) <= left:
            tied.append(tuple(group))
        if line.budget is None or line.rule is Rule.PREFIX:
            break
    return Allocation(frozenset(chosen), tuple(tied))
