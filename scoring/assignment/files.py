"""An instance of an assignment from its JSON file, checked key by key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from scoring.assignment.instance import Application, Floor, Instance, Juror
from scoring.plain_input import FIRST_ROW, BadInputError, identifier, number, parse_json, quoted, read_text

_KEYS = frozenset(
    {"jurors", "applications", "reviews_per_application", "affinity", "conflicts", "fixed", "floor", "connect", "seed"}
)
_LARGEST = 10**18
_JUROR_KEYS = frozenset({"id", "languages", "min", "max"})
_APPLICATION_KEYS = frozenset({"id", "language"})


def read_instance(path: str) -> Instance:
    """Read an instance, or say which row of which list and which column is wrong."""
    content = parse_json(path, read_text(path))
    if not isinstance(content, dict):
        raise BadInputError(path, "an object is needed", row=1, column="1")
    reader = _Reader(path, content)
    reader.only_known(1, content, _KEYS)
    jurors = tuple(reader.juror(row, entry) for row, entry in reader.entries("jurors", _JUROR_KEYS))
    applications = tuple(reader.application(row, entry) for row, entry in reader.entries("applications", _APPLICATION_KEYS))
    reader.only_once("jurors", [juror.id for juror in jurors])
    reader.only_once("applications", [application.id for application in applications])
    names = ({juror.id for juror in jurors}, {application.id for application in applications})
    reviews = reader.whole(1, content, "reviews_per_application", least=1)
    if reviews is None:
        raise BadInputError(path, "how many are needed", row=1, column="reviews_per_application")
    seed = reader.whole(1, content, "seed")
    return Instance(
        jurors=jurors,
        applications=applications,
        reviews_per_application=reviews,
        affinity=reader.affinity(*names),
        conflicts=reader.pairs("conflicts", *names),
        fixed=reader.pairs("fixed", *names),
        floor=reader.floor(),
        connect=reader.connect(),
        seed=1 if seed is None else seed,
    )


class _Reader:
    """The checks that the parts of an instance share."""

    def __init__(self, path: str, content: Mapping[str, Any]) -> None:
        self.path = path
        self.content = content

    def refuse(self, problem: str, row: int, column: str, part: str = "") -> NoReturn:
        raise BadInputError(f"{self.path}: {part}" if part else self.path, problem, row=row, column=column)

    def only_known(self, row: int, entry: Mapping[str, Any], keys: frozenset[str], part: str = "") -> None:
        for key in entry:
            if key not in keys:
                self.refuse("unknown column", row, key, part)

    def entries(self, part: str, keys: frozenset[str]) -> list[tuple[int, Mapping[str, Any]]]:
        """Return the objects of a list that must be there, by row."""
        entries = self._list(part, is_needed=True)
        for row, entry in enumerate(entries, start=FIRST_ROW):
            if not isinstance(entry, dict):
                self.refuse("an object is needed", row, "id", part)
            self.only_known(row, entry, keys, part)
        return list(enumerate(entries, start=FIRST_ROW))

    def _list(self, part: str, *, is_needed: bool = False) -> list[Any]:
        found = self.content.get(part)
        if found is None and not is_needed:
            return []
        if not isinstance(found, list):
            self.refuse("a list is needed", 1, part)
        return found

    def only_once(self, part: str, names: list[str]) -> None:
        for row, name in enumerate(names, start=FIRST_ROW):
            if name in names[: row - FIRST_ROW]:
                self.refuse(f"{quoted(name)} is there twice", row, "id", part)

    def name(self, row: int, entry: Mapping[str, Any], part: str) -> str:
        found = identifier(entry.get("id"))
        if found is None:
            self.refuse("an id is needed, as text", row, "id", part)
        return found

    def juror(self, row: int, entry: Mapping[str, Any]) -> Juror:
        languages = entry.get("languages")
        if languages is not None and not (isinstance(languages, list) and all(identifier(language) for language in languages)):
            self.refuse("a list of languages is needed", row, "languages", "jurors")
        low = self.whole(row, entry, "min", part="jurors") or 0
        high = self.whole(row, entry, "max", part="jurors")
        if high is not None and low > high:
            self.refuse("the minimum is above the maximum", row, "min", "jurors")
        known = None if languages is None else frozenset(languages)
        return Juror(self.name(row, entry, "jurors"), known, low, high)

    def application(self, row: int, entry: Mapping[str, Any]) -> Application:
        language = entry.get("language")
        if language is not None and identifier(language) is None:
            self.refuse("a language is text", row, "language", "applications")
        return Application(self.name(row, entry, "applications"), language)

    def whole(self, row: int, entry: Mapping[str, Any], key: str, *, least: int = 0, part: str = "") -> int | None:
        value = entry.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= _LARGEST:
            self.refuse(f"a whole number of {least} or more is needed", row, key, part)
        return value

    def affinity(self, jurors: set[str], applications: set[str]) -> dict[tuple[str, str], float]:
        table = self.content.get("affinity")
        if table is None:
            return {}
        if not isinstance(table, dict):
            self.refuse("an object of objects is needed", 1, "affinity")
        found: dict[tuple[str, str], float] = {}
        for row, (juror, values) in enumerate(table.items(), start=FIRST_ROW):
            if juror not in jurors:
                self.refuse(f"there is no juror {quoted(juror)}", row, juror, "affinity")
            if not isinstance(values, dict):
                self.refuse("an object is needed", row, juror, "affinity")
            for application, value in values.items():
                exact = None if isinstance(value, str) else number(value)
                if application not in applications:
                    self.refuse(f"there is no application {quoted(application)}", row, application, "affinity")
                if exact is None:
                    self.refuse(f"{quoted(value)} is not a number", row, application, "affinity")
                found[juror, application] = float(exact)
        return found

    def pairs(self, part: str, jurors: set[str], applications: set[str]) -> frozenset[tuple[str, str]]:
        found: set[tuple[str, str]] = set()
        for row, pair in enumerate(self._list(part), start=FIRST_ROW):
            if not isinstance(pair, list) or [type(name) for name in pair] != [str, str]:
                self.refuse("a pair of a juror and an application is needed", row, "juror", part)
            juror, application = pair
            if juror not in jurors:
                self.refuse(f"there is no juror {quoted(juror)}", row, "juror", part)
            if application not in applications:
                self.refuse(f"there is no application {quoted(application)}", row, "application", part)
            if (juror, application) in found:
                self.refuse("the same pair twice", row, "juror", part)
            found.add((juror, application))
        return frozenset(found)

    def floor(self) -> float | Floor | None:
        value = self.content.get("floor")
        if value is None:
            return None
        if value == Floor.MAX:
            return Floor.MAX
        exact = None if isinstance(value, str) else number(value)
        if exact is None:
            self.refuse(f'{quoted(value)} is neither a number nor "max"', 1, "floor")
        return float(exact)

    def connect(self) -> bool:
        value = self.content.get("connect")
        if value is not None and not isinstance(value, bool):
            self.refuse("true or false is needed", 1, "connect")
        return bool(value)
