"""The texts a new competition starts from promise only what the platform does, and keep sums in one piece."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXTS = [*sorted((ROOT / "competitions/starters").glob("*.json")), ROOT / "app/demo_data/competition_texts.json"]


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
@pytest.mark.parametrize(
    "promise",
    [
        *("онлайн раста", "подтвердит онлайн", "подтвердить Вас онлайн", "confirms online", "confirm you online"),
        *("поштаға жауап жібереміз", "Сюда придут ответы", "Replies come here", "12 цифр, бос орынсыз"),
    ],
)
def test_starter_text_promises_nothing_that_is_not_done(path, promise):
    assert promise not in path.read_text("utf-8")


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_starter_text_never_parts_a_sum_from_its_sign(path):
    assert " ₸" not in path.read_text("utf-8")
