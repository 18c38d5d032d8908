"""Standardised scores against the formula, one step at a time."""

from statistics import mean, stdev

import pytest

from scoring.ranking.zscore import standardised

pytestmark = pytest.mark.unit

SCORES = {("A", "1"): 50.0, ("B", "1"): 70.0, ("A", "2"): 80.0, ("B", "2"): 90.0, ("D", "2"): 70.0, ("D", "3"): 40.0}


def by_hand(scores: dict[tuple[str, str], float]) -> dict[str, float]:
    everything = list(scores.values())
    m, s = mean(everything), stdev(everything)
    found: dict[str, list[float]] = {}
    for (application, juror), y in scores.items():
        own = [value for (_, other), value in scores.items() if other == juror]
        m_j = (len(own) * mean(own) + 5 * m) / (len(own) + 5)
        s_j = s if len(own) == 1 else (((len(own) - 1) * stdev(own) ** 2 + 5 * s**2) / (len(own) + 4)) ** 0.5
        found.setdefault(application, []).append(m + s * (y - m_j) / s_j)
    return {application: mean(values) for application, values in found.items()}


def test_scores_follow_the_formula():
    assert standardised(SCORES) == pytest.approx(by_hand(SCORES), rel=1e-12)


def test_scores_that_are_all_alike_stay_as_they_are():
    assert standardised({("A", "1"): 5.0, ("B", "2"): 5.0}) == {"A": 5.0, "B": 5.0}


def test_one_score_alone_stays_as_it_is():
    assert standardised({("A", "1"): 5.0}) == {"A": 5.0}
