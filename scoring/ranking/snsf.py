"""The Bayesian ranking of the Swiss National Science Foundation, for grades from 1 to 6, without simulation.

Heyard, Ott, Salanti and Egger, Statistics and Public Policy 9 (2022): juror effects with sd 0.5, uniform priors on
(0, 2) for the other sds. A juror's deviation on one application and the noise cannot be told apart with one grade a
pair, so only the sd r of their sum matters, and the posterior is a mixture of normals over (tau, r), integrated here
by Gauss-Legendre quadrature. The juror and the noise share r; their two uniform sds give it the density below.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from scoring.allocation import Line
from scoring.ranking.calibrated import Refusal, unfit
from scoring.ranking.gaussian import Solution, System, likelihood, solve
from scoring.ranking.panel import Floats, Panel
from scoring.ranking.posterior import DRAWS, Advice, advise, expected_ranks

_JUROR_SD = 0.5
_LARGEST_SD = 2.0
_NODES = 48
_NEGLIGIBLE = 1e-12


@dataclass(frozen=True, slots=True)
class Mixture:
    """The posterior: solutions at the nodes of the quadrature and their weights; arrays follow the panel's names."""

    panel: Panel
    mean: float
    weights: Floats
    solutions: tuple[Solution, ...]
    effects: Floats
    standard_deviations: Floats
    expected_ranks: Floats

    def advice(self, line: Line | None = None, seed: int = 1) -> tuple[Advice, ...]:
        """Return every application's expected rank, rank intervals and chance to be above the line."""
        moments = (self.effects, self.standard_deviations, self.expected_ranks)
        generator = np.random.Generator(np.random.PCG64(seed))
        return advise(self.panel.applications, moments, self._draws(generator), line)

    def _draws(self, generator: np.random.Generator) -> Iterator[Floats]:
        """Yield draws node by node, as many of each as chance gives it."""
        counts = generator.multinomial(DRAWS, self.weights)
        for solution, size in zip(self.solutions, counts, strict=True):
            if size:
                yield from solution.draws(generator, int(size))


def rank_grades(panel: Panel) -> Mixture | Refusal:
    """Integrate the model over its two standard deviations."""
    refusal = unfit(panel)
    if refusal is not None:
        return refusal
    means = np.bincount(panel.rows, panel.scores) / panel.reviews_of_applications
    mean = float(means.mean())
    weights, solutions = _nodes(System.with_known_mean(panel, mean))
    count = len(panel.applications)
    effects, squares, ranks = np.zeros(count), np.zeros(count), np.zeros(count)
    for weight, solution in zip(weights, solutions, strict=True):
        covariance = solution.covariance()
        effects += weight * solution.effects
        squares += weight * (covariance.diagonal() + solution.effects**2)
        ranks += weight * expected_ranks(solution.effects, covariance)
    deviations = np.sqrt(np.maximum(squares - effects**2, 0.0))
    return Mixture(panel, mean, weights, solutions, effects, deviations, ranks)


def _nodes(system: System) -> tuple[Floats, tuple[Solution, ...]]:
    """Solve at every node and keep those that carry weight."""
    places, widths = np.polynomial.legendre.leggauss(_NODES)
    precisions = np.full(len(system.gram), 1 / _JUROR_SD**2)
    levels = system.levels()
    nodes = [
        (float(tau) ** 2, float(noise) ** 2, np.log(tau_width * noise_width * _density(float(noise))))
        for tau, tau_width in zip(_on(places, 0.0, _LARGEST_SD), widths, strict=True)
        for noise, noise_width in zip(_on(places, 0.0, _LARGEST_SD * np.sqrt(2)), widths, strict=True)
    ]
    logs = np.array([prior - likelihood(system, levels, tau, noise, precisions).deviance / 2 for tau, noise, prior in nodes])
    weights = np.exp(logs - logs.max())
    weights /= weights.sum()
    kept = np.flatnonzero(weights > _NEGLIGIBLE)
    solutions = tuple(solve(system, *nodes[place][:2], precisions) for place in kept)
    return weights[kept] / weights[kept].sum(), solutions


def _on(places: Floats, low: float, high: float) -> Floats:
    return (places + 1) / 2 * (high - low) + low


def _density(noise: float) -> float:
    """Return the density of sqrt(a^2 + b^2) for a, b uniform on (0, 2)."""
    if noise <= _LARGEST_SD:
        return noise * float(np.pi) / 8
    return noise * float(np.pi / 2 - 2 * np.arccos(_LARGEST_SD / noise)) / 4
