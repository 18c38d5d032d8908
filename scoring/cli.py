"""`baiqau scoring`: rank, agreement, assign and draw on plain files; no site, no database, nothing heavy at the start."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any, NoReturn

import click

from scoring.allocation import Rule
from scoring.draw import draw
from scoring.plain_input import BadInputError, identifier
from scoring.ranking.report import incomplete_sheets, ranked, whole_scores
from scoring.ranking.request import Method, Words, understand, whole_sheets
from scoring.score_files import read_scores
from scoring.text_tables import Cell, text_table

INFEASIBLE = 1
BAD_INPUT = 2


class OneLineError(click.ClickException):
    """Bad input: one line on the standard error, whatever is wrong."""

    exit_code = BAD_INPUT

    def show(self, file: Any = None) -> None:
        click.echo(" ".join(self.format_message().split()), err=True, file=file)


class PureTools(click.Group):
    """A group whose usage errors are one line too, for they are bad input like any other."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        with _one_line():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        with _one_line():
            return super().invoke(ctx)


@contextmanager
def _one_line() -> Iterator[None]:
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as error:
        source = "command line"
        raise OneLineError(str(BadInputError(source, error.format_message(), row=1, column=_word(error)))) from error
    except BadInputError as error:
        raise OneLineError(str(error)) from error


def _word(error: click.UsageError) -> str:
    """Return the word of the command line that is wrong: a command line is one row, and its words the columns."""
    if isinstance(error, click.NoSuchOption | click.BadOptionUsage):
        return error.option_name
    if isinstance(error, click.BadParameter) and error.param is not None:
        return error.param.opts[0]
    return "command"


@click.group(name="scoring", cls=PureTools)
def scoring() -> None:
    """Rank applications, measure agreement, assign jurors, draw lots: on plain files."""


_as_json = click.option("--json", "is_json", is_flag=True, help="Print JSON for programs.")


def _print_json(content: Mapping[str, Any]) -> None:
    click.echo(json.dumps(content, allow_nan=False, indent=2))


@scoring.command()
@click.argument("scores")
@click.option("--method", type=click.Choice([method.value for method in Method]), default=Method.MEAN.value)
@click.option("--weights", help="Weight of each criterion: C1=15,C2=20.")
@click.option("--scale", help="Lowest and highest points of a criterion: 0:10.")
@click.option("--stages", help="Criteria of each stage: blind=C1+C2,pitch=C6+C7.")
@click.option("--pass", "marks", help="Pass marks: blind=45,total=60.")
@click.option("--ties", help="Criteria whose means break ties, in this order: C2,C4.")
@click.option("--trim", type=click.IntRange(min=0), default=1, help="Sheets dropped at each end by the trimmed mean.")
@click.option("--winners", type=click.IntRange(min=1), help="How many are funded.")
@click.option("--budget", help="How much there is, with --amounts.")
@click.option("--amounts", help="File with the columns application, amount.")
@click.option("--rule", type=click.Choice([rule.value for rule in Rule]), default=Rule.PREFIX.value)
@click.option("--penalty", type=click.Choice(["boundary", "none"]), default="boundary")
@click.option("--seed", type=click.IntRange(min=0), default=1, help="Of the draws behind intervals and chances.")
@_as_json
def rank(*, scores: str, method: str, rule: str, penalty: str, seed: int, is_json: bool, **words: Any) -> None:
    """Rank applications from the sheets in SCORES (CSV or JSON)."""
    table = read_scores(scores)
    request = understand(Words(method=Method(method), rule=Rule(rule), **words), table)
    report = ranked(table, request, penalty=penalty, seed=seed)
    if is_json:
        _print_json(report)
    else:
        _print_ranking(report)


def _print_ranking(report: Mapping[str, Any]) -> None:
    entries = report["applications"]
    stages = list(entries[0]["stages"] or {}) if entries else []
    headers = ["rank", "application", "score", *stages, "reviews", "passed", "funded", "tie decided by"]
    advice = ["effect", "sd", "expected rank", "90 % from", "to", "p(winner)", "zone"]
    rows = [[*_result_cells(entry, stages), *_advice_cells(entry)] for entry in entries]
    click.echo(text_table([*headers, *advice], rows))
    if report["variance"]:
        jurors = [[juror["juror"], juror["reviews"], juror["severity"], juror["se"]] for juror in report["jurors"]]
        click.echo("\n" + text_table(["juror", "reviews", "severity", "se"], jurors))
    for warning in [*filter(None, [report["refused"]]), *report["warnings"]]:
        click.echo(f"warning: {warning}", err=True)


def _result_cells(entry: Mapping[str, Any], stages: Sequence[str]) -> list[Cell]:
    by_stage = [(entry["stages"] or {}).get(stage) for stage in stages]
    return [
        entry["rank"],
        entry["application"],
        entry["score"],
        *by_stage,
        entry["reviews"],
        entry["passed"],
        entry["funded"],
        entry["tie_decided_by"],
    ]


def _advice_cells(entry: Mapping[str, Any]) -> list[Cell]:
    low, high = entry["rank_interval_90"] or (None, None)
    return [entry["effect"], entry["sd"], entry["expected_rank"], low, high, entry["p_winner"], entry["zone"]]


@scoring.command()
@click.argument("scores")
@click.option("--weights", help="Weight of each criterion: C1=15,C2=20.")
@click.option("--scale", help="Lowest and highest points of a criterion: 0:10.")
@_as_json
def agreement(*, scores: str, weights: str | None, scale: str | None, is_json: bool) -> None:
    """Measure how far the jurors in SCORES (CSV or JSON) agree."""
    # Heavy: statistics are loaded only where they are used.
    from scoring.agreement import agreement as measured  # noqa: PLC0415
    from scoring.ranking.panel import Panel  # noqa: PLC0415

    table = read_scores(scores)
    request = whole_sheets(weights, scale, table)
    found = measured(Panel.of(whole_scores(table, request.rules)))
    content: dict[str, Any] = {
        "icc": None if found.icc is None else asdict(found.icc),
        "krippendorff": {level.value: alpha for level, alpha in found.krippendorff.items()},
        "kendall_w": found.kendall_w,
        "reasons": dict(found.reasons),
        "warnings": incomplete_sheets(table, request),
    }
    if is_json:
        _print_json(content)
        return
    rows: list[list[Cell]] = [[name, *limits.values()] for name, limits in (content["icc"] or {}).items()]
    rows += [[f"alpha {level}", alpha, None, None] for level, alpha in content["krippendorff"].items()]
    click.echo(text_table(["measure", "value", "low", "high"], [*rows, ["Kendall W", found.kendall_w, None, None]]))
    for warning in [*(f"{name}: {reason}" for name, reason in found.reasons.items()), *content["warnings"]]:
        click.echo(f"warning: {warning}", err=True)


@scoring.command()
@click.argument("instance")
@_as_json
def assign(*, instance: str, is_json: bool) -> None:
    """Assign jurors to applications as INSTANCE (JSON) asks; exit 1 if nothing fits."""
    # Heavy: the solver is loaded only where it is used.
    from scoring.assignment import assign as assigned  # noqa: PLC0415
    from scoring.assignment.files import read_instance  # noqa: PLC0415

    outcome = assigned(read_instance(instance))
    graph = outcome.connectivity
    content: dict[str, Any] = {
        "status": "optimal" if outcome.is_optimal else "infeasible",
        "assignments": [list(pair) for pair in outcome.assignments],
        "total_affinity": outcome.total_affinity,
        "total_before_repair": outcome.total_before_repair,
        "worst_application": outcome.worst_application,
        "connectivity": {
            "components": None if graph is None else graph.components,
            "contrast_variance": None if graph is None else graph.contrast_variance,
        },
        "reason": outcome.reason,
    }
    if is_json:
        _print_json(content)
    elif outcome.is_optimal:
        click.echo(text_table(["juror", "application"], outcome.assignments))
        figures = ("total_affinity", "total_before_repair", "worst_application")
        click.echo("\n" + text_table(["figure", "value"], [[name, content[name]] for name in figures]))
    if not outcome.is_optimal:
        click.echo(f"infeasible: {outcome.reason}", err=True)
        click.get_current_context().exit(INFEASIBLE)


@scoring.command(name="draw")
@click.option("--seed", required=True, help="Published after the list was frozen.")
@click.argument("ids", nargs=-1, required=True)
@_as_json
def draw_lots(*, seed: str, ids: tuple[str, ...], is_json: bool) -> None:
    """Put IDS into the order that the seed decides."""
    _check_ids(seed, ids)
    drawn = draw(seed, ids)
    if is_json:
        _print_json(asdict(drawn))
        return
    click.echo(text_table(["position", "id", "key"], [[one.position, one.id, one.key] for one in drawn.order]))
    click.echo(f"\nlist_sha256  {drawn.list_sha256}")


def _check_ids(seed: str, ids: Sequence[str]) -> None:
    def refuse(problem: str, row: int, column: str) -> NoReturn:
        source = "draw"
        raise BadInputError(source, problem, row=row, column=column)

    for row, one in enumerate(ids, start=2):
        if identifier(one) is None:
            refuse("an id is needed, as UTF-8 text", row, "id")
        if one in ids[: row - 2]:
            refuse(f'"{one}" is there twice', row, "id")
    if identifier(seed) is None:
        refuse("a seed is needed, as UTF-8 text", 1, "seed")
