"""When two applications may be of one person or of one text, and what shows it. Pure; a person decides what it means."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from competitions.rules.stems import folded, words

# Words that stand in a row: fewer say nothing, in two languages of officials everybody writes "and in the".
ROW = 4
SHOWN_WORDS = 30
ALIKE_SHARE, ALIKE_ROWS = 30, 12
ALIKE_NAMES = 0.85
# By so many of its longest stems a text is looked for: copies share them, and long words are rare.
SAMPLE = 40


class Likeness(StrEnum):
    """In what two applications are alike, the surest first."""

    SAME_PERSON = "same_person"
    SAME_PHONE_AND_BIRTH = "same_phone_and_birth"
    SIMILAR_NAME = "similar_name"
    SIMILAR_TEXT = "similar_text"


@dataclass(frozen=True, slots=True)
class Shared:
    """How much of the shorter text stands in the other word for word, in percent, and the longest such passage."""

    share: int
    passage: str


def sample_of(stems: Iterable[str]) -> list[str]:
    """The stems by which texts like this one are looked for."""
    return sorted(stems, key=lambda one: (-len(one), one))[:SAMPLE]


def names_are_alike(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two names (family, given, patronymic) may be one name: other letters, other order, a slip or two.

    A patronymic counts only where both have it: papers of one person may differ in that.
    """
    left, right = ([folded("".join(words(part))) for part in name[:2]] for name in (one, other))
    if not all(left) or not all(right):
        return False
    return _are_close(left, right) or _are_close(left, right[::-1])


def _are_close(left: Sequence[str], right: Sequence[str]) -> bool:
    return all(SequenceMatcher(None, a, b, autojunk=False).ratio() >= ALIKE_NAMES for a, b in zip(left, right, strict=True))


def shared_text(mine: Iterable[str], theirs: Iterable[str]) -> Shared | None:
    """What two projects, answer by answer, have in common word for word; None where it is no more than chance."""
    own, other = [words(text) for text in mine], [words(text) for text in theirs]
    known = {row for text in other for row in _rows(text)}
    rows = {row for text in own for row in _rows(text)}
    both, least = rows & known, min(len(rows), len(known))
    if len(both) < ALIKE_ROWS or len(both) * 100 < least * ALIKE_SHARE:
        return None
    return Shared(len(both) * 100 // least, _shown(max((_longest(text, known) for text in own), key=len)))


def _rows(text: Sequence[str]) -> list[tuple[str, ...]]:
    return [tuple(text[start : start + ROW]) for start in range(len(text) - ROW + 1)]


def _longest(text: Sequence[str], known: AbstractSet[tuple[str, ...]]) -> Sequence[str]:
    """The longest passage of which every row stands in the other text."""
    best: Sequence[str] = ()
    start = 0
    for at, row in enumerate([*_rows(text), None]):
        if row is not None and row in known:
            continue
        if at > start and at - start + ROW - 1 > len(best):
            best = text[start : at + ROW - 1]
        start = at + 1
    return best


def _shown(passage: Sequence[str]) -> str:
    shown = " ".join(passage[:SHOWN_WORDS])
    return f"{shown} …" if len(passage) > SHOWN_WORDS else shown
