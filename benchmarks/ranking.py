"""The calibrated ranking beside the bare linear algebra it cannot do without, in the same run.

Bare: one Cholesky solution of the jury's system, the covariance of all applications, the normal probabilities of all
pairs, and 4,000 sorted draws. Prints CPU seconds and ratios; a ratio holds on any machine, seconds do not.
"""

import argparse
import time
from collections.abc import Callable
from typing import TypeVar

import numpy as np
from scipy.special import ndtr  # noqa: TID253 -- a benchmark pays for it anyway

from scoring.allocation import Line
from scoring.ranking.calibrated import Fit, calibrate
from scoring.ranking.official import Criterion, RankingRules, Sheet, Stage, rank
from scoring.ranking.panel import Panel
from scoring.ranking.posterior import DRAWS

Result = TypeVar("Result")
CRITERIA = 5


def timed(work: Callable[[], Result]) -> tuple[float, Result]:
    """Return CPU seconds, the best of three, and the result."""
    best, result = float("inf"), None
    for _ in range(3):
        start = time.process_time()
        result = work()
        best = min(best, time.process_time() - start)
    assert result is not None  # noqa: S101 -- three rounds were run
    return best, result


def simulated(applications: int, jurors: int, reviews: int) -> dict[tuple[str, str], float]:
    generator = np.random.default_rng(1)
    quality, severity = generator.normal(60, 8, applications), generator.normal(0, 5, jurors)
    return {
        (f"A{i}", f"J{j}"): float(quality[i] + severity[j] + generator.normal(0, 7))
        for i in range(applications)
        for j in generator.choice(jurors, reviews, replace=False)
    }


def bare(panel: Panel) -> float:
    """Do the irreducible arithmetic once, with the simplest calls there are."""
    incidence = panel.incidence()
    reviews = panel.reviews_of_applications[:, None] + 1.0
    matrix = np.diag(panel.reviews_of_jurors + 1.0) - incidence.T @ (incidence / reviews)
    lower = np.linalg.cholesky(matrix)
    spread = np.linalg.solve(lower, (incidence / reviews).T)
    covariance = spread.T @ spread + np.diag(1 / reviews[:, 0])
    variance = covariance.diagonal()
    effects = np.bincount(panel.rows, panel.scores) / reviews[:, 0]
    distances = np.sqrt(variance[:, None] + variance[None, :] - 2 * covariance + np.eye(len(effects)))
    probabilities = ndtr((effects[None, :] - effects[:, None]) / distances)
    draws = np.random.default_rng(1).standard_normal((DRAWS, len(effects))) + effects
    ranks = np.argsort(np.argsort(draws, axis=1), axis=1)
    return float(probabilities.sum() + np.sort(ranks, axis=0)[DRAWS // 20].sum())


def advised(panel: Panel) -> object:
    fit = calibrate(panel)
    assert isinstance(fit, Fit)  # noqa: S101 -- these designs are connected
    return fit.advice(Line(winners=max(1, len(panel.applications) // 5)))


def official(scores: dict[tuple[str, str], float]) -> object:
    rules = RankingRules((Stage("all"),), tuple(Criterion(f"C{c}", "all", 1) for c in range(CRITERIA)), ties=("C1", "C2"))
    sheets = [
        Sheet(application, juror, "all", {f"C{c}": int(score * (c + 3)) % 11 for c in range(CRITERIA)})
        for (application, juror), score in scores.items()
    ]
    return rank(rules, sheets)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="60x8x4,500x20x4,2000x40x5", help="applications x jurors x reviews, ...")
    sizes = [tuple(int(part) for part in size.split("x")) for size in parser.parse_args().sizes.split(",")]
    print("size              calibrated s   bare s   ratio   official s")
    for size in sizes:
        scores = simulated(*size)
        panel = Panel.of(scores)
        floor, _ = timed(lambda panel=panel: bare(panel))
        ours, _ = timed(lambda panel=panel: advised(panel))
        exact, _ = timed(lambda scores=scores: official(scores))
        name = "x".join(str(part) for part in size)
        print(f"{name:16}  {ours:12.3f}  {floor:7.3f}  {ours / floor:5.2f}x  {exact:10.3f}")


if __name__ == "__main__":
    main()
