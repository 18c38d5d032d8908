"""What an application still lacks before it can be submitted. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from app.core.refusals import Refusal, Tenge
from competitions.rules import answers as answer_rules
from competitions.rules import budget as budget_rules
from competitions.rules import eligibility as eligibility_rules
from competitions.rules.answers import AnswerRefusal, Asked
from competitions.rules.budget import BudgetLimits, BudgetRefusal
from competitions.rules.conditions import answerable
from competitions.rules.eligibility import EligibilityLimits
from competitions.rules.settings import RulesSettings
from competitions.states import QuestionKind

AMOUNT = "amount"
BIRTH_DATE = "dob"


class ReadinessRefusal(StrEnum):
    """Why an application as a whole may not be submitted."""

    NOT_ANSWERED = "not_answered"
    DOCUMENT_MISSING = "document_missing"


@dataclass(frozen=True, slots=True)
class Limits:
    """What the rules of the competition demand of an application."""

    eligibility: EligibilityLimits
    budget: BudgetLimits
    today: date | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing to mend: where it is, and why."""

    question: str
    group: str
    refusal: Refusal
    is_empty: bool


def limits_of(settings: RulesSettings, *, closes_on: date, today: date | None = None) -> Limits:
    """The limits that the rules of a competition set, for one whose applications close on `closes_on`."""
    return Limits(
        EligibilityLimits(settings.age_min, settings.age_max, closes_on, settings.region, settings.must_be_graduate),
        BudgetLimits(
            settings.award_cap,
            {one.key: one.cap_percent for one in settings.budget_categories},
            {one.key: one.label for one in settings.budget_categories},
            settings.quote_threshold,
            tuple(word for text in settings.forbidden_items for word in text.values() if word),
        ),
        today,
    )


def missing(form: Sequence[Asked], answers: Mapping[str, Any], documents: Mapping[str, int], limits: Limits) -> list[Missing]:
    """All that stands between these answers and being sent, in the order of the form. `documents`: files by question."""
    found: list[Missing] = []
    due = answerable(form, answers)
    for asked in (one for one in form if one.key in due):
        value = answers.get(asked.key)
        if asked.kind is QuestionKind.FILE:
            found += _missing_files(asked, answers, documents, limits, form)
        elif answer_rules.is_empty(value):
            if asked.is_required:
                refusal = Refusal(ReadinessRefusal.NOT_ANSWERED, field=asked.key)
                found.append(Missing(asked.key, asked.group, refusal, is_empty=True))
        else:
            faults = answer_faults(asked, value, answers, limits)
            found += [Missing(asked.key, asked.group, one, is_empty=one.code is AnswerRefusal.REQUIRED) for one in faults]
    return found


def answer_faults(asked: Asked, value: Any, answers: Mapping[str, Any], limits: Limits) -> list[Refusal]:
    """What is wrong with one answer, by its kind and by the rules of the competition."""
    found = answer_rules.faults(asked, value, today=limits.today)
    if found or answer_rules.is_empty(value):
        return found
    if asked.kind is QuestionKind.BUDGET:
        return budget_rules.faults(value, limits.budget, field=asked.key, amount=answers.get(AMOUNT))
    if asked.kind is QuestionKind.MONEY and asked.key == AMOUNT:
        return budget_rules.amount_faults(value, limits.budget, field=asked.key)
    if asked.kind is QuestionKind.DATE and asked.key == BIRTH_DATE:
        born_on = answer_rules.calendar_date(str(value))
        return eligibility_rules.check_born_on(born_on, limits.eligibility, field=asked.key) if born_on else []
    if asked.kind is QuestionKind.INSTITUTION:
        return _year_faults(asked, value, answers)
    if asked.kind is QuestionKind.REGION_DISTRICT:
        return eligibility_rules.check_region(value.get("region", ""), limits.eligibility, field=f"{asked.key}-region")
    return []


def _year_faults(asked: Asked, value: Any, answers: Mapping[str, Any]) -> list[Refusal]:
    """Nobody left an institution before she was born."""
    born_on = answer_rules.calendar_date(str(answers.get(BIRTH_DATE)))
    is_before = born_on is not None and value.get("year") < born_on.year
    return [Refusal(AnswerRefusal.YEAR_BEFORE_BIRTH, field=f"{asked.key}-year")] if is_before else []


def are_quotes(asked: Asked) -> bool:
    """Whether the files of a question prove the prices of the budget."""
    return bool(asked.options.get("is_quotes", asked.key == "quotes"))


def _missing_files(
    asked: Asked, answers: Mapping[str, Any], documents: Mapping[str, int], limits: Limits, form: Sequence[Asked]
) -> list[Missing]:
    if documents.get(asked.key, 0) > 0:
        return []
    if asked.is_required:
        return [Missing(asked.key, asked.group, Refusal(ReadinessRefusal.DOCUMENT_MISSING, field=asked.key), is_empty=True)]
    if not are_quotes(asked):
        return []
    rows = next((answers.get(one.key) for one in form if one.kind is QuestionKind.BUDGET), None)
    due = budget_rules.lines_with_quote(rows, limits.budget)
    if not due:
        return []
    params = {"item": due[0].item, "count": len(due), "threshold": Tenge(limits.budget.quote_from or 0)}
    refusal = Refusal(BudgetRefusal.QUOTE_MISSING, params, field=asked.key)
    return [Missing(asked.key, asked.group, refusal, is_empty=True)]
