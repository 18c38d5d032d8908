"""The public draw: anybody with SHA-256 gets the same order."""

import hashlib
import json

import pytest

from scoring.draw import draw, list_sha256

pytestmark = pytest.mark.unit


def test_a_draw_is_the_order_of_hashes_anybody_can_compute():
    ids = ["SA26-009", "SA26-005", "Жетісу"]

    drawn = draw("2026-11-22 lottery 7 12 31", ids)

    keys = {one: hashlib.sha256(f"2026-11-22 lottery 7 12 31|{one}".encode()).hexdigest() for one in ids}
    assert [(one.position, one.id, one.key) for one in drawn.order] == [
        (place, one, keys[one]) for place, one in enumerate(sorted(ids, key=lambda one: keys[one]), start=1)
    ]


def test_the_hash_of_a_list_freezes_its_members_and_not_their_order():
    frozen = hashlib.sha256('["a","b","Ә"]'.encode()).hexdigest()

    assert list_sha256(["Ә", "b", "a"]) == frozen
    assert json.loads('["a","b","Ә"]') == sorted(["Ә", "b", "a"])


def test_a_published_draw_never_changes():
    drawn = draw("seed", ["b", "a"])

    assert drawn.order[0].id == "a"
    assert drawn.order[0].key == "5d1c1ac8d8d9040e23b1b0184b8ab467d2c223978ee95a18c086555ca2588a13"
    assert drawn.list_sha256 == "0473ef2dc0d324ab659d3580c1134e9d812035905c4781fdd6d529b0c6860e13"


def test_an_id_twice_is_refused():
    with pytest.raises(ValueError, match="twice"):
        draw("seed", ["a", "a"])
