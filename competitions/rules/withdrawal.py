"""Why an applicant withdraws: a closed set, because the record of acts holds no free text. Pure."""

from enum import StrEnum


class WithdrawalReason(StrEnum):
    """What she says of it; the last needs no reason."""

    OTHER_FUNDING = "other_funding"
    NO_TIME = "no_time"
    PLANS_CHANGED = "plans_changed"
    MISTAKE = "mistake"
    UNSAID = "unsaid"
