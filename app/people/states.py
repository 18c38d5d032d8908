"""States and closed sets of accounts and consents. Pure."""

from enum import StrEnum

from app.core.states import Machine


class UserState(StrEnum):
    """The life of an account."""

    UNVERIFIED = "unverified"
    ACTIVE = "active"
    BLOCKED = "blocked"


class TokenPurpose(StrEnum):
    """What a single-use link is for; a link for one purpose is useless for another."""

    VERIFY_EMAIL = "verify_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - a purpose, not a password
    SIGN_IN = "sign_in"
    CHANGE_EMAIL = "change_email"


class ConsentKind(StrEnum):
    """What a person agrees to, each asked apart and never ticked beforehand."""

    PROCESSING = "processing"
    NAME = "name"
    PHOTO = "photo"
    GRADUATE = "graduate"


class PublicName(StrEnum):
    """How a winner wants to be named in public."""

    FULL = "full"
    INITIAL = "initial"
    PROJECT_ONLY = "project_only"


USER = Machine(
    "user",
    UserState.UNVERIFIED,
    [
        (UserState.UNVERIFIED, UserState.ACTIVE, "verify"),
        (UserState.UNVERIFIED, UserState.BLOCKED, "block"),
        (UserState.ACTIVE, UserState.BLOCKED, "block"),
        (UserState.BLOCKED, UserState.ACTIVE, "unblock"),
    ],
)
