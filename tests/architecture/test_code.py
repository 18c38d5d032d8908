"""The house rules that a reader of the code relies on, held by reading the code."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TypeGuard

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = [
    name
    for name in ("app", "competitions", "seminars", "support", "scoring", "awards", "grants", "reports")
    if (ROOT / name / "__init__.py").exists()
]
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))


@cache
def trees() -> tuple[tuple[Path, ast.Module], ...]:
    return tuple((path.relative_to(ROOT), ast.parse(path.read_text())) for path in SOURCES)


def state_writes(tree: ast.AST) -> list[int]:
    """Lines that assign an attribute `state`, by `=` in any form or by setattr, or a column `state` by an UPDATE."""
    found = []
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            for leaf in ast.walk(target) if target is not None else ():
                if isinstance(leaf, ast.Attribute) and leaf.attr == "state" and not isinstance(leaf.ctx, ast.Load):
                    found.append(leaf.lineno)  # noqa: PERF401 - three loops deep
        if sets_by_name(node):
            found.append(node.lineno)
        if isinstance(node, ast.FunctionDef | ast.Module):
            found += state_updates(node)
    return sorted(set(found))


def state_updates(scope: ast.FunctionDef | ast.Module) -> list[int]:
    """`.values(state=...)`, and any mapping with the key "state" that is made where rows are updated."""
    calls = [one for one in of_scope(scope) if isinstance(one, ast.Call)]
    writers = [one for one in calls if is_values(one)]
    named = [pair.value.lineno for one in writers for pair in one.keywords if pair.arg == "state"]
    if not writers and not any(ast.unparse(one.func) in {"update", "sa.update"} for one in calls):
        return named
    mappings = [one for one in of_scope(scope) if isinstance(one, ast.Dict)]
    keys = [key.lineno for one in mappings for key in one.keys if isinstance(key, ast.Constant) and key.value == "state"]
    slots = [one for one in of_scope(scope) if isinstance(one, ast.Subscript) and isinstance(one.ctx, ast.Store)]
    return named + keys + [one.lineno for one in slots if ast.unparse(one.slice) == "'state'"]


def is_values(call: ast.Call) -> bool:
    """Not the `values()` of a dictionary, which takes nothing."""
    return isinstance(call.func, ast.Attribute) and call.func.attr == "values" and bool(call.args or call.keywords)


def of_scope(scope: ast.AST) -> Iterator[ast.AST]:
    """What stands in a function or module itself, not in the functions inside it."""
    for child in ast.iter_child_nodes(scope):
        yield child
        if not isinstance(child, ast.FunctionDef):
            yield from of_scope(child)


def sets_by_name(node: ast.AST) -> TypeGuard[ast.Call]:
    if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "setattr" and len(node.args) > 1):
        return False
    return isinstance(node.args[1], ast.Constant) and node.args[1].value == "state"


# Whose state no person moves: written by compare-and-set, told by no audit (docs/decisions/0006).
BOOKKEEPING = {
    "app/core/jobs.py": "how far the worker is with a row",
    "app/messages/services.py": "what the mail server said of a letter",
}


def test_only_move_writes_a_state():
    writers = {str(path): lines for path, tree in trees() if (lines := state_writes(tree))}

    assert writers.keys() == {"app/core/transitions.py"} | BOOKKEEPING.keys()


def test_state_writes_are_found_in_every_form():
    code = "a.state = 1\nb, c.state = 1, 2\nd.state: int = 3\nsetattr(e, 'state', 4)\nf.state += 1\nprint(g.state)"

    assert state_writes(ast.parse(code)) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("x = update(A).values(state=1)", [1]),
        ("def f():\n    execute(update(A).values({'state': 1}))", [2]),
        ("def f():\n    new = {'state': 1}\n    execute(update(A).values(new))", [2]),
        ("def f():\n    new = {}\n    new['state'] = 1\n    execute(update(A).values(**new))", [3]),
        ("def f():\n    execute(update(A), [{'id': 1, 'state': 2}])", [2]),
        ("def f():\n    return [{'state': 1} for one in rows.values()]", []),
        ("def f():\n    def g():\n        return {'state': 1}\n    execute(update(A).values(seen=1))", []),
    ],
)
def test_state_writes_are_found_in_updates(code, lines):
    assert state_writes(ast.parse(code)) == lines


def test_every_arrow_leads_where_some_service_moves():
    """A full run of the tests takes each of them (`tests/conftest.py`)."""
    called = [node for _path, tree in trees() for node in ast.walk(tree) if isinstance(node, ast.Call)]
    reached = {ast.unparse(one.args[1]) for one in called if ast.unparse(one.func) == "move"}
    ends = {ast.unparse(leaf) for _path, tree in trees() for leaf in targets_of_arrows(tree)}

    assert len(ends) > 20
    assert ends - reached == set()


def targets_of_arrows(tree: ast.AST) -> Iterator[ast.expr]:
    """The second ends in the tables of `Machine(noun, initial, [(source, target, verb), ...])`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Machine":
            table = node.args[2]
            assert isinstance(table, ast.List)
            yield from (arrow.elts[1] for arrow in table.elts if isinstance(arrow, ast.Tuple))


def test_clock_is_read_in_one_place():
    readers = [
        str(path)
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"now", "utcnow", "today"}
        and ast.unparse(node.func.value) in {"datetime", "date", "datetime.datetime", "datetime.date"}
    ]

    assert readers == ["app/core/clock.py"]


def test_modules_and_functions_stay_small():
    too_long = [f"{path}: {count} lines" for path in SOURCES if (count := len(path.read_text().splitlines())) > 400]
    for path, tree in trees():
        too_long += [
            f"{path}:{node.name}: {size} lines"
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef) and (size := (node.end_lineno or 0) - node.lineno + 1) > 40
        ]

    assert too_long == []


def answers_a_route(node: ast.AST) -> TypeGuard[ast.FunctionDef]:
    found = [ast.unparse(one.func) for one in getattr(node, "decorator_list", ()) if isinstance(one, ast.Call)]
    return isinstance(node, ast.FunctionDef) and any(one.endswith((".get", ".post", ".route")) for one in found)


def handlers() -> Iterator[tuple[str, list[ast.stmt]]]:
    """The body of every function that answers a route, without its docstring."""
    for path, tree in trees():
        for node in ast.walk(tree):
            if answers_a_route(node):
                yield f"{path}:{node.name}", node.body[1:] if ast.get_docstring(node) else node.body


def test_handlers_are_thin():
    """Fifteen statements, however they are broken into lines, and no more than fit a glance."""
    fat = []
    for name, body in handlers():
        statements = sum(isinstance(leaf, ast.stmt) for one in body for leaf in ast.walk(one))
        lines = (body[-1].end_lineno or 0) - body[0].lineno + 1
        if statements > 15 or lines > 20:
            fat.append(f"{name}: {statements} statements, {lines} lines")

    assert len(list(handlers())) > 100
    assert fat == []


def test_pages_stay_small():
    pages = sorted((ROOT / "templates").rglob("*.html"))

    assert len(pages) > 100
    assert [str(one) for one in pages if len(one.read_text().splitlines()) > 150] == []


def test_every_module_says_what_belongs_in_it():
    silent = [str(path) for path, tree in trees() if not ast.get_docstring(tree)]

    assert silent == []


@pytest.mark.parametrize("word", ["utils", "helpers", "common", "misc", "manager", "base2"])
def test_no_module_is_a_junk_drawer(word):
    assert [str(path.relative_to(ROOT)) for path in SOURCES if word in path.stem] == []


def names_given(tree: ast.Module) -> set[str]:
    """What a module of tests makes for itself: neither tests nor what pytest, a fixture or a listener is told of."""
    functions = [one for one in tree.body if isinstance(one, ast.FunctionDef | ast.ClassDef) and not one.decorator_list]
    assigned = [one for one in tree.body if isinstance(one, ast.Assign | ast.AnnAssign)]
    targets = [leaf for one in assigned for leaf in ast.walk(one) if isinstance(leaf, ast.Name)]
    stored = [leaf.id for leaf in targets if isinstance(leaf.ctx, ast.Store)]
    named = {one.name for one in functions} | set(stored)
    return {name for name in named if not name.startswith(("test_", "Test", "pytest"))}


def names_taken(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """What a module of tests takes from others: imported by name, or asked of a module by whatever name it goes."""
    modules = {}
    for one in (one for one in ast.walk(tree) if isinstance(one, ast.ImportFrom) and one.module):
        for name in one.names:
            modules[name.asname or name.name] = name.name
            yield str(one.module).rsplit(".", maxsplit=1)[-1], name.name
    for leaf in ast.walk(tree):
        if isinstance(leaf, ast.Attribute) and isinstance(leaf.value, ast.Name):
            yield modules.get(leaf.value.id, ""), leaf.attr


def test_nothing_that_tests_make_is_left_unused():
    modules = {path: ast.parse(path.read_text()) for path in TESTS}
    taken = {pair for tree in modules.values() for pair in names_taken(tree)}
    unused = []
    for path, tree in modules.items():
        names = [one for one in ast.walk(tree) if isinstance(one, ast.Name)]
        read = {one.id for one in names if isinstance(one.ctx, ast.Load)}
        unused += [f"{path.name}: {name}" for name in names_given(tree) - read if (path.stem, name) not in taken]

    assert sorted(unused) == []


def test_views_have_no_queries_and_no_commits():
    forbidden = {"commit", "execute", "scalars", "scalar", "flush", "add", "delete"}
    found = [
        f"{path}:{node.lineno}"
        for path, tree in trees()
        if "views" in path.parts
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in forbidden and ast.unparse(node.value) == "db.session"
    ]

    assert found == []


def test_queries_make_no_sentences_and_no_addresses():
    wordy = [
        f"{path}: {name.name}"
        for path, tree in trees()
        if "queries" in path.with_suffix("").parts
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in {"flask", "flask_babel"}
        for name in node.names
        if name.name in {"gettext", "lazy_gettext", "ngettext", "url_for"}
    ]

    assert wordy == []


def enums() -> Iterator[type[StrEnum]]:
    """Every closed set that people may read: in states, rules and refusals, and what stands in the way in policies.

    Permissions and purposes of links are for programs.
    """
    seen = set()
    for package in PACKAGES:
        for info in pkgutil.walk_packages([str(ROOT / package)], prefix=f"{package}."):
            parts = set(info.name.split("."))
            if not ({"states", "rules", "refusals", "policy"} & parts):
                continue
            module = importlib.import_module(info.name)
            for value in vars(module).values():
                is_enum = isinstance(value, type) and issubclass(value, StrEnum) and value is not StrEnum
                if is_enum and value not in seen and not value.__name__.endswith(("Purpose", "Permission")):
                    seen.add(value)
                    yield value


def is_given(kind: type[StrEnum], name: str) -> bool:
    """Whether code names it besides its label; obstacles are named alike, each is of its own package."""
    package = kind.__module__.rsplit(".", maxsplit=1)[0].replace(".", "/") if kind.__name__ == "Obstacle" else ""
    sources = [path for path in SOURCES if path.is_relative_to(ROOT / package) and "labels" not in str(path.relative_to(ROOT))]
    return any(f"{kind.__name__}.{name}" in path.read_text() for path in sources)


def test_every_enum_value_and_refusal_has_a_label(app):
    labels = app.extensions["baiqau"].labels
    missing = [f"{kind.__name__}.{value.name}" for kind in enums() for value in kind if (kind, value.value) not in labels]

    assert missing == []
    assert sum(kind.__name__ == "Obstacle" for kind in enums()) >= 3


def test_every_refusal_is_given_somewhere():
    closed = [kind for kind in enums() if kind.__name__.endswith(("Refusal", "Obstacle"))]
    never = [f"{kind.__name__}.{one.name}" for kind in closed for one in kind if not is_given(kind, one.name)]

    assert len(closed) > 12
    assert never == []


def test_every_column_has_a_privacy_class(app):
    from app.core.db import db  # noqa: PLC0415 - the application has imported all models by now

    bare = [f"{t.name}.{c.name}" for t in db.metadata.tables.values() for c in t.columns if "privacy" not in c.info]

    assert bare == []
    assert len(db.metadata.tables) > 30


# Who reads JSON that this installation wrote itself, ships, or was handed as a file; what browsers send has one reader.
OWN_JSON = {
    "app/core/audit.py", "app/core/cleaning/isolation.py", "app/core/texts.py", "app/demo.py", "competitions/notices/check.py",
    "competitions/queries/application.py", "competitions/queries/check.py", "competitions/queries/declarations.py",
    "competitions/queries/search.py", "competitions/queries/starters.py", "scoring/plain_input.py", "seminars/demo.py",
}  # fmt: skip


def test_json_of_browsers_is_read_in_one_way() -> None:
    """By `texts.read_json`, which refuses what is nested without end; `get_json` and `request.json` are read nowhere."""
    loads, asked = set(), set()
    for path, tree in trees():
        for node in (one for one in ast.walk(tree) if isinstance(one, ast.Attribute)):
            said = ast.unparse(node)
            if said in {"json.loads", "json.load"}:
                loads.add(str(path))
            if node.attr == "get_json" or said == "request.json":
                asked.add(str(path))

    assert (loads, asked) == (OWN_JSON, set())


def test_no_whole_address_is_built_from_the_request() -> None:
    """Werkzeug builds it from the Host header; `link_to` builds it from the settings."""
    pages = [path for path in (ROOT / "templates").rglob("*") if path.is_file()]
    assert pages

    assert [str(path.relative_to(ROOT)) for path in [*SOURCES, *pages] if "_external" in path.read_text()] == []


def test_tables_leave_the_site_by_one_door() -> None:
    """`app.core.sheets` takes no text for a formula and marks the answer as a download; reading is another matter."""
    writers = {str(path) for path, tree in trees() if writes_tables(tree)}

    assert writers == {"app/core/sheets.py"}


def writes_tables(tree: ast.AST) -> bool:
    """Whether a module of Python writes CSV or XLSX by itself."""
    names = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    found = {f"{node.module}.{one.name}" for node in imports for one in node.names}
    wanted = {"csv.writer", "csv.DictWriter", "xlsxwriter.Workbook"}
    return bool(wanted & (names | found))
