"""Who may apply: the three questions, and age on the closing day. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.core.refusals import Refusal


class EligibilityQuestion(StrEnum):
    """What is asked before anything is written."""

    GRADUATE = "graduate"
    AGE = "age"
    REGION = "region"


class EligibilityRefusal(StrEnum):
    """Why somebody may not apply."""

    NOT_A_GRADUATE = "not_a_graduate"
    AGE_OUTSIDE = "age_outside"
    OTHER_REGION = "other_region"
    TOO_YOUNG = "too_young"
    TOO_OLD = "too_old"
    QUESTIONS_UNANSWERED = "questions_unanswered"


@dataclass(frozen=True, slots=True)
class EligibilityLimits:
    """What the rules of one competition demand."""

    age_min: int
    age_max: int
    closes_on: date
    region: str
    must_be_graduate: bool = True


def age_on(day: date, born_on: date) -> int:
    """Full years on `day`; who was born on 29 February turns a year older on 1 March."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def check_answers(said: Mapping[str, bool], limits: EligibilityLimits) -> list[Refusal]:
    """What the answers to the three questions mean: refusals for every "no"; nothing when she may apply."""
    asked = questions(limits)
    if any(said.get(question) is None for question in asked):
        return [Refusal(EligibilityRefusal.QUESTIONS_UNANSWERED)]
    reasons = {
        EligibilityQuestion.GRADUATE: Refusal(EligibilityRefusal.NOT_A_GRADUATE, field="graduate"),
        EligibilityQuestion.AGE: Refusal(
            EligibilityRefusal.AGE_OUTSIDE,
            {"youngest": limits.age_min, "oldest": limits.age_max, "day": limits.closes_on},
            field="age",
        ),
        EligibilityQuestion.REGION: Refusal(EligibilityRefusal.OTHER_REGION, field="region"),
    }
    return [reasons[question] for question in asked if said[question] is False]


def may_apply(said: Mapping[str, bool], asked: Iterable[str]) -> bool:
    """Whether every question was answered, and every answer is yes."""
    return all(said.get(question) is True for question in asked)


def questions(limits: EligibilityLimits) -> tuple[EligibilityQuestion, ...]:
    """The questions of this competition, in order."""
    return tuple(one for one in EligibilityQuestion if one is not EligibilityQuestion.GRADUATE or limits.must_be_graduate)


def check_born_on(born_on: date, limits: EligibilityLimits, *, field: str | None = None) -> list[Refusal]:
    """Age on the closing day, both limits inclusive: 34 until the day before the 35th birthday."""
    age = age_on(limits.closes_on, born_on)
    if age < limits.age_min:
        return [
            Refusal(EligibilityRefusal.TOO_YOUNG, {"age": age, "limit": limits.age_min, "day": limits.closes_on}, field=field)
        ]
    if age > limits.age_max:
        return [
            Refusal(EligibilityRefusal.TOO_OLD, {"age": age, "limit": limits.age_max, "day": limits.closes_on}, field=field)
        ]
    return []


def check_region(region: str, limits: EligibilityLimits, *, field: str | None = None) -> list[Refusal]:
    """She lives in the region of the competition; an empty one means the whole country."""
    if limits.region and region != limits.region:
        return [Refusal(EligibilityRefusal.OTHER_REGION, field=field)]
    return []
