"""How the tests of the tools ask them, and read what they say."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from click.testing import CliRunner, Result

from scoring.cli import scoring

Write = Callable[..., str]
GOOD = "application,juror,C1,C2\nA,1,5,5\nB,1,6,6\n"
WEIGHTS = "C1=15,C2=20,C3=15,C4=15,C5=10,C6=15,C7=10"
STAGES = "blind=C1+C2+C3+C4+C5,pitch=C6+C7"
START_APP = ["--weights", WEIGHTS, "--stages", STAGES, "--pass", "blind=45,total=60", "--ties", "C2,C4"]


def run(*words: str) -> Result:
    return CliRunner().invoke(scoring, words)


def strict_json(text: str) -> Any:
    def refuse(constant: str) -> None:
        pytest.fail(f"{constant} is no JSON")

    return json.loads(text, parse_constant=refuse)


def ask(*words: str, code: int = 0) -> Any:
    result = run(*words, "--json")
    assert result.exit_code == code, result.output
    return strict_json(result.stdout)


def refused(*words: str) -> str:
    """Run with bad input: exit 2, nothing on stdout, one line on stderr that names row and column."""
    result = run(*words)
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    assert len(result.stderr.splitlines()) == 1, result.stderr
    assert re.search(r"row \d+, column \S", result.stderr), result.stderr
    return result.stderr.strip()


def applications(report: Mapping[str, Any]) -> dict[str, Any]:
    return {entry["application"]: entry for entry in report["applications"]}


def column(report: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {entry["application"]: entry[key] for entry in report["applications"]}


def scores(points: Mapping[str, Sequence[object]]) -> str:
    lines = [f"{name},J{place},{value}" for name, given in points.items() for place, value in enumerate(given)]
    return "\n".join(["application,juror,score", *lines])
