"""`baiqau scoring rank`: what is wrong is refused in one line that says where."""

import json

import pytest

from tests.scoring.cli.asking import GOOD, Write, refused, run, scores


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
