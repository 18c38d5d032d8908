"""Scores standardised within each juror, shrunken towards the whole jury by five pseudo-scores."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from math import fsum, sqrt

PSEUDO_SCORES = 5


def standardised(scores: Mapping[tuple[str, str], float]) -> dict[str, float]:
    """Return each application's mean of m + s(y - m_j)/s_j over its (application, juror) scores."""
    mean, deviation = _mean_and_deviation(list(scores.values()))
    by_juror: defaultdict[str, list[float]] = defaultdict(list)
    for (_, juror), score in scores.items():
        by_juror[juror].append(score)
    own = {juror: _shrunken(given, mean, deviation) for juror, given in by_juror.items()}
    by_application: defaultdict[str, list[float]] = defaultdict(list)
    for (application, juror), score in scores.items():
        centre, spread = own[juror]
        by_application[application].append(mean + deviation * (score - centre) / spread if spread else mean)
    return {application: fsum(values) / len(values) for application, values in by_application.items()}


def _shrunken(given: list[float], mean: float, deviation: float) -> tuple[float, float]:
    count = len(given)
    own_mean, own_deviation = _mean_and_deviation(given)
    centre = (count * own_mean + PSEUDO_SCORES * mean) / (count + PSEUDO_SCORES)
    if count == 1:
        return centre, deviation
    squares = (count - 1) * own_deviation**2 + PSEUDO_SCORES * deviation**2
    return centre, sqrt(squares / (count + PSEUDO_SCORES - 1))


def _mean_and_deviation(values: list[float]) -> tuple[float, float]:
    mean = fsum(values) / len(values)
    if len(values) == 1:
        return mean, 0.0
    return mean, sqrt(fsum((value - mean) ** 2 for value in values) / (len(values) - 1))
