"""A database in which every list is long: of each parent's children one is copied many times, rows under it and all.

For measuring only: the copies are made behind the back of triggers and CHECKs, so states and sums need not fit together.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import Connection, Enum, Table, UniqueConstraint, insert, select, text

from app.core.db import db

Row = dict[str, Any]
FAMILY, OWNERS = 3, 2
# Of these every parent has copies: people stand before the pages of any of them.
WIDE = frozenset({"seminars_registrations"})
# Of these one in each state is copied: some pages list one state only.
BY_STATE = frozenset({"competitions_competitions"})
PEOPLE = frozenset({"person_id", "applicant_id", "user_id"})
# The code knows every kind there is: a copy is of the same.
KIND = "kind"
# Copied without what hangs on them when something else needs another one of them.
HOMES = frozenset(
    {
        "people_persons", "people_users", "programmes_organisations", "programmes_programmes", "competitions_competitions",
        "scoring_rounds", "scoring_jurors",
    }
)  # fmt: skip
ROOTS = frozenset({"programmes_organisations", "programmes_programmes"})
# Nothing without what hangs on them.
WHOLES = frozenset({"seminars_events", "competitions_applications"})
# What the rules of a competition fix: its copies come with their owner only.
FIXED = frozenset({"competitions_calendar_dates", "competitions_questions", "scoring_stages", "scoring_criteria"})
MACHINERY = ("core_jobs", "core_windows", "core_audit_anchors", "alembic_version")


class Multiplied:
    """The rows that are there, and the copies waiting to be stored."""

    def __init__(self, connection: Connection, *, wholes: frozenset[str] = WHOLES) -> None:
        self.wholes = wholes
        self.tables = [table for table in db.metadata.sorted_tables if table.name not in MACHINERY]
        self.there = {table: [dict(row) for row in connection.execute(select(table)).mappings()] for table in self.tables}
        self.fresh: dict[Table, list[Row]] = defaultdict(list)
        self.copies: dict[tuple[Table, str], list[Row]] = defaultdict(list)
        self.told: set[tuple[object, ...]] = set()
        self.numbers = count(1_000_000)

    def multiply(self, times: int, *, names: Collection[str] = ()) -> None:
        """Copy one child of every parent, by each way of belonging; a table that belongs to nothing has one parent.

        With `names`, of these tables only.
        """
        for table in (one for one in self.tables if one.name not in FIXED and (not names or one.name in names)):
            for owner, row in self._representatives(table):
                for _time in range(times):
                    self._copy(table, row, keep=owner, depth=0 if table.name in ROOTS else 1)

    def _representatives(self, table: Table) -> Iterator[tuple[str | None, Row]]:
        owners: list[str | None] = [*parents(table)] or [None]
        for owner in owners:
            seen: dict[Any, Row] = {}
            for row in self.there[table]:
                state = row["state"] if table.name in BY_STATE else None
                seen.setdefault((row[owner] if owner else None, state), row)
            known = [row for (value, _state), row in seen.items() if value is not None or owner is None]
            yield from ((owner, row) for row in (known if table.name in WIDE | BY_STATE else known[:OWNERS]))

    def _copy(self, table: Table, row: Row, *, keep: str | None, depth: int, **changed: Any) -> Row | None:
        """One more such row, told apart where the database wants it; None if only closed sets tell rows apart."""
        made = row | changed
        if "id" in table.c:
            made["id"] = next(self.numbers)
        for names in unique_sets(table):
            if all(made[name] == row[name] for name in names) and not self._tell_apart(table, made, names, keep):
                return None
        told = {(table, *names, *(str(made[name]) for name in names)) for names in unique_sets(table)}
        if told & self.told:
            return None
        self.told |= told
        self.fresh[table].append(made)
        if depth or table.name in self.wholes:
            self._copy_children(table, row, made, max(depth - 1, 0))
        return made

    def _tell_apart(self, table: Table, made: Row, names: list[str], keep: str | None) -> bool:
        if None in (made[name] for name in names):
            return True
        belongs = parents(table)
        for name in sorted(
            (one for one in names if one != keep), key=lambda one: (one in belongs, one == KIND, one not in PEOPLE)
        ):
            if name in belongs:
                return self._belong_elsewhere(table, made, names, name)
            if not isinstance(table.c[name].type, Enum) and not isinstance(made[name], (bool, dict, list)):
                made[name] = varied(made[name], next(self.numbers))
                return True
        return False

    def _belong_elsewhere(self, table: Table, made: Row, names: list[str], name: str) -> bool:
        """Give the row to a copy of its owner that has no such row yet."""
        parent, key = parents(table)[name]
        owner = next(row for row in self.there[parent] if row[key[name]] == made[name])
        copies = self.copies[parent, str(made[name])]
        for one in copies:
            moved = {own: one[its] for own, its in key.items()}
            if (table, *names, *(str((made | moved)[each]) for each in names)) not in self.told:
                made |= moved
                return True
        other = self._copy(parent, owner, keep=None, depth=0 if parent.name in HOMES else 1)
        if other is None:
            return False
        copies.append(other)
        made |= {own: other[its] for own, its in key.items()}
        return True

    def _copy_children(self, table: Table, row: Row, made: Row, depth: int) -> None:
        for child in self.tables:
            for name, (parent, key) in parents(child).items():
                if parent is table and child is not table:
                    for one in [one for one in self.there[child] if one[name] == row[key[name]]][:FAMILY]:
                        self._copy(child, one, keep=name, depth=depth, **{own: made[its] for own, its in key.items()})

    def store(self, connection: Connection) -> None:
        """Write the copies; nobody checks them."""
        connection.execute(text("PRAGMA ignore_check_constraints = ON"))
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        triggers = connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all()
        for name in triggers:
            connection.execute(text(f"DROP TRIGGER {name}"))
        for table in self.tables:
            if self.fresh[table]:
                connection.execute(insert(table), self.fresh[table])


def parents(table: Table) -> dict[str, tuple[Table, dict[str, str]]]:
    """The columns by which a row belongs to a row of another table, with all that its key carries along."""
    keys = [one.elements for one in table.foreign_key_constraints]
    carried = {element.parent.name for elements in keys for element in elements[1:]}
    told = {key[0].parent.name: (key[0].column.table, {one.parent.name: one.column.name for one in key}) for key in keys}
    return {name: found for name, found in told.items() if name not in carried}


def unique_sets(table: Table) -> Iterator[list[str]]:
    """The columns that tell rows apart."""
    if "id" not in table.c:
        yield [one.name for one in table.primary_key.columns]
    for one in table.constraints:
        if isinstance(one, UniqueConstraint):
            yield [each.name for each in one.columns]
    for index in table.indexes:
        if index.unique:
            yield [each.name for each in index.columns]


def varied(value: Any, number: int) -> Any:
    """Another value of the same kind."""
    if isinstance(value, str):
        return f"{value}-{number}"
    if isinstance(value, bytes):
        return value + str(number).encode()
    if isinstance(value, (date, datetime)):
        return value + timedelta(seconds=number) if isinstance(value, datetime) else value + timedelta(days=number % 9000)
    return value + number
