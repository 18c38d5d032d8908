"""The database: one declarative base, reading and writing transactions, and the decorator of verbs."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import wraps
from typing import TYPE_CHECKING, Any, ClassVar, ParamSpec, TypeVar, cast

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    DDL,
    BigInteger,
    ColumnElement,
    Connection,
    CursorResult,
    Engine,
    Executable,
    Integer,
    MetaData,
    Table,
    event,
    literal_column,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.types import JSON

from app.core.columns import Translated, Translation, UTCDateTime

P = ParamSpec("P")
R = TypeVar("R")
BUSY_TIMEOUT_MS = 10_000
# A unique key is taken, in the words of PostgreSQL and of SQLite.
UNIQUE_VIOLATIONS = frozenset({"23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"})
# PostgreSQL undid one of two transactions that waited for each other. SQLite has one writer and knows no such thing.
DEADLOCK = "40P01"
# Kazakh order, Latin after it; the order of code points is wrong. Source: CLDR kk.
KAZAKH_ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Mode(Enum):
    """What the transaction of this context may do; who only looks may not even begin to write."""

    READING = "reading"
    WRITING = "writing"
    LOOKING = "looking"


_mode: ContextVar[Mode] = ContextVar("transaction_mode", default=Mode.READING)


class Base(DeclarativeBase):
    """Base of all models."""

    metadata = MetaData(naming_convention=NAMING)
    registry: ClassVar[registry] = registry(
        metadata=metadata,
        type_annotation_map={
            datetime: UTCDateTime,
            Translation: Translated,
            dict[str, Any]: JSON,
            list[Any]: JSON,
            list[str]: JSON,
            # Money in tenge outgrows 32 bits in sums; SQLite's keys must stay INTEGER to count by themselves.
            int: Integer().with_variant(BigInteger, "postgresql"),
        },
    )


db = SQLAlchemy(
    model_class=Base,
    engine_options={"pool_pre_ping": False, "hide_parameters": True},
    disable_autonaming=True,
    session_options={"autoflush": True},
)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


@dataclass(frozen=True, slots=True)
class Guard:
    """A trigger that refuses rows no code may write, the same on both databases.

    `when` is SQL over NEW and OLD; `locks` is SQL that PostgreSQL runs first, so that parallel writers wait for each other
    (SQLite has one writer anyway).
    """

    table: str
    name: str
    on: tuple[str, ...]
    when: str
    locks: str = ""

    def statements(self, dialect: str) -> tuple[str, ...]:
        """The SQL that creates it."""
        return self._sqlite() if dialect == "sqlite" else self._postgresql()

    def _sqlite(self) -> tuple[str, ...]:
        return tuple(
            f"CREATE TRIGGER {self.name}_{verb.lower()} BEFORE {verb} ON {self.table} WHEN {self.when} "
            f"BEGIN SELECT RAISE(ABORT, '{self.name}'); END"
            for verb in self.on
        )

    def _postgresql(self) -> tuple[str, ...]:
        function = (
            f"CREATE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {self.locks} IF {self.when} THEN "
            f"RAISE EXCEPTION '{self.name}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
            "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
        )
        verbs = " OR ".join(self.on)
        return (
            function,
            f"CREATE TRIGGER {self.name} BEFORE {verbs} ON {self.table} FOR EACH ROW EXECUTE FUNCTION {self.name}()",
        )


GUARDS: dict[str, Guard] = {}


def guard(model: type[Base], name: str, *, on: tuple[str, ...], when: str = "true", locks: str = "") -> None:
    """Put a `Guard` on the model's table (`when` must suit every verb of `on`)."""
    table = model.__table__
    assert isinstance(table, Table)  # noqa: S101 - for the type checker
    found = GUARDS[name] = Guard(table.name, name, on, when, locks)
    for dialect in ("sqlite", "postgresql"):
        for statement in found.statements(dialect):
            escaped = statement.replace("%", "%%")
            listener = DDL(escaped).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]  # SQLAlchemy left it untyped
            event.listen(table, "after_create", listener)


def put_guards(connection: Connection) -> None:
    """Create every guard, in a database that has none."""
    for found in GUARDS.values():
        for statement in found.statements(connection.dialect.name):
            connection.exec_driver_sql(statement.replace("%", "%%") if connection.dialect.name == "postgresql" else statement)


def drop_guards(connection: Connection) -> None:
    """Take every guard off: a migration may move guarded rows, and SQLite loses the triggers of a table it rebuilds."""
    if connection.dialect.name == "sqlite":
        found = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all()
        statements = [f"DROP TRIGGER {name}" for name in found]
    else:
        functions = (
            "SELECT DISTINCT p.oid::regprocedure FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
            "JOIN pg_namespace n ON n.oid = p.pronamespace WHERE NOT t.tgisinternal AND n.nspname = current_schema()"
        )
        statements = [f"DROP FUNCTION {name} CASCADE" for name in connection.exec_driver_sql(functions).scalars().all()]
    for statement in statements:
        connection.exec_driver_sql(statement)


def init_database(app: Flask) -> None:
    """Bind the database to `app` and put the transaction rules on its engine."""
    app.config["SQLALCHEMY_DATABASE_URI"] = app.config["SETTINGS"].database_url
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)


def prepare_engine(engine: Engine) -> None:
    """Put the transaction rules on `engine`; WAL+FULL loses nothing on power failure."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "begin", _begin_postgresql)


def _open_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver must not open transactions by itself
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT_MS}"):
        connection.execute(f"PRAGMA {pragma}")
    connection.create_collation("kazakh", _compare_kazakh)
    connection.create_function("casefold", 1, lambda text: None if text is None else str(text).casefold(), deterministic=True)


def _begin_sqlite(connection: Connection) -> None:
    writes = _mode.get() is Mode.WRITING
    connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    raw = connection.connection.dbapi_connection
    raw.read_only = _mode.get() is not Mode.WRITING  # type: ignore[union-attr]  # a psycopg connection


_KAZAKH_ORDER = {letter: f"{position:03d}" for position, letter in enumerate(KAZAKH_ALPHABET, start=100)}


def in_kazakh_order(*texts: Any) -> tuple[ColumnElement[str], ...]:
    """Columns to sort by as the Kazakh alphabet goes, on both databases."""
    collation = "kazakh" if db.engine.dialect.name == "sqlite" else "kk-x-icu"
    return tuple(text.collate(collation) for text in texts)


def kazakh_key(text: str) -> str:
    """A key that sorts names as a Kazakh reader expects: digits, Kazakh letters, then Latin."""
    return "".join(_KAZAKH_ORDER.get(c, f"0{ord(c):04x}" if ord(c) < ord("a") else f"9{ord(c):05x}") for c in text.casefold())


def _compare_kazakh(left: str, right: str) -> int:
    a, b = kazakh_key(left), kazakh_key(right)
    return (a > b) - (a < b)


def is_writing() -> bool:
    """Whether this context may write."""
    return _mode.get() is Mode.WRITING


def is_looking() -> bool:
    """Whether this context answers somebody who only asks for a page."""
    return _mode.get() is Mode.LOOKING


@contextmanager
def looking() -> Iterator[None]:
    """Nothing within may begin to write: a page that is only asked for changes nothing."""
    token = _mode.set(Mode.LOOKING)
    try:
        yield
    finally:
        _mode.reset(token)


@contextmanager
def writing() -> Iterator[None]:
    """One writing transaction: commits at the end, rolls back on any exception.

    Inside another it is a savepoint, so that a refused verb leaves nothing behind. What was read before is expired:
    nothing is decided on stale rows. Callbacks given to `after_commit` run when all is safe.
    """
    if is_writing():
        with db.session.begin_nested():
            yield
        return
    if _mode.get() is Mode.LOOKING:
        message = "who only asks for a page writes nothing"
        raise RuntimeError(message)
    db.session.rollback()
    token = _mode.set(Mode.WRITING)
    try:
        yield
        db.session.commit()
        callbacks = db.session.info.pop("after_commit", [])
    except BaseException:
        db.session.info.pop("after_commit", None)
        db.session.rollback()
        raise
    finally:
        _mode.reset(token)
    for callback in callbacks:
        callback()


@contextmanager
def migrating() -> Iterator[Connection]:
    """A connection for migrations: one writing transaction, without SQLite's foreign keys while tables are rebuilt."""
    token = _mode.set(Mode.WRITING)
    try:
        with db.engine.connect() as connection:
            raw: Any = connection.connection.dbapi_connection
            is_sqlite = connection.dialect.name == "sqlite"
            if is_sqlite:
                raw.execute("PRAGMA foreign_keys=OFF")  # it cannot change within a transaction
            yield connection
            if connection.in_transaction():
                connection.commit()
            if is_sqlite:
                raw.execute("PRAGMA foreign_keys=ON")
    finally:
        _mode.reset(token)


@contextmanager
def apart(*, is_writing: bool = True) -> Iterator[Connection]:
    """A short transaction on a connection of its own, beside whatever the session does: for counters that must stay.

    Never inside a writing transaction on SQLite: its one writer would wait for itself.
    """
    token = _mode.set(Mode.WRITING if is_writing else Mode.READING)
    try:
        with db.engine.begin() as connection:
            yield connection
    finally:
        _mode.reset(token)


def after_commit(callback: Callable[[], None]) -> None:
    """Run `callback` once after the present writing transaction has committed; never when it rolls back."""
    callbacks = db.session.info.setdefault("after_commit", [])
    if callback not in callbacks:
        callbacks.append(callback)


def use_case(verb: Callable[P, R]) -> Callable[P, R]:
    """Make a service one transaction: it joins the request's, or opens its own for a command or a job."""

    @wraps(verb)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with writing():
            result = verb(*args, **kwargs)
            db.session.flush()
            return result

    run.__use_case__ = True  # type: ignore[attr-defined]  # architecture tests look for it
    return run


def insert_or_nothing(model: type[Any], **values: Any) -> bool:
    """Insert one row, or nothing where a unique key is taken; whether it inserted. Column defaults apply."""
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    statement = insert(model).values(**values).on_conflict_do_nothing()
    return db.session.execute(statement.returning(literal_column("1"))).first() is not None


def is_taken(error: IntegrityError) -> bool:
    """Whether the database refused because another row has what must be unique, as when two insert it at once."""
    known = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", "")
    return known in UNIQUE_VIOLATIONS


def is_deadlock(error: OperationalError) -> bool:
    """Whether the database undid this transaction because it and another waited for each other: tried again, it succeeds."""
    return getattr(error.orig, "sqlstate", None) == DEADLOCK


def changed_rows(statement: Executable) -> int:
    """Run an UPDATE or DELETE and say how many rows it changed: the compare-and-set of parallel writers."""
    return int(cast("CursorResult[Any]", db.session.execute(statement)).rowcount)
