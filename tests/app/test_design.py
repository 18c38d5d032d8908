"""The look as files: a fresh style sheet, fonts that know every letter, icons that exist, documents that keep letters."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from app.core import pdf

ROOT = Path(__file__).resolve().parents[2]
FONTS = ROOT / "app" / "static" / "fonts"
KAZAKH = "АӘБВГҒДЕЁЖЗИЙКҚЛМНҢОӨПРСТУҰҮФХҺЦЧШЩЪЫІЬЭЮЯ"
LETTERS = KAZAKH + KAZAKH.lower() + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789№₸«»–—…\u00a0"
FONT_BUDGET = 60 * 1024


def test_stylesheet_is_fresh_and_names_colours_in_one_place():
    run = subprocess.run(
        [sys.executable, "scripts/build_css.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert (run.returncode, run.stderr) == (0, "")


@pytest.mark.parametrize("font", sorted(FONTS.glob("*.[tw]*f*")), ids=lambda path: path.name)
def test_font_holds_every_letter_of_the_three_languages(font):
    known = TTFont(font).getBestCmap()

    assert [letter for letter in LETTERS if ord(letter) not in known] == []


def test_web_fonts_stay_light():
    assert sum(path.stat().st_size for path in FONTS.glob("*.woff2")) <= FONT_BUDGET


def test_every_icon_named_in_a_template_is_in_the_sprite():
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "app/static/img/icons.svg").read_text()))
    named = {
        name
        for path in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r"\bicon(?:\(|=)[\"']([a-z0-9-]+)[\"']", path.read_text())
    }

    assert named - drawn == set()


# WeasyPrint leaves its colour profile open.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_certificate_keeps_every_letter_on_one_page(app, language):
    import pypdfium2  # noqa: PLC0415 - a large library that only this test needs

    values = {
        "title": "Благодарственное письмо", "organisation": "«Түлектер қауымдастығы» ЗТБ", "number": "SA26-003",
        "issued_on": "30.10.2026", "place": "Талдықорған", "signatory": "Бағабек Б.", "code": "7KQ2-M9XD", "verify_url": "https://baiqau.example/verify/7KQ2-M9XD",
        "qr": "data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHdpZHRoPSI5IiBoZWlnaHQ9IjkiLz4=",
        "lang": language, "labels": {}, "recipient": "Әсембай Өмір", "body": f"Әсембай Өмір: {KAZAKH} {KAZAKH.lower()}",
    }  # fmt: skip
    with app.test_request_context():
        made = pdf.render("certificates/pdf/certificate.html", language=language, variant="pdf/a-3a", **values)

    document = pypdfium2.PdfDocument(made)
    text = document[0].get_textpage().get_text_range()
    assert len(document) == 1
    assert f"{KAZAKH}{KAZAKH.lower()}" in re.sub(r"\s", "", text)


def test_a_table_is_a_table_on_paper():
    tables = (ROOT / "app" / "static" / "css" / "parts" / "34-tables.css").read_text(encoding="utf-8")
    narrow = re.findall(r"@media ([^{]*max-width[^{]*)\{", tables)

    assert narrow
    assert [one for one in narrow if not one.startswith("screen and ")] == []
