"""`baiqau scoring rank`: the official methods."""

import json
import re

import pytest

from tests.scoring.cli.asking import START_APP, Write, applications, ask, column, run, scores
from tests.scoring.samples import start_app


def test_rank_gives_the_published_result(start_app_file: str):
    report = ask("rank", start_app_file, *START_APP, "--winners", "4")

    expected = start_app()["expected_results"]
    assert column(report, "rank") == {name: one.get("rank") for name, one in expected.items()}
    assert column(report, "reviews") == {name: one["jurors"] for name, one in expected.items()}
    assert column(report, "score") == pytest.approx({n: float(e["total"]) for n, e in expected.items()}, abs=0.0051)
    assert applications(report)["SA26-007"]["score"] == 83.125
    assert applications(report)["SA26-007"]["stages"] == {"blind": 62.375, "pitch": 20.75}
    assert [name[-3:] for name, is_funded in column(report, "funded").items() if is_funded] == ["003", "007", "001", "009"]
    assert {n: link for n, link in column(report, "tie_decided_by").items() if link} == {"SA26-009": "C2", "SA26-005": "C2"}
    assert report["connectivity"] == {"components": 1, "contrast_variance": pytest.approx(0.185, abs=0.01)}


def test_rank_stops_an_application_below_the_mark_of_a_stage(start_app_file: str):
    found = applications(ask("rank", start_app_file, *START_APP, "--winners", "11"))

    assert {key: found["SA26-002"][key] for key in ("stages", "score", "passed", "rank", "funded")} == {
        "stages": {"blind": 43.4, "pitch": None},
        "score": 43.4,
        "passed": False,
        "rank": None,
        "funded": False,
    }


def test_rank_keeps_the_rank_of_one_below_the_mark_of_the_total_and_never_funds_it(start_app_file: str):
    found = applications(ask("rank", start_app_file, *START_APP, "--winners", "11"))

    assert [found["SA26-014"][key] for key in ("rank", "passed", "funded")] == [8, False, False]


def test_rank_prints_a_table_for_people_with_scores_half_up(start_app_file: str):
    result = run("rank", start_app_file, *START_APP, "--winners", "4")

    assert result.exit_code == 0
    assert re.search(r"^ +2 +SA26-007 +83\.13 +62\.38 +20\.75 +4 +yes +yes$", result.stdout, re.MULTILINE)
    assert "warning: " not in result.stdout


def test_rank_has_every_key_and_null_where_the_method_has_none(write: Write):
    report = ask("rank", write(scores({"A": [1, 2, 3]})))

    assert report == {
        "method": "mean",
        "refused": None,
        "applications": [
            {
                "application": "A",
                "reviews": 3,
                "score": 2.0,
                "stages": None,
                "passed": True,
                "rank": 1,
                "tie_decided_by": None,
                "funded": None,
                "effect": None,
                "sd": None,
                "expected_rank": None,
                "rank_interval_90": None,
                "rank_interval_50": None,
                "p_winner": None,
                "zone": None,
            }
        ],
        "jurors": [{"juror": f"J{j}", "reviews": 1, "severity": None, "se": None} for j in range(3)],
        "mu": None,
        "variance": None,
        "loglik_reml": None,
        "connectivity": {"components": 1, "contrast_variance": 2.0},
        "warnings": [],
    }


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], 40.0),
        (["--method", "median"], 25.0),
        (["--method", "trimmed"], 25.0),
        (["--method", "trimmed", "--trim", "2"], 40.0),
        (["--method", "trimmed", "--trim", "0"], 40.0),
    ],
)
def test_rank_by_mean_median_and_trimmed_mean(write: Write, options: list[str], expected: float):
    assert column(ask("rank", write(scores({"A": [10, 20, 30, 100]})), *options), "score") == {"A": expected}


def test_rank_uses_a_ready_score_as_it_is(write: Write):
    assert column(ask("rank", write(scores({"A": [-5, 250.5]}))), "score") == {"A": 122.75}


def test_rank_takes_numbers_as_programs_write_them(write: Write):
    assert column(ask("rank", write(scores({"A": ["66.66666666666667"], "B": ["1.5e-05"], "C": ["+.5"]}))), "score") == {
        "A": 66.66666666666667,
        "C": 0.5,
        "B": 1.5e-05,
    }


def test_rank_weighs_criteria_on_their_scale(write: Write):
    path = write("application,juror,C1,C2\nA,1,5,1\n")

    assert column(ask("rank", path, "--scale", "1:5"), "score") == {"A": 50.0}
    assert column(ask("rank", path, "--scale", "1:5", "--weights", "C1=3,C2=1"), "score") == {"A": 75.0}
    assert column(ask("rank", path), "score") == {"A": 30.0}


def test_rank_leaves_out_a_sheet_with_an_empty_criterion_and_warns(write: Write):
    report = ask("rank", write("application,juror,C1,C2\nA,1,10,10\nA,2,,0\nB,1,,\n"))

    assert column(report, "score") == {"A": 100.0, "B": None}
    assert column(report, "reviews") == {"A": 1, "B": 0}
    assert report["warnings"] == [
        "Incomplete sheets are left out: row 3, 4.",
        "No complete sheet: B.",
        "Fewer than 3 reviews: A.",
    ]


def test_rank_leaves_out_an_empty_score_and_warns(write: Write):
    report = ask("rank", write("application,juror,score\nA,1,10\nA,2,\nA,3,20\nA,4,30\n"))

    assert (column(report, "score"), report["warnings"]) == ({"A": 20.0}, ["Incomplete sheets are left out: row 3."])


def test_rank_counts_for_each_stage_the_jurors_who_filled_all_of_it(write: Write):
    path = write("application,juror,C1,C2,C3\nA,1,10,10,0\nA,2,0,,10\nA,3,,,4\n")

    found = applications(ask("rank", path, "--stages", "blind=C1+C2,pitch=C3", "--weights", "C1=25,C2=25,C3=50"))

    assert found["A"]["stages"] == {"blind": 50.0, "pitch": pytest.approx(100 * 14 / 3 / 20)}
    assert found["A"]["reviews"] == 3


def test_rank_does_not_count_a_criterion_in_no_stage(write: Write):
    path = write("application,juror,C1,C2\nA,1,10,0\n")

    assert column(ask("rank", path, "--stages", "blind=C1"), "score") == {"A": 100.0}


def test_rank_shares_ranks_of_ties_that_nothing_breaks(write: Write):
    report = ask("rank", write(scores({"A": [5], "B": [7], "C": [7], "D": [9]})))

    assert column(report, "rank") == {"D": 1, "B": 2, "C": 2, "A": 4}


def test_rank_funds_none_of_a_tie_across_the_line_and_warns(write: Write):
    amounts = write("application,amount\nA,4\nB,4\nC,4\nD,5\n", "amounts.csv")
    path = write(scores({"A": [5], "B": [7], "C": [7], "D": [9]}))

    for line in (["--winners", "2"], ["--budget", "10", "--amounts", amounts]):
        report = ask("rank", path, *line)
        assert column(report, "funded") == {"D": True, "B": False, "C": False, "A": False}
        assert any("tie" in warning and "B, C" in warning for warning in report["warnings"])


@pytest.mark.parametrize(("rule", "winners"), [("prefix", ["A", "B"]), ("skip", ["A", "B", "D"])])
def test_rank_walks_a_budget_by_the_rule(write: Write, rule: str, winners: list[str]):
    amounts = write("application,amount\nA,5\nB,4\nC,3\nD,1\n", "amounts.csv")
    path = write(scores({"A": [9], "B": [8], "C": [7], "D": [6]}))

    report = ask("rank", path, "--budget", "10", "--amounts", amounts, "--rule", rule)

    assert [name for name, is_funded in column(report, "funded").items() if is_funded] == winners


def test_rank_takes_the_criterion_means_of_a_tie_over_the_jurors_counted_for_its_stage(write: Write):
    # B's 10 in C1 stands on a sheet that does not count, so A is before B.
    path = write("application,juror,C1,C2\nA,1,6,4\nB,1,5,5\nB,2,10,\n")

    report = ask("rank", path, "--ties", "C1")

    assert column(report, "rank") == {"A": 1, "B": 2}
    assert column(report, "tie_decided_by") == {"A": "C1", "B": "C1"}


def test_rank_warns_of_groups_without_a_juror_in_common(write: Write):
    report = ask("rank", write("application,juror,score\nA,1,5\nB,2,5\n"))

    assert report["connectivity"] == {"components": 2, "contrast_variance": None}
    assert any("2 groups" in warning for warning in report["warnings"])


def test_warnings_go_to_stderr_beside_a_table(write: Write):
    result = run("rank", write(scores({"A": [1]})))

    assert (result.exit_code, result.stderr) == (0, "warning: Fewer than 3 reviews: A.\n")


def test_rank_reads_json_a_byte_order_mark_and_text_ids(write: Write):
    sheets = [{"application": "007", "juror": "Әйгерім", "score": 0.1}, {"application": "007", "juror": "2", "score": None}]
    json_file = write(json.dumps(sheets), "scores.json")
    csv_file = write(b"\xef\xbb\xbfapplication,juror,score\r\n007,\xd3\x98,0.1\r\n\r\n")

    assert column(ask("rank", json_file), "score") == column(ask("rank", csv_file), "score") == {"007": 0.1}
    assert ask("rank", json_file)["jurors"][1]["juror"] == "Әйгерім"
