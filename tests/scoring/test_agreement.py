"""Agreement against the printed examples of Shrout and Fleiss (1979) and Krippendorff (2011)."""

from dataclasses import asdict

import numpy as np
import pytest

from scoring.agreement import Level, agreement, intraclass, kendall_w, krippendorff
from scoring.ranking.panel import Panel
from tests.scoring.samples import rows

SHROUT_FLEISS = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], dtype=float)
# Krippendorff, Computing Krippendorff's alpha-reliability, example E: 4 observers, 12 units, 7 values missing
OBSERVERS = ("1 2 3 3 2 1 4 1 2 . . .", "1 2 3 3 2 2 4 1 2 5 . 3", ". 3 3 3 2 3 4 2 2 5 1 .", "1 2 3 3 2 4 4 1 2 5 1 .")
UNITS = [[float(value) for value in unit if value != "."] for unit in zip(*(line.split() for line in OBSERVERS), strict=True)]


def test_intraclass_correlations_are_those_of_shrout_and_fleiss():
    found = intraclass(SHROUT_FLEISS)
    assert found is not None

    assert {name: round(one["value"], 2) for name, one in asdict(found).items()} == {
        "icc1": 0.17,
        "icc2": 0.29,
        "icc3": 0.71,
        "icc1k": 0.44,
        "icc2k": 0.62,
        "icc3k": 0.91,
    }


def test_limits_are_those_that_the_r_package_psych_prints():
    found = intraclass(SHROUT_FLEISS)
    assert found is not None

    assert {name: (round(one["low"], 2), round(one["high"], 2)) for name, one in asdict(found).items()} == {
        "icc1": (-0.13, 0.72),
        "icc2": (0.02, 0.76),
        "icc3": (0.34, 0.95),
        "icc1k": (-0.88, 0.91),
        "icc2k": (0.07, 0.93),
        "icc3k": (0.68, 0.99),
    }


def test_alphas_are_those_of_krippendorff():
    assert {level: round(krippendorff(UNITS, level) or 0, 3) for level in Level} == {
        Level.NOMINAL: 0.743,
        Level.ORDINAL: 0.815,
        Level.INTERVAL: 0.849,
        Level.RATIO: 0.797,
    }


def test_alpha_equals_the_coincidence_matrix_on_real_scores():
    tasters: dict[str, list[float]] = {}
    for row in rows("wine_paris1976_chardonnay.csv"):
        tasters.setdefault(row["wine"], []).append(float(row["score"]))
    units = list(tasters.values())
    values = sorted({value for unit in units for value in unit})
    coincidences = np.zeros((len(values), len(values)))
    for unit in units:
        for one in range(len(unit)):
            for other in range(len(unit)):
                if one != other:
                    coincidences[values.index(unit[one]), values.index(unit[other])] += 1 / (len(unit) - 1)
    totals = coincidences.sum(axis=1)
    squares = np.subtract.outer(values, values) ** 2
    expected = 1 - (totals.sum() - 1) * (coincidences * squares).sum() / (np.outer(totals, totals) * squares).sum()

    assert krippendorff(units, Level.INTERVAL) == pytest.approx(expected, rel=1e-12)


def test_kendall_w_of_equal_rankings_is_one_and_of_opposite_ones_zero():
    same = np.array([[1.0, 10.0], [2.0, 20.0], [3.0, 30.0]])
    opposite = np.array([[1.0, 3.0], [2.0, 2.0], [3.0, 1.0]])

    assert kendall_w(same) == pytest.approx(1)
    assert kendall_w(opposite) == pytest.approx(0)


def test_kendall_w_is_corrected_for_ties():
    # Kendall and Gibbons, Rank Correlation Methods: mid-ranks, and m sum(t^3 - t) off the largest sum of squares.
    ranks = np.array([[1, 1.5, 2.5], [2, 1.5, 1], [3.5, 3, 2.5], [3.5, 4, 4]])
    spread = ((ranks.sum(axis=1) - ranks.sum() / 4) ** 2).sum()

    assert kendall_w(ranks) == pytest.approx(12 * spread / (9 * (64 - 4) - 3 * (6 + 6 + 6)))


def test_perfect_agreement_is_one_with_its_limits():
    found = intraclass(np.array([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]]))
    assert found is not None

    assert {value for one in asdict(found).values() for value in one.values()} == {1.0}


def test_what_is_undefined_is_none_and_has_its_reason():
    alike = agreement(Panel.of({(application, juror): 5.0 for application in "AB" for juror in "12"}))
    missing = agreement(Panel.of({("A", "1"): 5.0, ("A", "2"): 6.0, ("B", "1"): 7.0}))

    assert (alike.icc, alike.kendall_w, set(alike.krippendorff.values())) == (None, None, {None})
    assert set(alike.reasons) == {"icc", "kendall_w", "krippendorff"}
    assert (missing.icc, missing.kendall_w) == (None, None)
    assert set(missing.reasons) == {"icc", "kendall_w"}


def test_each_coefficient_that_is_undefined_has_its_reason():
    severe = agreement(Panel.of({(application, juror): float(juror) for application in "AB" for juror in "12"}))
    assert severe.icc is not None
    undefined = {name for name, one in asdict(severe.icc).items() if None in one.values()}

    assert {"icc3", "icc1k", "icc3k"} <= undefined
    assert set(severe.reasons) == undefined | {"kendall_w"}


def test_a_ratio_below_zero_is_undefined_and_other_levels_are_not():
    units = [[-1.0, 2.0], [3.0, 3.0]]

    assert krippendorff(units, Level.RATIO) is None
    assert krippendorff(units, Level.INTERVAL) is not None


def test_no_scores_at_all_agree_on_nothing():
    found = agreement(Panel.of({}))

    assert (found.icc, found.kendall_w, set(found.krippendorff.values())) == (None, None, {None})
