"""What an application lacks."""

from datetime import date

import pytest

from competitions.rules.answers import AnswerRefusal, Asked
from competitions.rules.budget import BudgetLimits, BudgetRefusal
from competitions.rules.eligibility import EligibilityLimits, EligibilityRefusal
from competitions.rules.readiness import Limits, ReadinessRefusal, missing
from competitions.states import QuestionKind

LIMITS = Limits(
    EligibilityLimits(18, 34, date(2026, 8, 14), "KZ-33"),
    BudgetLimits(1_000_000, {"equip": None}, quote_from=100_000),
    date(2026, 8, 1),
)
FORM = (
    Asked("title", QuestionKind.SHORT, "idea", max_length=10),
    Asked("done", QuestionKind.LONG, "idea", is_required=False),
    Asked("amount", QuestionKind.MONEY, "money"),
    Asked("budget", QuestionKind.BUDGET, "money"),
    Asked("quotes", QuestionKind.FILE, "money", is_required=False),
    Asked("name", QuestionKind.PERSON_NAME, "person", is_private=True),
    Asked("dob", QuestionKind.DATE, "person", is_private=True),
    Asked("region", QuestionKind.REGION_DISTRICT, "person", is_private=True),
)
LINE = {"category": "equip", "item": "Станок", "unit": "дана", "quantity": 1, "price": 99_000, "grant": 99_000, "own": 0}
READY = {
    "title": "Киіз",
    "amount": 99_000,
    "budget": [LINE],
    "name": {"family": "Сынақбай", "given": "Арлан", "patronymic": ""},
    "dob": "2000-04-18",
    "region": {"region": "KZ-33", "district": "Талдықорған қ."},
}


def found(changed, documents=None):
    return [(one.group, one.question, one.refusal.code) for one in missing(FORM, READY | changed, documents or {}, LIMITS)]


def test_ready_application_lacks_nothing():
    assert found({}) == []


def test_empty_application_lacks_every_required_answer_in_the_order_of_the_form():
    lacking = missing(FORM, {}, {}, LIMITS)

    assert [one.question for one in lacking] == ["title", "amount", "budget", "name", "dob", "region"]
    assert {one.refusal.code for one in lacking} == {ReadinessRefusal.NOT_ANSWERED}
    assert all(one.is_empty for one in lacking)


def test_all_faults_are_found_at_once():
    changed = {
        "title": "x" * 11,
        "amount": 1_000_001,
        "name": {"family": "Сынақбай", "given": ""},
        "dob": "1991-08-14",
        "region": {"region": "KZ-19", "district": "Қонаев"},
    }

    assert found(changed) == [
        ("idea", "title", AnswerRefusal.TOO_LONG),
        ("money", "amount", BudgetRefusal.AMOUNT_OVER_CAP),
        ("money", "budget", BudgetRefusal.NOT_THE_AMOUNT),
        ("person", "name", AnswerRefusal.REQUIRED),
        ("person", "dob", EligibilityRefusal.TOO_OLD),
        ("person", "region", EligibilityRefusal.OTHER_REGION),
    ]


def test_quote_is_lacking_only_for_a_dear_line_without_a_file():
    dear = {"budget": [LINE | {"price": 100_000, "grant": 100_000}], "amount": 100_000}

    assert found(dear) == [("money", "quotes", BudgetRefusal.QUOTE_MISSING)]
    assert found(dear, {"quotes": 1}) == []


def test_required_file_is_lacking_without_a_document():
    form = (Asked("proof", QuestionKind.FILE, "person"),)

    assert [one.refusal.code for one in missing(form, {}, {}, LIMITS)] == [ReadinessRefusal.DOCUMENT_MISSING]
    assert missing(form, {}, {"proof": 2}, LIMITS) == []


@pytest.mark.parametrize(
    ("year", "code"),
    [
        (2026, None), (2027, AnswerRefusal.YEAR_TO_COME), (2000, None), (1999, AnswerRefusal.YEAR_BEFORE_BIRTH),
        ("былтыр", AnswerRefusal.NOT_A_YEAR),
    ],
)  # fmt: skip
def test_year_of_leaving_has_come_and_is_not_before_birth(year, code):
    form = (*FORM, Asked("institution", QuestionKind.INSTITUTION, "person", is_private=True))
    answers = READY | {"institution": {"institution": "Ұя", "year": year}}
    lacking = missing(form, answers, {}, LIMITS)

    assert [(one.refusal.code, one.refusal.field) for one in lacking] == ([(code, "institution-year")] if code else [])
