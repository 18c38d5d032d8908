"""Transactions: what the live connection really does, and eight writers who lose nothing."""

import threading
import time
from datetime import datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.core import clock
from app.core.columns import Translation
from app.core.db import after_commit, apart, db, insert_or_nothing, use_case, writing
from app.core.limits import Window

WRITERS, TIMES = 8, 100


def pragma(name):
    return db.session.execute(text(f"PRAGMA {name}")).scalar()


def put(key, count=0):
    db.session.add(Window(key=key, count=count, ends_at=clock.now()))


def counts():
    found = {row.key: row.count for row in db.session.scalars(select(Window))}
    db.session.rollback()
    return found


def test_live_connection_loses_nothing_when_power_fails(database):
    if database == "sqlite":
        found = {name: pragma(name) for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")}
        assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}
    else:
        settings = {name: db.session.execute(text(f"SHOW {name}")).scalar() for name in ("server_encoding", "TimeZone")}
        assert settings["server_encoding"] == "UTF8"


def test_reading_transaction_cannot_write(database):
    with pytest.raises(DBAPIError, match=r"readonly|read-only"):
        db.session.execute(text("DELETE FROM core_windows"))
    db.session.rollback()


def test_reading_waits_for_no_writer_and_a_second_writer_waits_for_the_first(database, app):
    """On SQLite, which has one writer, it waits from its first statement; PostgreSQL's writers of other rows pass."""
    order = []

    def read():
        with app.app_context():
            order.append(("read", counts()))

    def write():
        with app.app_context(), writing():
            db.session.execute(text("SELECT 1"))
            order.append(("began", "second"))
            put("b")

    second = threading.Thread(target=write)
    with writing():
        put("a")
        db.session.flush()
        reader = threading.Thread(target=read)
        reader.start()
        reader.join(timeout=5)
        second.start()
        second.join(timeout=1)
        order.append(("ends", "first"))
    second.join(timeout=15)

    assert order[0] == ("read", {})
    assert order.index(("ends", "first")) < order.index(("began", "second")) or database == "postgresql"
    assert counts() == {"a": 0, "b": 0}


def test_refused_verb_inside_another_leaves_nothing_behind(database):
    @use_case
    def refused():
        put("inner")
        raise LookupError

    with writing():
        put("outer")
        with pytest.raises(LookupError):
            refused()

    assert counts() == {"outer": 0}


def test_what_follows_a_commit_never_follows_a_rollback(database):
    calls: list[int] = []

    def call():
        calls.append(len(calls))

    def act():
        after_commit(call)
        raise LookupError

    with writing():
        after_commit(call)
        after_commit(call)
        assert calls == []
    with pytest.raises(LookupError), writing():
        act()

    assert calls == [0]


def test_row_with_a_taken_key_is_inserted_once(database):
    with writing():
        found = [insert_or_nothing(Window, key="a", count=number, ends_at=clock.now()) for number in range(2)]

    assert found == [True, False]
    assert counts() == {"a": 0}


def test_transaction_apart_stays_when_the_request_fails(database):
    with apart() as connection:
        connection.execute(text("INSERT INTO core_windows (key, count, ends_at) VALUES ('a', 1, '2026-01-01 00:00:00+00:00')"))

    assert counts() == {"a": 1}


def test_naive_instants_are_a_bug(database):
    with pytest.raises(Exception, match="naive datetime"), writing():  # noqa: PT012
        db.session.add(Window(key="a", count=0, ends_at=datetime(2026, 1, 1)))  # noqa: DTZ001
        db.session.flush()


def test_translation_falls_back_and_names_its_language():
    assert Translation(ru="Да", en="Yes").best("kk") == ("Да", "ru")
    assert Translation(kk=" ", ru="Да").missing(("kk", "ru", "en")) == ("kk", "en")


def test_eight_writers_lose_no_increment(database, app, record_property):
    with writing():
        put("counter")
    waits: list[float] = []

    @use_case
    def increment():
        row = db.session.scalars(select(Window).where(Window.key == "counter").with_for_update()).one()
        row.count += 1

    def write():
        for _ in range(TIMES):
            began = time.perf_counter()
            with app.app_context():
                increment()
            waits.append(time.perf_counter() - began)

    threads = [threading.Thread(target=write) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    total, longest = counts()["counter"], max(waits)
    told = f"{WRITERS} writers on {database}: {total} of {WRITERS * TIMES} increments, longest wait {longest:.2f} s."
    record_property("told", told)
    assert total == WRITERS * TIMES
