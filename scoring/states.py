"""States and closed sets of the jury's work. Pure."""

from enum import StrEnum

from app.core.states import Machine


class JurorState(StrEnum):
    """Whether an invited person takes the seat."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REMOVED = "removed"


JUROR = Machine(
    "juror",
    JurorState.INVITED,
    [
        (JurorState.INVITED, JurorState.ACCEPTED, "accept"),
        (JurorState.INVITED, JurorState.DECLINED, "decline"),
        (JurorState.INVITED, JurorState.REMOVED, "remove"),
        (JurorState.ACCEPTED, JurorState.REMOVED, "remove"),
        (JurorState.DECLINED, JurorState.REMOVED, "remove"),
        (JurorState.DECLINED, JurorState.INVITED, "invite_again"),
        (JurorState.REMOVED, JurorState.INVITED, "invite_again"),
    ],
)


class Need(StrEnum):
    """What a round needs next of who runs it; computed, never stored."""

    JURORS = "jurors"
    ASSIGNMENT = "assignment"
    STAGE = "stage"
    SHEETS = "sheets"
    FREEZING = "freezing"


class JurorPurpose(StrEnum):
    """Single-use links of this package."""

    INVITATION = "jury_invitation"


class ConflictKind(StrEnum):
    """What ties a juror to an application."""

    PERSONAL = "personal"
    FAMILY = "family"
    INSTITUTIONAL = "institutional"
    MENTOR = "mentor"
    OTHER = "other"


class ReviewState(StrEnum):
    """The life of one score sheet."""

    ASSIGNED = "assigned"
    DRAFT = "draft"
    SIGNED = "signed"
    RECUSED = "recused"


REVIEW = Machine(
    "review",
    ReviewState.ASSIGNED,
    [
        (ReviewState.ASSIGNED, ReviewState.DRAFT, "start"),
        (ReviewState.DRAFT, ReviewState.SIGNED, "sign"),
        (ReviewState.SIGNED, ReviewState.DRAFT, "reopen"),
        (ReviewState.ASSIGNED, ReviewState.RECUSED, "recuse"),
        (ReviewState.DRAFT, ReviewState.RECUSED, "recuse"),
        (ReviewState.SIGNED, ReviewState.RECUSED, "recuse"),
    ],
)


class StageMode(StrEnum):
    """How a stage judges."""

    POINTS = "points"
    PASS_FAIL = "pass_fail"  # noqa: S105 - a way to judge, not a password


class Method(StrEnum):
    """How a stage's sheets become one figure; chosen in the rules before opening."""

    MEAN = "mean"
    MEDIAN = "median"
    TRIMMED = "trimmed"
