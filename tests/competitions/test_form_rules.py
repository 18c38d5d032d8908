"""A form as a value: every change keeps it whole, what is wrong is named, and as JSON it is the same form again."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.forms import EditForm
from app.core.refusals import RefusedError
from competitions.queries.starters import starters
from competitions.rules import form as changes
from competitions.rules.form import FormRefusal, FormText, GroupText, QuestionText
from competitions.rules.form_json import KEY, RESERVED, from_json, to_json
from competitions.rules.form_publishing import check_changed, check_needed, check_words
from competitions.states import QuestionKind

UNANSWERABLE = FormRefusal.CONDITION_UNANSWERABLE
CHOICES = {"choices": [{"key": "a", "label": {"kk": "А"}}, {"key": "b", "label": {"kk": "Ә"}}]}
LONG = {"key": "c", "label": {"kk": "x" * 301}}
ONE_CHOICE = {"choices": CHOICES["choices"][:1]}


def question(key, kind=QuestionKind.SHORT, group="one", **more):
    return QuestionText(key, group, kind, {"kk": f"{key}?"}, **more)


CHOSEN = question("p", QuestionKind.CHOICE, options=CHOICES)
COUNTED = question("p", QuestionKind.NUMBER)


def form(*questions, groups=("one", "two")):
    asked = (question("title"), *questions)
    return changes.in_order(FormText(tuple(GroupText(one, {"kk": one}) for one in groups), asked))


def codes(found):
    return [one.code for one in found]


def when(key, **told):
    return {"show_if": {"question": key, **told}}


@pytest.mark.parametrize("key", sorted(starters()))
def test_form_of_every_starter_is_whole_and_survives_the_way_to_a_file_and_back(key):
    starter = starters()[key]
    read = from_json({"format": "baiqau-form-1", "groups": list(starter.groups), "questions": list(starter.questions)})

    assert changes.check_form(read) == []
    assert from_json(json.loads(json.dumps(to_json(read)))) == read


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (form(question("q", QuestionKind.CHOICE)), FormRefusal.CHOICES_MISSING),
        (form(question("q", QuestionKind.MULTIPLE_CHOICE, options=ONE_CHOICE)), FormRefusal.CHOICES_MISSING),
        (form(question("q", QuestionKind.TABLE)), FormRefusal.COLUMNS_MISSING),
        (form(question("q", options=when("r")), question("r")), FormRefusal.CONDITION_LATER),
        (form(question("q", options=when("q"))), FormRefusal.CONDITION_LATER),
        (form(question("p", is_private=True), question("q", options=when("p"))), FormRefusal.CONDITION_PRIVATE),
        (form(question("p", QuestionKind.YES_NO), question("q", options=when("p"))), UNANSWERABLE),
        (form(CHOSEN, question("q", options=when("p", **{"is": ["c"]}))), UNANSWERABLE),
        (form(question("p"), question("q", options=when("p", at_least=1))), UNANSWERABLE),
        (form(COUNTED, question("q", options=when("p", at_least=3, at_most=2))), UNANSWERABLE),
        (form(question("p", QuestionKind.FILE), question("q", options=when("p"))), UNANSWERABLE),
        (form(question("q", QuestionKind.BUDGET), question("r", QuestionKind.BUDGET)), FormRefusal.ASKED_TWICE),
        (form(replace(question("q"), label={"kk": "  "})), FormRefusal.QUESTION_UNNAMED),
        (form(replace(question("q"), label={"kk": "x" * 301})), FormRefusal.TOO_LONG),
        (form(question("q", max_length=0)), FormRefusal.LIMIT_WRONG),
        (form(question("q", QuestionKind.NUMBER, max_length=9)), FormRefusal.LIMIT_WRONG),
        (form(question("q", QuestionKind.FILE, options={"limit": 0})), FormRefusal.FILE_LIMIT_WRONG),
        (form(question("q", QuestionKind.FILE, options={"limit": 21})), FormRefusal.FILE_LIMIT_WRONG),
        (form(question("q", options={"example": {"kk": "x" * 301}})), FormRefusal.TOO_LONG),
        (form(question("q", QuestionKind.CHOICE, options={"choices": [*CHOICES["choices"], LONG]})), FormRefusal.TOO_LONG),
        (form(groups=("one", "x" * 301)), FormRefusal.TOO_LONG),
        (form(groups=("one", "")), FormRefusal.GROUP_UNNAMED),
        (FormText((GroupText("one", {"kk": "1"}),), (question("q"),)), FormRefusal.PROJECT_UNNAMED),
        (changes.put_question(form(), question("title", is_private=True)), FormRefusal.PROJECT_UNNAMED),
        (form(*(question(f"q{n}") for n in range(100))), FormRefusal.TOO_MANY),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_form_is_named(broken, code):
    assert codes(changes.check_form(broken)) == [code]


@pytest.mark.parametrize(("key", "kind"), [("q", QuestionKind.PHONE), ("q", QuestionKind.IIN), ("dob", QuestionKind.DATE)])
def test_who_she_is_stays_private_whatever_is_chosen(key, kind):
    made = changes.put_question(form(), question(key, kind, is_private=False))
    plain = to_json(form())
    plain["questions"].append({"key": key, "group": "one", "kind": kind, "label": {"kk": "?"}, "is_private": False})

    assert made.question(key).is_private
    assert from_json(plain).question(key).is_private


def test_words_from_a_file_are_cleaned_as_typed_ones_are():
    dirty = to_json(form(replace(question("q"), label={"kk": "Сұ\u202eрақ\u0007 "})))

    assert from_json(dirty).question("q").label == {"kk": "Сұрақ"}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        (question("q", QuestionKind.LONG), FormRefusal.KIND_CHANGED),
        (question("q", is_private=True), FormRefusal.PRIVACY_CHANGED),
        (question("q", is_required=False), None),
    ],
)
def test_under_answers_a_question_keeps_its_kind_and_who_sees_it(changed, code):
    before = form(question("q"))
    found = check_changed(before.questions, changes.put_question(before, changed))

    assert codes(found) == ([code] if code else [])


def test_question_that_went_and_returns_keeps_its_kind_and_who_sees_it():
    asked = (*form(question("q", is_private=True)).questions, question("r"))
    found = check_changed(asked, form(question("q"), question("r", QuestionKind.MONEY)))

    assert codes(found) == [FormRefusal.KIND_CHANGED, FormRefusal.PRIVACY_CHANGED]


START_APP, JAS_QADAM = (starters()[key] for key in ("start_app", "jas_qadam"))
NEEDED = {
    "name": FormRefusal.NAME_NEEDED, "dob": FormRefusal.BIRTH_DATE_NEEDED, "region": FormRefusal.REGION_NEEDED,
    "amount": FormRefusal.AMOUNT_NEEDED, "budget": FormRefusal.BUDGET_NEEDED,
}  # fmt: skip


def form_of(starter):
    return from_json({"format": "baiqau-form-1", "groups": list(starter.groups), "questions": list(starter.questions)})


@pytest.mark.parametrize(
    "spared",
    [
        changes.remove_question,
        lambda text, key: changes.put_question(text, replace(text.question(key), is_required=False)),
        lambda text, key: changes.put_question(text, replace(text.question(key), options=when("mentor", **{"is": ["yes"]}))),
    ],
)
@pytest.mark.parametrize("key", NEEDED)
def test_nobody_is_spared_what_the_rules_judge_by(key, spared):
    text = form_of(START_APP)

    assert codes(check_needed(text, START_APP.settings)) == []
    assert codes(check_needed(spared(text, key), START_APP.settings)) == [NEEDED[key]]


@pytest.mark.parametrize("key", ["dob", "amount"])
def test_what_the_rules_count_with_is_of_its_kind(key):
    text = form_of(START_APP)
    other = tuple(replace(one, kind=QuestionKind.SHORT) if one.key == key else one for one in text.questions)

    assert codes(check_needed(replace(text, questions=other), START_APP.settings)) == [NEEDED[key]]


def test_prizes_need_no_sum_and_no_limits_need_no_birth_date_or_region():
    text = form_of(JAS_QADAM)
    settings = replace(JAS_QADAM.settings, age_min=0, age_max=0, region="")
    for key in ("amount", "dob", "region"):
        text = changes.remove_question(text, key)

    assert codes(check_needed(text, settings)) == []


@pytest.mark.parametrize(
    "half",
    [
        form(replace(question("q"), label={"kk": "Сұрақ", "ru": " "})),
        form(replace(question("q"), label={"kk": "Сұрақ", "ru": "Вопрос"}, hint={"kk": "Кеңес"})),
        form(replace(question("q"), label={"kk": "Сұрақ", "ru": "Вопрос"}, options={"example": {"kk": "Мысалы"}})),
        form(replace(CHOSEN, label={"kk": "Сұрақ", "ru": "Вопрос"})),
    ],
)
def test_words_of_one_language_only_are_named(half):
    title = replace(half.question("title"), label={"kk": "Атауы", "ru": "Название"})
    groups = tuple(replace(one, title={"kk": "Топ", "ru": "Группа"}) for one in half.groups)
    whole = changes.put_question(replace(half, groups=groups), title)

    assert [(one.code, one.params["language"]) for one in check_words(whole, ("kk", "ru"))] == [
        (FormRefusal.WORDS_MISSING, "русский")
    ]
    assert check_words(whole, ("kk",)) == []


def test_no_question_is_called_as_the_page_and_its_form_call_things(app):
    """A question of such a name would take the place of the token, of a button, or of the form's own parts."""
    pages = [*Path("templates").rglob("*.html")]
    inputs = {name for page in pages for name in re.findall(r'name="([a-z_]+)"', page.read_text())}
    with app.test_request_context():
        of_form = {name for name in dir(EditForm()) if KEY.fullmatch(name)}
    screens = {"add_row", "csrf_token", "remove_document", "remove_row", "save", "take", "upload"}

    assert screens <= inputs | {"csrf_token"}
    assert (of_form | screens) - {"csrf_token"} <= RESERVED
    for name in RESERVED:
        with pytest.raises(RefusedError):
            from_json(to_json(form(question(name))))


def test_difference_says_what_more_must_be_answered():
    before = form(question("q", is_required=False), question("gone"), question("r"))
    after = changes.remove_question(before, "gone")
    after = changes.put_question(after, question("q"))
    after = changes.put_question(after, question("new"))
    after = changes.put_question(after, question("nicety", is_required=False))
    found = changes.difference(before, after)

    assert [one.key for one in found.added] == ["new", "nicety"]
    assert [one.key for one in found.removed] == ["gone"]
    assert [one.key for one in found.changed] == ["q"]
    assert found.due == 2
    assert changes.difference(before, before).is_nothing


def test_group_with_questions_is_not_removed():
    with pytest.raises(RefusedError) as refused:
        changes.remove_group(form(), "one")

    assert codes(refused.value.refusals) == [FormRefusal.GROUP_NOT_EMPTY]
    assert [one.key for one in changes.remove_group(form(), "two").groups] == ["one"]


def test_question_moves_over_the_edge_of_its_group():
    made = form(question("a"), question("b", group="two"), question("c", group="two"))

    assert [(one.key, one.group) for one in changes.move_question(made, "a", 1).questions][1:3] == [("a", "two"), ("b", "two")]
    assert [(one.key, one.group) for one in changes.move_question(made, "b", -1).questions][2] == ("b", "one")
    assert changes.move_question(made, "c", 1) == made
    assert [one.key for one in changes.place_question(made, "c", "one", 0).questions] == ["c", "title", "a", "b"]


moves = st.lists(
    st.tuples(st.sampled_from(["question", "group", "place"]), st.integers(0, 5), st.sampled_from([-1, 1]), st.integers(0, 9)),
    max_size=12,
)


@given(moves)
def test_no_order_loses_or_doubles_a_question(steps):
    made = form(*(question(f"q{n}", group="one" if n % 2 else "two") for n in range(6)), groups=("one", "two", "three"))
    keys = {one.key for one in made.questions}
    for kind, number, way, place in steps:
        if kind == "question":
            made = changes.move_question(made, f"q{number}", way)
        elif kind == "group":
            made = changes.move_group(made, made.groups[number % 3].key, way)
        else:
            made = changes.place_question(made, f"q{number}", made.groups[place % 3].key, place)

        assert sorted(one.key for one in made.questions) == sorted(keys)
        assert made == changes.in_order(made)
        assert len({one.key for one in made.groups}) == 3


@pytest.mark.parametrize(
    "broken",
    [
        None,
        [],
        "form",
        {"format": "other"},
        {"groups": 7},
        {"groups": [{"key": "one", "title": "text"}]},
        {"groups": [{"key": "One!", "title": {"kk": "x"}}]},
        {"questions": [{"key": "q"}]},
        {"questions": [{"key": "q-1", "group": "one", "kind": "short", "label": {"kk": "x"}}]},
        {"questions": [{"key": "q", "group": "one", "kind": "secret", "label": {"kk": "x"}}]},
        {"questions": [{"key": "q", "group": "nowhere", "kind": "short", "label": {"kk": "x"}}]},
        {"questions": [{"key": "q", "group": "one", "kind": "short", "label": {"de": "x"}}]},
        {"questions": [{"key": "q", "group": "one", "kind": "short", "label": {"kk": "x"}, "is_required": "yes"}]},
        {"questions": [{"key": "q", "group": "one", "kind": "short", "label": {"kk": "x"}, "max_length": True}]},
        {"questions": [{"key": "q", "group": "one", "kind": "choice", "label": {"kk": "x"}, "options": {"choices": "ab"}}]},
        {
            "questions": [
                {"key": "q", "group": "one", "kind": "short", "label": {"kk": "x"}, "options": {"show_if": {"is": []}}}
            ]
        },
        {"questions": [{"key": "title", "group": "one", "kind": "short", "label": {"kk": "x"}}] * 2},
        {"questions": [{"key": "q", "group": "one", "kind": ["short"], "label": {"kk": "x"}}]},
        {"questions": [{"key": "dob", "group": "one", "kind": "short", "label": {"kk": "x"}}]},
        {"questions": [{"key": "amount", "group": "one", "kind": "short", "label": {"kk": "x"}}]},
    ],
)
def test_file_that_is_no_form_is_refused(broken):
    data = to_json(form()) | broken if isinstance(broken, dict) else broken
    with pytest.raises(RefusedError) as refused:
        from_json(data)

    assert codes(refused.value.refusals) == [FormRefusal.NOT_A_FORM]
