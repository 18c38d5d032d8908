"""The budget of an application."""

from datetime import date
from fractions import Fraction

import pytest

from app.core.refusals import Tenge
from competitions.queries.starters import starters
from competitions.rules.budget import (
    BudgetLimits,
    BudgetRefusal,
    Totals,
    amount_faults,
    faults,
    lines,
    lines_with_quote,
    quantity,
    suspicious_items,
    totals,
)
from competitions.rules.readiness import limits_of

SHARES = {"equip": None, "mat": None, "rent": 20, "other": 10}
LIMITS = BudgetLimits(1_000_000, SHARES, quote_from=100_000, forbidden=("қарыз", "кредиты", "алкоголь"))


def row(category="equip", quantity=1, price=100, *, grant=None, own=0, item="Үстел"):
    whole = quantity * price if grant is None and isinstance(quantity, int) and isinstance(price, int) else grant
    shares = {"grant": whole, "own": own}
    return {"category": category, "item": item, "unit": "дана", "quantity": quantity, "price": price, **shares}


def codes(rows, **more):
    return [one.code for one in faults(rows, LIMITS, **more)]


def test_demo_budget_of_kiiz_alemi_is_in_order():
    rows = [
        row("equip", 2, 85_000), row("equip", 2, 30_000), row("equip", 1, 90_000), row("mat", 60, 5_500),
        row("mat", 40, 3_500), row("mat", 20, 4_000), row("rent", 2, 40_000), row("equip", 1, 50_000),
    ]  # fmt: skip

    assert faults(rows, LIMITS, amount=1_000_000) == []
    assert totals(lines(rows)) == Totals(1_000_000, 1_000_000, 0)


def test_budget_of_one_tenge_too_much_is_refused():
    assert codes([row(price=1_000_001)], amount=1_000_001) == [BudgetRefusal.OVER_CAP]
    assert faults([row(price=1_000_001)], LIMITS)[0].params == {"grant": Tenge(1_000_001), "cap": Tenge(1_000_000)}
    assert codes([row(price=1_000_000)], amount=1_000_000) == []


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"category": "casino"}, BudgetRefusal.CATEGORY_MISSING, "budget-0-category"),
        ({"item": " "}, BudgetRefusal.ITEM_MISSING, "budget-0-item"),
        ({"item": "x" * 501}, BudgetRefusal.TEXT_WRONG, "budget-0-item"),
        ({"item": "a\u202eb"}, BudgetRefusal.TEXT_WRONG, "budget-0-item"),
        ({"quantity": "екі"}, BudgetRefusal.QUANTITY_WRONG, "budget-0-quantity"),
        ({"quantity": 0}, BudgetRefusal.QUANTITY_WRONG, "budget-0-quantity"),
        ({"price": "көп"}, BudgetRefusal.PRICE_WRONG, "budget-0-price"),
        ({"grant": "бәрі"}, BudgetRefusal.SHARES_WRONG, "budget-0-grant"),
        ({"grant": 60}, BudgetRefusal.ROW_SPLIT, "budget-0-grant"),
    ],
)
def test_line_that_is_wrong_names_its_cell(changed, code, field):
    found = faults([row() | changed], LIMITS)

    assert [(one.code, one.field) for one in found] == [(code, field)]


def test_line_is_split_between_grant_and_own_money():
    assert codes([row(price=100, grant=60, own=40)]) == []
    assert codes([row(price=100, grant=60, own=41)]) == [BudgetRefusal.ROW_SPLIT]


def test_grant_equals_the_amount_asked_for():
    assert codes([row(price=500)], amount=400) == [BudgetRefusal.NOT_THE_AMOUNT]
    assert codes([row(price=500)], amount="төрт жүз") == []


@pytest.mark.parametrize(
    ("category", "spent", "is_over"),
    [("rent", 20_000, False), ("rent", 20_001, True), ("other", 10_000, False), ("other", 10_001, True)],
)
def test_share_of_a_category_is_of_the_grant_and_exact(category, spent, is_over):
    rows = [row(price=100_000 - spent), row(category, price=spent)]

    assert codes(rows) == ([BudgetRefusal.CATEGORY_OVER_SHARE] if is_over else [])


def test_own_money_does_not_count_into_shares():
    assert codes([row(price=80), row("rent", price=50, grant=20, own=30)]) == []


@pytest.mark.parametrize(
    ("typed", "value"),
    [(2, 2), ("2,5", Fraction(5, 2)), ("2.5", Fraction(5, 2)), (".5", Fraction(1, 2)), ("3.", 3), ("0", None), ("-1", None),
     ("1e3", None), ("", None), (None, None), ("1.2.3", None), ("1" * 13, None), ("²", None)],
)  # fmt: skip
def test_quantity_is_a_positive_number(typed, value):
    assert quantity(typed) == value


def test_sum_of_a_line_is_rounded_half_up():
    (line,) = lines([row(quantity="0.5", price=101)])

    assert line.sum == 51


@pytest.mark.parametrize(
    ("amount", "found"),
    [(1_000_000, []), (1_000_001, [BudgetRefusal.AMOUNT_OVER_CAP]), (0, [BudgetRefusal.AMOUNT_NOT_POSITIVE]), ("көп", [])],
)
def test_amount_is_within_the_largest_award(amount, found):
    assert [one.code for one in amount_faults(amount, LIMITS)] == found


def test_quote_is_due_from_the_threshold_for_what_the_grant_pays():
    rows = [
        row(price=99_999),
        row(price=100_000, item="Станок"),
        row(price=300_000, grant=0, own=300_000),
        row(quantity=3, price=50_000),
    ]

    assert [one.item for one in lines_with_quote(rows, LIMITS)] == ["Станок"]
    assert lines_with_quote(rows, BudgetLimits(1_000_000)) == []


def limits_of_starter(key):
    return limits_of(starters()[key].settings, closes_on=date(2026, 8, 14)).budget


@pytest.mark.parametrize(
    "item",
    [
        "Несиені жабу және бөлме жалдау", "Қарыз", "қарызды өтеу", "Айыппұл", "Темекі", "Алкогольге", "Кредиты",
        "Погашение долга", "Штраф", "Табак",
        "Тұрғын үйді жөндеу", "Тұрғын үй сатып алу", "Ремонт жилья", "Покупка жилья", "Loan",
    ],
)  # fmt: skip
def test_what_a_starter_forbids_is_hinted_by_each_of_its_words(item):
    assert [line for line, _text in suspicious_items([row(item=item)], limits_of_starter("start_app"))] == [1]


@pytest.mark.parametrize(
    "item",
    [
        "Қарындаш", "Станок сатып алу", "Бөлмені жөндеу", "Үстел мен орындық", "Жарнама шығыны", "Покупка станка",
        "Ремонт мастерской", "Расходы на рекламу", "Другие материалы", "Ткань и нитки", "Несколько столов", "Buying a loom",
    ],
)  # fmt: skip
def test_what_a_starter_allows_is_not_hinted_at(item):
    assert suspicious_items([row(item=item)], limits_of_starter("start_app")) == []


@pytest.mark.parametrize("item", ["Темекі", "Қарыз", "Алкоголь", "Штрафы", "Долги", "Табак"])
def test_what_the_short_starter_forbids_is_hinted_too(item):
    assert suspicious_items([row(item=item)], limits_of_starter("jas_qadam"))


def test_forbidden_words_are_hinted_in_any_ending():
    rows = [row(item="Кредитті жабу"), row(item="Үстел"), row(item="қарызды өтеу")]

    assert suspicious_items(rows, LIMITS) == [(1, "кредиты"), (3, "қарыз")]


def test_budget_of_too_many_lines_is_refused_at_once():
    assert codes([row()] * 61) == [BudgetRefusal.TOO_MANY_LINES]


def test_what_is_no_budget_has_no_lines():
    assert [lines("text"), lines([1, "a"])] == [[], []]
