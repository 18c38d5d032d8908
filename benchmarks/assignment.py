"""The assignment of jurors beside a bare call of HiGHS on the same programme, in the same run.

Bare: `linprog` on sparse matrices that are already built. Ours: everything from named facts to a sorted list of pairs
with its figures. Every result is checked: equal optimum, no conflict, loads in bounds. Prints CPU seconds and ratios.
"""

import argparse
import time
from collections import Counter

import numpy as np
from scipy.optimize import linprog  # noqa: TID253 -- a benchmark pays for it anyway
from scipy.sparse import vstack  # noqa: TID253 -- the same

from scoring.assignment import Application, Instance, Juror, Outcome, assign
from scoring.assignment.model import Model

TARGET = 1.5


def instance(applications: int, jurors: int, reviews: int) -> Instance:
    """Return random affinities with two decimals, five per cent of conflicts, loads within 15 per cent of the mean."""
    generator = np.random.default_rng(7)
    mean = reviews * applications / jurors
    names = [(f"J{j}", f"A{a}") for j in range(jurors) for a in range(applications)]
    clash = generator.random(len(names)) < 0.05  # noqa: PLR2004 -- as said above
    return Instance(
        jurors=tuple(Juror(f"J{j}", None, int(0.85 * mean), int(np.ceil(1.15 * mean))) for j in range(jurors)),
        applications=tuple(Application(f"A{a}") for a in range(applications)),
        reviews_per_application=reviews,
        affinity=dict(zip(names, generator.random(len(names)).round(2).tolist(), strict=True)),
        conflicts=frozenset(name for name, is_clash in zip(names, clash, strict=True) if is_clash),
    )


def bare(question: Instance) -> tuple[float, float]:
    """Return the CPU seconds of the solver alone and the optimum."""
    model = Model.of(question)
    of_applications, of_jurors = model.counts()
    upper = vstack([of_jurors, -of_jurors])
    limits = np.concatenate([model.high, -model.low])
    needed = np.full(len(model.applications), float(model.reviews))
    start = time.process_time()
    result = linprog(-model.affinity[model.pairs], A_ub=upper, b_ub=limits, A_eq=of_applications, b_eq=needed, bounds=(0, 1))
    return time.process_time() - start, -float(result.fun)


def check(question: Instance, outcome: Outcome, optimum: float) -> None:
    loads = Counter(juror for juror, _ in outcome.assignments)
    reviews = set(Counter(application for _, application in outcome.assignments).values())
    fits = all(juror.min <= loads[juror.id] <= (juror.max or 0) for juror in question.jurors)
    is_best = abs((outcome.total_affinity or 0) - optimum) < 1e-6  # noqa: PLR2004 -- the solver's tolerance
    if not (fits and is_best and reviews == {question.reviews_per_application}):
        message = "The assignment is not the optimum."
        raise SystemExit(message)
    if question.conflicts & set(outcome.assignments):
        message = "A juror was given an application against a conflict."
        raise SystemExit(message)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="118x177x3,300x40x3,2000x40x3,2000x40x5", help="applications x jurors x reviews")
    sizes = [tuple(int(part) for part in size.split("x")) for size in parser.parse_args().sizes.split(",")]
    print(f"size              ours s   bare HiGHS s   ratio (target {TARGET}x)")
    for size in sizes:
        question = instance(*size)
        floor, ours = float("inf"), float("inf")
        for _ in range(3):
            seconds, optimum = bare(question)
            floor = min(floor, seconds)
            start = time.process_time()
            outcome = assign(question)
            ours = min(ours, time.process_time() - start)
            check(question, outcome, optimum)
        name = "x".join(str(part) for part in size)
        print(f"{name:16}  {ours:6.3f}  {floor:13.3f}   {ours / floor:5.2f}x")


if __name__ == "__main__":
    main()
