"""What a state machine is: a table of arrows between the values of one enum. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Arrow:
    """One allowed move and the verb that makes it, as written to the audit."""

    source: StrEnum
    target: StrEnum
    verb: str


class Machine:
    """The states of one stateful noun and the arrows between them."""

    def __init__(self, noun: str, initial: StrEnum, arrows: Iterable[tuple[StrEnum, StrEnum, str]]) -> None:
        self.noun = noun
        self.initial = initial
        self.states = type(initial)
        self.arrows = tuple(Arrow(*arrow) for arrow in arrows)

    def arrow(self, source: StrEnum, target: StrEnum, verb: str | None = None) -> Arrow | None:
        """The arrow from `source` to `target`, that of `verb` if one is named; None where that move does not exist."""
        found = (one for one in self.arrows if (one.source, one.target) == (source, target) and verb in {None, one.verb})
        return next(found, None)
