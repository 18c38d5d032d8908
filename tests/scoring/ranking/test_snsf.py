"""The Swiss ranking against the table in the vignette of the R package ERforResearch (four chains of JAGS)."""

from math import fsum

import numpy as np
import pytest

from scoring.allocation import Line
from scoring.ranking.calibrated import Refusal
from scoring.ranking.panel import Panel
from scoring.ranking.snsf import Mixture, rank_grades
from tests.scoring.samples import rows

VIGNETTE = {
    "1": 2.44,
    "2": 4.06,
    "3": 4.09,
    "4": 4.12,
    "5": 5.08,
    "6": 6.19,
    "7": 7.34,
    "8": 7.26,
    "9": 8.43,
    "10": 9.42,
    "11": 10.4,
    "12": 11.4,
    "13": 13.0,
    "14": 13.0,
    "15": 13.7,
}


def panel(name: str) -> Panel:
    chosen = [row for row in rows("er_mock_data.csv") if row["panel"] == name]
    return Panel.of({(row["proposal"], row["assessor"]): float(row["grade"]) for row in chosen})


def ranked(name: str) -> Mixture:
    mixture = rank_grades(panel(name))
    assert isinstance(mixture, Mixture)
    return mixture


def test_expected_ranks_are_those_of_the_vignette():
    mixture = ranked("p1")

    found = dict(zip(mixture.panel.applications, mixture.expected_ranks.tolist(), strict=True))

    assert found == pytest.approx(VIGNETTE, abs=0.1)


@pytest.mark.parametrize("name", ["p1", "p2", "p3"])
def test_expected_ranks_add_up_and_equal_the_mean_rank_of_draws(name: str):
    mixture = ranked(name)
    draws = np.concatenate(list(mixture._draws(np.random.Generator(np.random.PCG64(5)))))
    mean_ranks = 1 + (-draws).argsort(axis=1).argsort(axis=1).mean(axis=0)

    assert fsum(mixture.expected_ranks) == pytest.approx(15 * 16 / 2, abs=1e-9)
    assert len(draws) == 4000
    assert mixture.expected_ranks == pytest.approx(mean_ranks, abs=0.2)
    assert mixture.effects == pytest.approx(draws.mean(axis=0), abs=0.06)
    assert mixture.standard_deviations == pytest.approx(draws.std(axis=0), abs=0.06)


def test_equal_grades_get_equal_expected_ranks():
    grades = {(f"A{i}", f"J{j}"): float(1 + (i // 2 + j) % 6) for i in range(12) for j in range(4)}
    mixture = rank_grades(Panel.of(grades))
    assert isinstance(mixture, Mixture)

    of = dict(zip(mixture.panel.applications, mixture.expected_ranks.tolist(), strict=True))

    assert all(of[f"A{2 * k}"] == pytest.approx(of[f"A{2 * k + 1}"], abs=1e-9) for k in range(6))


def test_chances_add_up_to_the_number_of_winners():
    assert sum(one.winner or 0 for one in ranked("p1").advice(Line(winners=5))) == pytest.approx(5)


def test_three_panels_at_once_are_refused_because_they_share_no_assessor():
    grades = {
        (f"{row['panel']}-{row['proposal']}", f"{row['panel']}-{row['assessor']}"): float(row["grade"])
        for row in rows("er_mock_data.csv")
    }

    assert rank_grades(Panel.of(grades)) is Refusal.DISCONNECTED
