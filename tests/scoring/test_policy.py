"""Who may do what with sheets and rounds, as tables."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.access.actor import SYSTEM, VISITOR, Actor
from competitions.policy import IMPARTIAL
from competitions.policy import Permission as CompetitionPermission
from competitions.states import ApplicationState, CompetitionState
from scoring.policy import (
    REVIEW_PERMISSIONS,
    ROUND_PERMISSIONS,
    ConflictFacts,
    Obstacle,
    Permission,
    ReviewFacts,
    RoundFacts,
    SeatFacts,
    conflict_obstacles,
    grants_review,
    grants_round,
    review_obstacles,
    round_obstacles,
    seat_obstacles,
)
from scoring.states import ReviewState

NOW = datetime(2026, 9, 25, tzinfo=UTC)
FACTS = ReviewFacts(
    is_own=True,
    is_chair=False,
    in_conflict=False,
    is_applicant=False,
    has_declared=True,
    state=ReviewState.DRAFT,
    application_state=ApplicationState.ADMITTED,
    competition_state=CompetitionState.ANNOUNCED,
    opens_at=NOW - timedelta(days=1),
    closes_at=NOW + timedelta(days=1),
    published_at=None,
    at=NOW,
)
CHANGES: dict[str, dict[str, Any]] = {
    "none": {},
    "conflict": {"in_conflict": True},
    "undeclared": {"has_declared": False},
    "before": {"opens_at": NOW + timedelta(seconds=1)},
    "closed": {"closes_at": NOW},
    "signed": {"state": ReviewState.SIGNED},
    "recused": {"state": ReviewState.RECUSED},
    "left": {"application_state": ApplicationState.WITHDRAWN},
    "decided": {"competition_state": CompetitionState.DECIDED},
    "over": {"published_at": NOW - timedelta(days=30)},
}
# Obstacles by what is asked: read, save, write, recuse, give back.
OBSTACLES = {
    "none": ("", "", "", "", "sheet_not_signed"),
    "conflict": ("conflict", "conflict", "conflict", "conflict", "conflict sheet_not_signed"),
    "undeclared": (*["conflicts_not_declared"] * 4, "sheet_not_signed"),
    "before": (*["stage_not_open"] * 3, "", "sheet_not_signed"),
    "closed": ("", "", "stage_closed", "", "sheet_not_signed stage_closed"),
    "signed": ("", "", "sheet_signed", "", ""),
    "recused": ("", *["sheet_recused"] * 3, "sheet_recused sheet_not_signed"),
    "left": (*["application_left"] * 4, "application_left sheet_not_signed"),
    "decided": ("", "", "round_decided", "round_decided", "sheet_not_signed round_decided"),
    "over": (*["round_over"] * 4, "round_over sheet_not_signed"),
}
ASKED = (
    Permission.REVIEW_READ,
    Permission.REVIEW_SAVE,
    Permission.REVIEW_WRITE,
    Permission.REVIEW_RECUSE,
    Permission.REVIEW_REOPEN,
)


@pytest.mark.parametrize("change", OBSTACLES)
def test_obstacles_of_a_sheet(change):
    facts = replace(FACTS, **CHANGES[change])

    assert tuple(" ".join(r.code.value for r in review_obstacles(one, facts)) for one in ASKED) == OBSTACLES[change]


def test_a_sheet_is_its_jurors_and_only_the_chair_gives_it_back():
    own = {one: grants_review(one, FACTS) for one in REVIEW_PERMISSIONS}
    chairs = {one: grants_review(one, replace(FACTS, is_own=False, is_chair=True)) for one in REVIEW_PERMISSIONS}

    assert own == {one: one != Permission.REVIEW_REOPEN for one in REVIEW_PERMISSIONS}
    assert chairs == {one: one == Permission.REVIEW_REOPEN for one in REVIEW_PERMISSIONS}
    assert not grants_review(Permission.REVIEW_REOPEN, replace(FACTS, is_own=True, is_chair=True))


ROUND = RoundFacts(1, CompetitionState.ANNOUNCED, is_chair=False, is_finished=True)
GRANTED = [
    ("organiser", False, {"round:read", "round:manage", "round:ranking", "round:sheets", "round:freeze"}),
    ("secretary", False, {"round:read", "round:ranking", "round:sheets", "round:freeze"}),
    ("checker", False, set()),
    ("funder", False, set()),
    (None, True, {"round:ranking", "round:sheets", "round:chair"}),
    (None, False, set()),
]


@pytest.mark.parametrize(("role", "is_chair", "expected"), GRANTED)
def test_grants_on_a_round(role, is_chair, expected):
    actor = Actor(label="user", user_id=1, roles={1: frozenset({role})} if role else {})
    facts = replace(ROUND, is_chair=is_chair)

    assert {one.value for one in ROUND_PERMISSIONS if grants_round(one, actor, facts)} == expected
    assert not any(grants_round(one, actor, replace(facts, programme_id=2, is_chair=False)) for one in ROUND_PERMISSIONS)


@pytest.mark.parametrize("nobody", [VISITOR, SYSTEM])
def test_nobody_without_an_account_holds_anything_on_a_round(nobody):
    assert not any(grants_round(one, nobody, ROUND) for one in ROUND_PERMISSIONS)


def test_sheets_by_juror_wait_for_the_end_of_scoring():
    running = replace(ROUND, is_finished=False)

    assert [r.code for r in round_obstacles(Permission.ROUND_SHEETS, running)] == [Obstacle.ROUND_STILL_OPEN]
    assert round_obstacles(Permission.ROUND_RANKING, running) == ()


@pytest.mark.parametrize("permission", [Permission.ROUND_RANKING, Permission.ROUND_SHEETS])
def test_results_wait_for_a_jurors_own_signatures(permission):
    scoring = replace(ROUND, is_chair=True, sits=True, has_unsigned=True)

    assert [r.code for r in round_obstacles(permission, scoring)] == [Obstacle.OWN_SHEETS_UNSIGNED]
    assert round_obstacles(Permission.ROUND_CHAIR, scoring) == ()


@pytest.mark.parametrize("permission", [Permission.ROUND_MANAGE, Permission.ROUND_FREEZE])
def test_nobody_runs_the_jury_on_which_she_sits_or_in_which_she_has_a_conflict(permission):
    facts = replace(ROUND, sits=True, has_conflict=True)

    assert [r.code for r in round_obstacles(permission, facts)] == [Obstacle.SITS_ON_JURY, Obstacle.TIED]
    assert round_obstacles(Permission.ROUND_READ, facts) == ()


@pytest.mark.parametrize("permission", [Permission.ROUND_MANAGE, Permission.ROUND_FREEZE])
def test_nothing_of_a_round_changes_after_the_decision(permission):
    decided = replace(ROUND, competition_state=CompetitionState.DECIDED)

    assert [r.code for r in round_obstacles(permission, decided)] == [Obstacle.ROUND_DECIDED]


def test_a_seat_closes_when_the_jurys_work_is_history():
    assert seat_obstacles(Permission.SEAT_READ, SeatFacts(is_own=True, is_over=False)) == ()
    assert seat_obstacles(Permission.SEAT_READ, SeatFacts(is_own=True, is_over=True))[0].code is Obstacle.ROUND_OVER


def test_a_conflict_shuts_an_application_but_never_to_its_own_applicant():
    tied = ConflictFacts(in_conflict=True, is_owner=False)
    own = ConflictFacts(in_conflict=True, is_owner=True)

    assert all(conflict_obstacles(one, tied) for one in IMPARTIAL | {CompetitionPermission.APPLICATION_READ})
    assert conflict_obstacles(CompetitionPermission.APPLICATION_READ, own) == ()
    assert conflict_obstacles(CompetitionPermission.APPLICATION_LIST, ConflictFacts(in_conflict=False, is_owner=False)) == ()
