"""`move`: the only place that writes `.state`, always along an arrow, always recorded; `astray` finds what others wrote."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Protocol

from sqlalchemy import String, cast, func, or_, select

from app.core import audit, clock
from app.core.db import Base, db
from app.core.refusals import CoreRefusal, Refusal, RefusedError
from app.core.states import Arrow, Machine


class Stateful(audit.Audited, Protocol):
    """An object with a state and the machine that governs it."""

    machine: ClassVar[Machine]
    state: Any  # the enum of each noun: a mutable member of a protocol is invariant


def move(
    subject: Stateful, to: StrEnum, *, by: audit.By, at: datetime | None = None, verb: str | None = None, **details: object
) -> None:
    """Move `subject` to state `to` and record it; refused where no arrow leads there.

    Where several acts lead to one state, `verb` names the one that is meant: another's arrow is not taken.
    """
    arrow = require_arrow(subject, to, verb=verb)
    source = subject.state
    subject.state = to
    audit.record(arrow.verb, subject, by=by, at=at or clock.now(), source=source, target=to, **details)


def require_arrow(subject: Stateful, to: StrEnum, *, verb: str | None = None) -> Arrow:
    """The arrow from where `subject` is to `to`, that of `verb` if one is named.

    Raises RefusedError(STATE_CHANGED) where none leads there: the usual cause is a second click or a stale page.
    """
    arrow = subject.machine.arrow(subject.state, to, verb)
    if arrow is None:
        raise RefusedError(Refusal(CoreRefusal.STATE_CHANGED, {"state": subject.state}))
    return arrow


def astray() -> Iterator[str]:
    """By noun and id: what is not where its last recorded move led, left the first state without any, or is gone."""
    nouns = {one.class_.__name__: one.class_ for one in Base.registry.mappers if hasattr(one.class_, "machine")}
    for _name, noun in sorted(nouns.items()):
        last = audit.newest(noun, audit.AuditEntry.details["target"].as_string().is_not(None))
        led = func.coalesce(last.c.details["target"].as_string(), noun.machine.initial.value)
        wrong = select(noun.public_id).outerjoin(last, last.c.subject == noun.public_id).where(led != cast(noun.state, String))
        found = db.session.scalars(wrong.order_by(noun.id).execution_options(yield_per=500))
        yield from (f"{noun.__name__} {public_id}" for public_id in found)
    yield from _vanished()


def _vanished() -> Iterator[str]:
    """By noun and id: what once moved, or whose hash was recorded, and has no row any more. No act deletes such."""
    entry = audit.AuditEntry
    counts = or_(*(entry.details[key].as_string().is_not(None) for key in ("target", "sha256")))
    nouns = {one.class_.__name__: one.class_ for one in Base.registry.mappers if hasattr(one.class_, "public_id")}
    for name, noun in sorted(nouns.items()):
        there = select(noun.public_id).where(noun.public_id == entry.subject).exists()
        lost = select(entry.subject).where(entry.noun == name, counts, ~there).distinct().order_by(entry.subject)
        yield from (f"{name} {public_id}" for public_id in db.session.scalars(lost.execution_options(yield_per=500)))
