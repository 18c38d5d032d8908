"""States of an award. Pure."""

from enum import StrEnum

from app.core.states import Machine

# The acts that decide: on a frozen ranking, or outside.
PROPOSE, ENTER = "propose", "enter_result"


class AwardKind(StrEnum):
    """What the commission decided of one application."""

    WINNER = "winner"
    RESERVE = "reserve"


class AwardState(StrEnum):
    """The life of a decision."""

    PROPOSED = "proposed"
    PUBLISHED = "published"
    REVOKED = "revoked"


# What holds: made, whether or not anybody was told of it.
STANDING = frozenset({AwardState.PROPOSED, AwardState.PUBLISHED})


class Result(StrEnum):
    """What the published results say of an application without an award."""

    NOT_SELECTED = "not_selected"


AWARD = Machine(
    "award",
    AwardState.PROPOSED,
    [
        (AwardState.PROPOSED, AwardState.PUBLISHED, "publish"),
        (AwardState.PROPOSED, AwardState.REVOKED, "revoke"),
    ],
)
