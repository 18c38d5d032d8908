"""Starters: whole competitions, ready to be named and dated, read from `competitions/starters/*.json`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, tzinfo
from functools import cache
from pathlib import Path
from typing import Any

from app.core.columns import Translation
from competitions.rules.calendar import Calendar, Step, spread
from competitions.rules.settings import RulesSettings, from_json
from competitions.states import CompetitionKind, Milestone

FOLDER = Path(__file__).parent.parent / "starters"
ORDER = ("start_app", "jas_qadam")


@dataclass(frozen=True, slots=True)
class Starter:
    """One kind of competition with all its texts, rules, questions and dates counted from the opening."""

    key: str
    kind: CompetitionKind
    name: Mapping[str, str]
    code: str
    slug: str
    languages: tuple[str, ...]
    tagline: Mapping[str, str]
    description: Mapping[str, str]
    questions_and_answers: tuple[Mapping[str, Any], ...]
    helpline: str
    contact_email: str
    settings: RulesSettings
    sections: tuple[Mapping[str, Any], ...]
    groups: tuple[Mapping[str, Any], ...]
    questions: tuple[Mapping[str, Any], ...]
    steps: tuple[Step, ...]

    @property
    def short_name(self) -> str:
        """The name without the year."""
        return self.name["en"].replace("{year}", "").strip()

    def title(self, year: int) -> Translation:
        """The usual name of an edition."""
        return Translation({language: text.format(year=year) for language, text in self.name.items()})

    def calendar(self, opens_on: date, zone: tzinfo) -> Calendar:
        """The dates of an edition that opens on this day."""
        return spread(opens_on, self.steps, zone)


@cache
def starters() -> Mapping[str, Starter]:
    """All starters by key, in the order in which they are offered."""
    return {key: _read(json.loads((FOLDER / f"{key}.json").read_text(encoding="utf-8"))) for key in ORDER}


def _read(data: dict[str, Any]) -> Starter:
    steps = tuple(
        Step(Milestone(one["milestone"]), one["day"], time.fromisoformat(one["time"])) for one in data.pop("calendar")
    )
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}
    values |= {"kind": CompetitionKind(data["kind"]), "settings": from_json(data["settings"]), "steps": steps}
    return Starter(**values)
