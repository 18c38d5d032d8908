"""One decision on many applications: all of them or none."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from app.core.audit import By
from app.core.db import use_case
from app.core.refusals import Refusal, RefusedError
from competitions.models import Application
from competitions.queries.application import lock_competition
from competitions.queries.bulk import Plan, chosen_ones, plan_of, tick_of
from competitions.rules.checking import CheckRefusal, Reason
from competitions.services.check import admit, return_application, undo_check


@use_case
def admit_many(plan: Plan, *, chosen: Iterable[str], by: By, at: datetime) -> int:
    """Let all the chosen ones take part; how many they are."""
    return len([admit(one, by=by, at=at) for one in _still_doable(plan, chosen, at)])


@use_case
def return_many(
    plan: Plan,
    *,
    chosen: Iterable[str],
    reasons: Mapping[str, Sequence[Reason]],
    due_at: datetime | None,
    by: By,
    at: datetime,
) -> int:
    """Ask all the chosen ones for the same corrections, `reasons` by the language of the letters; how many they are."""
    ones = _still_doable(plan, chosen, at)
    for one in ones:
        return_application(one, reasons=reasons[one.applicant.language], due_at=due_at, by=by, at=at)
    return len(ones)


@use_case
def undo_many(plan: Plan, *, chosen: Iterable[str], by: By, at: datetime) -> int:
    """Take back the last decision on all the chosen ones; how many they are."""
    ones = _still_doable(plan, chosen, at)
    for one in ones:
        undo_check(one, by=by, at=at)
    return len(ones)


def _still_doable(plan: Plan, chosen: Iterable[str], at: datetime) -> tuple[Application, ...]:
    """The plan made again under the locks: if one of the chosen is not in it, or was sent again since, nothing is done.

    First the competition is locked, then all that were chosen, and only then is anything written: whoever decides on one of
    them holds nothing else meanwhile that this waits for.
    """
    lock_competition(plan.competition)
    ticked = frozenset(chosen)
    ones = chosen_ones(plan.competition, ticked)
    if not ones:
        raise RefusedError(Refusal(CheckRefusal.NONE_CHOSEN, field="applications"))
    shown = {one.id for one in plan.doable}
    now = plan_of(plan.competition, ones, plan.act, at=at)
    doable = tuple(one for one in now.doable if one.id in shown and tick_of(one) in ticked)
    if len(doable) < len(ones):
        gone = ", ".join(one.code or "" for one in ones if one not in doable)
        raise RefusedError(Refusal(CheckRefusal.MOVED_ON, {"codes": gone}, field="applications"))
    return doable
