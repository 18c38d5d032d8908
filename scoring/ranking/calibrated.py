"""The calibrated ranking: jurors' severities and the three variances estimated from the scores themselves.

score = mu + theta (application) + beta (juror) + noise, all normal; variances by restricted maximum likelihood, by
default with the boundary-avoiding penalty of Chung, Rabe-Hesketh, Dorie, Gelman and Liu (Psychometrika 78, 2013).
It advises: the official result is computed in `official`, and nothing here replaces it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import log, pi

import numpy as np

from scoring.allocation import Line
from scoring.connectivity import components
from scoring.ranking.gaussian import Level, Likelihood, Solution, System, likelihood, solve
from scoring.ranking.panel import Floats, Panel
from scoring.ranking.posterior import DRAWS, Advice, advise, expected_ranks

MIN_JURORS = 3
MIN_APPLICATIONS = 8
OUTLYING = 2.5
_BOUND = 9.0  # of log(sd / residual sd): beyond, the likelihood is flat and the variance zero for every purpose
_AT_BOUND = -6.0
_TINY = 1e-300


class Refusal(StrEnum):
    """Why scores cannot carry a calibrated ranking; the official one needs none of this."""

    FEW_APPLICATIONS = "few_applications"
    FEW_JURORS = "few_jurors"
    DISCONNECTED = "disconnected"
    FEW_SCORES = "few_scores"
    NO_NOISE = "no_noise"
    AT_BOUND = "at_bound"


class Penalty(StrEnum):
    """Whether the likelihood is kept from estimating that all applications, or all jurors, are alike."""

    BOUNDARY = "boundary"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Variances:
    """How much of the spread of scores is due to what."""

    application: float
    juror: float
    residual: float

    def reliability(self, jurors: int) -> float:
        """Return the share of the variance of a jury's mean that is due to the applications."""
        return self.application / (self.application + (self.juror + self.residual) / jurors)


@dataclass(frozen=True, slots=True)
class Outlier:
    """A score that does not fit: a question to its juror, never a reason to drop it."""

    application: str
    juror: str
    residual: float


@dataclass(frozen=True, slots=True)
class Fit:
    """The fitted model; arrays follow the names of the panel."""

    panel: Panel
    mean: float
    variances: Variances
    loglik_reml: float
    solution: Solution

    @property
    def effects(self) -> Floats:
        return self.solution.effects

    @property
    def severities(self) -> Floats:
        """Return the jurors' effects: positive is generous."""
        return self.solution.shared[1:]

    def severity_errors(self) -> Floats:
        return np.sqrt(self.solution.shared_covariance().diagonal()[1:])

    def advice(self, line: Line | None = None, seed: int = 1) -> tuple[Advice, ...]:
        """Return every application's expected rank, rank intervals and chance to be above the line."""
        covariance = self.solution.covariance()
        moments = (self.effects, np.sqrt(covariance.diagonal()), expected_ranks(self.effects, covariance))
        generator = np.random.Generator(np.random.PCG64(seed))
        return advise(self.panel.applications, moments, self.solution.draws(generator, DRAWS), line)

    def outliers(self) -> list[Outlier]:
        """Return scores whose standardised residual lies beyond 2.5, the farthest first."""
        panel = self.panel
        fitted = self.mean + self.effects[panel.rows] + self.severities[panel.columns]
        leverage = self.solution.fitted_variance(panel, first_juror=1) / self.variances.residual
        residuals = (panel.scores - fitted) / np.sqrt(self.variances.residual * (1 - leverage))
        far = [int(place) for place in np.argsort(-np.abs(residuals)) if abs(residuals[place]) > OUTLYING]
        return [Outlier(panel.applications[panel.rows[k]], panel.jurors[panel.columns[k]], float(residuals[k])) for k in far]


def unfit(panel: Panel) -> Refusal | None:
    """Return why the design cannot carry a model of its jurors, whatever the scores are."""
    applications, jurors = len(panel.applications), len(panel.jurors)
    if applications < MIN_APPLICATIONS:
        return Refusal.FEW_APPLICATIONS
    if jurors < MIN_JURORS:
        return Refusal.FEW_JURORS
    pairs = ((panel.applications[i], panel.jurors[j]) for i, j in zip(panel.rows, panel.columns, strict=True))
    if len(components(pairs)) > 1:
        return Refusal.DISCONNECTED
    if len(panel.scores) < applications + jurors:
        return Refusal.FEW_SCORES
    return None


def calibrate(panel: Panel, penalty: Penalty = Penalty.BOUNDARY) -> Fit | Refusal:
    """Estimate the variances, then everything else in closed form; or say why not."""
    refusal = unfit(panel)
    if refusal is not None:
        return refusal
    centre = float(panel.scores.mean())
    scale = float(panel.scores.std())
    if scale <= 1e-12 * (abs(centre) + 1):
        return Refusal.NO_NOISE
    standard = Panel(panel.applications, panel.jurors, panel.rows, panel.columns, (panel.scores - centre) / scale)
    system = System.with_unknown_mean(standard)
    fitted = _Likelihood(system, system.levels(), penalty)
    ratios = fitted.maximum()
    if ratios is None:
        return Refusal.NO_NOISE
    if penalty is Penalty.NONE and log(ratios[0]) < _AT_BOUND:
        return Refusal.AT_BOUND
    residual = fitted.residual(*ratios) * scale**2
    variances = Variances(ratios[0] ** 2 * residual, ratios[1] ** 2 * residual, residual)
    centred = Panel(panel.applications, panel.jurors, panel.rows, panel.columns, panel.scores - centre)
    final = System.with_unknown_mean(centred)
    precisions = _precisions(final, variances.juror)
    solution = solve(final, variances.application, variances.residual, precisions)
    reached = likelihood(final, final.levels(), variances.application, variances.residual, precisions)
    deviance = reached.deviance + (final.count - 1) * log(2 * pi)
    return Fit(panel, centre + float(solution.shared[0]), variances, -deviance / 2, solution)


def _precisions(system: System, juror: float) -> Floats:
    """Flat for the mean, 1/variance for each juror."""
    precisions = np.full(len(system.gram), 1 / juror)
    precisions[0] = 0.0
    return precisions


@dataclass(frozen=True, slots=True)
class _Likelihood:
    """The restricted likelihood as a function of log(sd/residual sd) of applications and jurors."""

    system: System
    levels: tuple[Level, ...]
    penalty: Penalty

    @property
    def _freedom(self) -> int:
        # The penalty adds the log of both sds, and with them one residual variance.
        return self.system.count - (3 if self.penalty is Penalty.BOUNDARY else 1)

    def _at(self, application: float, juror: float) -> Likelihood:
        return likelihood(self.system, self.levels, application**2, 1.0, _precisions(self.system, juror**2))

    def residual(self, application: float, juror: float) -> float:
        """Return the best residual variance for two ratios of standard deviations."""
        return self._at(application, juror).quadratic / self._freedom

    def deviance(self, logs: Floats) -> float:
        """Return -2 log likelihood, profiled over the residual variance and penalised if asked."""
        logs = np.clip(logs, -_BOUND, _BOUND)
        reached = self._at(float(np.exp(logs[0])), float(np.exp(logs[1])))
        penalty = -2 * float(logs.sum()) if self.penalty is Penalty.BOUNDARY else 0.0
        return self._freedom * log(max(reached.quadratic, _TINY) / self._freedom) + reached.log_determinant + penalty

    def maximum(self) -> tuple[float, float] | None:
        """Return the two ratios of standard deviations; None if the model explains every score to the last digit."""
        from scipy.optimize import minimize

        bounds = [(-_BOUND, _BOUND)] * 2
        starts = (np.array([0.0, -1.0]), np.array([-1.5, 0.5]))
        found = [minimize(self.deviance, start, method="L-BFGS-B", bounds=bounds) for start in starts]
        best = min(found, key=lambda result: float(result.fun))
        simplex = best.x + np.array([[0.0, 0.0], [0.01, 0.0], [0.0, 0.01]])
        polished = minimize(
            self.deviance,
            best.x,
            method="Nelder-Mead",
            bounds=bounds,
            options={"xatol": 1e-9, "fatol": 1e-12, "initial_simplex": simplex},
        )
        logs = np.clip(polished.x, -_BOUND, _BOUND)
        if logs.max() >= _BOUND - 1:
            return None
        application, juror = (float(ratio) for ratio in np.exp(logs))
        return application, juror
