"""The assignment as a linear programme: its arrays, its solution by HiGHS, and why there is none.

Without a floor every vertex is whole, so that the linear programme is exact; a floor needs the integer solver.
Jurors and applications are shuffled by the seed before solving, so that no list order favours anybody; where
affinities are coarse, a seeded trifle smaller than their smallest step decides between equal optima.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.assignment.instance import Instance
from scoring.ranking.panel import Floats, Integers

GAP = 1e-9
_CLIMBING_GAP = 0.05
_FLOOR_SCALE = 1000.0  # keeps the solver's absolute tolerance of 1e-6 far below any step of affinity


@dataclass(frozen=True)
class Model:
    """An instance as arrays, shuffled: `allowed[j, a]`, `affinity[j, a]`, loads from `low` to `high`."""

    jurors: tuple[str, ...]
    applications: tuple[str, ...]
    reviews: int
    affinity: Floats
    allowed: NDArray[np.bool_]
    fixed: NDArray[np.bool_]
    low: Integers
    high: Integers
    seed: int

    @classmethod
    def of(cls, instance: Instance) -> Model:
        generator = np.random.Generator(np.random.PCG64(instance.seed))
        jurors = [instance.jurors[place] for place in generator.permutation(len(instance.jurors))]
        applications = [instance.applications[place] for place in generator.permutation(len(instance.applications))]
        row = {juror.id: place for place, juror in enumerate(jurors)}
        column = {application.id: place for place, application in enumerate(applications)}
        affinity = np.zeros((len(jurors), len(applications)))
        for (juror, application), value in instance.affinity.items():
            affinity[row[juror], column[application]] = value
        allowed = np.ones(affinity.shape, dtype=bool)
        languages = [application.language for application in applications]
        for place, juror in enumerate(jurors):
            if juror.languages is not None:
                allowed[place] = [language is None or language in juror.languages for language in languages]
        fixed = np.zeros(affinity.shape, dtype=bool)
        for matrix, pairs, value in ((allowed, instance.conflicts, False), (fixed, instance.fixed, True)):
            for juror, application in pairs:
                matrix[row[juror], column[application]] = value
        return cls(
            jurors=tuple(juror.id for juror in jurors),
            applications=tuple(application.id for application in applications),
            reviews=instance.reviews_per_application,
            affinity=affinity,
            allowed=allowed,
            fixed=fixed,
            low=np.array([juror.min for juror in jurors], dtype=np.int64),
            high=np.array(
                [min(len(applications), len(applications) if juror.max is None else juror.max) for juror in jurors],
                dtype=np.int64,
            ),
            seed=instance.seed,
        )

    @cached_property
    def pairs(self) -> tuple[Integers, Integers]:
        """Return the variables: the juror and the application of every allowed pair."""
        rows, columns = np.nonzero(self.allowed)
        return rows.astype(np.int64), columns.astype(np.int64)

    def bounds(self) -> Any:  # scipy takes an array of pairs, its stubs only a list of them
        """Return (0 or 1, 1) for each pair: a fixed one has no choice."""
        return np.column_stack([self.fixed[self.pairs].astype(np.float64), np.ones(len(self.pairs[0]))])

    def matrix_of(self, chosen: Floats) -> NDArray[np.bool_]:
        """Bring a solution back to jurors by applications."""
        matrix = np.zeros(self.allowed.shape, dtype=bool)
        taken = chosen > 0.5  # noqa: PLR2004 -- whole but for rounding
        matrix[self.pairs[0][taken], self.pairs[1][taken]] = True
        return matrix

    def worst(self, matrix: NDArray[np.bool_]) -> float:
        """Return the smallest summed affinity of an application."""
        return float(np.where(matrix, self.affinity, 0.0).sum(axis=0).min())

    def counts(self) -> tuple[Any, Any]:  # sparse matrices, which the stubs of linprog do not know
        """Return the sums over the pairs of each application, and of each juror."""
        from scipy.sparse import csr_array  # heavy: only assignment pays for it

        rows, columns = self.pairs
        size = len(rows)
        ones, variables = np.ones(size), np.arange(size)
        of_applications: Any = csr_array((ones, (columns, variables)), shape=(len(self.applications), size))
        of_jurors: Any = csr_array((ones, (rows, variables)), shape=(len(self.jurors), size))
        return of_applications, of_jurors


def contradiction(model: Model) -> str | None:
    """Return the plain reasons why nothing can fit, in the order in which people can mend them."""
    clash = np.argwhere(model.fixed & ~model.allowed)
    if len(clash):
        juror, application = model.jurors[clash[0][0]], model.applications[clash[0][1]]
        return f"{juror} is fixed to {application}, which a conflict or the language forbids."
    able = model.allowed.sum(axis=0)
    short = sorted(model.applications[place] for place in np.flatnonzero(able < model.reviews))
    if short:
        return f"Fewer than {model.reviews} jurors may read {', '.join(short)}."
    return _load_contradiction(model)


def _load_contradiction(model: Model) -> str | None:
    full = sorted(model.applications[place] for place in np.flatnonzero(model.fixed.sum(axis=0) > model.reviews))
    if full:
        return f"More than {model.reviews} jurors are fixed to {', '.join(full)}."
    over = sorted(model.jurors[place] for place in np.flatnonzero(model.fixed.sum(axis=1) > model.high))
    if over:
        return f"More applications are fixed than the maximum of {', '.join(over)}."
    idle = sorted(model.jurors[place] for place in np.flatnonzero(model.allowed.sum(axis=1) < model.low))
    if idle:
        return f"Fewer applications than the minimum may be read by {', '.join(idle)}."
    needed = model.reviews * len(model.applications)
    if model.high.sum() < needed:
        return f"{needed} reviews are needed, but the jurors' maxima add to {model.high.sum()}."
    if model.low.sum() > needed:
        return f"{needed} reviews are needed, but the jurors' minima add to {model.low.sum()}."
    return None


def shortage(model: Model) -> str:
    """Say how many reviews cannot be placed at all, and where they are missing."""
    from scipy.optimize import linprog  # heavy: only assignment pays for it
    from scipy.sparse import vstack

    count = len(model.pairs[0])
    result = linprog(
        -np.ones(count),
        A_ub=vstack(model.counts()),
        b_ub=np.concatenate([np.full(len(model.applications), model.reviews), model.high]),
        bounds=model.bounds(),
        method="highs",
    )
    placed = model.matrix_of(np.asarray(result.x)).sum(axis=0)
    missing = Counter({model.applications[place]: int(model.reviews - placed[place]) for place in range(len(placed))})
    total = missing.total()
    if not total:
        return "The jurors' minima cannot all be reached together."
    names = ", ".join(sorted(name for name, count in missing.items() if count))
    return f"{total} of {model.reviews * len(placed)} reviews cannot be placed, for example those missing for {names}."


def best(model: Model) -> NDArray[np.bool_] | None:
    """Return the assignment of the largest total affinity, or None if there is none."""
    from scipy.optimize import linprog  # heavy: only assignment pays for it
    from scipy.sparse import vstack

    of_applications, of_jurors = model.counts()
    limits = [(of_jurors, model.high.astype(np.float64))]
    if model.low.any():
        limits.append((-of_jurors, -model.low.astype(np.float64)))
    result = linprog(
        -_with_trifles(model),
        A_ub=vstack([matrix for matrix, _ in limits]),
        b_ub=np.concatenate([bound for _, bound in limits]),
        A_eq=of_applications,
        b_eq=np.full(len(model.applications), float(model.reviews)),
        bounds=model.bounds(),
        method="highs-ds",
    )
    return None if result.x is None else model.matrix_of(result.x)


def _step(values: Floats) -> float | None:
    """Return the coarsest step of which all affinities are multiples, None if they are finer than a thousandth."""
    for step in (1.0, 0.1, 0.01, 0.001):
        if np.allclose(np.round(values / step) * step, values, rtol=0, atol=1e-12):
            return step
    return None


def _with_trifles(model: Model) -> Floats:
    """Return the objective in steps of affinity, plus trifles that together stay below one step.

    Two totals that differ do so by a step at least; so the optimum stays the optimum, and equals are chosen by chance.
    """
    values = model.affinity[model.pairs]
    step = _step(values)
    if step is None:
        return values
    generator = np.random.Generator(np.random.PCG64([model.seed, 1]))
    largest = 0.5 / (model.reviews * len(model.applications))
    return np.asarray(np.round(values / step) + generator.random(len(values)) * largest)


def best_above(model: Model, floor: float) -> NDArray[np.bool_] | None:
    """Return the largest total among assignments that give every application `floor` of affinity or more."""
    free = best(model)
    if free is None or model.worst(free) >= floor - GAP:
        return free
    return _integer(model, floor, GAP)


def fairest(model: Model) -> NDArray[np.bool_] | None:
    """Raise the worst application's affinity as far as it goes, then the total.

    While climbing, any assignment above the floor will do; only at the highest floor the total is made the largest.
    """
    free = best(model)
    if free is None:
        return None
    known, bound = model.worst(free), _bound_of_floor(model)
    step = _step(model.affinity[model.pairs]) or GAP
    floor = bound
    while bound - known > step / 2:
        found = _integer(model, floor, _CLIMBING_GAP)
        if found is not None and model.worst(found) > known:
            known = model.worst(found)
        else:
            bound = floor - step
        floor = known + max(step, round((bound - known) / 2 / step) * step)
    return best_above(model, known)


def _bound_of_floor(model: Model) -> float:
    """Return what the least lucky application would have if it could choose its jurors first."""
    choices = np.where(model.allowed, model.affinity, -np.inf)
    return float(np.sort(choices, axis=0)[-model.reviews :].sum(axis=0).min())


def _integer(model: Model, floor: float, gap: float) -> NDArray[np.bool_] | None:
    """Solve with the floor as a side rule, which makes vertices fractional and the integer solver necessary."""
    from scipy.optimize import Bounds, LinearConstraint, milp  # heavy: only assignment pays for it
    from scipy.sparse import csr_array

    columns = model.pairs[1]
    values = model.affinity[model.pairs]
    of_applications, of_jurors = model.counts()
    places = (columns, np.arange(len(values)))
    weights: Any = csr_array((values * _FLOOR_SCALE, places), shape=(len(model.applications), len(values)))
    result = milp(
        -values,
        integrality=np.ones(len(values), dtype=np.int64),
        bounds=Bounds(model.fixed[model.pairs].astype(np.float64), np.ones(len(values))),
        constraints=[
            LinearConstraint(of_applications, model.reviews, model.reviews),
            LinearConstraint(of_jurors, model.low, model.high),
            LinearConstraint(weights, floor * _FLOOR_SCALE, np.inf),
        ],
        options={"mip_rel_gap": gap},
    )
    return None if result.x is None else model.matrix_of(result.x)
