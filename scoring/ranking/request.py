"""What is asked of a file of scores, from the words of the command line to rules: weights, stages, marks, ties, a line."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from scoring.allocation import Line, Rule
from scoring.plain_input import BadInputError, number, quoted
from scoring.ranking import official
from scoring.ranking.official import Criterion, RankingRules, Stage
from scoring.score_files import ScoreTable, read_amounts

WHOLE = "score"  # the one stage there is when none is named
TOTAL = "total"
GRADES = (1, 6)  # what the Swiss method is made for


class Method(StrEnum):
    """Every way to rank: three exact ones per stage, three statistical ones over whole sheets."""

    MEAN = "mean"
    MEDIAN = "median"
    TRIMMED = "trimmed"
    ZSCORE = "zscore"
    CALIBRATED = "calibrated"
    SNSF = "snsf"

    @property
    def is_official(self) -> bool:
        return self in {Method.MEAN, Method.MEDIAN, Method.TRIMMED}


class Option(StrEnum):
    """Where a refused word stood."""

    WEIGHTS = "--weights"
    SCALE = "--scale"
    STAGES = "--stages"
    MARKS = "--pass"
    TIES = "--ties"
    BUDGET = "--budget"
    AMOUNTS = "--amounts"


@dataclass(frozen=True, slots=True)
class Words:
    """The options as they were typed."""

    method: Method = Method.MEAN
    weights: str | None = None
    scale: str | None = None
    stages: str | None = None
    marks: str | None = None
    ties: str | None = None
    trim: int = 1
    winners: int | None = None
    budget: str | None = None
    amounts: str | None = None
    rule: Rule = Rule.PREFIX


@dataclass(frozen=True, slots=True)
class Request:
    """The options understood, for one table."""

    method: Method
    rules: RankingRules
    line: Line | None
    has_stages: bool


def understand(words: Words, table: ScoreTable) -> Request:
    """Turn options into rules, or say which of them does not fit the table."""
    stages = _stages(words.stages, table)
    marks = _marks(words.marks, frozenset(() if words.stages is None else stages))
    criteria = _criteria(words.weights, words.scale, table)
    stage_of = {key: stage for stage, keys in stages.items() for key in keys}
    counted = tuple(Criterion(c.key, stage_of[c.key], c.weight, c.low, c.high) for c in criteria if c.key in stage_of)
    if not any(criterion.weight for criterion in counted):
        raise BadInputError(Option.WEIGHTS, "the weights add to nothing", row=1, column=counted[0].key)
    rules = RankingRules(
        stages=tuple(Stage(key, marks.get(key)) for key in stages),
        criteria=counted,
        method=official.Method(words.method) if words.method.is_official else official.Method.MEAN,
        trim=words.trim,
        ties=_ties(words.ties, table, stage_of),
        pass_total=marks.get(TOTAL),
    )
    if words.method is Method.SNSF:
        _check_grades(table)
    return Request(words.method, rules, _line(words, table), words.stages is not None)


def _check_grades(table: ScoreTable) -> None:
    if not table.has_ready_scores:
        raise BadInputError(table.source, "snsf needs one grade a sheet, in a column score", row=1, column=table.criteria[0])
    low, high = GRADES
    for sheet in table.rows:
        for key, grade in sheet.points.items():
            if not low <= grade <= high:
                problem = f"{float(grade):g} is not a grade from {low} to {high}"
                raise BadInputError(table.source, problem, row=sheet.row, column=key)


def whole_sheets(weights: str | None, scale: str | None, table: ScoreTable) -> Request:
    """Return a request whose rules only turn sheets into scores."""
    return understand(Words(weights=weights, scale=scale), table)


def _criteria(weights: str | None, scale: str | None, table: ScoreTable) -> tuple[Criterion, ...]:
    if table.has_ready_scores:
        if weights is not None:
            name = _assignments(Option.WEIGHTS, weights)[0][0]
            raise BadInputError(Option.WEIGHTS, "there is no such criterion, only scores", row=1, column=name)
        return (Criterion(table.criteria[0], WHOLE, 1, 0, 100),)
    low, high = _scale(scale)
    for sheet in table.rows:
        for key, points in sheet.points.items():
            if not low <= points <= high:
                problem = f"{float(points):g} is outside the scale {float(low):g}:{float(high):g}"
                raise BadInputError(table.source, problem, row=sheet.row, column=key)
    given = _weights(weights, table)
    return tuple(Criterion(key, WHOLE, given[key], low, high) for key in table.criteria)


def _scale(scale: str | None) -> tuple[Fraction, Fraction]:
    low, colon, high = (scale or "0:10").partition(":")
    lowest, highest = number(low), number(high)
    if not colon or lowest is None or highest is None or lowest >= highest:
        raise BadInputError(Option.SCALE, f"{quoted(scale)} is not LOW:HIGH", row=1, column="scale")
    return lowest, highest


def _weights(weights: str | None, table: ScoreTable) -> dict[str, Fraction]:
    if weights is None:
        return dict.fromkeys(table.criteria, Fraction(1))
    found: dict[str, Fraction] = {}
    for key, text in _assignments(Option.WEIGHTS, weights):
        _known_column(Option.WEIGHTS, key, table)
        weight = number(text)
        if weight is None or weight < 0:
            raise BadInputError(Option.WEIGHTS, f"{quoted(text)} is not a weight", row=1, column=key)
        if key in found:
            raise BadInputError(Option.WEIGHTS, "the column is named twice", row=1, column=key)
        found[key] = weight
    for key in table.criteria:
        if key not in found:
            raise BadInputError(Option.WEIGHTS, "the column has no weight", row=1, column=key)
    return found


def _assignments(option: Option, text: str) -> list[tuple[str, str]]:
    """Split "a=1,b=2"."""
    parts = [part.rpartition("=") for part in text.split(",")]
    for part, (key, _, value) in zip(text.split(","), parts, strict=True):
        if not key.strip() or not value.strip():
            raise BadInputError(option, f"{quoted(part)} is not NAME=VALUE", row=1, column=part.strip() or "1")
    return [(key.strip(), value.strip()) for key, _, value in parts]


def _known_column(option: Option, key: str, table: ScoreTable) -> None:
    if table.has_ready_scores or key not in table.criteria:
        raise BadInputError(option, f"{table.source} has no such criterion", row=1, column=key)


def _stages(text: str | None, table: ScoreTable) -> dict[str, tuple[str, ...]]:
    if text is None:
        return {WHOLE: table.criteria}
    stages: dict[str, tuple[str, ...]] = {}
    taken: set[str] = set()
    for part in text.split(","):
        stage, _, columns = (piece.strip() for piece in part.partition("="))
        keys = tuple(key.strip() for key in columns.split("+"))
        if not stage or stage == TOTAL or stage in stages:
            raise BadInputError(Option.STAGES, f"{quoted(part)} needs a name of its own", row=1, column=stage or "1")
        for key in keys:
            _known_column(Option.STAGES, key, table)
            if key in taken:
                raise BadInputError(Option.STAGES, "the column is named twice", row=1, column=key)
            taken.add(key)
        stages[stage] = keys
    return stages


def _marks(text: str | None, stages: frozenset[str]) -> dict[str, Fraction]:
    marks: dict[str, Fraction] = {}
    for key, value in [] if text is None else _assignments(Option.MARKS, text):
        mark = number(value)
        if key != TOTAL and key not in stages:
            raise BadInputError(Option.MARKS, "there is no such stage", row=1, column=key)
        if mark is None or key in marks:
            raise BadInputError(Option.MARKS, f"{quoted(value)} is not the one mark", row=1, column=key)
        marks[key] = mark
    return marks


def _ties(text: str | None, table: ScoreTable, stage_of: dict[str, str]) -> tuple[str, ...]:
    keys = () if text is None else tuple(key.strip() for key in text.split(","))
    for key in keys:
        _known_column(Option.TIES, key, table)
        if key not in stage_of:
            raise BadInputError(Option.TIES, "the column is in no stage and does not count", row=1, column=key)
    if len(set(keys)) < len(keys):
        raise BadInputError(Option.TIES, "a column is named twice", row=1, column=keys[-1])
    return keys


def _line(words: Words, table: ScoreTable) -> Line | None:
    if words.winners is not None and words.budget is not None:
        raise BadInputError(Option.BUDGET, "the line is either a number of winners or a budget", row=1, column="budget")
    if (words.budget is None) != (words.amounts is None):
        raise BadInputError(Option.AMOUNTS, "a budget and its amounts go together", row=1, column="amount")
    if words.winners is not None:
        return Line(winners=words.winners)
    if words.budget is None or words.amounts is None:
        return None
    budget = number(words.budget)
    if budget is None or budget < 0:
        raise BadInputError(Option.BUDGET, f"{quoted(words.budget)} is not a sum of money", row=1, column="budget")
    applications = frozenset(sheet.application for sheet in table.rows)
    return Line(budget=budget, amounts=read_amounts(words.amounts, applications), rule=words.rule)
