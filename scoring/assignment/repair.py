"""Exchanges that make jurors comparable: (j1, a1), (j2, a2) become (j2, a1), (j1, a2), so every load stays.

First the cheapest exchange that joins two pieces of the graph; then, while differences of severity are known too
badly, the exchange with the best drop of their variance per affinity lost. Conflicts, languages, fixed pairs and a
floor hold throughout.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.assignment.model import GAP, Model
from scoring.connectivity import GOOD_CONTRAST_VARIANCE, contrast_variance, information
from scoring.ranking.panel import Floats, Integers

Matrix = NDArray[np.bool_]
_BLOCK = 400
_BATCH = 4096
_SINGULAR = 1e-9
_KEPT = 100_000
_LEAST_DROP = 1e-9
_LEAST_PRICE = 1e-6


def repaired(model: Model, matrix: Matrix, floor: float | None) -> Matrix:
    """Return the assignment after all exchanges that help."""
    matrix = matrix.copy()
    while (exchange := _joining(model, matrix, floor)) is not None:
        _apply(matrix, exchange)
    if _labels(matrix)[0] > 1:
        return matrix
    while (exchange := _tightening(model, matrix, floor)) is not None:
        _apply(matrix, exchange)
    return matrix


def _apply(matrix: Matrix, exchange: Integers) -> None:
    """Exchange (first juror, second juror, application of the first, application of the second)."""
    jurors, applications = exchange[:2], exchange[2:]
    matrix[jurors, applications] = False
    matrix[jurors, applications[::-1]] = True


@dataclass(frozen=True, slots=True)
class _Halves:
    """Every assigned pair, and for every juror whether she may take it over and the affinity that would be lost.

    An exchange is two pairs, each taken over by the other's juror; all it does is the sum of its two halves.
    """

    jurors: Integers
    applications: Integers
    movable: Matrix  # pairs x jurors
    losses: Floats  # pairs x jurors

    @classmethod
    def of(cls, model: Model, matrix: Matrix, floor: float | None) -> _Halves:
        jurors, applications = (part.astype(np.int64) for part in np.nonzero(matrix))
        affinity = model.affinity[:, applications].T
        losses = model.affinity[jurors, applications][:, None] - affinity
        movable = (model.allowed & ~matrix)[:, applications].T & ~model.fixed[jurors, applications][:, None]
        if floor is not None:
            sums = np.where(matrix, model.affinity, 0.0).sum(axis=0)[applications]
            movable &= sums[:, None] - losses >= floor - GAP
        return cls(jurors, applications, movable, losses)

    def blocks(self) -> Iterator[tuple[slice, Matrix, Floats]]:
        """Yield, for some pairs against all, which exchanges are allowed and what they lose; each exchange once."""
        count = len(self.jurors)
        for start in range(0, count, _BLOCK):
            some = slice(start, min(start + _BLOCK, count))
            allowed = self.movable[some][:, self.jurors] & self.movable[:, self.jurors[some]].T
            allowed &= self.jurors[some][:, None] < self.jurors[None, :]
            yield some, allowed, self.both(self.losses, some)

    def both(self, halves: Floats, some: slice) -> Floats:
        """Add the two halves of exchanges of some pairs with all."""
        return np.asarray(halves[some][:, self.jurors] + halves[:, self.jurors[some]].T)

    def exchange(self, one: Integers, other: Integers) -> Integers:
        """Name exchanges by their jurors and applications, a row each."""
        return np.column_stack([self.jurors[one], self.jurors[other], self.applications[one], self.applications[other]])


def _labels(matrix: Matrix) -> tuple[int, Integers]:
    """Count the pieces among jurors with any application, and label the jurors by piece (-1 without any)."""
    from scipy.sparse import csr_array  # heavy: only assignment pays for it
    from scipy.sparse.csgraph import connected_components

    busy = np.flatnonzero(matrix.any(axis=1))
    shared = matrix[busy].astype(np.int64)
    count, labels = connected_components(csr_array(shared @ shared.T), directed=False)
    everyone = np.full(len(matrix), -1, dtype=np.int64)
    everyone[busy] = labels
    return int(count), everyone


def _bridges(matrix: Matrix) -> Matrix:
    """Return the pairs whose loss would split a piece: the graph's bridges, found by depth-first search."""
    jurors, applications = matrix.shape
    neighbours = [
        *(np.flatnonzero(row) + jurors for row in matrix),
        *(np.flatnonzero(column) for column in matrix.T),
    ]
    found = np.zeros_like(matrix)
    seen = np.full(jurors + applications, -1)
    lowest = np.zeros(jurors + applications, dtype=np.int64)
    clock = 0
    for start in range(jurors):
        if seen[start] >= 0:
            continue
        seen[start] = lowest[start] = clock
        stack: list[tuple[int, int, Iterator[int]]] = [(start, -1, iter(neighbours[start].tolist()))]
        while stack:
            node, parent, rest = stack[-1]
            for other in rest:
                if seen[other] < 0:
                    clock += 1
                    seen[other] = lowest[other] = clock
                    stack.append((other, node, iter(neighbours[other].tolist())))
                    break
                if other != parent:
                    lowest[node] = min(lowest[node], seen[other])
            else:
                stack.pop()
                if parent >= 0:
                    lowest[parent] = min(lowest[parent], lowest[node])
                    if lowest[node] > seen[parent]:
                        found[min(node, parent), max(node, parent) - jurors] = True
    return found


def _joining(model: Model, matrix: Matrix, floor: float | None) -> Integers | None:
    """Return the cheapest exchange that joins two pieces; one of its pairs must not be a bridge of its piece."""
    count, labels = _labels(matrix)
    if count < 2:  # noqa: PLR2004 -- one piece, or none
        return None
    halves = _Halves.of(model, matrix, floor)
    spare = ~_bridges(matrix)[halves.jurors, halves.applications]
    piece = labels[halves.jurors]
    cheapest: tuple[float, Integers] | None = None
    for some, allowed, losses in halves.blocks():
        useful = allowed & (piece[some][:, None] != piece[None, :]) & (spare[some][:, None] | spare[None, :])
        if not useful.any():
            continue
        place = np.argmin(np.where(useful, losses, np.inf))
        one, other = np.unravel_index(place, losses.shape)
        if cheapest is None or losses[one, other] < cheapest[0]:
            exchange = halves.exchange(np.array([some.start + one]), np.array([other]))
            cheapest = (float(losses[one, other]), exchange[0])
    return None if cheapest is None else cheapest[1]


def _tightening(model: Model, matrix: Matrix, floor: float | None) -> Integers | None:
    """Return the exchange with the best drop per affinity lost, None if the variance is good or nothing lowers it.

    The variance is convex in the design, so its slope bounds every drop from above: exchanges are weighed in the
    order of their bounds, and the search ends when no bound exceeds the best drop found.
    """
    design = _Design.of(model, matrix)
    if design is None or design.variance <= GOOD_CONTRAST_VARIANCE:
        return None
    exchanges, prices, bounds = _candidates(_Halves.of(model, matrix, floor), design)
    chosen, best = None, 0.0
    for start in range(0, len(bounds), _BATCH):
        if bounds[start] <= best:
            break
        batch = slice(start, start + _BATCH)
        drops = design.drops(exchanges[batch])
        values = np.where(drops > _LEAST_DROP, drops / prices[batch], 0.0)
        place = int(np.argmax(values))
        if values[place] > best:
            chosen, best = exchanges[start + place], float(values[place])
    return chosen


def _candidates(halves: _Halves, design: _Design) -> tuple[Integers, Floats, Floats]:
    """Return exchanges with a chance to help, their prices, and their bounds in falling order."""
    slopes = design.slopes(halves)
    found: list[tuple[Integers, Floats, Floats]] = []
    for some, allowed, losses in halves.blocks():
        drops = halves.both(slopes, some)
        one, other = np.nonzero(allowed & (drops > _LEAST_DROP))
        prices = np.maximum(losses[one, other], _LEAST_PRICE)
        bounds = drops[one, other] / prices
        order = np.argsort(-bounds, kind="stable")[:_KEPT]
        exchanges = halves.exchange(one[order] + some.start, other[order])
        found.append((exchanges, prices[order], bounds[order]))
    exchanges, prices, bounds = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.argsort(-bounds, kind="stable")
    return exchanges[order], prices[order], bounds[order]


@dataclass(frozen=True, slots=True)
class _Form:
    """A symmetric matrix over jurors, asked for its values between differences of jurors and of applications."""

    jurors: Floats  # jurors x jurors
    mixed: Floats  # jurors x applications
    readers: Integers  # applications x reviews: who reads each

    @classmethod
    def of(cls, matrix: Floats, loading: Floats, readers: Integers) -> _Form:
        return cls(matrix, np.asarray(matrix @ loading), readers)

    def values(self, exchanges: Integers) -> tuple[Floats, Floats, Floats]:
        """Return ww, wv and vv for v = second - first juror and w = first's - second's application + v."""
        first, second, a, b = exchanges.T
        vv = self.jurors[first, first] + self.jurors[second, second] - 2 * self.jurors[first, second]
        xv = self.mixed[second, a] - self.mixed[first, a] - self.mixed[second, b] + self.mixed[first, b]
        xx = sum(
            self.mixed[reader_a, a] - self.mixed[reader_a, b] + self.mixed[reader_b, b] - self.mixed[reader_b, a]
            for reader_a, reader_b in zip(self.readers[a].T, self.readers[b].T, strict=True)
        )
        return np.asarray(xx + 2 * xv + vv), xv + vv, vv


@dataclass(frozen=True, slots=True)
class _Design:
    """Who reads what, knowing how any exchange changes the variance of differences of jurors."""

    inverse: _Form  # of the information, filled in its empty directions; jurors without any review are zero
    squared: _Form
    reviews: int
    variance: float
    unit: float  # of a trace in the variance

    @classmethod
    def of(cls, model: Model, matrix: Matrix) -> _Design | None:
        busy = np.flatnonzero(matrix.any(axis=1))
        if len(busy) < 2:  # noqa: PLR2004 -- a difference needs two
            return None
        loading = matrix.astype(np.float64)
        readers = np.nonzero(matrix.T)[1].reshape(matrix.shape[1], model.reviews)
        inner = information(loading[busy].T)
        inverse = np.zeros((len(matrix), len(matrix)))
        inverse[np.ix_(busy, busy)] = np.linalg.inv(inner + 1 / len(busy))
        return cls(
            _Form.of(inverse, loading, readers),
            _Form.of(inverse @ inverse, loading, readers),
            model.reviews,
            contrast_variance(inner),
            2 / (len(busy) - 1),
        )

    def slopes(self, halves: _Halves) -> Floats:
        """Return, for every half of an exchange, its part in the first-order drop of the variance."""
        jurors = self.squared.jurors
        along = self.squared.mixed[:, halves.applications].T
        own = along[np.arange(len(along)), halves.jurors]
        bend = jurors.diagonal()[halves.jurors][:, None] + jurors.diagonal()[None, :] - 2 * jurors[halves.jurors]
        return np.asarray(-self.unit / self.reviews * (2 * (along - own[:, None]) + bend))

    def drops(self, exchanges: Integers) -> Floats:
        """Return the exact drop of the variance by each exchange, minus infinity where it would split the graph.

        An exchange adds -(w v' + v w')/k to the information, v the difference of the jurors and w that of the
        applications plus v; the trace of the inverse then follows by Woodbury's formula from 2 x 2 blocks.
        """
        ww, wv, vv = self.inverse.values(exchanges)
        ww2, wv2, vv2 = self.squared.values(exchanges)
        determinant = (self.reviews - wv) ** 2 - ww * vv
        whole = determinant > _SINGULAR
        rise = (vv * ww2 + 2 * (self.reviews - wv) * wv2 + ww * vv2) / np.where(whole, determinant, 1.0)
        return np.where(whole, -self.unit * rise, -np.inf)
