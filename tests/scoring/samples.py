"""Data and small builders that the tests of scoring share."""

import csv
import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hypothesis import settings

from scoring.ranking.official import Criterion, RankingRules, Sheet, Stage

# For bugs that were planted: one is enough, and none is worth remembering.
SEARCH = settings(max_examples=200, deadline=None, database=None, report_multiple_bugs=False)
DATA = Path(__file__).parent / "data"


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def start_app() -> Any:
    return json.loads((DATA / "start_app.json").read_text(encoding="utf-8"))


def start_app_rules() -> RankingRules:
    criteria = tuple(Criterion(c["key"], c["stage"], c["weight"]) for c in start_app()["criteria"])
    return RankingRules((Stage("blind", 45), Stage("pitch")), criteria, ties=("C2", "C4"), pass_total=60)


def start_app_sheets(scores: Mapping[str, Mapping[str, Mapping[str, int]]] | None = None) -> list[Sheet]:
    rules = start_app_rules()
    return [
        Sheet(application, juror, stage.key, {c.key: points[c.key] for c in rules.criteria_of(stage.key) if c.key in points})
        for application, jurors in (scores or start_app()["scores"]).items()
        for juror, points in jurors.items()
        for stage in rules.stages
    ]


class Spread:
    """What a property was tried on: printed, so that a generator which makes one kind of case only is seen."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.counts: Counter[str] = Counter()

    def saw(self, **kinds: object) -> None:
        self.counts.update(f"{kind}={value}" for kind, value in kinds.items())

    def show(self, *needed: str) -> None:
        print(f"\n{self.name}: {dict(sorted(self.counts.items()))}")  # noqa: T201 -- the spread is for people
        assert not [kind for kind in needed if not self.counts[kind]]
