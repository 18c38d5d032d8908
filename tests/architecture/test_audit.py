"""Every act is recorded: by the table of `tests/audited.py`, which every test holds against what verbs do."""

import ast
import inspect

import pytest

from app.access.actor import COMMAND
from app.core import audit
from app.core.db import db, use_case
from tests import factories
from tests.architecture.test_code import trees
from tests.audited import ACTS, LOOKS, SILENT, name_of, use_cases, watched


def recorded():
    """The functions that record an act by its name, and the act's verb, read from the code."""
    for path, tree in trees():
        module = ".".join(path.with_suffix("").parts).removeprefix("app.").replace(".services", "")
        for function in (one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)):
            for call in (one for one in ast.walk(function) if isinstance(one, ast.Call)):
                if ast.unparse(call.func) == "audit.record" and isinstance(call.args[0], ast.Constant):
                    yield f"{module}.{function.name}", call.args[0].value


def test_every_act_that_the_code_records_stands_in_the_table_and_none_is_gone():
    table = {(function, act.split(".")[1]) for function, act in (ACTS | LOOKS).items()}

    assert sorted(recorded()) == sorted(table)


def test_every_verb_of_the_services_is_watched(app):
    verbs = {name_of(one) for one in use_cases()}
    bare = [name_of(one) for one in use_cases() if not hasattr(inspect.getclosurevars(one).nonlocals["verb"], "__watched__")]

    assert len(verbs) > 80
    assert bare == []
    assert set(SILENT) <= verbs
    assert {name for name in ACTS | LOOKS if "._" not in name} <= verbs


def test_every_act_of_the_table_has_a_phrase(app):
    phrased = app.extensions["baiqau"].acts

    assert [act for act in (ACTS | LOOKS).values() if act not in phrased] == []


def test_a_verb_that_writes_and_records_nothing_is_named(database):
    @use_case
    @watched
    def found_silently():
        return factories.programme()

    with pytest.raises(AssertionError, match=r"found_silently wrote .*programmes_programmes.* left no entry"):
        found_silently()


def test_a_verb_that_writes_and_records_is_let_through(database):
    @use_case
    @watched
    def found_aloud(*, by):
        made = factories.programme()
        audit.record("found", made, by=by)
        return made

    assert db.session.get(type(found := found_aloud(by=COMMAND)), found.id) is found
