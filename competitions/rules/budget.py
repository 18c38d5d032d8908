"""The budget of an application: sums, shares, limits and what may not be bought. Pure, in whole tenge."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from app.core.refusals import Refusal, Tenge
from competitions.rules.answers import CELL_LENGTH, ROW_LIMIT, has_forbidden_characters, is_empty
from competitions.rules.stems import stems, words

QUANTITY_LENGTH = 12
LARGEST_SUM = 10**12
# Where a phrase of the rules goes on to the next thing, and what says nothing by itself in a list of forbidden things.
ENUMERATED = re.compile(r"[,;:/]|\b(?:және|мен|бен|пен|немесе|и|или|and|or)\b", re.IGNORECASE)
GENERAL = frozenset({
    "шығын", "шығындар", "жоба", "жобалар", "арналған", "сатып", "жөндеу",
    "расходы", "проекты", "связанные", "покупка", "ремонт",
    "costs", "projects", "about", "buying", "repairing", "paid", "from",
})  # fmt: skip
SHORTEST_WORD = 4
HALF = Fraction(1, 2)


class BudgetRefusal(StrEnum):
    """What may be wrong with a budget."""

    ITEM_MISSING = "item_missing"
    CATEGORY_MISSING = "category_missing"
    QUANTITY_WRONG = "quantity_wrong"
    PRICE_WRONG = "price_wrong"
    SHARES_WRONG = "shares_wrong"
    ROW_SPLIT = "row_split"
    TEXT_WRONG = "text_wrong"
    TOO_MANY_LINES = "too_many_lines"
    OVER_CAP = "over_cap"
    NOT_THE_AMOUNT = "not_the_amount"
    AMOUNT_OVER_CAP = "amount_over_cap"
    AMOUNT_NOT_POSITIVE = "amount_not_positive"
    CATEGORY_OVER_SHARE = "category_over_share"
    QUOTE_MISSING = "quote_missing"


@dataclass(frozen=True, slots=True)
class BudgetLimits:
    """What the rules of one competition allow. `shares`: most per cent of the grant by category; `names` for sentences."""

    award_cap: int
    shares: Mapping[str, int | None] = field(default_factory=lambda: MappingProxyType({}))
    names: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    quote_from: int | None = None
    forbidden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a budget with its computed sum; numbers that were not understood are None."""

    category: str
    item: str
    unit: str
    quantity: Fraction | None
    price: int | None
    grant: int | None
    own: int | None

    @property
    def sum(self) -> int | None:
        """Quantity times price in whole tenge, halves up."""
        if self.quantity is None or self.price is None:
            return None
        product = self.quantity * self.price + HALF
        return product.numerator // product.denominator


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the lines that are understood."""

    sum: int = 0
    grant: int = 0
    own: int = 0


def line(row: Mapping[str, Any]) -> Line:
    """A stored row as a line; an empty share is nothing of it."""
    return Line(
        category=str(row.get("category") or ""),
        item=str(row.get("item") or ""),
        unit=str(row.get("unit") or ""),
        quantity=quantity(row.get("quantity")),
        price=_tenge(row.get("price")),
        grant=0 if is_empty(row.get("grant")) else _tenge(row.get("grant")),
        own=0 if is_empty(row.get("own")) else _tenge(row.get("own")),
    )


def lines(rows: Any) -> list[Line]:
    """All lines of a stored budget."""
    return [line(row) for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def quantity(value: Any) -> Fraction | None:
    """`2`, `2.5` or `2,5`, above zero."""
    text = str(value if value is not None else "").strip().replace(",", ".").replace(" ", "")
    if len(text) > QUANTITY_LENGTH or not text.isascii() or text.count(".") > 1 or not text.replace(".", "").isdigit():
        return None
    found = Fraction(f"0{text}" if text.startswith(".") else text.rstrip("."))
    return found if found > 0 else None


def _tenge(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < LARGEST_SUM else None


def totals(budget: Sequence[Line]) -> Totals:
    """The foot of the table."""
    return Totals(
        sum=sum(one.sum or 0 for one in budget),
        grant=sum(one.grant or 0 for one in budget),
        own=sum(one.own or 0 for one in budget),
    )


def by_category(budget: Sequence[Line]) -> dict[str, int]:
    """The grant's money by category."""
    found: dict[str, int] = {}
    for one in budget:
        found[one.category] = found.get(one.category, 0) + (one.grant or 0)
    return found


def faults(rows: Any, limits: BudgetLimits, *, field: str = "budget", amount: Any = None) -> list[Refusal]:
    """All that is wrong with a budget; `amount` is the sum asked for, where it is understood."""
    budget = lines(rows)
    if len(budget) > ROW_LIMIT:
        return [Refusal(BudgetRefusal.TOO_MANY_LINES, {"limit": ROW_LIMIT}, field=field)]
    found = [one for index, row in enumerate(budget) for one in _line_faults(index, row, limits, field)]
    if any(one.sum is None or one.grant is None for one in budget):
        return found  # the sums below would only repeat what stands above
    return [*found, *_total_faults(budget, limits, field, amount), *_share_faults(budget, limits, field)]


def _line_faults(index: int, row: Line, limits: BudgetLimits, field: str) -> list[Refusal]:
    place = {"row": index + 1}
    checks = (
        (BudgetRefusal.CATEGORY_MISSING, "category", row.category not in limits.shares),
        (BudgetRefusal.ITEM_MISSING, "item", not row.item.strip()),
        (BudgetRefusal.TEXT_WRONG, "item", _is_text_wrong(row.item) or _is_text_wrong(row.unit)),
        (BudgetRefusal.QUANTITY_WRONG, "quantity", row.quantity is None),
        (BudgetRefusal.PRICE_WRONG, "price", row.price is None),
        (BudgetRefusal.SHARES_WRONG, "grant", row.grant is None or row.own is None),
    )
    found = [Refusal(code, place, field=f"{field}-{index}-{part}") for code, part, is_wrong in checks if is_wrong]
    if row.sum is not None and row.grant is not None and row.own is not None and row.sum != row.grant + row.own:
        params = {**place, "sum": Tenge(row.sum), "shares": Tenge(row.grant + row.own)}
        found.append(Refusal(BudgetRefusal.ROW_SPLIT, params, field=f"{field}-{index}-grant"))
    return found


def _is_text_wrong(text: str) -> bool:
    return len(text) > CELL_LENGTH or has_forbidden_characters(text)


def _total_faults(budget: Sequence[Line], limits: BudgetLimits, field: str, amount: Any) -> list[Refusal]:
    grant = totals(budget).grant
    if grant > limits.award_cap:
        return [Refusal(BudgetRefusal.OVER_CAP, {"grant": Tenge(grant), "cap": Tenge(limits.award_cap)}, field=field)]
    asked = _tenge(amount)
    if asked is not None and grant != asked:
        return [Refusal(BudgetRefusal.NOT_THE_AMOUNT, {"grant": Tenge(grant), "amount": Tenge(asked)}, field=field)]
    return []


def _share_faults(budget: Sequence[Line], limits: BudgetLimits, field: str) -> list[Refusal]:
    """Shares are of the grant's money; compared without division, so that nothing is rounded."""
    whole, found = totals(budget).grant, []
    for category, spent in by_category(budget).items():
        share = limits.shares.get(category)
        if share is not None and spent * 100 > whole * share:
            name = limits.names.get(category, {})
            params = {"category": name, "share": share, "spent": Tenge(spent), "most": Tenge(whole * share // 100)}
            found.append(Refusal(BudgetRefusal.CATEGORY_OVER_SHARE, params, field=field))
    return found


def amount_faults(amount: Any, limits: BudgetLimits, *, field: str = "amount") -> list[Refusal]:
    """The sum asked for is above zero and within the most one award may be."""
    asked = _tenge(amount)
    if asked is None:
        return []  # not a sum at all: said by `answers.faults`
    if asked == 0:
        return [Refusal(BudgetRefusal.AMOUNT_NOT_POSITIVE, field=field)]
    if asked > limits.award_cap:
        return [Refusal(BudgetRefusal.AMOUNT_OVER_CAP, {"amount": Tenge(asked), "cap": Tenge(limits.award_cap)}, field=field)]
    return []


def lines_with_quote(rows: Any, limits: BudgetLimits) -> list[Line]:
    """The lines whose unit price must be proven by a quote."""
    if limits.quote_from is None:
        return []
    return [one for one in lines(rows) if (one.price or 0) >= limits.quote_from and (one.grant or 0) > 0]


def suspicious_items(rows: Any, limits: BudgetLimits) -> list[tuple[int, str]]:
    """Lines that may buy what the rules forbid: (number, what they forbid). A hint for her, never a refusal."""
    things = [(text, thing) for text in limits.forbidden for thing in _things(text)]
    found = []
    for index, one in enumerate(lines(rows), start=1):
        bought = words(one.item)
        text = next((text for text, thing in things if all(_is_among(bought, word) for word in thing)), None)
        if text is not None:
            found.append((index, text))
    return found


def _things(text: str) -> list[list[str]]:
    """The things a phrase of the rules names, each as the words that say what it is: one of them is forbidden like all."""
    parts = (words(part) for part in ENUMERATED.split(text))
    named = ([one for one in part if len(one) >= SHORTEST_WORD and one not in GENERAL] for part in parts)
    return [thing for thing in named if thing]


def _is_among(bought: Sequence[str], word: str) -> bool:
    """Whether the word is among those of a line, in any ending."""
    return any(stems(one) & stems(word) or one.startswith(word) for one in bought)
