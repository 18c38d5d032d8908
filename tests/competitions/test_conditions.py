"""Which questions of a form are asked: by choices, by numbers, by anything answered, and one after another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competitions.rules.answers import Asked
from competitions.rules.conditions import answerable, asked_keys, screen_keys
from competitions.states import QuestionKind

CHOICES = {"choices": [{"key": "food", "label": {}}, {"key": "craft", "label": {}}]}


def one(key, kind=QuestionKind.SHORT, group="a", **options):
    return Asked(key, kind, group, options=options)


def when(question, **told):
    return {"show_if": {"question": question, **told}}


@pytest.mark.parametrize(
    ("first", "told", "answer", "is_asked"),
    [
        (one("q", QuestionKind.YES_NO), {"is": ["yes"]}, True, True),
        (one("q", QuestionKind.YES_NO), {"is": ["yes"]}, False, False),
        (one("q", QuestionKind.YES_NO), {"is": ["no"]}, False, True),
        (one("q", QuestionKind.YES_NO), {"is": ["no"]}, None, False),
        (one("q", QuestionKind.CONSENT), {"is": ["yes"]}, True, True),
        (one("q", QuestionKind.CHOICE, **CHOICES), {"is": ["food", "craft"]}, "craft", True),
        (one("q", QuestionKind.CHOICE, **CHOICES), {"is": ["food"]}, "craft", False),
        (one("q", QuestionKind.MULTIPLE_CHOICE, **CHOICES), {"is": ["food"]}, ["craft", "food"], True),
        (one("q", QuestionKind.MULTIPLE_CHOICE, **CHOICES), {"is": ["food"]}, ["craft"], False),
        (one("q", QuestionKind.MONEY), {"at_least": 500_000}, 500_000, True),
        (one("q", QuestionKind.MONEY), {"at_least": 500_000}, 499_999, False),
        (one("q", QuestionKind.MONEY), {"at_least": 500_000}, "500 мыңдай", False),
        (one("q", QuestionKind.NUMBER), {"at_least": 1, "at_most": 3}, 3, True),
        (one("q", QuestionKind.NUMBER), {"at_least": 1, "at_most": 3}, 4, False),
        (one("q", QuestionKind.NUMBER), {"at_least": 0, "at_most": 3}, True, False),
        (one("q"), {}, "Иә", True),
        (one("q"), {}, "  ", False),
        (one("q", QuestionKind.TABLE), {}, [{"step": "1"}], True),
        (one("q", QuestionKind.TABLE), {}, [], False),
    ],
)
def test_question_is_asked_by_the_answer_it_depends_on(first, told, answer, is_asked):
    form = (first, one("then", **when("q", **told)))

    assert ("then" in asked_keys(form, {"q": answer})) is is_asked


def test_what_depends_on_a_question_that_is_not_asked_is_not_asked():
    form = (one("a", QuestionKind.YES_NO), one("b", **when("a", **{"is": ["yes"]})), one("c", **when("b")))

    assert asked_keys(form, {"a": True, "b": "x"}) == {"a", "b", "c"}
    assert asked_keys(form, {"a": False, "b": "x"}) == {"a"}


def test_condition_on_a_later_question_is_never_met():
    form = (one("a", **when("b")), one("b"))

    assert asked_keys(form, {"b": "x"}) == {"b"}


def test_screen_holds_what_an_answer_on_it_may_still_ask():
    form = (
        one("a", QuestionKind.YES_NO, "first"),
        one("b", group="first", **when("a", **{"is": ["yes"]})),
        one("c", group="first", **when("b")),
        one("d", group="second", **when("a", **{"is": ["yes"]})),
        one("e", group="second", **when("d")),
    )

    assert screen_keys(form, {"a": False}) == {"a", "b", "c"}
    assert screen_keys(form, {"a": True}) == {"a", "b", "c", "d", "e"}
    assert asked_keys(form, {"a": True}) == {"a", "b", "d"}


def test_text_to_read_takes_no_answer():
    form = (one("a"), one("words", QuestionKind.TEXT_BLOCK))

    assert asked_keys(form, {}) == {"a", "words"}
    assert answerable(form, {}) == {"a"}


forms = st.lists(st.tuples(st.booleans(), st.integers(0, 8), st.sampled_from("xyz")), min_size=1, max_size=9)


@given(forms, st.lists(st.sampled_from([True, False, None]), min_size=9, max_size=9))
def test_whatever_is_asked_has_its_reason_and_stands_on_a_screen(made, answers):
    form = tuple(
        one(f"q{n}", QuestionKind.YES_NO, group, **(when(f"q{on}", **{"is": ["yes"]}) if is_bound else {}))
        for n, (is_bound, on, group) in enumerate(made)
    )
    values = {f"q{n}": answer for n, answer in enumerate(answers)}
    asked = asked_keys(form, values)

    for n, (is_bound, on, _group) in enumerate(made):
        holds = not is_bound or (on < n and f"q{on}" in asked and values[f"q{on}"] is True)
        assert (f"q{n}" in asked) is holds
    assert asked <= screen_keys(form, values)
