"""Who gets what: standings, requested sums and the rules' settings in, prospects or refusals out. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import chain, pairwise, takewhile
from typing import Any

from app.core.refusals import Refusal, Tenge
from awards.states import AwardKind
from scoring.allocation import Line, funded
from scoring.rules import canonical, digest


class AwardRefusal(StrEnum):
    """Why a decision or its publication is not done."""

    NO_FROZEN_RANKING = "no_frozen_ranking"
    STALE_RANKING = "stale_ranking"
    UNTRUE_RANKING = "untrue_ranking"
    UNTRUE_DECISION = "untrue_decision"
    ALTERED_DECISION = "altered_decision"
    STALE_PREVIEW = "stale_preview"
    FUND_EXCEEDED = "fund_exceeded"
    CAP_EXCEEDED = "cap_exceeded"
    TOO_MANY_WINNERS = "too_many_winners"
    NOBODY_PASSED = "nobody_passed"
    TIE_AT_THE_LINE = "tie_at_the_line"
    TIE_OF_SUMS = "tie_of_sums"


@dataclass(frozen=True, slots=True)
class Standing:
    """One application's place in the frozen ranking; equal ranks are ties that nothing broke."""

    application_id: int
    code: str
    rank: int | None
    total: str
    has_passed: bool
    requested: int


@dataclass(frozen=True, slots=True)
class Purse:
    """What there is to give: the fund, the most for one, how many winners, and fixed prizes by place if there are any."""

    fund: int
    cap: int
    winner_count: int
    prizes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Prospect:
    """One decision before it is made."""

    standing: Standing
    kind: AwardKind
    place: int
    amount: int


def propose(standings: Sequence[Standing], purse: Purse) -> list[Prospect]:
    """Winners down the ranking while places and money last, then the reserve.

    Only applications that passed every mark can win; all others that passed are the reserve, in order. The walk is
    `scoring.allocation.funded`, one application at a time, because prizes go by place: where nothing separates two that
    would be treated unequally, `check_prospects` refuses, and the commission votes.
    """
    passed = sorted((one for one in standings if one.has_passed and one.rank is not None), key=lambda one: one.rank or 0)
    amounts = {one.code: _amount(one, purse, place) for place, one in enumerate(passed)}
    contenders = takewhile(lambda one: amounts[one.code] > 0, passed[: purse.winner_count])
    winners = funded(([one.code] for one in contenders), Line(budget=purse.fund, amounts=amounts)).funded
    return [
        Prospect(one, AwardKind.WINNER, place, amounts[one.code])
        if one.code in winners
        else Prospect(one, AwardKind.RESERVE, place, 0)
        for place, one in enumerate(passed, start=1)
    ]


def _amount(standing: Standing, purse: Purse, place: int) -> int:
    """A fixed prize of the place, or what was asked for up to the cap."""
    if purse.prizes:
        return purse.prizes[place] if place < len(purse.prizes) else 0
    return min(standing.requested, purse.cap)


def prizes_by_place(prizes: Sequence[Mapping[str, int]]) -> tuple[int, ...]:
    """[{place, count, amount}] as one sum a winner: 1x500, 2x300 gives 500, 300, 300."""
    ordered = sorted(prizes, key=lambda one: one["place"])
    return tuple(chain.from_iterable([one["amount"]] * one["count"] for one in ordered))


def check_prospects(prospects: Sequence[Prospect], purse: Purse) -> list[Refusal]:
    """The sums fit the fund and the cap, nobody is chosen by an unbroken tie, and somebody won."""
    winners = [one for one in prospects if one.kind is AwardKind.WINNER]
    total = sum(one.amount for one in winners)
    refusals = []
    if not winners:
        refusals.append(Refusal(AwardRefusal.NOBODY_PASSED))
    if total > purse.fund:
        refusals.append(Refusal(AwardRefusal.FUND_EXCEEDED, {"total": Tenge(total), "fund": Tenge(purse.fund)}))
    refusals += [
        Refusal(AwardRefusal.CAP_EXCEEDED, {"code": one.standing.code, "cap": Tenge(purse.cap)})
        for one in winners
        if one.amount > purse.cap
    ]
    if len(winners) > purse.winner_count:
        refusals.append(Refusal(AwardRefusal.TOO_MANY_WINNERS, {"count": purse.winner_count}))
    return refusals + _ties(prospects, purse)


def _ties(prospects: Sequence[Prospect], purse: Purse) -> list[Refusal]:
    """Neighbours that nothing separates, of whom one would win and the other not, or one get more than the other."""
    found = []
    for first, second in pairwise(prospects):
        code = _tie(first, second, purse) if first.standing.rank == second.standing.rank else None
        if code is not None:
            found.append(Refusal(code, {"first": first.standing.code, "second": second.standing.code}))
    return found


def _tie(first: Prospect, second: Prospect, purse: Purse) -> AwardRefusal | None:
    if first.kind is not second.kind:
        return AwardRefusal.TIE_AT_THE_LINE
    return AwardRefusal.TIE_OF_SUMS if purse.prizes and first.amount != second.amount else None


def results_digest(content: Mapping[str, Any]) -> str:
    """The hash of what was published, as the record of acts keeps it."""
    return digest(canonical(content))


@dataclass(frozen=True, slots=True)
class StagePoints:
    """What one application got in one stage, the most it could get, and the mark it had to reach there."""

    name: Mapping[str, str]
    points: Fraction
    most: int
    mark: int | None


@dataclass(frozen=True, slots=True)
class OwnPoints:
    """The points of one application in the published ranking, and the mark of the total."""

    stages: tuple[StagePoints, ...]
    total: Fraction
    mark: int | None
    is_whole: bool

    @property
    def most(self) -> int:
        """The most it could get in its stages together."""
        return sum(one.most for one in self.stages)
