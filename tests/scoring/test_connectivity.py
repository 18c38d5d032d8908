"""Pieces of the graph and the variance of differences of jurors, against generalised inverses."""

import numpy as np
import pytest

from scoring.connectivity import Connectivity, components, connectivity, information


def design(applications: int, jurors: int, reviews: int, seed: int = 1) -> list[tuple[str, str]]:
    generator = np.random.default_rng(seed)
    return [(f"A{i}", f"J{j}") for i in range(applications) for j in generator.choice(jurors, reviews, replace=False)]


def test_contrast_variance_is_the_mean_over_all_pairs_of_jurors():
    pairs = design(60, 12, 4)
    incidence = np.zeros((60, 12))
    for application, juror in pairs:
        incidence[int(application[1:]), int(juror[1:])] = 1
    inverse = np.linalg.pinv(information(incidence))
    differences = [inverse[i, i] + inverse[j, j] - 2 * inverse[i, j] for i in range(12) for j in range(i)]

    found = connectivity(pairs)

    assert found.components == 1
    assert found.contrast_variance == pytest.approx(np.mean(differences))
    assert found.contrast_variance == pytest.approx(0.12, abs=0.01)


def test_pieces_are_named_by_their_members():
    pairs = [("A1", "J1"), ("A2", "J1"), ("A2", "J2"), ("A3", "J3")]

    assert components(pairs) == [
        (frozenset({"A1", "A2"}), frozenset({"J1", "J2"})),
        (frozenset({"A3"}), frozenset({"J3"})),
    ]
    assert connectivity(pairs) == Connectivity(2, None)


def test_an_application_and_a_juror_of_one_name_are_two():
    assert connectivity([("x", "y"), ("y", "z")]).components == 2


def test_nothing_and_one_juror_have_no_variance():
    assert connectivity([]) == Connectivity(0, None)
    assert connectivity([("A", "J"), ("B", "J")]) == Connectivity(1, None)
