"""`baiqau scoring agreement`: how far jurors agree."""

import pytest

from tests.scoring.cli.asking import Write, ask, refused, run, scores


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


def test_agreement_says_which_sheets_it_left_out(write: Write):
    path = write("application,juror,C1,C2\nA,1,5,4\nA,2,6,\nB,1,7,3\nB,2,2,2\n")
    left_out = "Incomplete sheets are left out: row 3."

    assert ask("agreement", path)["warnings"] == [left_out]
    assert f"warning: {left_out}" in run("agreement", path).stderr.splitlines()


def test_agreement_of_whole_sheets_warns_of_nothing(write: Write):
    assert ask("agreement", write(scores({"A": [1, 2], "B": [5, 5]})))["warnings"] == []
