"""Counting how often one address asks: in the database, the same for all processes."""

import threading
from datetime import timedelta

from app.core import clock
from app.core.limits import DatabaseStorage, forget_windows


def test_window_counts_until_it_ends_and_then_begins_anew(database, at):
    at("2026-08-14 18:00")
    storage = DatabaseStorage()
    first = [storage.incr("a", 60) for _ in range(3)]
    ends = storage.get_expiry("a")
    at(clock.now() + timedelta(seconds=61))

    assert first == [1, 2, 3]
    assert ends == (clock.now() - timedelta(seconds=1)).timestamp()
    assert storage.get("a") == 0
    assert storage.incr("a", 60) == 1


def test_keys_are_counted_apart_and_forgotten(database, at):
    storage = DatabaseStorage()
    storage.incr("a", 60)
    storage.incr("b", 60, amount=5)
    storage.clear("a")

    assert (storage.get("a"), storage.get("b")) == (0, 5)
    at(clock.now() + timedelta(minutes=2))
    forget_windows()
    assert storage.reset() == 0


def test_parallel_requests_are_all_counted(database, app):
    def ask():
        for _ in range(20):
            with app.app_context():
                DatabaseStorage().incr("a", 60)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert DatabaseStorage().get("a") == 80
    assert DatabaseStorage().check()
