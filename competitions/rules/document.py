"""The rules as a document: texts with {placeholders}, and the values that the settings and the calendar give them. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.core.refusals import Tenge
from competitions.rules.calendar import Calendar
from competitions.rules.settings import RulesSettings, Text
from competitions.states import Milestone

PLACEHOLDER = re.compile(r"\{(\w+)\}")
PLACEHOLDER_AND_STOP = re.compile(r"\{(\w+)\}(\.?)")


@dataclass(frozen=True, slots=True)
class Day:
    """An instant of which the document names the date only."""

    instant: datetime


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the rules: its title and numbered articles, in one language."""

    number: int
    title: str
    articles: tuple[tuple[str, str], ...]


# What a value is before it is written in a language.
Value = str | int | Tenge | datetime | Day | Text | None

DAYS: Mapping[str, Milestone] = {
    "check_until": Milestone.CHECKED,
    "pitch_on": Milestone.PITCH,
    "results_on": Milestone.PUBLISHES,
    "contract_on": Milestone.CONTRACTS,
    "payment_on": Milestone.PAYS,
    "interim_report_on": Milestone.INTERIM_REPORTS,
    "final_report_on": Milestone.REPORTS,
}
INSTANTS: Mapping[str, Milestone] = {
    "opens_at": Milestone.OPENS,
    "closes_at": Milestone.CLOSES,
    "freeze_at": Milestone.FREEZES,
}


def placeholders_in(text: str) -> frozenset[str]:
    """The names of the values a text asks for."""
    return frozenset(PLACEHOLDER.findall(text))


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its values; an unknown placeholder stays as it is, so that nobody loses a sentence.

    A value that ends with a full stop, such as a Russian date, takes that of its sentence along.
    """
    return PLACEHOLDER_AND_STOP.sub(lambda found: _value_and_stop(values.get(found[1], f"{{{found[1]}}}"), found[2]), text)


def _value_and_stop(value: str, stop: str) -> str:
    return value if value.endswith(".") else value + stop


def compose(sections: Iterable[Mapping[str, object]], values: Mapping[str, str], language: str) -> tuple[Section, ...]:
    """The sections in one language with their values; sections and articles are numbered by their order."""
    composed = []
    for number, section in enumerate(sections, start=1):
        articles = section.get("articles")
        texts = articles if isinstance(articles, list) else []
        composed.append(
            Section(
                number=number,
                title=fill(_in(section.get("title"), language), values),
                articles=tuple(
                    (f"{number}.{position}", fill(_in(text, language), values)) for position, text in enumerate(texts, start=1)
                ),
            )
        )
    return tuple(composed)


def _in(text: object, language: str) -> str:
    return str(text.get(language) or "") if isinstance(text, Mapping) else ""


def rule_values(settings: RulesSettings, calendar: Calendar, *, question_count: int) -> dict[str, Value]:
    """What settings and calendar give, by placeholder."""
    values: dict[str, Value] = {
        "fund": Tenge(settings.fund),
        "award_cap": Tenge(settings.award_cap),
        "award_count": settings.award_count,
        "age_min": settings.age_min,
        "age_max": settings.age_max,
        "quote_from": Tenge(settings.quote_threshold),
        "juror_count": settings.juror_count,
        "quorum": settings.quorum(),
        "check_days": settings.check_days,
        "revise_days": settings.return_days,
        "scoring_days": settings.scoring_days,
        "appeal_days": settings.appeal_days,
        "pitch_minutes": settings.pitch_minutes,
        "pass_total": settings.pass_total,
        "question_count": question_count,
        "customer": settings.customer,
    }
    values |= {name: calendar.at(milestone) for name, milestone in INSTANTS.items()}
    values |= {name: _day(calendar, milestone) for name, milestone in DAYS.items()}
    return values | _list_values(settings)


def _day(calendar: Calendar, milestone: Milestone) -> Day | None:
    instant = calendar.at(milestone)
    return Day(instant) if instant is not None else None


def _list_values(settings: RulesSettings) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for prize in settings.prizes:
        values |= {f"prize_{prize.place}": Tenge(prize.amount), f"prize_{prize.place}_count": prize.count}
    for stage in settings.stages:
        values |= {f"{stage.key}_max": settings.stage_max(stage), f"pass_{stage.key}": stage.pass_mark}
    for number, key in enumerate(settings.ties, start=1):
        values[f"tie_{number}"] = settings.criterion(key).label
    for category in settings.budget_categories:
        if category.cap_percent is not None:
            values[f"{category.key}_cap"] = category.cap_percent
    return values
