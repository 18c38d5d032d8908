"""What competitions hand to the platform."""

from app.modules import Module
from app.programmes.queries import by_role
from competitions.models import Competition
from competitions.policy import GRANTS, Permission
from competitions.states import APPLICATION, COMPETITION, RULES

COMPETITION_GRANTS = {permission: roles for permission, roles in GRANTS.items() if permission.startswith("competition:")}

module = Module(
    name="competitions",
    machines=(COMPETITION, RULES, APPLICATION),
    policies=(by_role(Competition, {p: r for p, r in COMPETITION_GRANTS.items() if p is not Permission.COMPETITION_CREATE}),),
    grants=GRANTS,
)
