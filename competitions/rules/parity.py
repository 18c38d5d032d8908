"""Which language of a text has fallen behind another: when each was last changed, and what that tells. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from app.core.refusals import Refusal
from competitions.rules.publishing import Place
from competitions.rules.settings import LANGUAGE_NAMES, Text

# Of each text the newest instant that each of its languages is up to; a language that is not named is as it was made.
Edits = Mapping[str, Mapping[str, str]]


class ParityRefusal(StrEnum):
    """One language of a text was changed, and another was not."""

    TEXT_OLDER = "text_older"
    ANSWER_OLDER = "answer_older"
    SECTION_OLDER = "section_older"
    ARTICLE_OLDER = "article_older"


NUMBERED = {
    "question": ParityRefusal.ANSWER_OLDER,
    "answer": ParityRefusal.ANSWER_OLDER,
    "section": ParityRefusal.SECTION_OLDER,
    "article": ParityRefusal.ARTICLE_OLDER,
}


def places(
    texts: Mapping[Place, Text], pairs: Sequence[Mapping[str, Text]], sections: Sequence[Mapping[str, Any]]
) -> dict[str, Text]:
    """Every text of a call and its rules by its place: `name`, `answer-2`, `article-3.1`."""
    found: dict[str, Text] = {place.value: text for place, text in texts.items()}
    for number, pair in enumerate(pairs, start=1):
        found |= {f"{part}-{number}": text for part, text in pair.items()}
    for number, section in enumerate(sections, start=1):
        found[f"section-{number}"] = section["title"]
        found |= {f"article-{number}.{position}": one for position, one in enumerate(section["articles"], start=1)}
    return found


def noted(edits: Edits, before: Mapping[str, Text], after: Mapping[str, Text], *, at: datetime) -> dict[str, dict[str, str]]:
    """The edits with what differs now. A language that was behind, or empty, catches up with the newest by being written."""
    found = {place: dict(known) for place, known in edits.items()}
    for place, text in after.items():
        was, known = before.get(place, {}), found.get(place, {})
        changed = {one for one in {*text, *was} if text.get(one) != was.get(one)}
        newest = max(known.values(), default="")
        leads = any(was.get(one) and text.get(one) and known.get(one, "") == newest for one in changed)
        if changed and (leads or newest):
            found[place] = {**known, **dict.fromkeys(changed, _stamp(at) if leads else newest)}
    return found


def compared(edits: Edits, place: str, languages: Sequence[str], *, at: datetime) -> dict[str, dict[str, str]]:
    """The edits when somebody has read the text in all languages and found that they say the same."""
    return {**{one: dict(known) for one, known in edits.items()}, place: dict.fromkeys(languages, _stamp(at))}


def check_parity(edits: Edits, texts: Mapping[str, Text], languages: Sequence[str]) -> list[Refusal]:
    """Every text of which one language was changed after another; what is empty is missing, not old."""
    return [refusal for place, text in texts.items() for refusal in _behind(place, edits.get(place, {}), text, languages)]


def _behind(place: str, known: Mapping[str, str], text: Text, languages: Sequence[str]) -> Iterator[Refusal]:
    written = [one for one in languages if (text.get(one) or "").strip()]
    newest = max((known.get(one, "") for one in written), default="")
    newer = [LANGUAGE_NAMES.get(one, one) for one in written if known.get(one, "") == newest]
    older = [LANGUAGE_NAMES.get(one, one) for one in written if known.get(one, "") != newest]
    if not older:
        return
    said = {"newer": ", ".join(newer), "older": ", ".join(older)}
    kind, _dash, number = place.partition("-")
    subject = {"number": number} if number else {"place": Place(place)}
    yield Refusal(NUMBERED.get(kind, ParityRefusal.TEXT_OLDER), {**subject, **said}, field=place)


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
