"""The scores of a jury as arrays: what every statistical ranking and every measure of agreement starts from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Panel:
    """One score per (application, juror) pair; `rows` and `columns` are places in the two name tuples."""

    applications: tuple[str, ...]
    jurors: tuple[str, ...]
    rows: Integers
    columns: Integers
    scores: Floats

    @classmethod
    def of(cls, scores: Mapping[tuple[str, str], float]) -> Panel:
        """Arrange scores by (application, juror), names in sorted order, so that equal input gives equal output."""
        applications = tuple(sorted({application for application, _ in scores}))
        jurors = tuple(sorted({juror for _, juror in scores}))
        row = {name: place for place, name in enumerate(applications)}
        column = {name: place for place, name in enumerate(jurors)}
        pairs = sorted(scores)
        return cls(
            applications,
            jurors,
            np.array([row[application] for application, _ in pairs], dtype=np.int64),
            np.array([column[juror] for _, juror in pairs], dtype=np.int64),
            np.array([scores[pair] for pair in pairs], dtype=np.float64),
        )

    @property
    def reviews_of_applications(self) -> Integers:
        return np.bincount(self.rows, minlength=len(self.applications))

    @property
    def reviews_of_jurors(self) -> Integers:
        return np.bincount(self.columns, minlength=len(self.jurors))

    def incidence(self) -> Floats:
        """Return the 0/1 matrix of who scored what: applications down, jurors across."""
        matrix = np.zeros((len(self.applications), len(self.jurors)))
        matrix[self.rows, self.columns] = 1.0
        return matrix

    def complete_matrix(self) -> Floats | None:
        """Return the scores as a matrix if every juror scored every application."""
        if len(self.scores) != len(self.applications) * len(self.jurors):
            return None
        matrix = np.empty((len(self.applications), len(self.jurors)))
        matrix[self.rows, self.columns] = self.scores
        return matrix
