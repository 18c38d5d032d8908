"""Who may decide and publish, and what stands in the way now. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.access.actor import Actor
from app.core.refusals import Refusal
from app.programmes.states import Role
from competitions.policy import Obstacle as CompetitionObstacle
from competitions.states import CompetitionState
from scoring.policy import Obstacle as ScoringObstacle


class Permission(StrEnum):
    """Acts of this package on a competition."""

    AWARD_READ = "award:read"
    AWARD_DECIDE = "award:decide"
    AWARD_PUBLISH = "award:publish"


class Obstacle(StrEnum):
    """What stands in the way of an act that is otherwise granted."""

    NOT_ANNOUNCED_YET = "not_announced_yet"
    NOT_DECIDED_YET = "not_decided_yet"
    ALREADY_DECIDED = "already_decided"
    ALREADY_PUBLISHED = "already_published"


GRANTS: Mapping[StrEnum, frozenset[Role]] = {
    Permission.AWARD_READ: frozenset({Role.ORGANISER, Role.SECRETARY}),
    Permission.AWARD_DECIDE: frozenset({Role.ORGANISER}),
    Permission.AWARD_PUBLISH: frozenset({Role.ORGANISER}),
}
# What must not happen at a screen that was left open: the password is asked once more.
DANGEROUS = frozenset(
    {
        "Competition.decide",
        "Competition.reconsider",
        "Competition.publish",
        "Competition.publish_results",
        "Award.propose",
        "Award.revoke",
        "Award.publish",
    }
)


@dataclass(frozen=True, slots=True)
class AwardFacts:
    """What decides about acts on a competition's awards."""

    programme_id: int
    state: CompetitionState
    is_applicant: bool
    has_conflict: bool  # of interest, with any application of the competition
    has_unsigned: bool  # sheets of her own that she can still sign


def grants(permission: StrEnum, actor: Actor, facts: AwardFacts) -> bool:
    """Whether a role of the actor allows the act."""
    return actor.has_role(facts.programme_id, *GRANTS.get(permission, ()))


def obstacles(permission: StrEnum, facts: AwardFacts) -> tuple[Refusal, ...]:
    """Nobody decides in her own cause or before her own sheets; a decision comes once, after the call."""
    found = _of_interest(facts)
    if permission == Permission.AWARD_DECIDE:
        found += _of_deciding(facts.state)
    if permission == Permission.AWARD_PUBLISH:
        found += _of_publishing(facts.state)
    return tuple(Refusal(one) for one in found)


def _of_interest(facts: AwardFacts) -> list[StrEnum]:
    standing = {
        CompetitionObstacle.OWN_INTEREST: facts.is_applicant,
        ScoringObstacle.TIED: facts.has_conflict,
        ScoringObstacle.OWN_SHEETS_UNSIGNED: facts.has_unsigned,
    }
    return [obstacle for obstacle, stands in standing.items() if stands]


def _of_deciding(state: CompetitionState) -> list[Obstacle]:
    if state is CompetitionState.PUBLISHED:
        return [Obstacle.ALREADY_PUBLISHED]
    if state is CompetitionState.DECIDED:
        return [Obstacle.ALREADY_DECIDED]
    return [] if state is CompetitionState.ANNOUNCED else [Obstacle.NOT_ANNOUNCED_YET]


def _of_publishing(state: CompetitionState) -> list[Obstacle]:
    if state is CompetitionState.PUBLISHED:
        return [Obstacle.ALREADY_PUBLISHED]
    return [] if state is CompetitionState.DECIDED else [Obstacle.NOT_DECIDED_YET]
