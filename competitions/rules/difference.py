"""Two texts word by word: what went away and what came. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

WORDS = re.compile(r"\S+\s*|\s+")
# Comparing costs as much as one middle times the other; what is longer is shown as changed from end to end.
COMPARED_AT_MOST = 400_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text, changed or the same on both sides."""

    text: str
    is_changed: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """Both texts in full, in pieces."""

    before: tuple[Piece, ...]
    after: tuple[Piece, ...]


def differing(before: str, after: str) -> Difference:
    """What of the earlier text went away and what of the later one is new, by whole words."""
    old, new = WORDS.findall(before), WORDS.findall(after)
    first = _common(old, new)
    last = _common(old[first:][::-1], new[first:][::-1])
    old_middle, new_middle = old[first : len(old) - last], new[first : len(new) - last]
    left, right = _middles(old_middle, new_middle)
    head, tail = ("".join(old[:first]), False), ("".join(old[len(old) - last :]), False)
    return Difference(_joined([head, *left, tail]), _joined([head, *right, tail]))


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _middles(old: Sequence[str], new: Sequence[str]) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    if len(old) * len(new) > COMPARED_AT_MOST:
        return [("".join(old), True)], [("".join(new), True)]
    left, right = [], []
    # A last word is the same with or without the space after it.
    matcher = SequenceMatcher(None, [one.strip() for one in old], [one.strip() for one in new], autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        left.append(("".join(old[i1:i2]), tag != "equal"))
        right.append(("".join(new[j1:j2]), tag != "equal"))
    return left, right


def _joined(parts: Sequence[tuple[str, bool]]) -> tuple[Piece, ...]:
    """Neighbours of one kind as one piece, without empty ones."""
    found: list[Piece] = []
    for text, is_changed in parts:
        if not text:
            continue
        if found and found[-1].is_changed is is_changed:
            found[-1] = Piece(found[-1].text + text, is_changed)
        else:
            found.append(Piece(text, is_changed))
    return tuple(found)
