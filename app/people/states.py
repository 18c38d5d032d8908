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
    UNDO_EMAIL = "undo_email"


class AttemptKind(StrEnum):
    """What is counted, so that nobody guesses passwords or floods mailboxes."""

    SIGN_IN = "sign_in"
    SIGN_UP = "sign_up"
    LETTER = "letter"
    INVITATION = "invitation"


class RevealReason(StrEnum):
    """Why somebody looks at what is masked; a closed set, because the audit may hold no free text."""

    ELIGIBILITY = "eligibility"
    CONTRACT = "contract"
    CORRECTION = "correction"
    OWN_REQUEST = "own_request"
    CALL = "call"


class NameReason(StrEnum):
    """Why staff correct a name that was admitted; a closed set, because the audit may hold no free text."""

    SPELLING = "spelling"
    DOCUMENT = "document"
    CHANGED = "changed"


class PeopleRefusal(StrEnum):
    """Why an act on an account or a person is not done."""

    SIGN_IN_FAILED = "sign_in_failed"
    EMAIL_INVALID = "email_invalid"
    EMAIL_TAKEN = "email_taken"
    PASSWORD_SHORT = "password_short"  # noqa: S105 - a reason, not a password
    PASSWORD_LONG = "password_long"  # noqa: S105 - the same
    PASSWORD_COMMON = "password_common"  # noqa: S105 - the same
    PASSWORD_WRONG = "password_wrong"  # noqa: S105 - the same
    PASSWORD_GUESSED = "password_guessed"  # noqa: S105 - the same
    IIN_FORM = "iin_form"
    IIN_COMPANY = "iin_company"
    IIN_CHECK_DIGIT = "iin_check_digit"
    PHONE_INVALID = "phone_invalid"
    OWN_ACCOUNT = "own_account"
    SAME_PERSON = "same_person"
    SAME_NAME = "same_name"


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
