"""The walk down an order against its definition, and what it must never do."""

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.allocation import Allocation, Line, Rule, funded
from tests.scoring.samples import Spread

pytestmark = pytest.mark.unit

AMOUNTS = {"1": 5, "2": 4, "3": 3, "4": 1}


@pytest.mark.parametrize(("rule", "winners"), [(Rule.PREFIX, "12"), (Rule.SKIP, "124")])
def test_a_budget_of_ten_funds_what_the_documentation_says(rule: Rule, winners: str):
    assert funded("1234", Line(budget=10, amounts=AMOUNTS, rule=rule)) == Allocation(frozenset(winners))


def test_a_number_of_winners_is_counted_down_the_order():
    assert funded("1234", Line(winners=3)) == Allocation(frozenset("123"))
    assert funded("1", Line(winners=3)) == Allocation(frozenset("1"))


def test_a_tie_across_the_line_funds_none_of_it_and_is_told():
    groups = [("a",), ("b", "c"), ("d",)]
    amounts = {"a": 5, "b": 4, "c": 4, "d": 1}

    assert funded(groups, Line(winners=2)) == Allocation(frozenset("a"), (("b", "c"),))
    assert funded(groups, Line(winners=3)) == Allocation(frozenset("abc"))
    assert funded(groups, Line(budget=10, amounts=amounts)) == Allocation(frozenset("a"), (("b", "c"),))
    assert funded(groups, Line(budget=10, amounts=amounts, rule=Rule.SKIP)) == Allocation(frozenset("ad"), (("b", "c"),))


def test_a_tie_of_which_none_fits_is_no_tie_across_the_line():
    assert funded([("a",), ("b", "c")], Line(budget=6, amounts={"a": 5, "b": 4, "c": 4})) == Allocation(frozenset("a"))


def test_a_line_is_one_thing():
    with pytest.raises(ValueError, match="either"):
        Line()
    with pytest.raises(ValueError, match="either"):
        Line(winners=1, budget=1)


def check_order_of_equals_never_matters(allocate: Any, order: list[list[str]], line: Line) -> None:
    """A result that depended on how equals are listed would be luck in disguise."""
    allocation = allocate(order, line)
    assert sum(line.costs(sorted(allocation.funded))) <= (line.budget if line.budget is not None else line.winners or 0)
    for place, group in enumerate(order):
        for listed in permutations(group):
            assert allocate([*order[:place], list(listed), *order[place + 1 :]], line).funded == allocation.funded


groups_of = st.lists(st.integers(1, 3), max_size=5).map(
    lambda sizes: [[f"{place}{member}" for member in range(size)] for place, size in enumerate(sizes)]
)


def lines_for(order: list[list[str]], costs: list[int], budget: int, rule: Rule) -> Line:
    names = [name for group in order for name in group]
    return Line(budget=budget, amounts=dict(zip(names, costs, strict=False)), rule=rule)


def test_an_allocation_stays_in_its_budget_and_does_not_depend_on_the_order_of_equals():
    spread = Spread("allocation")

    @given(groups_of, st.lists(st.integers(0, 9), min_size=15, max_size=15), st.integers(0, 40), st.sampled_from(Rule))
    @settings(max_examples=150, deadline=None)
    def holds(order: list[list[str]], costs: list[int], budget: int, rule: Rule) -> None:
        line = lines_for(order, costs, budget, rule)
        allocation = funded(order, line)
        everyone = len([name for group in order for name in group])
        spread.saw(rule=rule.value, tied=bool(allocation.tied_at_line), all_funded=len(allocation.funded) == everyone)
        check_order_of_equals_never_matters(funded, order, line)

    holds()
    spread.show("tied=True", "tied=False", "all_funded=True", "all_funded=False", "rule=skip")


def test_the_property_finds_an_allocation_that_funds_a_part_of_a_tie():
    def planted(order: list[list[str]], line: Line) -> Allocation:
        return funded([[name] for group in order for name in group], line)

    with pytest.raises(AssertionError):
        check_order_of_equals_never_matters(planted, [["a", "b"]], Line(winners=1))
