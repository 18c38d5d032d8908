"""Whole lives are lived by clicks and keys alone: after her first page nobody types an address, and nothing is forced."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

JOURNEYS = Path(__file__).resolve().parents[1] / "journeys"
LIVES = [JOURNEYS / name for name in ("one_life.py", "test_one_life.py", "walker.py")]
# Where an address may be opened: her first page, and the link of a letter, as a mail program does.
OPENINGS = {"arrive", "open_letter"}
NO_PERSON_DOES = {"dispatch_event", "fetch", "request", "route", "set_checked", "set_content"}


def deeds(source: str) -> Iterator[str]:
    """What no person could do: each with its line."""
    tree = ast.parse(source)
    opening = {
        call
        for made in ast.walk(tree)
        if isinstance(made, ast.FunctionDef) and made.name in OPENINGS
        for call in ast.walk(made)
    }
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            if any(given.arg == "force" for given in call.keywords):
                yield f"{call.lineno}: forces {call.func.attr}"
            if call.func.attr in NO_PERSON_DOES or (call.func.attr == "goto" and call not in opening):
                yield f"{call.lineno}: {call.func.attr}"


@pytest.mark.parametrize("path", LIVES, ids=lambda path: path.stem)
def test_whole_life_is_lived_by_clicks_and_keys_alone(path: Path) -> None:
    assert list(deeds(path.read_text())) == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("one.page.goto('/my')", ["1: goto"]),
        ("one.page.locator('x').check(force=True)", ["1: forces check"]),
        ("one.page.locator('x').dispatch_event('click')", ["1: dispatch_event"]),
        ("one.page.go_back()", []),
    ],
)
def test_deed_that_no_person_does_is_told(line: str, told: list[str]) -> None:
    assert list(deeds(line)) == told


def test_no_journey_forces_a_click() -> None:
    assert [path.name for path in sorted(JOURNEYS.glob("*.py")) if "force=True" in path.read_text()] == []
