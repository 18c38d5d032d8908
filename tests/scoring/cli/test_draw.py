"""`baiqau scoring draw`: an order that anybody can compute again."""

import hashlib

import pytest

from tests.scoring.cli.asking import ask, refused, run


def test_draw_orders_ids_by_the_hash_of_seed_and_id():
    keys = {one: hashlib.sha256(f"тұқым|{one}".encode()).hexdigest() for one in ("Ә", "B", "C")}

    assert ask("draw", "--seed", "тұқым", "Ә", "B", "C") == {
        "seed": "тұқым",
        "list_sha256": hashlib.sha256('["B","C","Ә"]'.encode()).hexdigest(),
        "order": [
            {"position": place, "id": one, "key": keys[one]}
            for place, one in enumerate(sorted(keys, key=lambda one: keys[one]), start=1)
        ],
    }


def test_draw_prints_a_table_with_the_hash_of_the_list():
    result = run("draw", "--seed", "s", "A", "B")

    assert result.exit_code == 0
    assert hashlib.sha256(b'["A","B"]').hexdigest() in result.stdout


@pytest.mark.parametrize(
    ("words", "place"),
    [
        (["--seed", "s", "A", "B", "A"], "row 4, column id"),
        (["--seed", "s", " "], "row 2, column id"),
        (["--seed", "s", "\ud800"], "row 2, column id"),
        (["--seed", "s"], "column ids"),
        (["A"], "column --seed"),
        (["--seed", "", "A"], "row 1, column seed"),
    ],
)
def test_a_bad_draw_is_refused_in_one_line(words: list[str], place: str):
    assert place in refused("draw", *words)
