"""What setup.cfg asks for is what the code imports: nothing is carried along unused, nothing comes by chance."""

import ast
import re
import sys
from collections.abc import Iterator
from configparser import ConfigParser
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.architecture.test_code import PACKAGES, ROOT

# What runs although nothing imports it.
NEEDED = {
    "tzdata": "the zones of zoneinfo, where the system has none",
    "psycopg": "SQLAlchemy's driver, named in the address of the database",
    "redis": "the client of Flask-Limiter's counters, named in their address",
    "setuptools": "installs the checkout",
    "uv": "installs the rest",
}
FOLDERS = [ROOT / name for name in (*PACKAGES, "migrations")]
OURS = {*PACKAGES, "migrations", "tests"}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(*, for_tests: bool) -> set[str]:
    """The distributions of setup.cfg, those of the extras `dev` only for tests."""
    parser = ConfigParser()
    parser.read(ROOT / "setup.cfg")
    texts = [parser["options"]["install_requires"]]
    texts += [text for extra, text in parser["options.extras_require"].items() if for_tests or extra != "dev"]
    return {normal(found) for text in texts for found in re.findall(r"^([\w.-]+)", text, re.MULTILINE)}


def imported(folders: list[Path]) -> Iterator[str]:
    """The top names of what is imported there, of others."""
    for path in (path for folder in folders for path in folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            yield from {name.partition(".")[0] for name in names} - OURS - set(sys.stdlib_module_names)


def distributions(folders: list[Path]) -> dict[str, set[str]]:
    """Which distributions may bring each imported name."""
    known = packages_distributions()
    return {name: {normal(one) for one in known.get(name, ())} for name in imported(folders)}


def test_every_dependency_of_the_product_is_imported_by_it():
    used = set[str]().union(*distributions(FOLDERS).values())

    assert declared(for_tests=False) - used - set(NEEDED) == set()
    assert {name for name in NEEDED if name in used} == set()


def test_everything_the_product_imports_is_declared():
    found = distributions(FOLDERS)

    assert {name for name, brought in found.items() if not brought & declared(for_tests=False)} == set()


def test_everything_the_tests_import_is_declared():
    found = distributions([ROOT / "tests", ROOT / "benchmarks"])

    assert {name for name, brought in found.items() if not brought & declared(for_tests=True)} == set()
