"""What competitions hand to the platform."""

from enum import StrEnum

from app.modules import Module
from app.programmes.models import Programme
from app.programmes.queries import by_role
from competitions.labels import LABELS
from competitions.policy import GRANTS, Permission
from competitions.queries.access import APPLICATION_POLICY, COMPETITION_POLICY
from competitions.states import APPLICATION, COMPETITION, RULES

CREATION: dict[StrEnum, frozenset[str]] = {Permission.COMPETITION_CREATE: frozenset(GRANTS[Permission.COMPETITION_CREATE])}

module = Module(
    name="competitions",
    machines=(COMPETITION, RULES, APPLICATION),
    policies=(COMPETITION_POLICY, APPLICATION_POLICY, by_role(Programme, CREATION, programme=Programme.id)),
    grants=GRANTS,
    labels=LABELS,
)
