"""What the rules fix: read and written without loss, and checked for contradictions."""

import json
from dataclasses import replace

import pytest

from competitions.queries.starters import starters
from competitions.rules.document import fill, placeholders_in
from competitions.rules.settings import check_settings, from_json, promised, to_json

START_APP = starters()["start_app"].settings
JAS_QADAM = starters()["jas_qadam"].settings


@pytest.mark.parametrize("settings", [START_APP, JAS_QADAM])
def test_settings_survive_being_stored(settings):
    stored = json.loads(json.dumps(to_json(settings), ensure_ascii=False))
    assert from_json(stored) == settings


@pytest.mark.parametrize("settings", [START_APP, JAS_QADAM])
def test_starters_do_not_contradict_themselves(settings):
    assert check_settings(settings, ("kk", "ru", "en")) == []
    assert promised(settings) <= settings.fund


def test_quorum_is_two_thirds_rounded_up():
    assert [START_APP.quorum(count) for count in (3, 4, 5, 6, 7)] == [2, 3, 4, 4, 5]


def test_points_of_a_stage_are_the_weights_of_its_criteria():
    assert [(stage.key, START_APP.stage_max(stage), stage.pass_mark) for stage in START_APP.stages] == [
        ("blind", 75, 45),
        ("pitch", 25, None),
    ]


EMPTY_STAGE = replace(START_APP.stages[1], key="x", criteria=())


def weighted(**weights):
    criteria = tuple(replace(one, weight=weights.get(one.key, one.weight)) for one in START_APP.criteria)
    return replace(START_APP, criteria=criteria)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (weighted(C1=14), ["weights_not_hundred"]),
        (replace(START_APP, fund=3_999_999), ["fund_too_small"]),
        (replace(START_APP, award_cap=5_000_000, award_count=1), ["fund_too_small", "cap_above_fund"]),
        (replace(JAS_QADAM, fund=1_499_999), ["fund_too_small"]),
        (replace(JAS_QADAM, award_cap=499_999), ["prize_above_cap"]),
        (replace(START_APP, age_min=35), ["ages_disordered"]),
        (replace(START_APP, quorum_numerator=4), ["quorum_impossible"]),
        (replace(START_APP, stages=(replace(START_APP.stages[0], pass_mark=76), START_APP.stages[1])), ["pass_mark_too_high"]),
        (replace(START_APP, pass_total=101), ["pass_total_too_high"]),
        (replace(START_APP, stages=START_APP.stages[:1]), ["criterion_without_stage", "criterion_without_stage"]),
        (replace(START_APP, stages=(*START_APP.stages, EMPTY_STAGE)), ["stage_without_criteria"]),
        (replace(START_APP, ties=("C9",)), ["unknown_criterion"]),
        (
            replace(START_APP, budget_categories=(replace(START_APP.budget_categories[0], cap_percent=101),)),
            ["category_cap_impossible"],
        ),
        (
            replace(START_APP, criteria=(replace(START_APP.criteria[0], label={"kk": "Мәселе"}), *START_APP.criteria[1:])),
            ["label_missing"],
        ),
    ],
)  # fmt: skip
def test_contradictions_are_found(settings, expected):
    assert [str(one.code) for one in check_settings(settings)] == expected


def test_texts_are_filled_and_unknown_values_stay_visible():
    assert fill("Қор: {fund}, {nothing}", {"fund": "4 000 000 ₸"}) == "Қор: 4 000 000 ₸, {nothing}"
    assert placeholders_in("{a} {b_1} {a}") == {"a", "b_1"}


def test_value_with_a_full_stop_takes_that_of_its_sentence_along():
    day = {"day": "1 мая 2026 г."}

    assert fill("До {day}. Ещё: {day}, {nothing}.", day) == "До 1 мая 2026 г. Ещё: 1 мая 2026 г., {nothing}."
