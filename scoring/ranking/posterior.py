"""What a posterior says about ranks: expected ranks exactly; intervals and chances of funding by seeded draws."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil, lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.allocation import Line, Rule
from scoring.ranking.panel import Floats

DRAWS = 4000
SAFE = 0.90
_BLOCK = 256


class Zone(StrEnum):
    """On which side of the line an application is, whatever chance did to its scores."""

    SAFE_IN = "safe_in"
    SAFE_OUT = "safe_out"
    CONTESTED = "contested"


@dataclass(frozen=True, slots=True)
class Chances:
    """Rank intervals of each application, in its order in the panel, and its share of draws in which it is funded."""

    interval_90: tuple[tuple[int, int], ...]
    interval_50: tuple[tuple[int, int], ...]
    winner: tuple[float, ...] | None


@dataclass(frozen=True, slots=True)
class Advice:
    """What a statistical ranking advises about one application."""

    application: str
    effect: float
    standard_deviation: float
    expected_rank: float
    interval_90: tuple[int, int]
    interval_50: tuple[int, int]
    winner: float | None
    zone: Zone | None


def advise(
    applications: Sequence[str], moments: tuple[Floats, Floats, Floats], blocks: Iterable[Floats], line: Line | None
) -> tuple[Advice, ...]:
    """Put effects, standard deviations and expected ranks together with what draws say of ranks and of the line."""
    found = chances(blocks, applications, line)
    winners: Sequence[float | None] = found.winner or [None] * len(applications)
    effects, deviations, ranks = moments
    return tuple(
        Advice(
            application=name,
            effect=float(effects[place]),
            standard_deviation=float(deviations[place]),
            expected_rank=float(ranks[place]),
            interval_90=found.interval_90[place],
            interval_50=found.interval_50[place],
            winner=winner,
            zone=None if winner is None else zone(winner),
        )
        for place, (name, winner) in enumerate(zip(applications, winners, strict=True))
    )


def zone(chance: float) -> Zone:
    """Return safe in at .90 and more, safe out at .10 and less; between them people must look again."""
    if chance >= SAFE:
        return Zone.SAFE_IN
    # 1 - 0.9 is a little less than 0.1 in binary.
    return Zone.SAFE_OUT if chance <= 0.10 else Zone.CONTESTED  # noqa: PLR2004


def expected_ranks(effects: Floats, covariance: Floats) -> Floats:
    """Return 1 + sum over the others of P(other is better), exactly; they add to n(n+1)/2."""
    from scipy.special import ndtr

    variance = covariance.diagonal()
    count = len(effects)
    ranks = np.ones(count)
    for start in range(0, count, _BLOCK):
        stop = min(start + _BLOCK, count)
        # Only from the block's own applications on: P(k better than i) and P(i better than k) are one number.
        spread = variance[start:stop, None] + variance[None, start:] - 2 * covariance[start:stop, start:]
        # Rounding can make the variance of a difference of twins negative; they are equal to the last digit.
        np.maximum(spread, np.finfo(np.float64).tiny, out=spread)
        better: Floats = np.asarray(ndtr((effects[None, start:] - effects[start:stop, None]) / np.sqrt(spread)))
        own = stop - start
        better[np.arange(own), np.arange(own)] = 0.0
        ranks[start:stop] += better.sum(axis=1)
        ranks[stop:] += own - better[:, own:].sum(axis=0)
    return ranks


def chances(blocks: Iterable[Floats], applications: Sequence[str], line: Line | None) -> Chances:
    """Rank every draw; quantiles are of the inverted distribution function, hence whole ranks that occurred."""
    ranks: list[NDArray[np.uint16]] = []
    wins = np.zeros(len(applications), dtype=np.int64)
    places = np.arange(1, len(applications) + 1, dtype=np.uint16)[None, :]
    for draws in blocks:
        order = np.argsort(-draws, axis=1)
        block = np.empty(order.shape, dtype=np.uint16)
        np.put_along_axis(block, order, places, axis=1)
        ranks.append(block.T)
        if line is not None:
            wins += _wins(order, applications, line)
    everything = np.concatenate(ranks, axis=1)
    count = everything.shape[1]
    everything.sort(axis=1, kind="stable")
    return Chances(
        _interval(everything, Fraction(5, 100)),
        _interval(everything, Fraction(25, 100)),
        None if line is None else tuple(float(share) for share in wins / count),
    )


def _interval(ranks: NDArray[np.uint16], tail: Fraction) -> tuple[tuple[int, int], ...]:
    low, high = (ceil(ranks.shape[1] * share) - 1 for share in (tail, 1 - tail))
    return tuple((int(a), int(b)) for a, b in zip(ranks[:, low], ranks[:, high], strict=True))


def _wins(order: NDArray[np.int64], applications: Sequence[str], line: Line) -> NDArray[np.int64]:
    """Count, for each application, the draws in which the rule funds it; a draw has no ties."""
    count = len(applications)
    if line.budget is None:
        return np.bincount(order[:, : line.winners].ravel(), minlength=count)
    costs, budget = _whole(applications, line)
    if line.rule is Rule.PREFIX:
        spent = costs[order].cumsum(axis=1)
        return np.bincount(order[spent <= budget], minlength=count)
    left = np.full(len(order), budget, dtype=costs.dtype)
    wins = np.zeros(count, dtype=np.int64)
    for place in order.T:
        fits = costs[place] <= left
        left = left - np.where(fits, costs[place], 0)
        wins += np.bincount(place[fits], minlength=count)
    return wins


def _whole(applications: Sequence[str], line: Line) -> tuple[NDArray[Any], int]:
    """Bring amounts to whole numbers, so that sums are exact; to Python's own where 64 bits are too few."""
    amounts = [Fraction(line.amounts[application]) for application in applications]
    budget = Fraction(line.budget or 0)
    unit = lcm(budget.denominator, *(amount.denominator for amount in amounts))
    whole = [int(amount * unit) for amount in amounts]
    fits = max(sum(whole), int(budget * unit)) < 2**62
    return np.array(whole, dtype=np.int64 if fits else object), int(budget * unit)
