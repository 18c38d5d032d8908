"""What people type, as it is kept: NFC, plain line ends, nothing that hides or reorders what is read. Pure."""

import json
import math
import re
import unicodedata
from typing import Any, NoReturn

# Controls except newline and tab, and the characters that reorder or hide what is read.
UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
# Whatever some program takes for the end of a line or of a header; and what turns the direction.
BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")

# A form that is kept has lists of fields in it, a table lines of cells: nothing of ours lies deeper.
DEEPEST_JSON = 4


def clean_text(text: str | None) -> str | None:
    """NFC, plain line ends, without unwanted characters, without blanks at the ends."""
    if text is None:
        return None
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return UNWANTED.sub("", plain).strip()


def clean_line(text: str | None) -> str | None:
    """The same for what has one line: a name, a title, a subject."""
    return None if text is None else clean_text(folded(text))


def folded(text: str) -> str:
    """On one line: each break, control and turn of the direction is a blank, so that words stay apart."""
    return BREAKS.sub(" ", text).strip()


def read_json(text: str | None, *, deepest: int = DEEPEST_JSON) -> Any:
    """What a browser sent as JSON, lists in lists at most `deepest` deep; nothing else reads it.

    Raises ValueError for what is none, and for what harms who works on it: nested without end, numbers that are none,
    half of a pair of characters.
    """
    try:
        found = json.loads(text or "", parse_constant=_refuse, parse_float=_finite)
    except RecursionError as error:
        raise ValueError(*error.args) from error
    level = [found]
    for _depth in range(deepest):
        level = [inner for one in level for inner in _within(one)]
    if any(isinstance(one, (dict, list)) for one in level):
        _refuse("nested too deep")
    json.dumps(found, ensure_ascii=False).encode()
    return found


def _within(value: Any) -> list[Any]:
    return [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else []


def _finite(text: str) -> float:
    """A number with a point or a power, if it is one at all: 1e999 is written back as what no reader takes."""
    number = float(text)
    return number if math.isfinite(number) else _refuse(text)


def _refuse(what: str) -> NoReturn:
    raise ValueError(what)
