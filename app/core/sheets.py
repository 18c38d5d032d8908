"""Tables for other programs: CSV and XLSX in which no text is ever taken for a formula.

`send_csv("name.csv", columns, rows)` streams; `xlsx(title, columns, rows) -> bytes` and `write_xlsx(file, ...)` suit jobs.
A column is a heading; a row holds texts, numbers, booleans, dates, instants (shown in the zone given) or None.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import IO, Any
from zoneinfo import ZoneInfo

from flask import Response

from app.core import storage

# What programs take for the beginning of a formula, also behind blanks, marks and fullwidth twins.
FORMULA = re.compile(r"^[\s\u00a0\ufeff\u200b]*[=+\-@|\uff1d\uff0b\uff0d\uff20\uff5c]|^[\t\r\n]")
# Codes such as +7 701 are texts that begin like a formula; a number is none.
SHIELD = "'"
BOM = "\ufeff"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 60
SHEET_NAME_LIMIT = 31

Cell = str | int | float | bool | date | datetime | None
Row = Sequence[Cell]


def shield(text: str) -> str:
    """A text that begins like a formula gets an apostrophe, which spreadsheets show as text."""
    return SHIELD + text if FORMULA.search(text) or text.startswith(SHIELD) else text


def csv_lines(columns: Sequence[str], rows: Iterable[Row], *, zone: str = "UTC") -> Iterator[str]:
    """CSV line by line: UTF-8 with a mark, commas, so that spreadsheets read Kazakh."""
    buffer = StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write(BOM)
    writer.writerow([shield(heading) for heading in columns])
    yield _taken(buffer)
    for row in rows:
        writer.writerow([_csv_cell(cell, zone) for cell in row])
        yield _taken(buffer)


def send_csv(name: str, columns: Sequence[str], rows: Iterable[Row], *, zone: str = "UTC") -> Response:
    """A download that streams; `rows` must not need the session once the answer has begun."""
    response = Response(csv_lines(columns, rows, zone=zone), mimetype="text/csv")
    return storage.as_download(response, name)


def send_xlsx(name: str, title: str, columns: Sequence[str], rows: Iterable[Row], *, zone: str = "UTC") -> Response:
    """A small workbook as a download; large ones are made by a job."""
    return storage.as_download(Response(xlsx(title, columns, rows, zone=zone), mimetype=MEDIA_TYPE), name)


def xlsx(title: str, columns: Sequence[str], rows: Iterable[Row], *, zone: str = "UTC") -> bytes:
    """A workbook of one sheet in memory."""
    out = BytesIO()
    write_xlsx(out, title, columns, rows, zone=zone)
    return out.getvalue()


def write_xlsx(file: IO[bytes], title: str, columns: Sequence[str], rows: Iterable[Row], *, zone: str = "UTC") -> None:
    """Write a workbook of one sheet in constant memory: headings bold and frozen, texts as texts."""
    from xlsxwriter import Workbook

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(file, options) as workbook:
        bold = workbook.add_format({"bold": True})
        formats: dict[type, Any] = {
            date: workbook.add_format({"num_format": "dd.mm.yyyy"}),
            datetime: workbook.add_format({"num_format": "dd.mm.yyyy hh:mm"}),
        }
        sheet = workbook.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", title)[:SHEET_NAME_LIMIT].strip() or "1")
        sheet.freeze_panes(1, 0)
        for place, heading in enumerate(columns):
            sheet.set_column(place, place, min(max(len(heading) + 2, 12), WIDEST))
            sheet.write_string(0, place, heading, bold)
        for line, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                _write(sheet, (line, place), cell, formats=formats, zone=zone)


def _write(sheet: Any, place: tuple[int, int], cell: Cell, *, formats: dict[type, Any], zone: str) -> None:
    match cell:
        case None:
            return
        case bool():
            sheet.write_boolean(*place, cell)
        case int() | float():
            sheet.write_number(*place, cell)
        case datetime():
            sheet.write_datetime(*place, _local(cell, zone).replace(tzinfo=None), formats[datetime])
        case date():
            sheet.write_datetime(*place, cell, formats[date])
        case _:
            sheet.write_string(*place, str(cell))


def _csv_cell(cell: Cell, zone: str) -> str:
    shown: dict[type, Callable[[Any], str]] = {
        datetime: lambda one: _local(one, zone).strftime("%d.%m.%Y %H:%M"),
        date: lambda one: one.strftime("%d.%m.%Y"),
        bool: lambda one: "1" if one else "0",
    }
    if cell is None:
        return ""
    return shown.get(type(cell), str)(cell) if not isinstance(cell, str) else shield(cell)


def _local(instant: datetime, zone: str) -> datetime:
    return instant.astimezone(ZoneInfo(zone))


def _taken(buffer: StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
