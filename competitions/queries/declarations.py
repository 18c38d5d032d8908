"""What an applicant declares: the three questions and the consents, word for word, with the values of one competition."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from app.core.columns import Translation
from app.jinja import long_date
from app.people.states import ConsentKind
from competitions.queries.competition import Call
from competitions.queries.document import Written, call_values
from competitions.queries.starters import FOLDER
from competitions.rules.document import fill
from competitions.rules.eligibility import EligibilityQuestion
from competitions.states import Milestone

KEPT_FOR = timedelta(days=5 * 365 + 1)  # contract papers; see the retention terms in the consent itself


@dataclass(frozen=True, slots=True)
class EligibilityText:
    """One of the three questions, and what a "no" means: the reason and the next step."""

    question: EligibilityQuestion
    text: str
    explanation: str


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One consent as it is asked."""

    kind: ConsentKind
    label: str
    text: str


@cache
def _texts() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((FOLDER / "declarations.json").read_text(encoding="utf-8"))
    return found


def eligibility_texts(call: Call, language: str) -> dict[EligibilityQuestion, EligibilityText]:
    """The questions of this competition in `language`."""
    values = _values(call, language)
    return {
        question: EligibilityText(question, _said(text["question"], language, values), _said(text["no"], language, values))
        for question, text in ((one, _texts()["eligibility"][one.value]) for one in EligibilityQuestion)
    }


def consent_texts(call: Call, *, name: str, language: str) -> tuple[ConsentText, ...]:
    """The consents in `language`, the required one first; what is agreed to is exactly this text."""
    until, third = long_date(_kept_until(call), language), Translation(call.settings.customer).best(language)[0]
    values = _values(call, language, name=name or "…", until=until, third=third or "–")
    return tuple(
        ConsentText(kind, _said(text["label"], language, values), _said(text["text"], language, values))
        for kind, text in ((one, _texts()["consents"][one.value]) for one in ConsentKind)
    )


def _values(call: Call, language: str, **more: str) -> Written:
    values = call_values(call.competition, call.programme, call.settings, call.form, call.calendar)
    return Written(values | more, language, call.zone)


def _said(text: Mapping[str, str], language: str, values: Mapping[str, str]) -> str:
    return fill(Translation(text).best(language)[0], values)


def _kept_until(call: Call) -> date:
    last = call.calendar.at(Milestone.PUBLISHES) or call.competition.created_at
    return (last + KEPT_FOR).astimezone(ZoneInfo(call.programme.timezone)).date()
