"""The one question an assignment answers, from an instance to who reads what, with its figures or its reason."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.assignment.instance import Floor, Instance
from scoring.assignment.model import Model, best, best_above, contradiction, fairest, shortage
from scoring.assignment.repair import repaired
from scoring.connectivity import Connectivity, connectivity


@dataclass(frozen=True, slots=True)
class Outcome:
    """Sorted (juror, application) pairs and what they are worth; without a solution only the reason."""

    assignments: tuple[tuple[str, str], ...] = ()
    total_affinity: float | None = None
    total_before_repair: float | None = None
    worst_application: float | None = None
    connectivity: Connectivity | None = None
    reason: str | None = None

    @property
    def is_optimal(self) -> bool:
        return self.reason is None


def assign(instance: Instance) -> Outcome:
    """Find the best assignment and, if asked, repair it until jurors can be compared."""
    if not instance.applications:
        return Outcome((), 0.0, 0.0, None, connectivity(()))
    model = Model.of(instance)
    reason = contradiction(model)
    if reason is not None:
        return Outcome(reason=reason)
    matrix = _solved(model, instance.floor)
    if matrix is None:
        return Outcome(reason=_infeasible(model, instance.floor))
    before = _total(model, matrix)
    if instance.connect:
        # A floor that was itself raised to the maximum is not held here: comparing jurors comes first.
        floor = None if isinstance(instance.floor, Floor) else instance.floor
        matrix = repaired(model, matrix, floor)
    pairs = sorted((model.jurors[j], model.applications[a]) for j, a in np.argwhere(matrix))
    return Outcome(
        assignments=tuple(pairs),
        total_affinity=_total(model, matrix),
        total_before_repair=before,
        worst_application=model.worst(matrix),
        connectivity=connectivity((application, juror) for juror, application in pairs),
    )


def _solved(model: Model, floor: float | Floor | None) -> NDArray[np.bool_] | None:
    if floor is None:
        return best(model)
    return fairest(model) if isinstance(floor, Floor) else best_above(model, floor)


def _infeasible(model: Model, floor: float | Floor | None) -> str:
    """Tell a floor that is too high from loads that cannot be met."""
    if isinstance(floor, float) and best(model) is not None:
        return f"No assignment gives every application an affinity of {floor:g} or more."
    return shortage(model)


def _total(model: Model, matrix: NDArray[np.bool_]) -> float:
    return float(model.affinity[matrix].sum())
