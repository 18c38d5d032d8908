"""What a certificate says, and what it needs for that."""

from datetime import date

import pytest

from app.certificates.rules import EXAMPLE_CODE, check_facts, fill, new_code, number_of, read_code, shown_code
from app.certificates.states import CertificateRefusal

SENTENCES = {"kk": "{name} – «{project}», {amount} ({words}), {day}", "ru": "{name} – «{project}»"}
FACTS = {"project": {"kk": "«Қол» өнері", "ru": "Дело"}, "amount": 1_000_000, "day": date(2026, 10, 30)}


def filled(sentence, **facts):
    return fill(sentence, {"name": "Әлия", **FACTS, **facts}, "kk", money=lambda one: f"{one} ₸", day=date.isoformat)


def test_sentence_is_filled_and_inner_quotes_differ():
    assert filled(SENTENCES["kk"]) == "Әлия – «„Қол“ өнері», 1000000 ₸ (бір миллион теңге), 2026-10-30"


def test_title_wholly_in_quotes_keeps_one_pair():
    assert filled(SENTENCES["kk"], project={"kk": "«Дұрыс тамақтану»"}).startswith("Әлия – «Дұрыс тамақтану», ")


@pytest.mark.parametrize("trick", ["{name}", "{project.__class__}", "{0}", "%(name)s", "{{ 7*7 }}"])
def test_what_people_wrote_is_text(trick):
    assert filled("«{project}»", project=trick) == f"«{trick}»"


def test_sentence_with_a_gap_is_refused():
    refusals = check_facts(SENTENCES, {"project": {"kk": "А", "ru": " "}}, ("kk", "ru"), "")

    assert [(one.code, dict(one.params)) for one in refusals] == [
        (CertificateRefusal.NAME_MISSING, {}),
        (CertificateRefusal.FACT_MISSING, {"fact": "amount"}),
        (CertificateRefusal.FACT_MISSING, {"fact": "day"}),
        (CertificateRefusal.FACT_MISSING, {"fact": "words"}),
        (CertificateRefusal.FACT_MISSING, {"fact": "project (ru)"}),
    ]
    assert check_facts(SENTENCES, FACTS, ("kk", "ru"), "Әлия") == []


def test_code_is_read_however_it_is_typed():
    code = new_code()

    assert len(code) == 26
    assert read_code(shown_code(code).lower()) == code
    assert read_code(f" {code[:13]} {code[13:]} ") == code
    assert read_code(f"https://baiqau.example/verify/{code}/") == code
    assert read_code(f"https://baiqau.example/verify/{code}?lang=kk") == code
    assert read_code(f"https://baiqau.example/verify/{code}#top") == code
    assert read_code(f"Код: {shown_code(code)}") == code
    assert len({new_code() for _ in range(1000)}) == 1000


def test_code_typed_on_a_cyrillic_keyboard_is_read():
    latin, cyrillic = "ABEKMHOPCTYXI3" + "Q" * 12, "авекмнорстухіз" + "q" * 12

    assert read_code(cyrillic) == latin
    assert read_code("\u00a0".join(cyrillic)) == latin


def test_example_of_a_code_can_be_one():
    assert read_code(EXAMPLE_CODE) is not None


@pytest.mark.parametrize("typed", ["", "short", "A" * 27, "Ә" * 26, "../../etc/passwd", "A" * 25 + "'"])
def test_what_cannot_be_a_code_is_none(typed):
    assert read_code(typed) is None


def test_number_names_series_kind_and_count():
    assert number_of("SA26", "Д", 7) == "SA26-Д-0007"
