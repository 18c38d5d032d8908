"""What must hold before rules are approved and a call is announced; all of it is said at once. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from app.core.refusals import Refusal
from competitions.rules.calendar import Calendar, CalendarRefusal, check_calendar
from competitions.rules.document import placeholders_in
from competitions.rules.form import FormText
from competitions.rules.form_publishing import check_needed, check_words
from competitions.rules.settings import LANGUAGE_NAMES, RulesSettings, Text, check_settings
from competitions.states import CompetitionState, Milestone


class Place(StrEnum):
    """Where a text of a call stands."""

    NAME = "name"
    TAGLINE = "tagline"
    DESCRIPTION = "description"


class PublishingRefusal(StrEnum):
    """Why a call cannot be approved, announced or changed now."""

    TEXT_MISSING = "text_missing"
    SECTION_MISSING = "section_missing"
    ARTICLE_MISSING = "article_missing"
    ANSWER_MISSING = "answer_missing"
    PLACEHOLDER_UNKNOWN = "placeholder_unknown"
    PLACEHOLDERS_DIFFER = "placeholders_differ"
    RULES_EMPTY = "rules_empty"
    FORM_EMPTY = "form_empty"
    CONTACT_MISSING = "contact_missing"
    RULES_NOT_APPROVED = "rules_not_approved"
    RULES_LOCKED = "rules_locked"
    ACT_MISSING = "act_missing"
    ACT_IN_THE_FUTURE = "act_in_the_future"
    ADDRESS_TAKEN = "address_taken"
    REASON_MISSING = "reason_missing"
    DATE_IN_THE_PAST = "date_in_the_past"
    CLOSING_EARLIER = "closing_earlier"
    NAME_LOCKED = "name_locked"


@dataclass(frozen=True, slots=True)
class CallFacts:
    """All that is looked at before a call goes out."""

    state: CompetitionState
    languages: tuple[str, ...]
    texts: Mapping[Place, Text]
    questions_and_answers: tuple[Mapping[str, Text], ...]
    settings: RulesSettings
    sections: tuple[Mapping[str, Any], ...]
    known_values: frozenset[str]
    calendar: Calendar
    form: FormText | None
    has_contact: bool


def check_rules(facts: CallFacts) -> list[Refusal]:
    """What keeps the rules from being approved: they must be complete, equal in all languages and without contradiction."""
    return [
        *check_calendar(facts.calendar),
        *check_settings(facts.settings, facts.languages),
        *_check_sections(facts),
    ]


def check_ready(facts: CallFacts, *, at: datetime) -> list[Refusal]:
    """What keeps the call from being announced."""
    found = [*check_rules(facts), *_check_texts(facts), *_check_form(facts)]
    if facts.state is CompetitionState.DRAFT:
        found.append(Refusal(PublishingRefusal.RULES_NOT_APPROVED, field="rules"))
    if not facts.has_contact:
        found.append(Refusal(PublishingRefusal.CONTACT_MISSING, field="helpline"))
    closes_at = facts.calendar.at(Milestone.CLOSES)
    if closes_at is not None and at >= closes_at:
        found.append(Refusal(CalendarRefusal.CLOSING_PASSED, {"instant": closes_at}, field=Milestone.CLOSES.value))
    return found


def check_act(number: str, on: date | None, *, today: date) -> list[Refusal]:
    """An approval needs the number and the date of its act, and the act cannot be of tomorrow."""
    found = []
    if not number.strip() or on is None:
        found.append(Refusal(PublishingRefusal.ACT_MISSING, field="act_number"))
    if on is not None and on > today:
        found.append(Refusal(PublishingRefusal.ACT_IN_THE_FUTURE, {"day": on}, field="act_on"))
    return found


def check_moved(before: Calendar, after: Calendar, *, at: datetime) -> list[Refusal]:
    """In an announced call what has passed stays as it was, nothing is moved into the past, and nobody loses time to apply."""
    promised, closes_at = before.at(Milestone.CLOSES), after.at(Milestone.CLOSES)
    is_earlier = promised is not None and closes_at is not None and closes_at < promised
    passed = [
        Refusal(PublishingRefusal.DATE_IN_THE_PAST, {"milestone": milestone}, field=milestone.value)
        for milestone in Milestone
        if before.at(milestone) != after.at(milestone) and (before.has_passed(milestone, at) or after.has_passed(milestone, at))
    ]
    if passed or not is_earlier:
        return passed
    return [Refusal(PublishingRefusal.CLOSING_EARLIER, {"instant": promised}, field=Milestone.CLOSES.value)]


def _missing(text: Text, languages: Iterable[str]) -> list[str]:
    return [LANGUAGE_NAMES.get(one, one) for one in languages if not (text.get(one) or "").strip()]


def _check_texts(facts: CallFacts) -> list[Refusal]:
    found = [
        Refusal(PublishingRefusal.TEXT_MISSING, {"place": place, "language": language}, field=place.value)
        for place, text in facts.texts.items()
        for language in _missing(text, facts.languages)
    ]
    found += [
        Refusal(PublishingRefusal.ANSWER_MISSING, {"number": number, "language": language}, field="questions_and_answers")
        for number, pair in enumerate(facts.questions_and_answers, start=1)
        for part in ("question", "answer")
        for language in _missing(pair.get(part, {}), facts.languages)
    ]
    every = [*facts.texts.values(), *(text for pair in facts.questions_and_answers for text in pair.values())]
    return found + _unknown(every, facts)


def _check_form(facts: CallFacts) -> list[Refusal]:
    if facts.form is None or not facts.form.questions:
        return [Refusal(PublishingRefusal.FORM_EMPTY, field="form")]
    return [*check_words(facts.form, facts.languages), *check_needed(facts.form, facts.settings)]


def _check_sections(facts: CallFacts) -> list[Refusal]:
    if not any(section["articles"] for section in facts.sections):
        return [Refusal(PublishingRefusal.RULES_EMPTY, field="rules")]
    found = []
    texts: list[Text] = []
    for number, section in enumerate(facts.sections, start=1):
        found += [
            Refusal(PublishingRefusal.SECTION_MISSING, {"number": number, "language": language}, field="rules")
            for language in _missing(section["title"], facts.languages)
        ]
        for position, article in enumerate(section["articles"], start=1):
            found += _check_article(f"{number}.{position}", article, facts.languages)
            texts.append(article)
    return found + _unknown(texts, facts)


def _check_article(number: str, article: Text, languages: tuple[str, ...]) -> list[Refusal]:
    missing = _missing(article, languages)
    if missing:
        return [
            Refusal(PublishingRefusal.ARTICLE_MISSING, {"number": number, "language": one}, field="rules") for one in missing
        ]
    named = {placeholders_in(article[language]) for language in languages}
    return [Refusal(PublishingRefusal.PLACEHOLDERS_DIFFER, {"number": number}, field="rules")] if len(named) > 1 else []


def _unknown(texts: Iterable[Text], facts: CallFacts) -> list[Refusal]:
    named = {name for text in texts for language in facts.languages for name in placeholders_in(text.get(language) or "")}
    return [
        Refusal(PublishingRefusal.PLACEHOLDER_UNKNOWN, {"name": f"{{{name}}}"}, field="rules")
        for name in sorted(named - facts.known_values)
    ]
