"""Texts as browsers send them, and JSON among them."""

import pytest

from app.core.texts import read_json


def is_refused(text: str | None) -> bool:
    try:
        read_json(text)
    except ValueError:
        return True
    return False


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[" * 100_000, id="deep and open"),
        pytest.param("[" * 50 + "]" * 50, id="deep and closed"),
        pytest.param('{"a":' * 900 + "1" + "}" * 900, id="deep in objects"),
        pytest.param("1" * 5000, id="a long number"),
        pytest.param('{"step": 1e999}', id="an endless number"),
        pytest.param("[-1e999]", id="an endless number below nothing"),
        "NaN",
        "[-Infinity]",
        '["\\ud800"]',
        '{"\\udc00": 1}',
        "",
        "nonsense",
        None,
    ],
)
def test_json_that_harms_or_is_none_is_refused(text):
    assert is_refused(text)


def test_json_of_our_own_pages_is_read():
    assert read_json('[{"item": "Тарақ \\ud83d\\ude00", "price": "1"}]') == [{"item": "Тарақ 😀", "price": "1"}]
    assert read_json('{"fields": [["a", "b", ""]], "is_read": false}') == {"fields": [["a", "b", ""]], "is_read": False}
