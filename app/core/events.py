"""Events by which a lower package stirs a higher one, in the same transaction and without I/O."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import current_app


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all events: a frozen dataclass named in the past tense, such as `ApplicationSubmitted`."""


E = TypeVar("E", bound=Event)
Reaction = Callable[[Any], None]


class Reactions:
    """Who answers which event; filled once, when the modules are loaded."""

    def __init__(self) -> None:
        self._by_event: defaultdict[type[Event], list[Reaction]] = defaultdict(list)

    def add(self, event: type[E], reaction: Callable[[E], None]) -> None:
        """Let `reaction` answer every `event`."""
        self._by_event[event].append(reaction)

    def of(self, event: type[Event]) -> tuple[Reaction, ...]:
        """The reactions to one kind of event, in module order."""
        return tuple(self._by_event[event])


def emit(event: Event) -> None:
    """Call every reaction to `event` now; what one raises stops the verb."""
    reactions: Reactions = current_app.extensions["baiqau"].reactions
    for reaction in reactions.of(type(event)):
        reaction(event)
