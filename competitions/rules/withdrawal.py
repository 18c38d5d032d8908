"""Why an applicant withdraws: a closed set, because the record of acts holds no free text. Pure."""

from enum import StrEnum


class WithdrawalReason(StrEnum):
    """What she says of it; the last needs no reason."""

    OTHER_FUNDING = "other_funding"
    NO_TIME = "no_time"
    PLANS_CHANGED = "plans_changed"
    MISTAKE = "mistake"
    UNSAID = "unsaid"


class ApplicationRefusal(StrEnum):
    """Why an act on an application is not done."""

    NO_RULES = "no_rules"
    UNKNOWN_QUESTION = "unknown_question"
    DUPLICATE_PERSON = "duplicate_person"
    UNDO_TOO_LATE = "undo_too_late"
    ANOTHER_STANDS = "another_stands"
    TOO_MANY_FILES = "too_many_files"
    FILES_TOO_LARGE = "files_too_large"
    CONSENT_NEEDED = "consent_needed"
