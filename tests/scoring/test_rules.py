"""Rules of sheets, windows, assignment and order, as tables."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competitions.rules.calendar import Calendar
from competitions.states import Milestone
from scoring.rules import (
    CriterionFacts,
    Entry,
    RoundProgress,
    ScoringRefusal,
    canonical_sheet,
    check_length,
    check_points,
    check_sheet,
    difference,
    digest,
    fair_key,
    next_need,
    same_family,
    seat_names,
    stage_window,
)
from scoring.states import Need, ReviewState

C1 = CriterionFacts("C1", 0, 10, 1, 3, 9)
DAYS = {one: datetime(2026, 9, number, tzinfo=UTC) for number, one in enumerate(Milestone, start=1)}


@pytest.mark.parametrize(("points", "is_due"), [(0, True), (3, True), (4, False), (8, False), (9, True), (10, True)])
def test_a_comment_is_due_at_both_ends_of_the_scale(points, is_due):
    assert C1.needs_comment(points) is is_due


@pytest.mark.parametrize("text", ["", " ", "0", "7", "10", " 8 "])
def test_points_on_the_scale_are_taken(text):
    assert check_points(C1, text) == []


@pytest.mark.parametrize("text", ["11", "-1", "7.5", "x", "٣", "1000000000000000000000", "1 0"])
def test_points_off_the_scale_are_refused(text):
    assert [one.code for one in check_points(C1, text)] == [ScoringRefusal.OFF_THE_SCALE]


def test_points_between_steps_are_refused():
    assert check_points(CriterionFacts("C1", 0, 10, 5, None, None), "7")


def test_a_comment_of_2001_characters_is_too_long():
    assert [check_length("comment-C1", "ә" * count) == [] for count in (2000, 2001)] == [True, False]


def test_a_sheet_names_everything_that_is_missing_at_once():
    c2 = CriterionFacts("C2", 0, 10, 1, 3, 9)

    found = check_sheet([C1, c2], {"C1": Entry(9, " ")})

    assert [(one.code, one.field) for one in found] == [
        (ScoringRefusal.COMMENT_MISSING, "comment-C1"),
        (ScoringRefusal.POINTS_MISSING, "C2"),
    ]


def test_a_signature_covers_application_juror_stage_scores_and_feedback():
    facts: dict[str, Any] = {"application": "SA26-001", "juror": "j", "stage": "blind", "entries": {"C1": Entry(7, "жақсы")}}
    facts["feedback"] = "f"
    content = canonical_sheet(**facts)
    changed: list[dict[str, Any]] = [
        {"application": "SA26-002"}, {"juror": "k"}, {"stage": "pitch"}, {"feedback": ""},
        {"entries": {"C1": Entry(8, "жақсы")}}, {"entries": {"C1": Entry(7, "жаман")}},
    ]  # fmt: skip

    assert json.loads(content)["scores"] == {"C1": {"points": 7, "comment": "жақсы"}}
    assert len({digest(content), *(digest(canonical_sheet(**facts | one)) for one in changed)}) == 7


@pytest.mark.parametrize(
    ("is_blind", "without", "expected"),
    [
        (True, (), (Milestone.SCORING_OPENS, Milestone.SCORING_CLOSES)),
        (False, (), (Milestone.PITCH, Milestone.PUBLISHES)),
        (True, (Milestone.SCORING_OPENS, Milestone.SCORING_CLOSES), (Milestone.CHECKED, Milestone.PITCH)),
        (False, (Milestone.PITCH,), (Milestone.SCORING_OPENS, Milestone.PUBLISHES)),
        (False, (Milestone.PUBLISHES,), None),
    ],
)
def test_a_stage_finds_its_term_in_the_calendar(is_blind, without, expected):
    calendar = Calendar({one: at for one, at in DAYS.items() if one not in without})

    window = stage_window(calendar, is_blind=is_blind)

    assert window == (None if expected is None else (DAYS[expected[0]], DAYS[expected[1]]))


pairs = st.frozensets(st.tuples(st.integers(1, 4), st.integers(1, 4)))


@given(pairs, pairs, pairs, pairs)
def test_a_difference_never_adds_a_conflict_and_never_takes_a_started_sheet(wanted, present, started, conflicts):
    found = difference(wanted, present=present, started=started & present, conflicts=conflicts)
    after = (present - found.removed) | found.added

    assert not found.added & conflicts
    assert not found.removed & started
    assert after - present == found.added
    assert wanted - after == found.refused
    assert after - wanted == found.kept


def test_a_difference_has_a_signature_of_its_own():
    one = difference(frozenset({(1, 1)}), present=frozenset(), started=frozenset(), conflicts=frozenset())
    other = difference(frozenset({(1, 2)}), present=frozenset(), started=frozenset(), conflicts=frozenset())

    assert one.signature != other.signature


def test_a_queue_begins_with_drafts_then_the_least_reviewed():
    keys = {
        "draft": fair_key(state=ReviewState.DRAFT, review_count=4, seat="s", application="a"),
        "few": fair_key(state=ReviewState.ASSIGNED, review_count=1, seat="s", application="b"),
        "many": fair_key(state=ReviewState.ASSIGNED, review_count=3, seat="s", application="c"),
        "signed": fair_key(state=ReviewState.SIGNED, review_count=0, seat="s", application="d"),
    }

    assert sorted(keys, key=lambda name: keys[name]) == ["draft", "few", "many", "signed"]


def test_equal_applications_are_shuffled_differently_for_each_juror():
    def order(seat: str) -> tuple[str, ...]:
        codes = [f"SA-{number}" for number in range(20)]
        state = ReviewState.ASSIGNED
        return tuple(sorted(codes, key=lambda code: fair_key(state=state, review_count=0, seat=seat, application=code)))

    orders = {order(f"seat{number}") for number in range(5)}

    assert len(orders) == 5


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("Сынақова", "Сынақов", True),
        ("СЫНАҚОВ", "сынақов", True),
        ("Әлиева", "Әлиев", True),
        ("Сынақов", "Сынақбай", False),
        ("", "", False),
    ],
)
def test_family_names_are_compared_without_their_endings(one, other, is_same):
    assert same_family(one, other) is is_same


def test_exports_name_jurors_in_the_order_of_their_seats():
    assert seat_names({7, 3, 12}) == {3: "J1", 7: "J2", 12: "J3"}


@pytest.mark.parametrize(
    ("known", "need"),
    [
        ((0, 5, True, False, False, False, 0), Need.JURORS),
        ((4, 5, True, False, False, False, 0), Need.JURORS),
        ((0, 5, True, True, False, True, 0), Need.JURORS),
        ((4, 5, True, True, True, False, 3), Need.SHEETS),
        ((5, 5, False, False, False, False, 0), None),
        ((5, 5, True, False, False, False, 0), Need.ASSIGNMENT),
        ((5, 5, True, True, True, False, 3), Need.SHEETS),
        ((5, 5, True, True, True, True, 3), Need.STAGE),
        ((5, 5, True, True, True, False, 0), Need.STAGE),
        ((5, 5, True, True, False, True, 2), Need.SHEETS),
        ((5, 5, True, True, False, True, 0), Need.FREEZING),
    ],
)
def test_round_needs_one_thing_at_a_time(known, need):
    assert next_need(RoundProgress(*known)) is need
