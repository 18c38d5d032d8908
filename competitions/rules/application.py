"""Why an act on an application is not done: its form, its files, its consents, its twin, its thread. Pure."""

from enum import StrEnum

# Files of one application.
FILE_LIMIT = 20
NOTE_LENGTH = 2000
UNANSWERED_LIMIT = 10


class ApplicationRefusal(StrEnum):
    """Why an act on an application is not done."""

    NO_RULES = "no_rules"
    UNKNOWN_QUESTION = "unknown_question"
    NAME_CHECKED = "name_checked"
    IDENTITY_CHECKED = "identity_checked"
    UNDO_TOO_LATE = "undo_too_late"
    ANOTHER_STANDS = "another_stands"
    TOO_MANY_FILES = "too_many_files"
    FILES_TOO_LARGE = "files_too_large"
    ACCOUNT_FULL = "account_full"
    TOO_MANY_BEGUN = "too_many_begun"
    PIECE_WRONG = "piece_wrong"
    CONSENT_NEEDED = "consent_needed"
    THREAD_GREW = "thread_grew"
    ANSWER_TYPED = "answer_typed"
    TOO_MANY_NOTES = "too_many_notes"
