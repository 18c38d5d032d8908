"""The official result, in exact arithmetic: criteria -> sheet -> stage -> total -> pass marks -> tie ladder -> line.

A sheet is what one juror gave one application in one stage. It counts when every criterion of the stage is
filled; a recused juror's or a missing sheet is simply not handed in, and is never a zero. A sheet is worth
100 * sum(w * (x - low) / (high - low)) / W, where W is the weight of all criteria of all stages, so that stages
add to a total of at most 100. A stage's score is the mean (or the median, or the trimmed mean) of its sheets.

    rules = RankingRules(
        stages=(Stage("blind", pass_mark=45), Stage("pitch")),
        criteria=(Criterion("C1", "blind", weight=15, low=0, high=10), ...),
        ties=("C2", "C4", Link.VOTE),
        pass_total=60,
    )
    ranking = rank(rules, sheets, line=Line(budget=4_000_000, amounts=requested))
    for standing in ranking.standings:
        standing.rank, printed(standing.total), standing.tie_decided_by, standing.is_funded

The same sheets and rules give the same result on every machine, and a person with pencil and paper gets it too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from math import floor, lcm
from typing import TypeAlias

from scoring.allocation import Line, funded
from scoring.draw import drawing_key
from scoring.ranking.ladder import Rung, groups, places

Number: TypeAlias = Fraction | int


class Method(StrEnum):
    """How the sheets of a stage become its score."""

    MEAN = "mean"
    MEDIAN = "median"
    TRIMMED = "trimmed"


class Link(StrEnum):
    """Links of a tie ladder other than the mean of a criterion, which goes by the criterion's key."""

    MEDIAN = "median"  # the stages' median sheets, added up
    TOP_MARKS = "top_marks"  # how often a juror gave the highest points
    VOTE = "vote"  # the commission's vote, after the chair has decided an equal one
    DRAW = "draw"  # by a seed published after the list was frozen


@dataclass(frozen=True, slots=True)
class Stage:
    """One set of sheets; below its mark an application goes no further."""

    key: str
    pass_mark: Number | None = None


@dataclass(frozen=True, slots=True)
class Criterion:
    """What a juror gives points for, from `low` to `high`, on the sheet of one stage."""

    key: str
    stage: str
    weight: Number
    low: Number = 0
    high: Number = 10


@dataclass(frozen=True, slots=True)
class Sheet:
    """The points one juror gave one application in one stage, by the criterion's key."""

    application: str
    juror: str
    stage: str
    points: Mapping[str, Number]


@dataclass(frozen=True, slots=True)
class RankingRules:
    """What was written down before the sheets were opened; stages in their order, tie links by priority."""

    stages: tuple[Stage, ...]
    criteria: tuple[Criterion, ...]
    method: Method = Method.MEAN
    trim: int = 1
    ties: tuple[str, ...] = ()
    pass_total: Number | None = None

    def criteria_of(self, stage: str) -> tuple[Criterion, ...]:
        """Return the criteria on a stage's sheet."""
        return tuple(criterion for criterion in self.criteria if criterion.stage == stage)

    def worth(self) -> dict[str, Fraction]:
        """Return what one point of each criterion is worth in the total of 100."""
        weight = sum((Fraction(criterion.weight) for criterion in self.criteria), Fraction(0))
        return {c.key: 100 * Fraction(c.weight) / weight / (c.high - c.low) for c in self.criteria}


@dataclass(frozen=True, slots=True)
class Acts:
    """What was done about ties after the sheets were opened: votes per application, the seed of a draw."""

    votes: Mapping[str, int] = field(default_factory=dict)
    seed: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an application stands, with everything needed to follow it by hand.

    `total` is the sum up to the stage where it stopped, or before the first stage without a sheet. `rank` is None
    below a stage's mark (`passed` False) and while a stage lacks sheets (`passed` None). `reviews` counts the sheets
    of each stage, `criteria` holds the means over them. `is_funded` is None when no line was asked for.
    """

    application: str
    rank: int | None
    total: Fraction | None
    stages: Mapping[str, Fraction | None]
    criteria: Mapping[str, Fraction]
    reviews: Mapping[str, int]
    passed: bool | None
    tie_decided_by: str | None = None
    is_funded: bool | None = None


@dataclass(frozen=True, slots=True)
class Ranking:
    """All standings, best first, those without a rank last; and the ties that run across the line."""

    standings: tuple[Standing, ...]
    tied_at_line: tuple[tuple[str, ...], ...] = ()


def printed(score: Fraction) -> str:
    """Print a score half-up to 0.01, the only rounding there is: 83.125 is "83.13"."""
    hundredths = floor(abs(score) * 100 + Fraction(1, 2))
    sign = "-" if score < 0 and hundredths else ""
    return f"{sign}{hundredths // 100}.{hundredths % 100:02d}"


def reaches(score: Number | float, mark: Number | None) -> bool:
    """Tell whether a score goes further: exactly at the mark it does, and without a mark everybody does."""
    return mark is None or score >= mark


def is_complete(rules: RankingRules, stage: str, points: Mapping[str, Number]) -> bool:
    """Tell whether every criterion of the stage has its points, so that the sheet counts."""
    return all(criterion.key in points for criterion in rules.criteria_of(stage))


def sheet_score(rules: RankingRules, stage: str, points: Mapping[str, Number]) -> Fraction:
    """Return what the points filled so far are worth: a juror's running total."""
    worth = rules.worth()
    filled = (c for c in rules.criteria_of(stage) if c.key in points)
    return sum((worth[c.key] * (points[c.key] - c.low) for c in filled), Fraction(0))


def stage_score(scores: Sequence[Number], method: Method = Method.MEAN, trim: int = 1) -> Fraction:
    """Return one score for a stage's sheets; a trimmed mean of fewer than 2 * trim + 1 is their plain mean."""
    kept = sorted(scores)
    if method is Method.MEDIAN:
        kept = kept[(len(kept) - 1) // 2 : len(kept) // 2 + 1]
    elif method is Method.TRIMMED and len(kept) > 2 * trim:
        kept = kept[trim : len(kept) - trim]
    return Fraction(sum(kept)) / len(kept)


def rank(
    rules: RankingRules,
    sheets: Iterable[Sheet],
    *,
    applications: Iterable[str] = (),
    acts: Acts | None = None,
    line: Line | None = None,
) -> Ranking:
    """Rank every application that has a sheet or is named; without `line` nobody is called funded or not."""
    counted = _counted(rules, sheets)
    units = {stage.key: _units(rules, stage.key) for stage in rules.stages}
    names = sorted({*applications, *counted})
    found = {name: _standing(rules, units, name, counted.get(name, {})) for name in names}
    totals = {name: s.total for name, s in found.items() if s.total is not None and s.passed}
    ladder = [_rung(rules, link, totals, counted, acts or Acts()) for link in rules.ties]
    order = places(totals, ladder)
    reached = {name for name, total in totals.items() if reaches(total, rules.pass_total)}
    placed = [
        replace(found[p.application], rank=p.rank, passed=p.application in reached, tie_decided_by=p.decided_by) for p in order
    ]
    rest = sorted((found[name] for name in names if name not in totals), key=_by_total)
    if line is None:
        return Ranking((*placed, *rest))
    allocation = funded(groups(order, reached), line)
    final = (replace(s, is_funded=s.application in allocation.funded) for s in (*placed, *rest))
    return Ranking(tuple(final), allocation.tied_at_line)


_Sheets: TypeAlias = Mapping[str, Sequence[Sheet]]  # of one application, by stage


@dataclass(frozen=True, slots=True)
class _Units:
    """A stage's criteria in whole units of 1/common of a point: many times faster than adding fractions."""

    common: int
    parts: tuple[tuple[str, int, Number], ...]

    def of(self, sheet: Sheet) -> Number:
        return sum(units * (sheet.points[key] - low) for key, units, low in self.parts)


def _units(rules: RankingRules, stage: str) -> _Units:
    worth = rules.worth()
    criteria = rules.criteria_of(stage)
    common = lcm(*(worth[criterion.key].denominator for criterion in criteria))
    return _Units(common, tuple((c.key, int(worth[c.key] * common), c.low) for c in criteria))


def _counted(rules: RankingRules, sheets: Iterable[Sheet]) -> dict[str, _Sheets]:
    """Return the complete sheets by application and stage; an application with none is there too, empty."""
    counted: dict[str, dict[str, list[Sheet]]] = {}
    required = {stage.key: {criterion.key for criterion in rules.criteria_of(stage.key)} for stage in rules.stages}
    for sheet in sheets:
        by_stage = counted.setdefault(sheet.application, {})
        if required[sheet.stage] <= sheet.points.keys():
            by_stage.setdefault(sheet.stage, []).append(sheet)
    return {**counted}


def _standing(rules: RankingRules, units: Mapping[str, _Units], name: str, sheets: _Sheets) -> Standing:
    """Score an application stage by stage until one stops it; its rank and the mark of the total come later."""
    stages: dict[str, Fraction | None] = {stage.key: None for stage in rules.stages}
    passed: bool | None = True
    for stage in rules.stages:
        if stage.key not in sheets:
            passed = None
            break
        unit = units[stage.key]
        score = stage_score([unit.of(sheet) for sheet in sheets[stage.key]], rules.method, rules.trim) / unit.common
        stages[stage.key] = score
        if not reaches(score, stage.pass_mark):
            passed = False
            break
    scored = [score for score in stages.values() if score is not None]
    return Standing(
        application=name,
        rank=None,
        total=sum(scored, Fraction(0)) if scored else None,
        stages=stages,
        criteria={c.key: _mean(c.key, sheets[c.stage]) for c in rules.criteria if c.stage in sheets},
        reviews={stage.key: len(sheets.get(stage.key, ())) for stage in rules.stages},
        passed=passed,
    )


def _mean(criterion: str, sheets: Sequence[Sheet]) -> Fraction:
    return Fraction(sum(sheet.points[criterion] for sheet in sheets)) / len(sheets)


def _by_total(standing: Standing) -> tuple[bool, Fraction, str]:
    return standing.total is None, -(standing.total or Fraction(0)), standing.application


def _rung(rules: RankingRules, link: str, names: Iterable[str], counted: Mapping[str, _Sheets], acts: Acts) -> Rung:
    """Value every application by one link; all of its stages have sheets, or it would not be among the ranked."""
    stage_of = {criterion.key: criterion.stage for criterion in rules.criteria}
    if link in stage_of:
        return Rung(link, {name: _mean(link, counted[name][stage_of[link]]) for name in names})
    if link == Link.MEDIAN:
        return Rung(link, {name: _median_total(rules, counted[name]) for name in names})
    if link == Link.TOP_MARKS:
        return Rung(link, {name: _top_marks(rules, counted[name]) for name in names})
    if link == Link.VOTE:
        return Rung(link, {name: acts.votes.get(name, 0) for name in names})
    if link == Link.DRAW:
        return Rung(link, {name: 0 if acts.seed is None else -int(drawing_key(acts.seed, name), 16) for name in names})
    message = f"No criterion and no link of the ladder is called {link!r}."
    raise ValueError(message)


def _median_total(rules: RankingRules, sheets: _Sheets) -> Fraction:
    units = {stage: _units(rules, stage) for stage in sheets}
    medians = (
        stage_score([units[stage].of(sheet) for sheet in of_stage], Method.MEDIAN) / units[stage].common
        for stage, of_stage in sheets.items()
    )
    return sum(medians, Fraction(0))


def _top_marks(rules: RankingRules, sheets: _Sheets) -> int:
    return sum(sheet.points[c.key] == c.high for c in rules.criteria for sheet in sheets[c.stage])
