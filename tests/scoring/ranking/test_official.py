"""The official result against the published example, a second formula, and properties."""

from copy import deepcopy
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise
from statistics import median
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.allocation import Line
from scoring.draw import drawing_key
from scoring.ranking.official import (
    Acts,
    Criterion,
    Link,
    Method,
    RankingRules,
    Sheet,
    Stage,
    is_complete,
    printed,
    rank,
    reaches,
    sheet_score,
    stage_score,
)
from tests.scoring.samples import SEARCH, Spread, rows, start_app, start_app_rules, start_app_sheets

pytestmark = pytest.mark.unit

ONE = (Stage("only"),)


def one_criterion(*points: int, method: Method = Method.MEAN, **rules: Any) -> Fraction | None:
    sheets = [Sheet("A", f"J{place}", "only", {"C": value}) for place, value in enumerate(points)]
    setup = RankingRules(ONE, (Criterion("C", "only", 1, 0, 100),), method, **rules)
    return rank(setup, sheets).standings[0].total


def test_start_app_is_ranked_exactly_as_published():
    ranking = rank(start_app_rules(), start_app_sheets())

    found = {}
    for standing in ranking.standings:
        scores = {"blind": standing.stages["blind"], "pitch": standing.stages["pitch"], "total": standing.total}
        means = {f"mean_{key}": standing.criteria[key] for key in ("C2", "C4")}
        found[standing.application] = {
            **{key: None if score is None else printed(score) for key, score in {**scores, **means}.items()},
            "jurors": standing.reviews["blind"],
            **({"rank": standing.rank} if standing.rank else {}),
        }
    assert found == start_app()["expected_results"]
    assert list(found) == [
        f"SA26-{code}" for code in ("003", "007", "001", "009", "005", "012", "010", "014", "002", "006", "011")
    ]


def test_start_app_decides_its_tie_by_the_first_criterion_of_the_ladder():
    decided = {s.application: s.tie_decided_by for s in rank(start_app_rules(), start_app_sheets()).standings}

    assert {name: link for name, link in decided.items() if link} == {"SA26-009": "C2", "SA26-005": "C2"}


def test_start_app_funds_four_and_never_those_below_a_mark():
    amounts = dict.fromkeys(start_app()["scores"], 1_000_000)
    four = rank(start_app_rules(), start_app_sheets(), line=Line(budget=4_000_000, amounts=amounts))
    all_of_them = rank(start_app_rules(), start_app_sheets(), line=Line(winners=11))

    assert [s.application[-3:] for s in four.standings if s.is_funded] == ["003", "007", "001", "009"]
    assert [s.application[-3:] for s in all_of_them.standings if not s.is_funded] == ["014", "002", "006", "011"]


@pytest.mark.parametrize(
    ("score", "goes_further"),
    [(44, False), (Fraction(4499, 100), False), (Fraction(135, 3), True), (45, True), (Fraction(4501, 100), True), (46, True)],
)
def test_exactly_at_a_mark_is_enough(score: Fraction | int, *, goes_further: bool):
    assert reaches(score, 45) is goes_further
    assert reaches(score, None)


@pytest.mark.parametrize(
    ("mark", "total", "ranks", "passed"),
    [
        (None, 45, {"below": 3, "at": 2, "above": 1}, {"below": False, "at": True, "above": True}),
        (45, None, {"below": None, "at": 2, "above": 1}, {"below": False, "at": True, "above": True}),
        (45, 46, {"below": None, "at": 2, "above": 1}, {"below": False, "at": False, "above": True}),
    ],
    ids=["the total's mark", "the stage's mark", "both"],
)
def test_one_point_below_a_mark_fails_and_the_mark_itself_passes(
    mark: int | None, total: int | None, ranks: dict[str, int | None], passed: dict[str, bool]
):
    rules = RankingRules((Stage("only", mark),), (Criterion("C", "only", 1, 0, 100),), pass_total=total)
    sheets = [Sheet(name, "J", "only", {"C": points}) for name, points in {"below": 44, "at": 45, "above": 46}.items()]

    ranking = rank(rules, sheets, line=Line(winners=3))

    assert {one.application: one.rank for one in ranking.standings} == ranks
    assert {one.application: one.passed for one in ranking.standings} == passed
    assert {one.application: one.is_funded for one in ranking.standings} == passed


def test_one_changed_score_moves_the_result_as_a_second_formula_says():
    scores = deepcopy(start_app()["scores"])
    scores["SA26-005"]["J3"]["C3"] = 6
    weights = {c["key"]: c["weight"] for c in start_app()["criteria"]}

    standings = rank(start_app_rules(), start_app_sheets(scores)).standings

    def by_hand(application: str) -> Decimal:
        sheets = scores[application].values()
        points = sum(weights[key] * points for sheet in sheets for key, points in sheet.items())
        return (Decimal(points) / 10 / len(sheets)).quantize(Decimal("0.01"), ROUND_HALF_UP)

    ranked = [s.application for s in standings if s.rank]
    assert {s.application: printed(s.total or Fraction(0)) for s in standings if s.rank} == {
        name: str(by_hand(name)) for name in ranked
    }
    assert [name[-3:] for name in ranked[3:5]] == ["005", "009"]
    assert not any(s.tie_decided_by for s in standings)


def test_isu_trimmed_means_equal_the_panel_scores_of_the_2017_worlds():
    judges: dict[tuple[str, str], list[Fraction]] = {}
    for row in rows("isu_worlds2017_men_fs_component_scores.csv"):
        judges.setdefault((row["name"], row["aspect_desc"]), []).append(Fraction(row["score"]))
    panel = rows("isu_worlds2017_men_fs_component_panel.csv")

    found = [printed(stage_score(judges[row["name"], row["aspect_desc"]], Method.TRIMMED)) for row in panel]

    assert len(panel) == 120
    assert found == [f"{Decimal(row['scores_of_panel']):.2f}" for row in panel]


@pytest.mark.parametrize(
    ("score", "text"),
    [
        (Fraction(83125, 1000), "83.13"),
        (Fraction(83135, 1000), "83.14"),
        (Fraction(0), "0.00"),
        (Fraction(2, 3), "0.67"),
        (Fraction(-5, 1000), "-0.01"),
        (Fraction(-4, 1000), "0.00"),
        (Fraction(99995, 1000), "100.00"),
    ],
)
def test_scores_are_printed_half_up(score: Fraction, text: str):
    assert printed(score) == text


def test_median_of_an_even_count_is_the_midpoint():
    assert one_criterion(10, 20, 40, 90, method=Method.MEDIAN) == 30


def test_trimmed_mean_of_too_few_sheets_is_their_mean():
    assert one_criterion(0, 90, method=Method.TRIMMED) == 45
    assert one_criterion(0, 30, 90, method=Method.TRIMMED) == 30
    assert one_criterion(0, 30, 60, 90, method=Method.TRIMMED, trim=2) == 45


def test_a_sheet_with_an_empty_criterion_does_not_count():
    setup = RankingRules(ONE, (Criterion("C", "only", 1), Criterion("D", "only", 1)))
    sheets = [Sheet("A", "J1", "only", {"C": 10, "D": 10}), Sheet("A", "J2", "only", {"C": 0})]

    standing = rank(setup, sheets).standings[0]

    assert standing.total == 100
    assert standing.reviews == {"only": 1}
    assert sheet_score(setup, "only", {"C": 10}) == 50
    assert is_complete(setup, "only", {"C": 0, "D": 0})
    assert not is_complete(setup, "only", {"C": 0})


def test_an_application_without_sheets_has_neither_score_nor_rank_nor_verdict():
    standing = rank(start_app_rules(), [], applications=["A"], line=Line(winners=1)).standings[0]

    assert (standing.total, standing.rank, standing.passed, standing.is_funded) == (None, None, None, False)


def test_ties_that_nothing_breaks_share_a_rank_and_fund_nobody_across_the_line():
    setup = RankingRules(ONE, (Criterion("C", "only", 1),))
    sheets = [Sheet(name, "J", "only", {"C": points}) for name, points in {"A": 9, "B": 7, "D": 7, "E": 5}.items()]

    ranking = rank(setup, sheets, line=Line(winners=2))

    assert [(s.application, s.rank, s.is_funded) for s in ranking.standings] == [
        ("A", 1, True),
        ("B", 2, False),
        ("D", 2, False),
        ("E", 4, False),
    ]
    assert ranking.tied_at_line == (("B", "D"),)


def tied(*links: str, acts: Acts | None = None) -> list[tuple[str, str | None]]:
    """Rank two applications with equal totals: A has the better median, B more top marks."""
    points = {"A": (8, 8, 5), "B": (10, 6, 5)}
    sheets = [Sheet(name, f"J{j}", "only", {"C": value}) for name, given_ in points.items() for j, value in enumerate(given_)]
    standings = rank(RankingRules(ONE, (Criterion("C", "only", 1),), ties=links), sheets, acts=acts).standings
    return [(s.application, s.tie_decided_by) for s in standings]


def test_every_link_of_the_ladder_can_decide():
    drawn = sorted("AB", key=lambda name: drawing_key("seed", name))

    assert tied(Link.MEDIAN) == [("A", "median"), ("B", "median")]
    assert tied(Link.TOP_MARKS) == [("B", "top_marks"), ("A", "top_marks")]
    assert tied("C", Link.VOTE, acts=Acts(votes={"A": 2, "B": 3})) == [("B", "vote"), ("A", "vote")]
    assert tied(Link.DRAW, acts=Acts(seed="seed")) == [(name, "draw") for name in drawn]
    assert tied(Link.VOTE, Link.DRAW) == [("A", None), ("B", None)]


def test_top_marks_are_those_of_the_criterions_own_scale():
    points = {"A": (5, 5, 5), "B": (6, 5, 4)}
    sheets = [Sheet(name, f"J{j}", "only", {"C": value}) for name, row in points.items() for j, value in enumerate(row)]
    found = rank(RankingRules(ONE, (Criterion("C", "only", 1, 1, 6),), ties=(Link.TOP_MARKS,)), sheets).standings

    assert [(one.application, one.tie_decided_by) for one in found] == [("B", "top_marks"), ("A", "top_marks")]


def test_a_link_nobody_knows_is_a_bug_of_the_caller():
    with pytest.raises(ValueError, match="C9"):
        tied("C9")


# --- Properties -----------------------------------------------------------------------------------------------------

CRITERIA = (Criterion("C1", "blind", 3), Criterion("C2", "blind", 2, 1, 5), Criterion("C3", "pitch", 5, -2, 2))
coarse = {"C1": st.sampled_from([0, 5, 10]), "C2": st.sampled_from([1, 4, 5]), "C3": st.sampled_from([-2, 0, 2])}


@st.composite
def sheets_of(draw: st.DrawFn) -> tuple[Sheet, ...]:
    """Up to four applications and two jurors; few values, so that ties happen; a few empty fields and missing sheets."""
    found = []
    for application in draw(st.sampled_from(["", "A", "AB", "ABD", "ABDE"])):
        for juror in "12":
            for stage in ("blind", "pitch"):
                points = {c.key: draw(coarse[c.key]) for c in CRITERIA if c.stage == stage}
                lost = draw(st.integers(0, 5))
                if lost == 1:
                    points.popitem()
                if lost != 0:
                    found.append(Sheet(application, juror, stage, points))
    return tuple(found)


def second_formula(sheets: tuple[Sheet, ...], method: Method, application: str) -> dict[str, Fraction | None]:
    """Score by the words of the rules, one sheet at a time and with decimals of unlimited length."""
    found: dict[str, Fraction | None] = {}
    for stage in ("blind", "pitch"):
        keys = [c for c in CRITERIA if c.stage == stage]
        scores = [
            sum((Fraction(100 * c.weight * (sheet.points[c.key] - c.low), 10 * (c.high - c.low)) for c in keys), Fraction(0))
            for sheet in sheets
            if (sheet.application, sheet.stage) == (application, stage) and all(c.key in sheet.points for c in keys)
        ]
        if not scores:
            return {**found, **dict.fromkeys(("blind", "pitch")[len(found) :])}
        found[stage] = Fraction(median(scores) if method is Method.MEDIAN else Fraction(sum(scores), len(scores)))
    return found


def check_against_second_formula(ranker: Any, sheets: tuple[Sheet, ...], method: Method) -> None:
    ranking = ranker(RankingRules((Stage("blind"), Stage("pitch")), CRITERIA, method, ties=("C1",)), sheets)
    for standing in ranking.standings:
        assert standing.stages == second_formula(sheets, method, standing.application)
    ranked = [s for s in ranking.standings if s.rank is not None]
    for upper, lower in pairwise(ranked):
        assert upper.total is not None
        assert lower.total is not None
        assert (upper.total, upper.criteria["C1"]) >= (lower.total, lower.criteria["C1"])
        assert (upper.rank == lower.rank) == ((upper.total, upper.criteria["C1"]) == (lower.total, lower.criteria["C1"]))


def test_ranking_follows_the_second_formula_for_any_sheets():
    spread = Spread("official")

    @given(sheets_of(), st.sampled_from([Method.MEAN, Method.MEDIAN]))
    @settings(max_examples=150, deadline=None)
    def holds(sheets: tuple[Sheet, ...], method: Method) -> None:
        names = {sheet.application for sheet in sheets}
        result = rank(RankingRules((Stage("blind"), Stage("pitch")), CRITERIA, method, ties=("C1",)), sheets)
        ranks = [s.rank for s in result.standings if s.rank]
        spread.saw(unranked=len(names) - len(ranks), ranked=len(ranks), tied=len(set(ranks)) < len(ranks), method=method.value)
        check_against_second_formula(rank, sheets, method)

    holds()
    spread.show("tied=True", "tied=False", "unranked=1", "ranked=2", "method=median")


def test_the_property_finds_a_missing_sheet_counted_as_zero():
    def planted(rules: RankingRules, sheets: tuple[Sheet, ...]) -> Any:
        zeroed = [Sheet(s.application, s.juror, s.stage, {"C1": 0, "C2": 1, "C3": -2, **s.points}) for s in sheets]
        return rank(rules, zeroed)

    @given(sheets_of())
    @settings(SEARCH)
    def holds(sheets: tuple[Sheet, ...]) -> None:
        check_against_second_formula(planted, sheets, Method.MEAN)

    with pytest.raises(AssertionError):
        holds()


def test_the_property_finds_a_ladder_that_is_not_asked():
    def planted(rules: RankingRules, sheets: tuple[Sheet, ...]) -> Any:
        return rank(RankingRules(rules.stages, rules.criteria, rules.method), sheets)

    # Five points of C1 are worth three of C2, so A and B are equal but for the ladder.
    sheets = tuple(
        Sheet(name, "1", stage, points)
        for name, c1, c2 in (("A", 0, 4), ("B", 5, 1))
        for stage, points in (("blind", {"C1": c1, "C2": c2}), ("pitch", {"C3": 0}))
    )

    check_against_second_formula(rank, sheets, Method.MEAN)
    with pytest.raises(AssertionError):
        check_against_second_formula(planted, sheets, Method.MEAN)
