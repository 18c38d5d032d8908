"""Tables of scores and of amounts from CSV or JSON, checked cell by cell; what they mean is decided elsewhere."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from io import StringIO
from typing import TypeAlias

from scoring.plain_input import FIRST_ROW, BadInputError, identifier, number, parse_json, quoted, read_text

SCORE = "score"
_Cells: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One juror's sheet on one application; what was left empty is absent."""

    row: int
    application: str
    juror: str
    points: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """All sheets of a file; `criteria` is the one column `score`, or the columns of criteria."""

    source: str
    criteria: tuple[str, ...]
    rows: tuple[ScoreRow, ...]

    @property
    def has_ready_scores(self) -> bool:
        return self.criteria == (SCORE,)


def read_scores(path: str) -> ScoreTable:
    """Read columns application, juror and either score or one per criterion."""
    header, rows = _read(path)
    for column in ("application", "juror"):
        if column not in header:
            raise BadInputError(path, "the column is missing", row=1, column=column)
    criteria = tuple(column for column in header if column not in {"application", "juror"})
    if not criteria:
        raise BadInputError(path, "neither this column nor one per criterion is there", row=1, column=SCORE)
    if SCORE in criteria and len(criteria) > 1:
        other = next(column for column in criteria if column != SCORE)
        raise BadInputError(path, "unknown column: a file has either scores or criteria", row=1, column=other)
    seen: dict[tuple[str, str], int] = {}
    found: list[ScoreRow] = []
    for row, cells in rows:
        application, juror = (_identifier(path, row, column, cells) for column in ("application", "juror"))
        if (application, juror) in seen:
            problem = f"the same pair as in row {seen[application, juror]}"
            raise BadInputError(path, problem, row=row, column="juror")
        seen[application, juror] = row
        points = {column: value for column in criteria if (value := _number(path, row, column, cells)) is not None}
        found.append(ScoreRow(row, application, juror, points))
    return ScoreTable(path, criteria, tuple(found))


def read_amounts(path: str, applications: frozenset[str]) -> dict[str, Fraction]:
    """Read columns application and amount: one row for each application that has scores."""
    header, rows = _read(path)
    for column in ("application", "amount"):
        if column not in header:
            raise BadInputError(path, "the column is missing", row=1, column=column)
    for column in header:
        if column not in {"application", "amount"}:
            raise BadInputError(path, "unknown column", row=1, column=column)
    amounts: dict[str, Fraction] = {}
    for row, cells in rows:
        application = _identifier(path, row, "application", cells)
        if application in amounts:
            raise BadInputError(path, f"{quoted(application)} is there twice", row=row, column="application")
        if application not in applications:
            raise BadInputError(path, f"{quoted(application)} has no scores", row=row, column="application")
        amount = _number(path, row, "amount", cells)
        if amount is None or amount < 0:
            raise BadInputError(path, "an amount is needed, zero or more", row=row, column="amount")
        amounts[application] = amount
    missing = sorted(applications - amounts.keys())
    if missing:
        row = FIRST_ROW + len(amounts)
        raise BadInputError(path, f"no amount for {quoted(missing[0])}", row=row, column="amount")
    return amounts


def _identifier(path: str, row: int, column: str, cells: _Cells) -> str:
    found = identifier(cells.get(column))
    if found is None:
        raise BadInputError(path, "an id is needed, as text", row=row, column=column)
    return found


def _number(path: str, row: int, column: str, cells: _Cells) -> Fraction | None:
    value = cells.get(column)
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    found = number(value)
    if found is None:
        raise BadInputError(path, f"{quoted(value)} is not a number", row=row, column=column)
    return found


def _read(path: str) -> tuple[tuple[str, ...], list[tuple[int, _Cells]]]:
    """Return the columns and the numbered rows of a CSV file or of a JSON list of objects."""
    text = read_text(path)
    header, rows = _from_json(path, text) if text.lstrip()[:1] in {"[", "{"} else _from_csv(path, text)
    for place, column in enumerate(header):
        if not column:
            raise BadInputError(path, "a column has no name", row=1, column=str(place + 1))
        if column in header[:place]:
            raise BadInputError(path, "the same column twice", row=1, column=column)
    return header, rows


def _from_csv(path: str, text: str) -> tuple[tuple[str, ...], list[tuple[int, _Cells]]]:
    records = _records(path, text)
    header = tuple(cell.strip() for cell in next(records, (1, []))[1])
    rows: list[tuple[int, _Cells]] = []
    for row, cells in records:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(header):
            problem = f"{len(cells)} cells under {len(header)} columns"
            raise BadInputError(path, problem, row=row, column=str(len(header) + 1))
        if len(cells) < len(header):
            problem = f"{len(cells)} cells under {len(header)} columns"
            raise BadInputError(path, problem, row=row, column=header[len(cells)])
        rows.append((row, dict(zip(header, cells, strict=True))))
    return header, rows


def _records(path: str, text: str) -> Iterator[tuple[int, list[str]]]:
    row = 1
    try:
        for row, cells in enumerate(csv.reader(StringIO(text, newline=""), strict=True), start=1):
            yield row, cells
    except csv.Error as error:
        raise BadInputError(path, f"not CSV: {error}", row=row + 1, column="1") from error


def _from_json(path: str, text: str) -> tuple[tuple[str, ...], list[tuple[int, _Cells]]]:
    content = parse_json(path, text)
    if not isinstance(content, list):
        raise BadInputError(path, "a list of objects is needed", row=1, column="1")
    rows: list[tuple[int, _Cells]] = []
    columns: dict[str, None] = {}
    for row, cells in enumerate(content, start=FIRST_ROW):
        if not isinstance(cells, dict):
            raise BadInputError(path, "an object is needed", row=row, column="1")
        columns.update(dict.fromkeys(cells))
        rows.append((row, cells))
    return tuple(columns), rows
