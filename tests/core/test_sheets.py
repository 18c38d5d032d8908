"""Exports: no text is a formula, everything comes back as it was."""

import csv
import io
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pytest

from app.core.sheets import csv_lines, send_csv, shield, xlsx

DANGEROUS = [
    "=1+1",
    "+7 701 234",
    "-2+3",
    "@SUM(A1)",
    "\tx",
    "\rx",
    " =1",
    "\u00a0=1",
    "\ufeff=1",
    "|cmd",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    "'=1",
]
HARMLESS = ["Әлия", "1 000 000 ₸", "a=b", "https://example.kz", "", "№ 1"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_text_that_looks_like_a_formula_is_shielded(text):
    assert shield(text) == "'" + text


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_stays_as_it_is(text):
    assert shield(text) == text


def test_csv_is_read_by_spreadsheets_in_kazakh_and_numbers_stay_numbers():
    rows: list[Any] = [
        ["Әлия", -5, None, True, date(2026, 10, 30), datetime(2026, 8, 14, 13, 0, tzinfo=UTC)],
        ["=x", 0, 'a,b\n"c"', False, None, None],
    ]
    whole = "".join(csv_lines(["аты", "=саны", "", "ия", "күні", "сәті"], rows, zone="Asia/Almaty"))
    read = list(csv.reader(io.StringIO(whole.removeprefix("\ufeff"))))

    assert whole.startswith("\ufeff")
    assert read == [
        ["аты", "'=саны", "", "ия", "күні", "сәті"],
        ["Әлия", "-5", "", "1", "30.10.2026", "14.08.2026 18:00"],
        ["'=x", "0", 'a,b\n"c"', "0", "", ""],
    ]


def test_csv_is_made_line_by_line():
    made = []

    def rows():
        for number in range(3):
            made.append(number)
            yield [number]

    lines = csv_lines(["n"], rows())
    next(lines)
    next(lines)

    assert made == [0]


def test_workbook_holds_texts_as_texts_and_no_links():
    instant = datetime(2026, 8, 14, 13, 0, tzinfo=UTC)
    rows: list[Any] = [[text] for text in DANGEROUS[:6]]
    rows += [["https://example.kz"], [7], [None], [True], [date(2026, 10, 30)], [instant]]
    book = openpyxl.load_workbook(io.BytesIO(xlsx("Өтінім/1: [a]", ["=аты"], rows, zone="Asia/Almaty")))
    sheet: Any = book.active
    cells = [row[0] for row in sheet.iter_rows()]

    assert sheet.title == "Өтінім 1   a"
    assert [cell.data_type for cell in cells[:8]] == ["s"] * 8
    assert [cell.value for cell in cells[1:5]] == DANGEROUS[:4]
    assert [cell.value for cell in cells[8:]] == [7, None, True, datetime(2026, 10, 30), datetime(2026, 8, 14, 18, 0)]  # noqa: DTZ001
    assert all(cell.hyperlink is None for cell in cells)


def test_download_is_named_in_any_script(app):
    with app.test_request_context():
        answer = send_csv("Тізім.csv", ["a"], [[1]])

    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert "%D0%A2%D1%96%D0%B7%D1%96%D0%BC.csv" in answer.headers["Content-Disposition"]
    assert answer.get_data() == "\ufeffa\r\n1\r\n".encode()
