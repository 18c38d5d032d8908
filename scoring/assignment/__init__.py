"""Which juror reads which application: the best assignment that conflicts, languages, loads and fairness allow.

    outcome = assign(Instance(jurors=..., applications=..., reviews_per_application=3, affinity=..., conflicts=...))
    outcome.is_optimal, outcome.assignments, outcome.reason

Everything is decided by one exact linear programme; `connect` then exchanges jurors until all can be compared.
"""

from scoring.assignment.instance import Application, Floor, Instance, Juror
from scoring.assignment.outcome import Outcome, assign

__all__ = ["Application", "Floor", "Instance", "Juror", "Outcome", "assign"]
