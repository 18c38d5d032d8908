"""Whether jurors can be compared at all: the graph of who scores what, its pieces, and how well it ties jurors together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

GOOD_CONTRAST_VARIANCE = 0.25  # a rule of thumb, in units of the residual variance


@dataclass(frozen=True, slots=True)
class Connectivity:
    """Pieces of the graph, and the mean variance of a difference of two jurors' severities (None if not comparable)."""

    components: int
    contrast_variance: float | None


def connectivity(pairs: Iterable[tuple[str, str]]) -> Connectivity:
    """Judge a set of (application, juror) pairs; a juror without any is not part of the graph."""
    known = sorted(set(pairs))
    pieces = components(known)
    jurors = sorted({juror for _, juror in known})
    if len(pieces) != 1 or len(jurors) < 2:  # noqa: PLR2004 -- a difference needs two
        return Connectivity(len(pieces), None)
    return Connectivity(1, _contrast_variance(known, jurors))


def components(pairs: Iterable[tuple[str, str]]) -> list[tuple[frozenset[str], frozenset[str]]]:
    """Return the connected pieces of the graph as (applications, jurors), in the order of their first application."""
    parent: dict[tuple[str, str], tuple[str, str]] = {}

    def root(node: tuple[str, str]) -> tuple[str, str]:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for application, juror in pairs:
        parent[root(("juror", juror))] = root(("application", application))
    pieces: dict[tuple[str, str], dict[str, set[str]]] = {}
    for kind, name in sorted(parent):
        pieces.setdefault(root((kind, name)), {"application": set(), "juror": set()})[kind].add(name)
    return [(frozenset(piece["application"]), frozenset(piece["juror"])) for piece in pieces.values()]


def _contrast_variance(pairs: list[tuple[str, str]], jurors: list[str]) -> float:
    import numpy as np  # noqa: PLC0415 -- heavy: a command that ranks by the mean starts without it

    row = {name: place for place, name in enumerate(sorted({application for application, _ in pairs}))}
    column = {name: place for place, name in enumerate(jurors)}
    incidence = np.zeros((len(row), len(column)))
    for application, juror in pairs:
        incidence[row[application], column[juror]] = 1.0
    return contrast_variance(information(incidence))


def information(incidence: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what a design tells about its jurors: diag(n_j) - X diag(1/n_i) X'."""
    import numpy as np  # noqa: PLC0415 -- heavy, see above

    reviews = incidence.sum(axis=1)
    return np.asarray(np.diag(incidence.sum(axis=0)) - (incidence.T / reviews) @ incidence, dtype=np.float64)


def contrast_variance(matrix: NDArray[np.float64]) -> float:
    """Return 2 tr(C+)/(m - 1) of a connected design; adding 1/m everywhere fills the one empty direction of C."""
    import numpy as np  # noqa: PLC0415 -- heavy, see above

    count = len(matrix)
    return float(2 * (np.trace(np.linalg.inv(matrix + 1 / count)) - 1) / (count - 1))
