"""Answers of each kind: what is stored of what was typed, and what is wrong with it."""

from datetime import date

import pytest

from app.people.states import PeopleRefusal
from competitions.rules.answers import (
    AnswerRefusal,
    Asked,
    faults,
    has_forbidden_characters,
    is_empty,
    parse,
)
from competitions.states import QuestionKind

TABLE = Asked(
    "plan",
    QuestionKind.TABLE,
    options={"columns": [{"key": "step", "kind": "text"}, {"key": "weeks", "kind": "number", "is_optional": False}]},
)
CHOICE = Asked("kind", QuestionKind.CHOICE, options={"choices": [{"key": "a"}, {"key": "b"}]})


def asked(kind, **more):
    return Asked("x", kind, **more)


def codes(question, value, **more):
    return [one.code for one in faults(question, value, **more)]


@pytest.mark.parametrize(
    ("question", "typed", "stored"),
    [
        (asked(QuestionKind.LONG), "бір\r\nекі", "бір\nекі"),
        (asked(QuestionKind.LONG), "  \n ", None),
        (asked(QuestionKind.SHORT), "a\x00b", "ab"),
        (asked(QuestionKind.SHORT), "и\u0306", "й"),
        (asked(QuestionKind.MONEY), "500 мың", 500_000),
        (asked(QuestionKind.MONEY), "жарты миллион", "жарты миллион"),
        (asked(QuestionKind.NUMBER), "1 200", 1200),
        (asked(QuestionKind.DATE), "03.02.2001", "2001-02-03"),
        (asked(QuestionKind.DATE), "31.02.2001", "31.02.2001"),
        (asked(QuestionKind.YES_NO), "yes", True),
        (asked(QuestionKind.YES_NO), "no", False),
        (asked(QuestionKind.YES_NO), "", None),
        (asked(QuestionKind.IIN), "0102 0359 9017", "010203599017"),
        (CHOICE, "a", "a"),
        (
            asked(QuestionKind.PERSON_NAME),
            {"family": " Үлгібаева ", "given": "Томирис"},
            {"family": "Үлгібаева", "given": "Томирис", "patronymic": ""},
        ),
        (asked(QuestionKind.PERSON_NAME), {"family": "", "given": ""}, None),
        (asked(QuestionKind.CONTACT), {"phone": "87000000001"}, {"phone": "+77000000001", "email": "", "language": ""}),
        (asked(QuestionKind.INSTITUTION), {"institution": "Ұя", "year": "2019"}, {"institution": "Ұя", "year": 2019}),
        (TABLE, [{"step": "Бастау", "weeks": "2"}, {"step": "", "weeks": ""}], [{"step": "Бастау", "weeks": 2}]),
        (TABLE, [{"step": "", "weeks": ""}], None),
        (TABLE, "not rows", None),
        (
            asked(QuestionKind.BUDGET),
            [{"category": "equip", "item": "Үстел", "unit": "дана", "quantity": "2,5", "price": "1 мың", "grant": "x"}],
            [{"category": "equip", "item": "Үстел", "unit": "дана", "quantity": "2,5", "price": 1000, "grant": "x", "own": ""}],
        ),
    ],
)
def test_answer_is_stored_in_its_kind_or_as_typed(question, typed, stored):
    assert parse(question, typed) == stored


@pytest.mark.parametrize(
    ("question", "value", "found"),
    [
        (asked(QuestionKind.LONG, max_length=3), "әғқ", []),
        (asked(QuestionKind.LONG, max_length=3), "әғқң", [AnswerRefusal.TOO_LONG]),
        (asked(QuestionKind.LONG, max_length=1), "\U0001f600", []),
        (asked(QuestionKind.LONG), "x" * 100_000, []),
        (asked(QuestionKind.SHORT), "x" * 301, [AnswerRefusal.TOO_LONG]),
        (asked(QuestionKind.LONG), "bell\x07", [AnswerRefusal.FORBIDDEN_CHARACTERS]),
        (asked(QuestionKind.LONG), 5, [AnswerRefusal.NOT_UNDERSTOOD]),
        (asked(QuestionKind.MONEY), "көп", [AnswerRefusal.NOT_A_SUM]),
        (asked(QuestionKind.NUMBER), "көп", [AnswerRefusal.NOT_A_NUMBER]),
        (asked(QuestionKind.NUMBER), 5, []),
        (asked(QuestionKind.DATE), "31.02.2001", [AnswerRefusal.NOT_A_DATE]),
        (asked(QuestionKind.DATE), "1812-01-01", [AnswerRefusal.NOT_A_DATE]),
        (asked(QuestionKind.DATE, is_private=True), "2030-01-01", [AnswerRefusal.DATE_IN_THE_FUTURE]),
        (asked(QuestionKind.YES_NO), "maybe", [AnswerRefusal.NOT_AN_OPTION]),
        (asked(QuestionKind.YES_NO), False, []),
        (CHOICE, "c", [AnswerRefusal.NOT_AN_OPTION]),
        (asked(QuestionKind.IIN), "123", [PeopleRefusal.IIN_FORM]),
        (asked(QuestionKind.IIN), "010203599018", [PeopleRefusal.IIN_CHECK_DIGIT]),
        (asked(QuestionKind.IIN), "990440990000", [PeopleRefusal.IIN_COMPANY]),
        (asked(QuestionKind.IIN), "010203599017", []),
        (asked(QuestionKind.PERSON_NAME), {"family": "Үлгібаева", "given": ""}, [AnswerRefusal.REQUIRED]),
        (asked(QuestionKind.PERSON_NAME), "Үлгібаева", [AnswerRefusal.NOT_UNDERSTOOD]),
        (asked(QuestionKind.CONTACT), {"phone": "1", "email": "a", "language": "de"},
         [AnswerRefusal.NOT_A_PHONE, AnswerRefusal.NOT_AN_EMAIL, AnswerRefusal.NOT_AN_OPTION]),
        (asked(QuestionKind.CONTACT), {"phone": "+77000000001", "email": "", "language": "kk"}, []),
        (asked(QuestionKind.INSTITUTION), {"institution": "Ұя", "year": "былтыр"}, [AnswerRefusal.NOT_A_YEAR]),
        (asked(QuestionKind.INSTITUTION), {"institution": "Ұя", "year": 1899}, [AnswerRefusal.NOT_A_YEAR]),
        (asked(QuestionKind.PERSON_NAME), {"family": "Қ" * 101, "given": "Айым"}, [AnswerRefusal.TOO_LONG]),
        (asked(QuestionKind.PERSON_NAME), {"family": "Қ" * 100, "given": "Айым"}, []),
        (asked(QuestionKind.INSTITUTION), {"institution": "Ұя", "year": 1900}, []),
        (TABLE, [{"step": "Бастау", "weeks": 2}], []),
        (TABLE, [{"step": "", "weeks": "ұзақ"}], [AnswerRefusal.ROW_INCOMPLETE, AnswerRefusal.CELL_NOT_A_NUMBER]),
        (TABLE, [{"step": "Бастау"}], [AnswerRefusal.ROW_INCOMPLETE]),
        (TABLE, "rows", [AnswerRefusal.NOT_UNDERSTOOD]),
        (TABLE, [{"step": "a", "weeks": 1}] * 61, [AnswerRefusal.TOO_MANY_ROWS]),
        (asked(QuestionKind.FILE), None, []),
    ],
)  # fmt: skip
def test_fault_of_an_answer_is_found(question, value, found):
    assert codes(question, value, today=date(2026, 8, 1)) == found


@pytest.mark.parametrize("typed", ["-5", "көп"])
def test_cell_of_money_is_asked_for_as_a_sum(typed):
    prices = asked(QuestionKind.TABLE, options={"columns": [{"key": "price", "kind": "money"}]})

    assert codes(prices, parse(prices, [{"price": typed}])) == [AnswerRefusal.CELL_NOT_A_SUM]


def test_faults_of_parts_and_cells_name_their_inputs():
    name = faults(Asked("name", QuestionKind.PERSON_NAME), {"family": "", "given": "Т"})
    cell = faults(TABLE, [{"step": "a", "weeks": 1}, {"step": "", "weeks": 1}])

    assert [one.field for one in name + cell] == ["name-family", "plan-1-step"]


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"step": "", "weeks": 1}, AnswerRefusal.ROW_INCOMPLETE),
        ({"step": "a", "weeks": "екі"}, AnswerRefusal.CELL_NOT_A_NUMBER),
        ({"step": "x" * 501, "weeks": 1}, AnswerRefusal.CELL_TOO_LONG),
        ({"step": "bell\x07", "weeks": 1}, AnswerRefusal.CELL_FORBIDDEN_CHARACTERS),
    ],
)
def test_fault_of_a_cell_names_the_row_and_the_column(cells, code):
    found = faults(TABLE, [{"step": "a", "weeks": 1}, cells])

    assert [(one.code, one.params["row"]) for one in found] == [(code, 2)]
    assert "column" in found[0].params


@pytest.mark.parametrize(
    ("value", "empty"),
    [
        (None, True),
        ("", True),
        (" \n", True),
        ([], True),
        ({"a": "", "b": None}, True),
        (False, False),
        (0, False),
        ("a", False),
    ],
)
def test_false_and_zero_are_answers(value, empty):
    assert is_empty(value) is empty


def test_line_ends_and_tabs_are_no_control_characters():
    assert not has_forbidden_characters("бір\n\tекі")
    assert has_forbidden_characters("\u2067")


def test_text_of_a_megabyte_is_cut_and_judged_quickly():
    assert len(parse(asked(QuestionKind.LONG), "ә" * 1_000_000)) == 100_000


@pytest.mark.parametrize(
    ("place", "is_finer"),
    [
        ("Ескелді ауданы", False),
        ("Әулиекөл ауданы", False),
        ("Аулиекольский район", False),
        ("Алматы, Бостандық ауданы", False),
        ("Талдықорған қаласы", False),
        ("Улытауский район", False),
        ("Ескелді ауданы, Бақтыбай ауылы", True),
        ("Абай көшесі", True),
        ("Талгарский район, село Панфилово", True),
        ("г. Талдыкорган, ул. Абая", True),
        ("Талдықорған, 5-үй", True),
        ("Eskeldi District, Baktybay village", True),
    ],
)
def test_place_that_the_jury_reads_is_no_finer_than_a_district(place, is_finer):
    asked = Asked("place", QuestionKind.DISTRICT, "impact")

    assert [one.code for one in faults(asked, place)] == [AnswerRefusal.FINER_THAN_DISTRICT] * is_finer
