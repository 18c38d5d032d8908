"""Strict reading of the files and options that people bring to the pure tools; every refusal names row and column."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

FIRST_ROW = 2  # the header is row 1, in a list of JSON objects too
_NUMBER = re.compile(r"[+-]?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})([eE][+-]?\d{1,3})?", re.ASCII)
_SMALLEST_EXPONENT = -400  # below the smallest float
_LARGEST_EXPONENT = 15  # whole numbers below are exact as floats


class BadInputError(Exception):
    """What is wrong with an input and where: one line, whatever the input holds."""

    def __init__(self, source: str, problem: str, *, row: int | None = None, column: str | None = None) -> None:
        places = [f"row {row}"] * (row is not None) + [f"column {column}"] * (column is not None)
        super().__init__(_one_line(": ".join([source, *([", ".join(places)] if places else []), problem])))


def _one_line(text: str) -> str:
    return " ".join("".join(mark if mark.isprintable() else " " for mark in text).split())


def read_text(path: str) -> str:
    """Read a whole UTF-8 file, with or without its byte order mark."""
    try:
        return Path(path).read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise BadInputError(path, f"cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        row = error.object[: error.start].count(b"\n") + 1
        problem = "the text is not in UTF-8"
        raise BadInputError(path, problem, row=row, column=_column_of_byte(error.object, error.start)) from error


def _column_of_byte(content: bytes, place: int) -> str:
    return str(place - content.rfind(b"\n", 0, place))


class _Repeating(dict[str, Any]):
    """An object that names one of its keys twice."""

    key: str


def parse_json(source: str, text: str) -> Any:
    """Read JSON without a key twice in one object; decimals are exact, NaN and Infinity floats that are no number."""

    def read(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        if len(set(keys)) == len(keys):
            return dict(pairs)
        found = _Repeating(pairs)
        found.key = next(key for place, key in enumerate(keys) if key in keys[:place])
        return found

    try:
        content = json.loads(text, parse_float=Decimal, parse_constant=float, object_pairs_hook=read)
        _refuse_repeating(source, content, 1)
    except json.JSONDecodeError as error:
        raise BadInputError(source, f"not JSON: {error.msg}", row=error.lineno, column=str(error.colno)) from error
    except (ValueError, RecursionError) as error:
        raise BadInputError(source, "not JSON that can be read", row=1, column="1") from error
    return content


def _refuse_repeating(source: str, content: Any, row: int) -> None:
    """Refuse the first repeating object; its row is its place in what holds it."""
    if isinstance(content, _Repeating):
        raise BadInputError(source, "the same key twice in one object", row=row, column=content.key)
    if isinstance(content, list | dict):
        for place, part in enumerate(content.values() if isinstance(content, dict) else content, start=FIRST_ROW):
            _refuse_repeating(source, part, place)


def number(value: object) -> Fraction | None:
    """Return an exact number of a size that points, money and affinities have; else None."""
    if isinstance(value, str):
        if not _NUMBER.fullmatch(value.strip()):
            return None
        exact = Decimal(value.strip())
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        exact = Decimal(value)
    else:
        return None
    if exact and not _SMALLEST_EXPONENT <= exact.adjusted() < _LARGEST_EXPONENT:
        return None
    return Fraction(exact)


def identifier(value: object) -> str | None:
    """Return an id: text that is not empty and can be written down as UTF-8; else None."""
    if not isinstance(value, str) or not value.strip():
        return None
    try:
        value.encode()
    except UnicodeEncodeError:
        return None
    return value.strip()


def quoted(value: object) -> str:
    """Show a wrong value in a message, shortened."""
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return f'"{text[:40]}"'
