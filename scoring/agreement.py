"""How far jurors agree: intraclass correlations, Krippendorff's alpha, Kendall's W; information, never a gate."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from scoring.ranking.panel import Floats, Panel

TAIL = 0.025  # of the 95 % limits, on each side


class Level(StrEnum):
    """What a difference of two values means, from "other" to "other in proportion"."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    RATIO = "ratio"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A coefficient with its 95 % limits; None where a division by zero leaves it undefined."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class IntraclassCorrelations:
    """Shrout and Fleiss's six: one-way, two-way random, two-way mixed; of one juror and of the mean of all k."""

    icc1: Estimate
    icc2: Estimate
    icc3: Estimate
    icc1k: Estimate
    icc2k: Estimate
    icc3k: Estimate


@dataclass(frozen=True, slots=True)
class MeanSquares:
    """The two-way analysis of variance of a complete matrix of n rows and k columns."""

    n: int
    k: int
    rows: float
    columns: float
    error: float
    within: float

    @classmethod
    def of(cls, matrix: Floats) -> MeanSquares:
        n, k = matrix.shape
        centred = matrix - matrix.mean()
        rows = k * float((centred.mean(axis=1) ** 2).sum())
        columns = n * float((centred.mean(axis=0) ** 2).sum())
        rest = centred - centred.mean(axis=1)[:, None] - centred.mean(axis=0)[None, :]
        error = float((rest**2).sum())
        # What is rounding only is no disagreement.
        noise = 1e-12 * float((matrix**2).sum())
        rows, columns, error = (part if part > noise else 0.0 for part in (rows, columns, error))
        return cls(n, k, rows / (n - 1), columns / (k - 1), error / ((n - 1) * (k - 1)), (columns + error) / (n * (k - 1)))


def intraclass(matrix: Floats) -> IntraclassCorrelations | None:
    """Return all six for applications down and jurors across; None below two of either or if all scores are alike."""
    if min(matrix.shape) < 2 or np.ptp(matrix) == 0:  # noqa: PLR2004 -- nothing to compare
        return None
    squares = MeanSquares.of(matrix)
    one = _one_way(squares)
    random = _two_way_random(squares)
    mixed = _two_way_mixed(squares)
    k = squares.k
    return IntraclassCorrelations(one, random, mixed, _of_mean(one, k), _of_mean(random, k), _of_mean(mixed, k))


def _ratio(numerator: float, denominator: float) -> float | None:
    return numerator / denominator if denominator else None


def _quantile(upper: float, lower: float) -> float:
    """Return the F value that leaves the tail above."""
    from scipy.special import fdtri  # heavy: only agreement pays for it

    return float(fdtri(upper, lower, 1 - TAIL))


def _one_way(s: MeanSquares) -> Estimate:
    low, high = (s.rows / _quantile(s.n - 1, s.n * (s.k - 1)), s.rows * _quantile(s.n * (s.k - 1), s.n - 1))
    value, lower, upper = (_ratio(rows - s.within, rows + (s.k - 1) * s.within) for rows in (s.rows, low, high))
    return Estimate(value, lower, upper)


def _two_way_mixed(s: MeanSquares) -> Estimate:
    freedom = (s.n - 1) * (s.k - 1)
    low, high = (s.rows / _quantile(s.n - 1, freedom), s.rows * _quantile(freedom, s.n - 1))
    value, lower, upper = (_ratio(rows - s.error, rows + (s.k - 1) * s.error) for rows in (s.rows, low, high))
    return Estimate(value, lower, upper)


def _two_way_random(s: MeanSquares) -> Estimate:
    """Return ICC(2,1) with limits by Satterthwaite's degrees of freedom, multiplied out so that no error divides."""
    n, k = s.n, s.k
    value = _ratio(s.rows - s.error, s.rows + (k - 1) * s.error + k * (s.columns - s.error) / n)
    if value is None:
        return Estimate(None, None, None)
    columns = k * value * s.columns
    error = (n * (1 + (k - 1) * value) - k * value) * s.error
    spread = (n - 1) * columns**2 + error**2
    freedom = (k - 1) * (n - 1) * (columns + error) ** 2 / spread if spread else float((k - 1) * (n - 1))
    noise = k * s.columns + (k * n - k - n) * s.error
    above, below = _quantile(n - 1, freedom), _quantile(freedom, n - 1)
    return Estimate(
        value,
        _ratio(n * (s.rows - above * s.error), above * noise + n * s.rows),
        _ratio(n * (below * s.rows - s.error), noise + n * below * s.rows),
    )


def _of_mean(single: Estimate, k: int) -> Estimate:
    """Step up by Spearman and Brown: the same coefficient for the mean of k jurors."""

    def stepped(value: float | None) -> float | None:
        return None if value is None else _ratio(k * value, 1 + (k - 1) * value)

    return Estimate(stepped(single.value), stepped(single.low), stepped(single.high))


_Difference: TypeAlias = Callable[[Floats, Floats], Floats]


def krippendorff(units: Sequence[Sequence[float]], level: Level) -> float | None:
    """Return alpha for the values each unit got, missing ones simply absent; None if nothing varies or is paired.

    Of the ratio level, which needs a zero that means "nothing", None as well if a value is below it.
    """
    paired = [np.asarray(unit, dtype=np.float64) for unit in units if len(unit) > 1]
    if not paired:
        return None
    everything = np.concatenate(paired)
    values, codes = np.unique(everything, return_inverse=True)
    counts = np.bincount(codes).astype(np.float64)
    if len(values) == 1 or (level is Level.RATIO and values[0] < 0):
        return None
    difference = _difference(level, values, counts)
    starts = np.cumsum([0, *(len(unit) for unit in paired)])
    observed = 0.0
    for start, stop in pairwise(starts.tolist()):
        unit = codes[start:stop].astype(np.float64)
        observed += float(difference(unit[:, None], unit[None, :]).sum()) / (stop - start - 1)
    places = np.arange(len(values), dtype=np.float64)
    expected = sum(
        float(count * (counts * difference(places[place : place + 1], places)).sum()) for place, count in enumerate(counts)
    )
    return 1 - (len(everything) - 1) * observed / expected


def _difference(level: Level, values: Floats, counts: Floats) -> _Difference:
    """Return the squared difference of two values given by their places in the sorted list of values."""
    positions = values if level in {Level.INTERVAL, Level.RATIO} else np.cumsum(counts) - counts / 2

    def nominal(one: Floats, other: Floats) -> Floats:
        return np.asarray(one != other, dtype=np.float64)

    def distance(one: Floats, other: Floats) -> Floats:
        return np.asarray((positions[one.astype(int)] - positions[other.astype(int)]) ** 2)

    def proportion(one: Floats, other: Floats) -> Floats:
        first, second = values[one.astype(int)], values[other.astype(int)]
        total = np.where(first + second == 0, 1.0, first + second)
        return np.asarray(((first - second) / total) ** 2)

    return {Level.NOMINAL: nominal, Level.RATIO: proportion}.get(level, distance)


def kendall_w(matrix: Floats) -> float | None:
    """Return W with the correction for ties, scores ranked within each juror; None if no juror tells any two apart."""
    n, m = matrix.shape
    if n < 2 or m < 2:  # noqa: PLR2004 -- nothing to agree on
        return None
    ranks = np.column_stack([_mid_ranks(column) for column in matrix.T])
    sizes = np.concatenate([np.unique(column, return_counts=True)[1] for column in matrix.T])
    totals = ranks.sum(axis=1)
    largest = m**2 * (n**3 - n) - m * int((sizes**3 - sizes).sum())
    return _ratio(12 * float(((totals - totals.mean()) ** 2).sum()), largest)


def _mid_ranks(column: Floats) -> Floats:
    """Rank from the smallest; equals share the mean of their ranks."""
    _, codes, counts = np.unique(column, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(counts) - (counts - 1) / 2)[codes])


@dataclass(frozen=True, slots=True)
class Agreement:
    """Everything there is to show about a jury; what is undefined is None and has its reason."""

    icc: IntraclassCorrelations | None
    krippendorff: Mapping[Level, float | None]
    kendall_w: float | None
    reasons: Mapping[str, str]


def agreement(panel: Panel) -> Agreement:
    """Measure a panel by every coefficient that its design allows."""
    units = [panel.scores[panel.rows == place] for place in range(len(panel.applications))]
    alphas = {level: krippendorff([unit.tolist() for unit in units], level) for level in Level}
    matrix = panel.complete_matrix()
    icc = None if matrix is None else intraclass(matrix)
    concordance = None if matrix is None else kendall_w(matrix)
    reasons: dict[str, str] = {}
    if None in alphas.values():
        reasons["krippendorff"] = "Alpha is undefined: no two different scores to compare, or for the ratio a negative one."
    incomplete = "Not every juror scored every application."
    if icc is None:
        reasons["icc"] = incomplete if matrix is None else "It takes two applications, two jurors and different scores."
    elif undefined := [name for name, one in asdict(icc).items() if None in one.values()]:
        reasons |= dict.fromkeys(undefined, "Its formula divides by zero, as where the means of all applications are alike.")
    if concordance is None:
        reasons["kendall_w"] = incomplete if matrix is None else "It takes two applications that some juror tells apart."
    return Agreement(icc, alphas, concordance, reasons)
