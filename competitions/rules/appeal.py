"""An appeal against a refusal: until when it is taken, until when it is answered, what stands in the way. Pure."""

from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.core.refusals import Refusal
from competitions.rules.checking import tells_at
from competitions.rules.working_days import end_of_term
from competitions.states import ApplicationState

APPEAL_LENGTH = 3000


class AppealRefusal(StrEnum):
    """Why an appeal is not taken or not answered."""

    NOT_REFUSED = "not_refused"
    TERM_PASSED = "term_passed"
    APPEALED_ALREADY = "appealed_already"
    NO_APPEAL = "no_appeal"
    ANSWERED_ALREADY = "answered_already"


def appeal_due_at(decided_at: datetime, days: int, zone: ZoneInfo) -> datetime:
    """Until when the applicant may appeal: the working days of the rules, from the day on which she was told."""
    return end_of_term(tells_at(decided_at), days, zone)


def answer_due_at(appealed_at: datetime, days: int, zone: ZoneInfo) -> datetime:
    """Until when she is answered: as many working days, from her appeal."""
    return end_of_term(appealed_at, days, zone)


def check_appeal(known: ApplicationState, *, due_at: datetime | None, has_appealed: bool, at: datetime) -> list[Refusal]:
    """Against a refusal of which she knows, once, in time; `t < T` is in time."""
    if has_appealed:
        return [Refusal(AppealRefusal.APPEALED_ALREADY)]
    if known is not ApplicationState.NOT_ADMITTED or due_at is None:
        return [Refusal(AppealRefusal.NOT_REFUSED)]
    return [Refusal(AppealRefusal.TERM_PASSED, {"instant": due_at})] if at >= due_at else []


def check_answer(*, has_appealed: bool, is_answered: bool) -> list[Refusal]:
    """Each appeal is answered once."""
    if not has_appealed:
        return [Refusal(AppealRefusal.NO_APPEAL)]
    return [Refusal(AppealRefusal.ANSWERED_ALREADY)] if is_answered else []
