"""`move`: the only place that writes `.state`, always along an arrow and always with an audit entry."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Protocol

from app.core import audit, clock
from app.core.refusals import CoreRefusal, Refusal, RefusedError
from app.core.states import Machine


class Stateful(audit.Audited, Protocol):
    """An object with a state and the machine that governs it."""

    machine: ClassVar[Machine]
    state: Any  # the enum of each noun: a mutable member of a protocol is invariant


def move(subject: Stateful, to: StrEnum, *, by: audit.By, at: datetime | None = None, **details: object) -> None:
    """Move `subject` to state `to` and record it.

    Raises RefusedError(STATE_CHANGED) where no arrow leads there: the usual cause is a second click or a stale page.
    """
    arrow = subject.machine.arrow(subject.state, to)
    if arrow is None:
        raise RefusedError(Refusal(CoreRefusal.STATE_CHANGED, {"state": subject.state}))
    source = subject.state
    subject.state = to
    audit.record(arrow.verb, subject, by=by, at=at or clock.now(), source=source, target=to, **details)
