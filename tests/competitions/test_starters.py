"""The texts a new competition starts from promise only what the platform does, and keep sums in one piece."""

import json
from pathlib import Path

import pytest

from app.core.money import parse_money
from competitions.queries.starters import starters

ROOT = Path(__file__).parents[2]
TEXTS = [*sorted((ROOT / "competitions/starters").glob("*.json")), ROOT / "app/demo_data/competition_texts.json"]


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
@pytest.mark.parametrize(
    "promise",
    [
        *("онлайн раста", "подтвердит онлайн", "подтвердить Вас онлайн", "confirms online", "confirm you online"),
        *("поштаға жауап жібереміз", "Сюда придут ответы", "Replies come here", "12 цифр, бос орынсыз"),
        *("фото в следующем вопросе: его увидит только проверяющий", "оны тек тексеруші көреді", "only the checker sees it"),
    ],
)
def test_starter_text_promises_nothing_that_is_not_done(path, promise):
    assert promise not in path.read_text("utf-8")


@pytest.mark.parametrize("starter", starters().values(), ids=lambda starter: starter.key)
def test_starter_tells_of_the_competition_by_the_name_it_is_given(starter):
    assert [text.split(" ")[0] for text in starter.description.values()] == ["{competition}"] * 3
    assert not any(starter.short_name in text for text in starter.description.values())


@pytest.mark.parametrize("starter", starters().values(), ids=lambda starter: starter.key)
def test_starter_speaks_of_the_sum_of_a_budget_only_where_it_asks_for_one(starter):
    has_budget = any(question["kind"] == "budget" for question in starter.questions)
    hints = [json.dumps(question["hint"], ensure_ascii=False) for question in starter.questions if question["kind"] == "money"]

    assert [(word in hint) for hint in hints for word in ("сметадағы", "смет", "budget")] == [has_budget] * 3 * len(hints)


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_starter_text_never_parts_a_sum_from_its_sign(path):
    assert " ₸" not in path.read_text("utf-8")


def test_example_of_a_sum_is_within_what_may_be_asked_for():
    for starter in starters().values():
        examples = [one["options"].get("example") for one in starter.questions if one["key"] == "amount"]
        sums = [parse_money(text) for example in examples for text in example.values()]

        assert all(one is not None and one <= starter.settings.award_cap for one in sums)
        assert len(sums) == 3
