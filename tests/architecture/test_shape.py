"""The closed lists of setup.cfg name every package and nothing that is gone; import-linter holds the files against them."""

import configparser
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from re import findall

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("app", "awards", "competitions", "reports", "scoring", "seminars")


def closed_lists() -> Iterator[tuple[set[str], set[str]]]:
    """Packages whose files are a closed list, and the files they may have."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg")
    for name in parser.sections():
        if name.startswith("importlinter:contract:") and parser[name].getboolean("exhaustive", fallback=False):
            yield set(parser[name]["containers"].split()), set(findall(r"\w+", parser[name]["layers"]))


def files_of() -> dict[str, set[str]]:
    """The modules and packages of every package, by its dotted name."""
    found = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    parts = {one.relative_to(ROOT).with_suffix("").parts for one in found}
    names = sorted({one[:-1] if one[-1] == "__init__" else one for one in parts})
    inner = sorted((".".join(one[:-1]), one[-1]) for one in names if len(one) > 1)
    return {package: {name for _, name in files} for package, files in groupby(inner, key=lambda one: one[0])}


def test_files_of_every_package_are_a_closed_list():
    listed = [package for packages, _files in closed_lists() for package in packages]

    assert sorted(listed) == sorted(files_of())


def test_closed_lists_name_nothing_that_is_gone():
    files = files_of()
    gone = [sorted(named - set().union(*(files[one] for one in packages))) for packages, named in closed_lists()]

    assert [one for one in gone if one] == []
