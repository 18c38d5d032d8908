"""The demo's Start App: in the middle of its blind stage, then finished to exactly the expected ranking."""

import json
from fractions import Fraction

import pytest
from sqlalchemy import select

from app import demo
from app.core.db import db, writing
from competitions.models import Competition
from scoring.models import Criterion, Review, Score
from scoring.queries import jury, result, sheet
from scoring.ranking.official import printed
from scoring.services import sheets
from scoring.services.sheets import Stroke
from scoring.states import ReviewState
from tests.conftest import settings_of_copy

# Blind, pitch, total, mean C2, mean C4, jurors, place: domain knowledge of the customer, computed by hand.
EXPECTED = {
    "SA26-003": ("67.90", "21.60", "89.50", "9.20", "9.00", 5, 1),
    "SA26-007": ("62.38", "20.75", "83.13", "7.75", "8.50", 4, 2),
    "SA26-001": ("62.10", "19.80", "81.90", "7.80", "8.20", 5, 3),
    "SA26-009": ("55.60", "19.40", "75.00", "7.80", "7.20", 5, 4),
    "SA26-005": ("55.50", "19.50", "75.00", "7.40", "7.40", 5, 5),
    "SA26-012": ("51.30", "16.70", "68.00", "7.20", "6.60", 5, 6),
    "SA26-010": ("50.60", "15.20", "65.80", "7.00", "6.40", 5, 7),
    "SA26-014": ("45.30", "14.50", "59.80", "5.40", "6.20", 5, 8),
    "SA26-002": ("43.40", None, "43.40", "6.20", "6.00", 5, None),
    "SA26-006": ("34.90", None, "34.90", "4.60", "4.40", 5, None),
    "SA26-011": ("30.10", None, "30.10", "3.80", "3.40", 5, None),
}
WEIGHTS = {"C1": 15, "C2": 20, "C3": 15, "C4": 15, "C5": 10, "C6": 15, "C7": 10}
PASS_BLIND, PASS_TOTAL, TIES = 45, 60, ("C2", "C4")


def start_app():
    competition = db.session.scalars(select(Competition).where(Competition.slug == "start-app")).one()
    found = jury.round_of(competition.id)
    assert found is not None
    return found


def states(stage):
    rows = db.session.execute(select(Review.state, db.func.count()).where(Review.stage_id == stage.id).group_by(Review.state))
    return {state: count for state, count in rows}  # noqa: C416 - rows are no pairs for mypy


def table(ranking):
    def shown(score):
        return None if score is None else printed(score)

    return {
        one.application: (
            shown(one.stages["blind"]), shown(one.stages["pitch"]), shown(one.total), shown(one.criteria["C2"]),
            shown(one.criteria["C4"]), one.reviews["blind"], one.rank,
        )
        for one in ranking.standings
    }  # fmt: skip


def mean_by_hand(jurors, weights):
    """The mean over the jurors who gave points, each point times its weight by ten."""
    sheets, worth = 0, Fraction(0)
    for points in jurors.values():
        if all(key in points for key in weights):
            sheets += 1
            for key, weight in weights.items():
                worth += Fraction(points[key] * weight, 10)
    return worth / sheets if sheets else None


def by_hand(told):
    """The rules on paper: (application, total, place, passed), best first, without a place those below the blind mark."""
    placed, stopped = {}, {}
    for code, jurors in told.items():
        blind = mean_by_hand(jurors, {key: WEIGHTS[key] for key in ("C1", "C2", "C3", "C4", "C5")})
        if blind < PASS_BLIND:
            stopped[code] = blind
            continue
        total = blind + mean_by_hand(jurors, {key: WEIGHTS[key] for key in ("C6", "C7")})
        placed[code] = [total, *(mean_by_hand(jurors, {key: 10}) for key in TIES)]
    order = []
    for code, worth in placed.items():
        better = 0
        for other in placed.values():
            differing = [(mine, theirs) for mine, theirs in zip(worth, other, strict=True) if mine != theirs]
            if differing and differing[0][1] > differing[0][0]:
                better += 1
        order.append((code, worth[0], 1 + better, worth[0] >= PASS_TOTAL))
    order.sort(key=lambda row: row[2])
    assert [row[2] for row in order] == list(range(1, len(order) + 1))
    return order + [(code, stopped[code], None, False) for code in sorted(stopped, key=lambda code: -stopped[code])]


def order_of(ranking):
    return [(one.application, one.total, one.rank, one.passed) for one in ranking.standings]


@pytest.fixture
def settings(loaded_demo, tmp_path):
    return settings_of_copy(loaded_demo, tmp_path / "data")


@pytest.mark.timeout(600)
def test_the_demo_ends_in_the_expected_ranking(app):
    with app.app_context():
        blind, pitch = start_app().stages
        begun = states(blind)
        demo.finish_scoring()
        found = start_app()

        assert begun == {ReviewState.SIGNED: 49, ReviewState.DRAFT: 2, ReviewState.ASSIGNED: 3, ReviewState.RECUSED: 1}
        assert states(blind) == {ReviewState.SIGNED: 54, ReviewState.RECUSED: 1}
        assert states(pitch) == {ReviewState.SIGNED: 39}
        ranking = result.official_ranking(found)
        assert table(ranking) == EXPECTED
        assert {one.application for one in ranking.standings if one.tie_decided_by == "C2"} == {"SA26-009", "SA26-005"}

        told = json.loads((demo.DATA / "scores.json").read_text())["scores"]
        assert order_of(ranking) == by_hand(told)
        with writing():
            change_one_score(found)
        told["SA26-005"]["J1"]["C4"] = 8
        changed = result.official_ranking(found)
        assert order_of(changed) == by_hand(told)
        assert [one.application for one in changed.standings if one.rank in {4, 5}] == ["SA26-005", "SA26-009"]


def change_one_score(found):
    """The chair gives the sheet of SA26-005 back to herself, and signs it with eight points for C4: it overtakes its equal."""
    chair = next(one for one in jury.jurors(found) if one.is_chair)
    application = next(one for one in jury.admitted(found) if one.code == "SA26-005")
    review = jury.reviews_between(chair, application.id)[0]
    by = demo.acting("chair@demo.example")
    at = found.stages[0].closes_at
    sheets.reopen(review, reason="Қайта қаралды.", by=by, at=at)
    criterion = db.session.scalars(
        select(Criterion)
        .join(Score, Score.criterion_id == Criterion.id)
        .where(Score.review_id == review.id, Criterion.key == "C4")
    ).one()
    version = sheet.versions_of(review)[criterion.key]
    sheets.save_field(review, Stroke("C4", "8", version, "change"), by=by, at=at)
    sheets.sign(review, by=by, at=at)
