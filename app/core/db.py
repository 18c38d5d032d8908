"""The database: one declarative base, reading and writing transactions, and the decorator of verbs."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from enum import Enum
from functools import wraps
from typing import TYPE_CHECKING, Any, ClassVar, ParamSpec, TypeVar

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, Connection, Engine, Integer, MetaData, event, inspect
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.types import JSON

from app.core.columns import Translated, Translation, UTCDateTime

P = ParamSpec("P")
R = TypeVar("R")
BUSY_TIMEOUT_MS = 10_000
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
    """What the transaction of this context may do."""

    READING = "reading"
    WRITING = "writing"


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
    model_class=Base, engine_options={"pool_pre_ping": False}, disable_autonaming=True, session_options={"autoflush": True}
)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


def init_database(app: Flask) -> None:
    """Bind the database to `app` and put the transaction rules on its engine."""
    app.config["SQLALCHEMY_DATABASE_URI"] = app.config["SETTINGS"].database_url
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)


def prepare_engine(engine: Engine) -> None:
    """Put the transaction rules on `engine`; WAL+FULL loses nothing on power failure (trust catalogue E-01)."""
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
    raw.read_only = _mode.get() is Mode.READING  # type: ignore[union-attr]  # a psycopg connection


_KAZAKH_ORDER = {letter: f"{position:03d}" for position, letter in enumerate(KAZAKH_ALPHABET, start=100)}


def kazakh_key(text: str) -> str:
    """A key that sorts names as a Kazakh reader expects: digits, Kazakh letters, then Latin."""
    return "".join(_KAZAKH_ORDER.get(c, f"0{ord(c):04x}" if ord(c) < ord("a") else f"9{ord(c):05x}") for c in text.casefold())


def _compare_kazakh(left: str, right: str) -> int:
    a, b = kazakh_key(left), kazakh_key(right)
    return (a > b) - (a < b)


def is_writing() -> bool:
    """Whether this context may write."""
    return _mode.get() is Mode.WRITING


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


def is_loaded(obj: object, attribute: str) -> bool:
    """Whether `attribute` can be read without a query."""
    return attribute not in inspect(obj).unloaded  # type: ignore[union-attr]
