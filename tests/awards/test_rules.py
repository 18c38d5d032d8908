"""Who gets what."""

from dataclasses import replace

import pytest

from awards.rules import AwardRefusal, Purse, Standing, check_prospects, prizes_by_place, propose
from awards.states import AwardKind

PURSE = Purse(fund=4_000_000, cap=1_000_000, winner_count=4)


def standing(rank, requested=1_000_000, *, has_passed=True):
    return Standing(rank or 0, f"SA26-{rank or 0:03d}", rank, "70.00", has_passed, requested)


def test_four_winners_share_the_fund_and_all_others_who_passed_wait():
    prospects = propose([standing(rank) for rank in range(1, 10)], PURSE)

    assert [(one.place, one.kind, one.amount) for one in prospects] == [
        *((place, AwardKind.WINNER, 1_000_000) for place in (1, 2, 3, 4)),
        *((place, AwardKind.RESERVE, 0) for place in (5, 6, 7, 8, 9)),
    ]
    assert check_prospects(prospects, PURSE) == []


def test_sum_asked_for_is_cut_at_the_cap():
    assert propose([standing(1, 1_000_001), standing(2, 640_000)], PURSE)[0].amount == 1_000_000


def test_first_that_does_not_fit_ends_the_walk():
    purse = Purse(fund=10, cap=10, winner_count=9)
    asked = [5, 4, 3, 1]

    prospects = propose([standing(rank, sum_) for rank, sum_ in enumerate(asked, start=1)], purse)

    assert [one.standing.rank for one in prospects if one.kind is AwardKind.WINNER] == [1, 2]


def test_who_did_not_pass_gets_nothing_not_even_a_place_in_the_reserve():
    prospects = propose([standing(1), standing(2, has_passed=False), standing(None, has_passed=False)], PURSE)

    assert [one.standing.rank for one in prospects] == [1]


def test_places_end_the_walk_before_the_money_and_a_place_without_a_prize_too():
    few = replace(PURSE, winner_count=2)
    prized = replace(PURSE, prizes=(900_000,))

    for purse, count in ((few, 2), (prized, 1)):
        prospects = propose([standing(rank) for rank in (1, 2, 3)], purse)
        assert sum(one.kind is AwardKind.WINNER for one in prospects) == count


def test_nobody_passed_is_said():
    assert [one.code for one in check_prospects([], PURSE)] == [AwardRefusal.NOBODY_PASSED]


def test_prizes_follow_the_places():
    prizes = [{"place": 1, "count": 1, "amount": 500}, {"place": 2, "count": 2, "amount": 300}]
    purse = Purse(fund=1100, cap=500, winner_count=3, prizes=prizes_by_place(prizes))

    prospects = propose([standing(rank) for rank in (1, 2, 3, 4)], purse)

    assert [one.amount for one in prospects] == [500, 300, 300, 0]


def test_unbroken_tie_at_the_line_is_not_decided_by_the_machine():
    prospects = propose([*(standing(rank) for rank in (1, 2, 3, 4)), replace(standing(4), code="SA26-099")], PURSE)

    assert [one.code for one in check_prospects(prospects, PURSE)] == [AwardRefusal.TIE_AT_THE_LINE]


def test_unbroken_tie_for_different_prizes_is_not_decided_by_the_machine():
    purse = Purse(fund=1100, cap=500, winner_count=3, prizes=(500, 300, 300))
    twin = replace(standing(1), code="SA26-099")

    assert [one.code for one in check_prospects(propose([standing(1), twin, standing(3)], purse), purse)] == [
        AwardRefusal.TIE_OF_SUMS
    ]
    alike = propose([standing(1), standing(2), replace(standing(2), code="SA26-099")], purse)
    assert check_prospects(alike, purse) == []


def test_unbroken_tie_for_what_each_asked_is_none():
    prospects = propose([standing(1, 900_000), replace(standing(1, 700_000), code="SA26-099")], PURSE)

    assert check_prospects(prospects, PURSE) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"fund": 3_999_999}, AwardRefusal.FUND_EXCEEDED),
        ({"cap": 999_999}, AwardRefusal.CAP_EXCEEDED),
        ({"winner_count": 3}, AwardRefusal.TOO_MANY_WINNERS),
    ],
)
def test_each_limit_is_checked_again_before_deciding(change, code):
    prospects = propose([standing(rank) for rank in (1, 2, 3, 4)], PURSE)

    assert code in {one.code for one in check_prospects(prospects, replace(PURSE, **change))}
