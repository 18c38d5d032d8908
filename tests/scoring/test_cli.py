"""`baiqau scoring`: every sentence of its contract, through the commands themselves."""

import csv
import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from scoring.cli import scoring
from scoring.ranking.zscore import standardised
from tests.scoring.samples import DATA, rows, start_app

Write = Callable[..., str]
WEIGHTS = "C1=15,C2=20,C3=15,C4=15,C5=10,C6=15,C7=10"
STAGES = "blind=C1+C2+C3+C4+C5,pitch=C6+C7"
START_APP = ["--weights", WEIGHTS, "--stages", STAGES, "--pass", "blind=45,total=60", "--ties", "C2,C4"]


def run(*words: str) -> Result:
    return CliRunner().invoke(scoring, words)


def strict_json(text: str) -> Any:
    def refuse(constant: str) -> None:
        pytest.fail(f"{constant} is no JSON")

    return json.loads(text, parse_constant=refuse)


def ask(*words: str, code: int = 0) -> Any:
    result = run(*words, "--json")
    assert result.exit_code == code, result.output
    return strict_json(result.stdout)


def refused(*words: str) -> str:
    """Run with bad input: exit 2, nothing on stdout, one line on stderr that names row and column."""
    result = run(*words)
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    assert len(result.stderr.splitlines()) == 1, result.stderr
    assert re.search(r"row \d+, column \S", result.stderr), result.stderr
    return result.stderr.strip()


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(content: str | bytes, name: str = "scores.csv") -> str:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    return written


@pytest.fixture
def start_app_file(write: Write) -> str:
    keys = [criterion["key"] for criterion in start_app()["criteria"]]
    text = StringIO()
    table = csv.writer(text)
    table.writerow(["application", "juror", *keys])
    for application, jurors in start_app()["scores"].items():
        table.writerows([application, juror, *(points.get(key, "") for key in keys)] for juror, points in jurors.items())
    return write(text.getvalue(), "start_app.csv")


def applications(report: Mapping[str, Any]) -> dict[str, Any]:
    return {entry["application"]: entry for entry in report["applications"]}


def column(report: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {entry["application"]: entry[key] for entry in report["applications"]}


def scores(points: Mapping[str, Sequence[object]]) -> str:
    lines = [f"{name},J{place},{value}" for name, given in points.items() for place, value in enumerate(given)]
    return "\n".join(["application,juror,score", *lines])


# --- rank: the official methods -------------------------------------------------------------------------------------


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


# --- rank: the statistical methods ----------------------------------------------------------------------------------


def test_zscore_gives_the_mean_of_standardised_scores(write: Write):
    given = {"A": [50, 80], "B": [70, 90], "D": [60, 65]}
    report = ask("rank", write(scores(given)), "--method", "zscore", "--winners", "1")

    expected = standardised({(name, f"J{j}"): float(y) for name, ys in given.items() for j, y in enumerate(ys)})
    assert column(report, "score") == pytest.approx(expected)
    order = sorted(expected, key=expected.__getitem__, reverse=True)
    assert column(report, "rank") == {name: place for place, name in enumerate(order, start=1)}
    assert column(report, "funded") == {"B": True, "A": False, "D": False}
    assert set(column(report, "effect").values()) == {None}


def test_calibrated_gives_what_lme4_publishes():
    report = ask("rank", str(DATA / "penicillin.csv"), "--method", "calibrated", "--penalty", "none")

    variance = report["variance"]
    assert report["mu"] == pytest.approx(22.9722222222)
    assert variance == pytest.approx({"application": 0.71691, "juror": 3.73092, "residual": 0.30241}, rel=1e-3)
    assert report["loglik_reml"] == pytest.approx(-330.860588999604 / 2, abs=1e-6)
    for entry in report["applications"]:
        assert entry["score"] == pytest.approx(report["mu"] + entry["effect"])
    severities = {juror["juror"]: juror["severity"] for juror in report["jurors"]}
    assert sorted(severities, key=severities.__getitem__) == list("FBDECA")  # the most generous has the largest
    assert sum(entry["expected_rank"] for entry in report["applications"]) == pytest.approx(24 * 25 / 2)
    assert all(entry["p_winner"] is None and entry["zone"] is None for entry in report["applications"])


def test_calibrated_is_penalised_unless_told_otherwise():
    penalised = ask("rank", str(DATA / "penicillin.csv"), "--method", "calibrated")
    plain = ask("rank", str(DATA / "penicillin.csv"), "--method", "calibrated", "--penalty", "none")

    assert penalised["variance"]["juror"] > plain["variance"]["juror"]
    assert penalised["loglik_reml"] < plain["loglik_reml"]


def test_calibrated_ranks_by_expected_rank_and_chances_follow_the_line():
    report = ask("rank", str(DATA / "penicillin.csv"), "--method", "calibrated", "--winners", "5")
    entries = report["applications"]

    assert [e["expected_rank"] for e in entries] == pytest.approx(sorted(e["expected_rank"] for e in entries))
    by_rank: dict[int, set[float]] = {}
    for entry in entries:
        by_rank.setdefault(entry["rank"], set()).add(round(entry["expected_rank"], 9))
    assert all(len(values) == 1 for values in by_rank.values())
    assert sum(entry["p_winner"] for entry in entries) == pytest.approx(5)
    for entry in entries:
        chance = entry["p_winner"]
        assert entry["zone"] == ("safe_in" if chance >= 0.9 else "safe_out" if chance <= 0.1 else "contested")
        low, high = entry["rank_interval_90"]
        assert [type(low), type(high)] == [int, int]
        assert low <= entry["rank_interval_50"][0] <= entry["rank_interval_50"][1] <= high


def test_calibrated_repeats_itself_and_obeys_its_seed():
    words = ["rank", str(DATA / "penicillin.csv"), "--method", "calibrated", "--winners", "5"]

    assert ask(*words) == ask(*words)
    assert column(ask(*words), "p_winner") != column(ask(*words, "--seed", "2"), "p_winner")


def test_chances_do_not_know_the_marks_but_funding_does(start_app_file: str):
    words = ["rank", start_app_file, "--method", "calibrated", "--weights", WEIGHTS, "--stages", STAGES, "--winners", "8"]

    free, marked = ask(*words), ask(*words, "--pass", "total=70")

    assert column(free, "p_winner") == column(marked, "p_winner")
    assert sum(map(bool, column(free, "funded").values())) == 8
    assert sum(map(bool, column(marked, "funded").values())) == 5
    assert applications(marked)["SA26-012"]["rank"] == 6
    assert applications(marked)["SA26-012"]["passed"] is False


def test_statistical_methods_use_sheets_complete_in_all_stages(start_app_file: str):
    words = ["--weights", WEIGHTS, "--stages", STAGES]
    for method in ("zscore", "calibrated"):
        found = applications(ask("rank", start_app_file, "--method", method, *words))
        assert [found["SA26-002"][key] for key in ("reviews", "score", "rank")] == [0, None, None]
        assert found["SA26-003"]["stages"] is None


def test_statistical_methods_hold_marks_of_stages_against_the_stage_means(start_app_file: str):
    words = ["--weights", WEIGHTS, "--stages", STAGES, "--pass", "blind=55.55,total=60", "--winners", "8"]
    for method in ("zscore", "calibrated"):
        found = applications(ask("rank", start_app_file, "--method", method, *words))
        assert [found["SA26-009"][key] for key in ("rank", "passed", "funded")] == [4, True, True]
        assert [found["SA26-005"][key] for key in ("rank", "passed", "funded")] == [None, False, False]
        assert found["SA26-005"]["score"] == pytest.approx(75, abs=0.5)


def test_statistical_methods_break_ties_by_the_ladder(start_app_file: str):
    words = ["--weights", WEIGHTS, "--stages", STAGES, "--method", "calibrated"]

    free, broken = ask("rank", start_app_file, *words), ask("rank", start_app_file, *words, "--ties", "C1,C2")

    assert [applications(free)[name]["rank"] for name in ("SA26-009", "SA26-005")] == [4, 4]
    assert [applications(broken)[name]["rank"] for name in ("SA26-009", "SA26-005")] == [5, 4]
    assert {name: link for name, link in column(broken, "tie_decided_by").items() if link} == {
        "SA26-005": "C1",
        "SA26-009": "C1",
    }


def test_calibrated_prints_severities_below_the_ranking():
    result = run("rank", str(DATA / "penicillin.csv"), "--method", "calibrated", "--winners", "5")

    assert result.exit_code == 0
    assert re.search(r"^juror +reviews +severity +se$", result.stdout, re.MULTILINE)
    assert re.search(r"^ +1 +m .* safe_in$", result.stdout, re.MULTILINE)


def test_where_the_model_refuses_the_reason_is_told_and_values_are_null(write: Write):
    for method in ("calibrated", "snsf"):
        report = ask("rank", write(scores({"A": [1, 2, 3], "B": [4, 5, 6]})), "--method", method, "--winners", "1")
        assert "at least 8 applications" in report["refused"]
        assert [report[key] for key in ("mu", "variance", "loglik_reml")] == [None, None, None]
        for entry in report["applications"]:
            values = {key: value for key, value in entry.items() if key not in {"application", "reviews"}}
            assert set(values.values()) == {None}


def test_snsf_gives_the_vignette_and_no_severities(write: Write):
    chosen = [row for row in rows("er_mock_data.csv") if row["panel"] == "p1"]
    lines = [f"{row['proposal']},{row['assessor']},{row['grade']}" for row in chosen]
    report = ask("rank", write("\n".join(["application,juror,score", *lines])), "--method", "snsf", "--winners", "5")

    assert column(report, "expected_rank")["1"] == pytest.approx(2.44, abs=0.1)
    assert report["mu"] == pytest.approx(sum(float(row["grade"]) for row in chosen) / 75)
    assert [report["variance"], report["loglik_reml"]] == [None, None]
    assert all(juror["severity"] is None and juror["se"] is None for juror in report["jurors"])
    found = applications(report)
    assert found["2"]["rank"] == found["3"]["rank"] == found["4"]["rank"] == 2
    assert found["5"]["rank"] == 5
    assert found["1"]["score"] == pytest.approx(report["mu"] + found["1"]["effect"])


# --- rank: bad input ------------------------------------------------------------------------------------------------

GOOD = "application,juror,C1,C2\nA,1,5,5\nB,1,6,6\n"


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("", "row 1, column application"),
        ("application,score\nA,1\n", "row 1, column juror"),
        ("application,juror\nA,1\n", "row 1, column score"),
        ("application,juror,score,C1\nA,1,2,3\n", "row 1, column C1"),
        ("application,juror,C1,C1\nA,1,2,3\n", "row 1, column C1"),
        ("application,juror,\nA,1,2\n", "row 1, column 3"),
        ("application,juror,score\nA,1,1\nB,1,1\nA,1,2\n", "row 4, column juror"),
        ("application,juror,C1\nA,1,11\n", "row 2, column C1"),
        ("application,juror,C1\nA,1,-1\n", "row 2, column C1"),
        ("application,juror,score\nA,1,nan\n", "row 2, column score"),
        ("application,juror,score\nA,1,inf\n", "row 2, column score"),
        ("application,juror,score\nA,1,1e400\n", "row 2, column score"),
        ("application,juror,score\nA,1,1_0\n", "row 2, column score"),
        ("application,juror,score\nA,1,٣\n", "row 2, column score"),
        ('application,juror,score\nA,1,"1,5"\n', "row 2, column score"),
        ("application,juror,score\n,1,5\n", "row 2, column application"),
        ("application,juror,score\nA, ,5\n", "row 2, column juror"),
        ("application,juror,score\nA,1\n", "row 2, column score"),
        ("application,juror,score\nA,1,5,6\n", "row 2, column 4"),
        ('application,juror,score\nA,1,5\nB,"1,5\n', "row 3, column 1"),
        (b"application,juror,score\nA,1,5\n\xff,1,5\n", "row 3, column 1"),
        ("application;juror;score\nA;1;5\n", "row 1, column application"),
        ('[{"application": "A", "juror": "1", "score": NaN}]', "row 2, column score"),
        ('[{"application": "A", "juror": "1", "score": 1e999}]', "row 2, column score"),
        ('[{"application": "A", "juror": "1", "score": true}]', "row 2, column score"),
        ('[{"application": 7, "juror": "1", "score": 1}]', "row 2, column application"),
        ('[{"application": "\\ud800", "juror": "1", "score": 1}]', "row 2, column application"),
        ('[{"application": "A", "juror": "1", "score": 1, "score": 2}]', "row 2, column score"),
        ('[{"application": "A",\n "juror": }]', "row 2, column 11"),
        ('{"application": "A"}', "row 1, column 1"),
        ("[1]", "row 2, column 1"),
        ("[" * 100_000, "row 1, column 1"),
    ],
)
def test_a_bad_file_is_refused_in_one_line(write: Write, content: str | bytes, place: str):
    assert place in refused("rank", write(content))
    assert place in refused("agreement", write(content))


@pytest.mark.parametrize(
    ("options", "place"),
    [
        (["--weights", "C1=1,C9=1"], "column C9"),
        (["--weights", "C1=1"], "column C2"),
        (["--weights", "C1=1,C2=1,C1=1"], "column C1"),
        (["--weights", "C1=1,C2=x"], "column C2"),
        (["--weights", "C1=1,C2=-1"], "column C2"),
        (["--weights", "C1=0,C2=0"], "column C1"),
        (["--weights", "C1"], "column C1"),
        (["--scale", "10"], "column scale"),
        (["--scale", "10:0"], "column scale"),
        (["--scale", "6:10"], "row 2, column C1"),
        (["--stages", "blind=C1+C9"], "column C9"),
        (["--stages", "blind=C1,pitch=C1"], "column C1"),
        (["--stages", "total=C1"], "column total"),
        (["--stages", "blind=C1,blind=C2"], "column blind"),
        (["--pass", "blind=45"], "column blind"),
        (["--pass", "score=45"], "column score"),
        (["--pass", "total=much"], "column total"),
        (["--pass", "total=1,total=2"], "column total"),
        (["--ties", "C9"], "column C9"),
        (["--ties", "C1,C1"], "column C1"),
        (["--stages", "blind=C1", "--ties", "C2"], "column C2"),
        (["--method", "best"], "column --method"),
        (["--rule", "some"], "column --rule"),
        (["--penalty", "some"], "column --penalty"),
        (["--winners", "0"], "column --winners"),
        (["--winners", "x"], "column --winners"),
        (["--trim", "-1"], "column --trim"),
        (["--seed", "-1"], "column --seed"),
        (["--unknown"], "column --unknown"),
        (["--budget", "5"], "column amount"),
        (["--amounts", "x"], "column amount"),
        (["--winners", "1", "--budget", "5", "--amounts", "x"], "column budget"),
        (["--method", "snsf"], "row 1, column C1"),
        (["too", "many"], "column command"),
    ],
)
def test_a_bad_option_is_refused_in_one_line(write: Write, options: list[str], place: str):
    assert place in refused("rank", write(GOOD), *options)


@pytest.mark.parametrize("option", ["--weights", "--stages", "--ties"])
def test_criteria_are_refused_where_there_are_only_scores(write: Write, option: str):
    words = {"--weights": "score=1", "--stages": "blind=score", "--ties": "score"}

    assert "column score" in refused("rank", write(scores({"A": [1]})), option, words[option])


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("application,amount\nA,5\n", "row 3, column amount"),
        ("application,amount\nA,5\nB,\n", "row 3, column amount"),
        ("application,amount\nA,5\nB,-1\n", "row 3, column amount"),
        ("application,amount\nA,5\nB,five\n", "row 3, column amount"),
        ("application,amount\nA,5\nB,1\nC,1\n", "row 4, column application"),
        ("application,amount\nA,5\nA,1\n", "row 3, column application"),
        ("application,amount,why\nA,5,x\n", "row 1, column why"),
        ("application\nA\n", "row 1, column amount"),
    ],
)
def test_bad_amounts_are_refused_in_one_line(write: Write, content: str, place: str):
    line = refused("rank", write(GOOD), "--budget", "10", "--amounts", write(content, "amounts.csv"))
    assert place in line
    assert "amounts.csv" in line


def test_a_bad_budget_is_refused(write: Write):
    amounts = write("application,amount\nA,5\nB,5\n", "amounts.csv")

    assert "column budget" in refused("rank", write(GOOD), "--budget", "ten", "--amounts", amounts)


@pytest.mark.parametrize("grade", ["0.9", "6.1", "7"])
def test_snsf_refuses_what_is_no_grade(write: Write, grade: str):
    assert "row 3, column score" in refused("rank", write(f"application,juror,score\nA,1,6\nA,2,{grade}\n"), "--method", "snsf")


def test_a_file_that_is_not_there_is_refused():
    result = run("rank", "/nowhere/scores.csv")

    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1


def test_a_refusal_stays_one_line_whatever_the_input_holds(write: Write):
    content = json.dumps([{"application": "A", "juror": "1", "score": "two\nlines\u2028and\u0085more"}])

    assert "row 2, column score" in refused("rank", write(content))


# --- agreement ------------------------------------------------------------------------------------------------------


def test_agreement_gives_shrout_and_fleiss(write: Write):
    matrix = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    found = ask("agreement", write(scores({f"A{place}": row for place, row in enumerate(matrix)})))

    assert {name: round(one["value"], 2) for name, one in found["icc"].items()} == {
        "icc1": 0.17,
        "icc2": 0.29,
        "icc3": 0.71,
        "icc1k": 0.44,
        "icc2k": 0.62,
        "icc3k": 0.91,
    }
    assert all(one["low"] < one["value"] < one["high"] for one in found["icc"].values())
    assert list(found["krippendorff"]) == ["nominal", "ordinal", "interval", "ratio"]
    assert (0 < found["kendall_w"] < 1, found["reasons"]) == (True, {})


def test_agreement_needs_a_complete_matrix_for_icc_and_w(write: Write):
    found = ask("agreement", write("application,juror,score\nA,1,5\nA,2,6\nB,1,7\nB,2,\n"))

    assert (found["icc"], found["kendall_w"], set(found["reasons"])) == (None, None, {"icc", "kendall_w"})
    assert found["krippendorff"]["interval"] is not None


def test_agreement_of_scores_that_are_all_alike_is_null_with_reasons(write: Write):
    found = ask("agreement", write(scores({"A": [5, 5], "B": [5, 5]})))

    assert (found["icc"], found["kendall_w"]) == (None, None)
    assert set(found["krippendorff"].values()) == {None}
    assert set(found["reasons"]) == {"icc", "kendall_w", "krippendorff"}


def test_agreement_takes_weights_and_a_scale(write: Write):
    path = write("application,juror,C1,C2\nA,1,1,5\nA,2,2,4\nB,1,5,1\nB,2,5,2\n")

    heavy = ask("agreement", path, "--scale", "1:5", "--weights", "C1=1,C2=0")
    plain = ask("agreement", write(scores({"A": [1, 2], "B": [5, 5]}), "plain.csv"))

    assert heavy["icc"]["icc3"]["value"] == pytest.approx(plain["icc"]["icc3"]["value"])
    assert "column C9" in refused("agreement", path, "--weights", "C9=1")


def test_agreement_prints_a_table_and_warns_on_stderr(write: Write):
    result = run("agreement", write("application,juror,score\nA,1,5\nA,2,6\nB,1,7\n"))

    assert result.exit_code == 0
    assert "alpha interval" in result.stdout
    assert result.stderr.startswith("warning: icc: ")


# --- assign ---------------------------------------------------------------------------------------------------------

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


# --- draw -----------------------------------------------------------------------------------------------------------


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


# --- the group ------------------------------------------------------------------------------------------------------


def test_an_unknown_tool_is_refused():
    assert "column command" in refused("toss")


def test_tools_start_without_the_site_and_without_anything_heavy():
    heavy = ["flask", "sqlalchemy", "numpy", "scipy", "wtforms"]
    program = f"import sys, scoring.cli; print([name for name in {heavy} if name in sys.modules])"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"


def test_tools_are_commands_of_baiqau(write: Write):
    baiqau = Path(sys.executable).with_name("baiqau")

    done = subprocess.run([baiqau, "scoring", "rank", write(GOOD), "--unknown"], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
