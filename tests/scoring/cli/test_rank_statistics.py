"""`baiqau scoring rank`: the statistical methods."""

import re

import pytest

from scoring.ranking.zscore import standardised
from tests.scoring.cli.asking import STAGES, WEIGHTS, Write, applications, ask, column, run, scores
from tests.scoring.samples import DATA, rows


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
