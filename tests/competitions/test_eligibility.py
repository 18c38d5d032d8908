"""Who may apply."""

from datetime import date

import pytest

from competitions.rules.eligibility import (
    EligibilityLimits,
    EligibilityQuestion,
    EligibilityRefusal,
    age_on,
    check_answers,
    check_born_on,
    check_region,
    questions,
)

LIMITS = EligibilityLimits(age_min=18, age_max=34, closes_on=date(2026, 8, 14), region="KZ-33")
YES = {"graduate": True, "age": True, "region": True}


@pytest.mark.parametrize(
    ("born_on", "codes"),
    [
        (date(1991, 8, 14), [EligibilityRefusal.TOO_OLD]),
        (date(1991, 8, 15), []),
        (date(2008, 8, 14), []),
        (date(2008, 8, 15), [EligibilityRefusal.TOO_YOUNG]),
    ],
)
def test_age_counts_on_the_closing_day_inclusive(born_on, codes):
    assert [one.code for one in check_born_on(born_on, LIMITS)] == codes


def test_age_of_a_leap_day_child_grows_on_the_first_of_march():
    assert [age_on(day, date(2008, 2, 29)) for day in (date(2026, 2, 28), date(2026, 3, 1))] == [17, 18]


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        (YES, []),
        ({}, [EligibilityRefusal.QUESTIONS_UNANSWERED]),
        ({"graduate": True, "age": True}, [EligibilityRefusal.QUESTIONS_UNANSWERED]),
        (YES | {"graduate": False}, [EligibilityRefusal.NOT_A_GRADUATE]),
        (YES | {"age": False, "region": False}, [EligibilityRefusal.AGE_OUTSIDE, EligibilityRefusal.OTHER_REGION]),
    ],
)
def test_every_no_has_its_reason(said, codes):
    assert [one.code for one in check_answers(said, LIMITS)] == codes


def test_graduate_is_asked_only_where_the_rules_demand_it():
    limits = EligibilityLimits(18, 34, date(2026, 8, 14), "KZ-33", must_be_graduate=False)

    assert questions(limits) == (EligibilityQuestion.AGE, EligibilityQuestion.REGION)
    assert check_answers({"age": True, "region": True}, limits) == []


@pytest.mark.parametrize(("region", "count"), [("KZ-33", 0), ("KZ-19", 1), ("", 1)])
def test_region_is_that_of_the_competition(region, count):
    assert len(check_region(region, LIMITS)) == count


def test_competition_of_the_whole_country_takes_every_region():
    assert check_region("KZ-75", EligibilityLimits(18, 34, date(2026, 8, 14), "")) == []
