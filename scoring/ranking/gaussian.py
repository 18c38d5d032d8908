"""The additive model score = mean + application + juror + noise, solved in closed form for given variances.

Applications are eliminated first, for their block is diagonal; what remains is a system of the size of the jury.
Notation of the documentation: d, K, S = L L', u, theta. No estimation of variances and no ranking happens here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from scoring.ranking.panel import Floats, Integers, Panel


def _sums(places: Integers, values: Floats, count: int) -> Floats:
    return np.asarray(np.bincount(places, values, count), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Level:
    """Sums over the applications with the same number of reviews: their posterior precision is the same too."""

    reviews: float
    count: int
    gram: Floats
    sums: Floats
    squares: float


@dataclass(frozen=True, slots=True)
class System:
    """What the model needs of a panel, without any variance: sums of incidence, scores and squares.

    The shared effects u are the columns of `loading`: the jurors, and in front of them the mean where it is unknown.
    """

    loading: Floats  # applications x shared effects
    gram: Floats  # shared effects x shared effects
    shared_sums: Floats
    reviews: Floats
    sums: Floats
    squares: float
    count: int

    def levels(self) -> tuple[Level, ...]:
        """Sum up applications by their number of reviews, which makes a likelihood independent of how many they are."""
        chosen = [(float(reviews), self.reviews == reviews) for reviews in np.unique(self.reviews)]
        return tuple(
            Level(
                reviews=reviews,
                count=int(those.sum()),
                gram=self.loading[those].T @ self.loading[those],
                sums=self.loading[those].T @ self.sums[those],
                squares=float(self.sums[those] @ self.sums[those]),
            )
            for reviews, those in chosen
        )

    @classmethod
    def with_unknown_mean(cls, panel: Panel) -> System:
        """Take scores as they are (the caller centres them): the mean is the first shared effect."""
        jurors = cls.with_known_mean(panel, 0.0)
        of_jurors = jurors.gram.diagonal()
        return cls(
            loading=np.column_stack([jurors.reviews, jurors.loading]),
            gram=np.block([[np.array([[float(jurors.count)]]), of_jurors[None, :]], [of_jurors[:, None], jurors.gram]]),
            shared_sums=np.concatenate([[jurors.sums.sum()], jurors.shared_sums]),
            reviews=jurors.reviews,
            sums=jurors.sums,
            squares=jurors.squares,
            count=jurors.count,
        )

    @classmethod
    def with_known_mean(cls, panel: Panel, mean: float) -> System:
        centred = panel.scores - mean
        return cls(
            loading=panel.incidence(),
            gram=np.diag(panel.reviews_of_jurors.astype(np.float64)),
            shared_sums=_sums(panel.columns, centred, len(panel.jurors)),
            reviews=panel.reviews_of_applications.astype(np.float64),
            sums=_sums(panel.rows, centred, len(panel.applications)),
            squares=float(centred @ centred),
            count=len(centred),
        )


@dataclass(frozen=True, slots=True)
class Solution:
    """The posterior of applications and shared effects for given variances."""

    effects: Floats
    shared: Floats
    precision: Floats  # d: of each application given the shared effects
    loading: Floats  # K
    lower: Floats  # L, of the shared effects' precision

    def _inverse_lower(self) -> Floats:
        return np.asarray(np.linalg.inv(self.lower))

    def covariance(self) -> Floats:
        """Return Cov(theta | y) = diag(1/d) + G'G."""
        spread = self._inverse_lower() @ (self.loading / self.precision[:, None]).T
        covariance = np.asarray(spread.T @ spread)
        covariance[np.diag_indices_from(covariance)] += 1 / self.precision
        return covariance

    def shared_covariance(self) -> Floats:
        inverse = self._inverse_lower()
        return np.asarray(inverse.T @ inverse)

    def fitted_variance(self, panel: Panel, first_juror: int) -> Floats:
        """Return the posterior variance of each fitted score: its leverage times the residual variance."""
        weights = -(self.loading / self.precision[:, None])[panel.rows]
        weights[:, :first_juror] += 1.0
        weights[np.arange(len(panel.rows)), panel.columns + first_juror] += 1.0
        rotated = weights @ self._inverse_lower().T
        return np.asarray((rotated**2).sum(axis=1) + 1 / self.precision[panel.rows])

    def draws(self, generator: np.random.Generator, count: int, block: int = 500) -> Iterator[Floats]:
        """Yield blocks of posterior draws of the applications' effects, one draw a row."""
        inverse = self._inverse_lower()
        scaled = self.loading / self.precision[:, None]
        for start in range(0, count, block):
            size = min(block, count - start)
            shared = generator.standard_normal((size, len(self.shared))) @ inverse
            own = generator.standard_normal((size, len(self.precision))) / np.sqrt(self.precision)
            own += self.effects
            own -= shared @ scaled.T
            yield own


@dataclass(frozen=True, slots=True)
class Likelihood:
    """The two parts of -2 log likelihood, but for its constant, at given variances."""

    quadratic: float
    log_determinant: float

    @property
    def deviance(self) -> float:
        return self.quadratic + self.log_determinant


def likelihood(
    system: System, levels: tuple[Level, ...], application: float, residual: float, shared_precision: Floats
) -> Likelihood:
    """Evaluate variances of applications and residuals and prior precisions of the shared effects (0 is flat)."""
    matrix = system.gram / residual + np.diag(shared_precision)
    right = system.shared_sums / residual
    quadratic = system.squares / residual
    log_determinant = system.count * np.log(residual) - np.log(shared_precision[shared_precision > 0]).sum()
    for level in levels:
        precision = level.reviews / residual + 1 / application
        factor = 1 / (precision * residual**2)
        matrix = matrix - level.gram * factor
        right = right - level.sums * factor
        quadratic -= level.squares * factor
        log_determinant += level.count * (np.log(precision) + np.log(application))
    lower = np.linalg.cholesky(matrix)
    half = np.linalg.solve(lower, right)
    return Likelihood(float(quadratic - half @ half), float(log_determinant + 2 * np.log(lower.diagonal()).sum()))


def solve(system: System, application: float, residual: float, shared_precision: Floats) -> Solution:
    """Solve for the posterior at given variances and prior precisions."""
    precision = system.reviews / residual + 1 / application
    loading = system.loading / residual
    weighted = loading / precision[:, None]
    data = system.sums / residual
    matrix = system.gram / residual + np.diag(shared_precision) - loading.T @ weighted
    lower: Floats = np.linalg.cholesky(matrix).astype(np.float64)
    half = np.linalg.solve(lower, system.shared_sums / residual - weighted.T @ data)
    shared = np.linalg.solve(lower.T, half)
    return Solution((data - loading @ shared) / precision, shared, precision, loading, lower)
