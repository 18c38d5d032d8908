"""`baiqau scoring assign`: who reads what."""

import json
import re
from typing import Any

import pytest

from tests.scoring.cli.asking import Write, ask, refused, run

INSTANCE: dict[str, Any] = {
    "jurors": [{"id": "J1"}, {"id": "J2", "languages": ["kk"], "min": 1, "max": 1}, {"id": "J3"}],
    "applications": [{"id": "A1", "language": "kk"}, {"id": "A2", "language": "ru"}],
    "reviews_per_application": 2,
    "affinity": {"J1": {"A1": 0.5, "A2": 0.25}, "J3": {"A2": 1}},
    "conflicts": [["J3", "A1"]],
}


def instance(write: Write, **changes: Any) -> str:
    return write(json.dumps({**INSTANCE, **changes}, allow_nan=True), "instance.json")


def test_assign_gives_the_best_assignment_sorted(write: Write):
    assert ask("assign", instance(write)) == {
        "status": "optimal",
        "assignments": [["J1", "A1"], ["J1", "A2"], ["J2", "A1"], ["J3", "A2"]],
        "total_affinity": 1.75,
        "total_before_repair": 1.75,
        "worst_application": 0.5,
        "connectivity": {"components": 1, "contrast_variance": pytest.approx(8 / 3)},
        "reason": None,
    }


def test_assign_says_why_it_cannot_and_exits_with_one(write: Write):
    found = ask("assign", instance(write, conflicts=[["J3", "A1"], ["J2", "A1"]]), code=1)

    assert found == {
        "status": "infeasible",
        "assignments": [],
        "total_affinity": None,
        "total_before_repair": None,
        "worst_application": None,
        "connectivity": {"components": None, "contrast_variance": None},
        "reason": "Fewer than 2 jurors may read A1.",
    }
    result = run("assign", instance(write, conflicts=[["J3", "A1"], ["J2", "A1"]]))
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", "infeasible: Fewer than 2 jurors may read A1.\n")


def test_assign_has_defaults_for_everything_but_the_lists(write: Write):
    names = {"jurors": [{"id": "J1"}, {"id": "J2"}], "applications": [{"id": "A", "language": "kk"}]}
    found = ask("assign", write(json.dumps({**names, "reviews_per_application": 2}), "instance.json"))

    assert (found["assignments"], found["total_affinity"]) == ([["J1", "A"], ["J2", "A"]], 0.0)


def test_assign_raises_the_worst_application_first_for_floor_max(write: Write):
    affinity = {"J1": {"A1": 1, "A2": 0.4}, "J2": {"A1": 0.5, "A2": 0}}
    names = {"jurors": [{"id": "J1", "max": 1}, {"id": "J2", "max": 1}], "applications": [{"id": "A1"}, {"id": "A2"}]}
    plain = {**names, "reviews_per_application": 1, "affinity": affinity}

    free = ask("assign", write(json.dumps(plain), "free.json"))
    fair = ask("assign", write(json.dumps({**plain, "floor": "max"}), "fair.json"))
    numeric = ask("assign", write(json.dumps({**plain, "floor": 0.3}), "numeric.json"))

    assert (free["total_affinity"], free["worst_application"]) == (1.0, 0.0)
    assert (fair["total_affinity"], fair["worst_application"]) == (pytest.approx(0.9), 0.4)
    assert numeric["assignments"] == fair["assignments"]
    assert "0.5 or more" in ask("assign", write(json.dumps({**plain, "floor": 0.5})), code=1)["reason"]


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"colour": 1}, "row 1, column colour"),
        ({"jurors": None}, "row 1, column jurors"),
        ({"jurors": [{"id": "J1"}, {"id": "J1"}]}, "row 3, column id"),
        ({"jurors": [{"id": "J1", "age": 3}]}, "row 2, column age"),
        ({"jurors": [{"min": 1}]}, "row 2, column id"),
        ({"jurors": [{"id": "J1", "min": 3, "max": 2}]}, "row 2, column min"),
        ({"jurors": [{"id": "J1", "min": -1}]}, "row 2, column min"),
        ({"jurors": [{"id": "J1", "max": 1.5}]}, "row 2, column max"),
        ({"jurors": [{"id": "J1", "max": True}]}, "row 2, column max"),
        ({"jurors": [{"id": "J1", "languages": "kk"}]}, "row 2, column languages"),
        ({"jurors": ["J1"]}, "row 2, column id"),
        ({"applications": [{"id": "A1"}, {"id": "A1"}]}, "row 3, column id"),
        ({"applications": [{"id": "A1", "language": 1}]}, "row 2, column language"),
        ({"reviews_per_application": None}, "column reviews_per_application"),
        ({"reviews_per_application": 0}, "column reviews_per_application"),
        ({"affinity": {"J9": {}}}, "row 2, column J9"),
        ({"affinity": {"J1": {"A9": 1}}}, "row 2, column A9"),
        ({"affinity": {"J1": {"A1": "1"}}}, "row 2, column A1"),
        ({"affinity": {"J1": {"A1": float("nan")}}}, "row 2, column A1"),
        ({"jurors": [{"id": float("nan")}]}, "row 2, column id"),
        ({"affinity": {"J1": 1}}, "row 2, column J1"),
        ({"affinity": []}, "column affinity"),
        ({"conflicts": [["J1", "A1"], ["J1", "A1"]]}, "row 3, column juror"),
        ({"conflicts": [["J9", "A1"]]}, "row 2, column juror"),
        ({"conflicts": [["J1", "A9"]]}, "row 2, column application"),
        ({"conflicts": [["J1"]]}, "row 2, column juror"),
        ({"conflicts": {}}, "column conflicts"),
        ({"fixed": [["J1", "A1"], ["J1", "A1"]]}, "row 3, column juror"),
        ({"floor": "high"}, "column floor"),
        ({"connect": 1}, "column connect"),
        ({"seed": -1}, "column seed"),
    ],
)
def test_a_bad_instance_is_refused_in_one_line(write: Write, changes: dict[str, Any], place: str):
    assert place in refused("assign", instance(write, **changes))


@pytest.mark.parametrize("content", ["", "[]", "{", '{"jurors": [], "jurors": []}'])
def test_what_is_no_instance_at_all_is_refused(write: Write, content: str):
    refused("assign", write(content, "instance.json"))


def test_assign_prints_a_table(write: Write):
    result = run("assign", instance(write))

    assert result.exit_code == 0
    assert re.search(r"^J2 +A1$", result.stdout, re.MULTILINE)
    assert re.search(r"^total_affinity +1\.75$", result.stdout, re.MULTILINE)
