"""A whole ranking of a file of scores as plain data: the contract of `baiqau scoring rank`, key by key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

from scoring.allocation import funded
from scoring.connectivity import connectivity
from scoring.ranking import official
from scoring.ranking.ladder import Rung, groups, places
from scoring.ranking.official import Ranking, RankingRules, Sheet, reaches
from scoring.ranking.request import Method, Request
from scoring.ranking.zscore import standardised
from scoring.score_files import ScoreRow, ScoreTable

if TYPE_CHECKING:
    from scoring.ranking.calibrated import Fit, Refusal
    from scoring.ranking.posterior import Advice

FEW = {Method.TRIMMED: 5}
FEW_REVIEWS = 3
DIGITS = 9  # what differs beyond is a tie
Scores: TypeAlias = dict[tuple[str, str], float]
_KEYS = (
    *("application", "reviews", "score", "stages", "passed", "rank", "tie_decided_by", "funded", "effect", "sd"),
    *("expected_rank", "rank_interval_90", "rank_interval_50", "p_winner", "zone"),
)


@dataclass
class Report:
    """The report as it grows; `applications` and `jurors` are by name, all keys there from the start."""

    request: Request
    table: ScoreTable
    sheets: list[Sheet]
    applications: dict[str, dict[str, Any]] = field(default_factory=dict)
    jurors: dict[str, dict[str, Any]] = field(default_factory=dict)
    whole: dict[str, Any] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        """Return the report as JSON takes it, the ranked first."""
        order = sorted(self.applications.values(), key=_by_rank)
        return {
            "method": self.request.method.value,
            "refused": None,
            "applications": order,
            "jurors": list(self.jurors.values()),
            "mu": None,
            "variance": None,
            "loglik_reml": None,
            "connectivity": None,
            **self.whole,
            "warnings": self.warnings,
        }


def _by_rank(entry: Mapping[str, Any]) -> tuple[bool, int, bool, float, str]:
    rank, score = entry["rank"], entry["score"]
    return rank is None, rank or 0, score is None, -(score or 0.0), entry["application"]


def ranked(table: ScoreTable, request: Request, *, penalty: str = "boundary", seed: int = 1) -> dict[str, Any]:
    """Rank a table as requested."""
    sheets = [sheet for row in table.rows for sheet in _sheets(request.rules, row)]
    report = Report(request, table, sheets)
    names = {row.application for row in table.rows}
    line = request.line if request.method.is_official else None
    result = official.rank(request.rules, sheets, applications=names, line=line)
    report.warnings += incomplete_sheets(table, request)
    if request.method.is_official:
        _begin(report, {(sheet.application, sheet.juror) for sheet in sheets})
        _fill_official(report, result)
    else:
        scores = _whole_scores(request.rules, sheets)
        _begin(report, scores)
        _fill_statistical(report, result, scores, penalty, seed)
    return report.plain()


def _sheets(rules: RankingRules, row: ScoreRow) -> Iterable[Sheet]:
    """Return a row's complete sheets, one a stage."""
    for stage in rules.stages:
        if official.is_complete(rules, stage.key, row.points):
            points = {criterion.key: row.points[criterion.key] for criterion in rules.criteria_of(stage.key)}
            yield Sheet(row.application, row.juror, stage.key, points)


def whole_scores(table: ScoreTable, rules: RankingRules) -> Scores:
    """Return the scores of a table's complete sheets by (application, juror)."""
    return _whole_scores(rules, [sheet for row in table.rows for sheet in _sheets(rules, row)])


def _whole_scores(rules: RankingRules, sheets: Iterable[Sheet]) -> Scores:
    """Return the score of every pair whose sheets are complete in all stages."""
    found: dict[tuple[str, str], list[Fraction]] = {}
    for sheet in sheets:
        score = official.sheet_score(rules, sheet.stage, sheet.points)
        found.setdefault((sheet.application, sheet.juror), []).append(score)
    return {pair: float(sum(parts)) for pair, parts in found.items() if len(parts) == len(rules.stages)}


def _begin(report: Report, pairs: Iterable[tuple[str, str]]) -> None:
    """Count reviews over the pairs that are used, and judge how they hang together."""
    used = sorted(pairs)
    of_applications = Counter(application for application, _ in used)
    of_jurors = Counter(juror for _, juror in used)
    for name in sorted({row.application for row in report.table.rows}):
        report.applications[name] = {**dict.fromkeys(_KEYS), "application": name, "reviews": of_applications[name]}
    for name in sorted({row.juror for row in report.table.rows}):
        report.jurors[name] = {"juror": name, "reviews": of_jurors[name], "severity": None, "se": None}
    graph = connectivity(used)
    report.whole["connectivity"] = asdict(graph)
    few = FEW.get(report.request.method, FEW_REVIEWS)
    none = [name for name in report.applications if not of_applications[name]]
    thin = [name for name in report.applications if 0 < of_applications[name] < few]
    if none:
        report.warnings.append(f"No complete sheet: {_listed(none)}.")
    if thin:
        report.warnings.append(f"Fewer than {few} reviews: {_listed(thin)}.")
    if graph.components > 1:
        report.warnings.append(
            f"The scores fall into {graph.components} groups with no juror in common; between them severity and "
            "quality cannot be told apart."
        )


def _listed(names: list[str], most: int = 10) -> str:
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"


def incomplete_sheets(table: ScoreTable, request: Request) -> list[str]:
    """Name the rows that are left out, or that count only for the stages they fill."""
    criteria = [request.rules.criteria_of(stage.key) for stage in request.rules.stages]
    filled = [[sum(c.key in row.points for c in stage) for stage in criteria] for row in table.rows]
    rows = [
        str(row.row)
        for row, counts in zip(table.rows, filled, strict=True)
        # With stages an empty part is a stage the juror did not take part in.
        if any((count or not request.has_stages) and count < len(stage) for count, stage in zip(counts, criteria, strict=True))
    ]
    return [f"Incomplete sheets are left out: row {_listed(rows)}."] if rows else []


def _warn_of_ties(report: Report, tied: Iterable[tuple[str, ...]]) -> None:
    report.warnings.extend(
        f"The line runs through a tie that nothing breaks, so none of these is funded: {_listed(list(group))}."
        for group in tied
    )


def _fill_official(report: Report, result: Ranking) -> None:
    for standing in result.standings:
        stages = {key: None if score is None else float(score) for key, score in standing.stages.items()}
        report.applications[standing.application].update(
            score=None if standing.total is None else float(standing.total),
            stages=stages if report.request.has_stages else None,
            passed=standing.passed,
            rank=standing.rank,
            tie_decided_by=standing.tie_decided_by,
            funded=standing.is_funded,
        )
    _warn_of_ties(report, result.tied_at_line)


def _fill_statistical(report: Report, result: Ranking, scores: Scores, penalty: str, seed: int) -> None:
    """Fill in what the method estimates; marks of stages are held against the official stage scores."""
    method = report.request.method
    stopped = {s.application for s in result.standings if s.passed is False and s.rank is None}
    for name in stopped:
        report.applications[name]["passed"] = False
    if method is Method.ZSCORE:
        _fill_standardised(report, scores, stopped)
        return
    # Heavy: numpy is loaded only for the methods that model the jurors.
    from scoring.ranking import calibrated, snsf  # noqa: PLC0415
    from scoring.ranking.panel import Panel  # noqa: PLC0415

    panel = Panel.of(scores)
    model = snsf.rank_grades(panel) if method is Method.SNSF else calibrated.calibrate(panel, calibrated.Penalty(penalty))
    if isinstance(model, calibrated.Refusal):
        _refuse(report, model)
        return
    report.whole["mu"] = model.mean
    if isinstance(model, calibrated.Fit):
        _fill_jurors(report, model)
    _fill_advice(report, model.mean, model.advice(report.request.line, seed), stopped)


def _refuse(report: Report, refusal: Refusal) -> None:
    """Say why there is nothing to say; every value stays null."""
    for entry in report.applications.values():
        entry["passed"] = None
    applications = sum(bool(entry["reviews"]) for entry in report.applications.values())
    jurors = sum(bool(entry["reviews"]) for entry in report.jurors.values())
    scores = sum(entry["reviews"] for entry in report.applications.values())
    counts = f"({applications} applications, {jurors} jurors, {scores} scores)"
    report.whole["refused"] = {
        "few_applications": f"A model of the jurors needs at least 8 applications {counts}.",
        "few_jurors": f"A model of the jurors needs at least 3 jurors {counts}.",
        "disconnected": "The scores fall into groups with no juror in common, so jurors cannot be compared.",
        "few_scores": f"A model of the jurors needs as many scores as applications and jurors together {counts}.",
        "no_noise": "The scores leave nothing to chance: they are all alike, or explained to the last digit.",
        "at_bound": "The scores show no difference between applications beyond chance.",
    }[refusal]


def _fill_standardised(report: Report, scores: Scores, stopped: set[str]) -> None:
    values = standardised(scores) if scores else {}
    for name, value in values.items():
        report.applications[name]["score"] = value
    _place(report, {name: round(value, DIGITS) for name, value in values.items() if name not in stopped})


def _fill_jurors(report: Report, fit: Fit) -> None:
    """Fill in the variances and the severities, which only the calibrated ranking estimates."""
    report.whole["variance"] = asdict(fit.variances)
    report.whole["loglik_reml"] = fit.loglik_reml
    for name, severity, error in zip(fit.panel.jurors, fit.severities, fit.severity_errors(), strict=True):
        report.jurors[name].update(severity=float(severity), se=float(error))


def _fill_advice(report: Report, mean: float, advice: Iterable[Advice], stopped: set[str]) -> None:
    for one in advice:
        report.applications[one.application].update(
            score=mean + one.effect,
            effect=one.effect,
            sd=one.standard_deviation,
            expected_rank=one.expected_rank,
            rank_interval_90=list(one.interval_90),
            rank_interval_50=list(one.interval_50),
            p_winner=one.winner,
            zone=None if one.zone is None else one.zone.value,
        )
    entries = report.applications.items()
    _place(
        report,
        {
            name: -round(entry["expected_rank"], DIGITS)
            for name, entry in entries
            if entry["expected_rank"] is not None and name not in stopped
        },
    )


def _place(report: Report, values: Mapping[str, float]) -> None:
    """Rank the values through the tie ladder, hold the total against its mark, and draw the line."""
    rules, line = report.request.rules, report.request.line
    order = places(values, [_rung(report, criterion) for criterion in rules.ties])
    passed = {name for name in values if _passes(rules, report.applications[name]["score"])}
    allocation = None if line is None else funded(groups(order, passed), line)
    for place in order:
        report.applications[place.application].update(
            rank=place.rank, tie_decided_by=place.decided_by, passed=place.application in passed
        )
    if allocation is not None:
        for name, entry in report.applications.items():
            entry["funded"] = name in allocation.funded
        _warn_of_ties(report, allocation.tied_at_line)


def _passes(rules: RankingRules, score: float) -> bool:
    # What the float lost of an exact mark is no failure.
    return reaches(round(score, DIGITS), rules.pass_total)


def _rung(report: Report, criterion: str) -> Rung:
    """Return the means of a criterion over the sheets that are complete in all stages."""
    used = _whole_scores(report.request.rules, report.sheets)
    given: dict[str, list[Fraction]] = {}
    for sheet in report.sheets:
        if criterion in sheet.points and (sheet.application, sheet.juror) in used:
            given.setdefault(sheet.application, []).append(Fraction(sheet.points[criterion]))
    return Rung(criterion, {name: sum(values, Fraction(0)) / len(values) for name, values in given.items()})
