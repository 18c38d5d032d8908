"""Jobs run at least once, under a lease, each key once, and end as done or dead."""

import logging
import subprocess
import sys
import threading
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.access.actor import Actor
from app.core import clock, jobs, storage
from app.core.db import apart, db, writing
from app.core.jobs import LEASE, File, GiveUpError, Job, JobState, TryLaterError


@pytest.fixture
def kinds(app):
    """The registry's jobs, to which tests add their own."""
    return app.extensions["baiqau"].jobs


def ask(kind="test.do", key="1", by=None, at=None, **payload):
    with writing():
        return jobs.enqueue(kind, key=key, payload=payload, by=by, at=at)


def only_job():
    return db.session.scalars(select(Job)).one()


def test_job_runs_once_with_its_payload_by_name(database, kinds):
    seen = []
    kinds["test.do"] = lambda job, *, thing: seen.append((job.kind, thing))
    ask(thing=7)

    assert (jobs.drain(), jobs.drain()) == (1, 0)
    assert seen == [("test.do", 7)]
    assert only_job().state is JobState.DONE


def test_same_kind_and_key_is_one_job_even_when_it_is_done(database, kinds):
    kinds["test.do"] = lambda job: None
    first = ask().public_id
    jobs.drain()

    assert ask().public_id == first
    assert jobs.drain() == 0


def test_job_of_a_rolled_back_act_was_never_there(database):
    def act():
        jobs.enqueue("test.do", key="1", payload={})
        raise LookupError

    with pytest.raises(LookupError), writing():
        act()

    assert db.session.scalars(select(Job)).all() == []


def test_job_waits_for_its_hour(database, kinds, at):
    kinds["test.do"] = lambda job: None
    ask(at=clock.now() + timedelta(hours=1))

    assert jobs.drain() == 0
    at(clock.now() + timedelta(hours=1))
    assert jobs.drain() == 1


def test_error_is_kept_without_its_text_and_tried_again(database, kinds, caplog):
    def fail(job):
        message = "the name of a person"
        raise LookupError(message)

    kinds["test.do"] = fail
    ask()
    jobs.drain()
    job = only_job()

    assert (job.state, job.error, job.failures, job.attempts) == (JobState.FAILED, "LookupError", 1, 1)
    assert timedelta(seconds=50) < job.run_at - clock.now() <= timedelta(minutes=1)


def test_expected_failures_say_so_without_a_traceback(database, kinds, caplog):
    def later(job):
        message = "the server is away"
        raise TryLaterError(message)

    kinds["test.do"] = later
    ask()
    with caplog.at_level(logging.WARNING):
        jobs.drain()

    assert "the server is away" in caplog.text
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("kind", ["test.hopeless", "test.unknown"])
def test_hopeless_and_unknown_jobs_are_dead_at_once(database, kinds, kind):
    def hopeless(job):
        raise GiveUpError

    kinds["test.hopeless"] = hopeless
    ask(kind)
    jobs.drain()

    assert only_job().state is JobState.DEAD


def test_job_that_a_person_revives_has_all_its_tries_again(database, kinds, at):
    def fail(job):
        raise LookupError

    def try_until_dead():
        count = 0
        while only_job().state is not JobState.DEAD:
            at(clock.now() + timedelta(days=1))
            count += jobs.drain()
        return count

    kinds["test.do"] = fail
    ask()
    first = try_until_dead()
    jobs.revive(only_job())

    assert (first, try_until_dead()) == (5, 5)


def test_progress_is_seen_while_the_job_runs(database, kinds):
    seen = []

    def count(job):
        jobs.progress(job, 3, 10)
        seen.append((only_job().done_count, only_job().total_count, only_job().state))

    kinds["test.do"] = count
    ask()
    jobs.drain()

    assert seen == [(3, 10, JobState.RUNNING)]


def test_job_is_claimed_anew_when_its_lease_has_passed(database, kinds, at):
    runs = []

    def stall(job):
        runs.append(job.attempt)
        if job.attempt == 1:
            at(clock.now() + LEASE + timedelta(seconds=1))
            jobs.drain()  # another worker, while the first still runs

    kinds["test.do"] = stall
    ask()
    jobs.drain()

    assert runs == [1, 2]
    assert (only_job().state, only_job().attempts) == (JobState.DONE, 2)


def test_worker_that_was_too_slow_has_nothing_to_say(database, kinds, at):
    def stall(job):
        if job.attempt == 1:
            at(clock.now() + LEASE + timedelta(seconds=1))
            jobs.drain()
            raise LookupError

    kinds["test.do"] = stall
    ask()
    jobs.drain()

    assert (only_job().state, only_job().failures, only_job().error) == (JobState.DONE, 0, "")


@pytest.mark.parametrize("theirs", [{"attempts": 2}, {"holder": "another"}])
def test_job_that_another_worker_holds_is_hers_to_end(database, kinds, theirs):
    """Attempts are counted anew when a person revives a job, so both must be ours."""

    def stall(job):
        with writing():
            db.session.execute(db.update(Job).values(theirs))
        jobs.progress(job, 1, 2)

    kinds["test.do"] = stall
    ask()
    jobs.drain()

    assert (only_job().state, only_job().done_count) == (JobState.RUNNING, 0)


def test_progress_holds_the_job_for_another_lease(database, kinds, at):
    def work(job):
        began = clock.now()
        at(began + LEASE - timedelta(minutes=1))
        jobs.progress(job, 1, 2)
        held_until = only_job().lease_until
        at(began + LEASE + timedelta(minutes=1))
        runs.append((job.attempt, held_until > clock.now(), jobs.drain()))

    runs: list[tuple[int, bool, int]] = []
    kinds["test.do"] = work
    ask()
    jobs.drain()

    assert runs == [(1, True, 0)]


def test_job_that_kills_its_workers_is_given_up(database, kinds, at):
    kinds["test.do"] = lambda job: None
    ask()
    with writing():
        db.session.execute(
            db.update(Job).values(
                state=JobState.RUNNING, attempts=20, lease_until=clock.now() - timedelta(seconds=1), holder="x"
            )
        )
    jobs.drain()

    assert (only_job().state, only_job().error) == (JobState.DEAD, "GiveUpError")


HOLD = """
import sys, os
from tests.conftest import make_app, make_settings
from pathlib import Path
app = make_app(make_settings(sys.argv[1], Path(sys.argv[2])))
from app.core import jobs
def hang(job):
    print("holding", flush=True)
    sys.stdin.readline()
app.extensions["baiqau"].jobs["test.do"] = hang
with app.app_context():
    jobs.drain()
"""


@pytest.mark.lasts(15)
def test_job_of_a_killed_worker_is_given_back_at_once(database, app, kinds, tmp_path):
    ask()
    settings = app.config["SETTINGS"]
    command = [sys.executable, "-c", HOLD, settings.database_url, str(settings.data)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        assert other.stdout.readline() == "holding\n"
        kinds["test.do"] = lambda job: None
        before = (jobs.release_abandoned(), jobs.drain())
        other.kill()
        other.wait()

    assert before == (0, 0)
    assert (jobs.release_abandoned(), jobs.drain()) == (1, 1)


def test_many_workers_share_the_jobs_without_doing_one_twice(database, app, kinds):
    done: Counter[int] = Counter()
    lock = threading.Lock()

    def note(job, *, number):
        with lock:
            done[number] += 1

    kinds["test.do"] = note
    with writing():
        for number in range(100):
            jobs.enqueue("test.do", key=str(number), payload={"number": number})

    def work():
        with app.app_context():
            jobs.drain()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert done == Counter(range(100))


def test_periodic_task_runs_once_a_minute_among_all_workers(database, at):
    at("2026-08-14 18:00:30")
    first = [jobs.once_a_minute("sweep") for _ in range(3)]
    at("2026-08-14 18:01:00")

    assert first == [True, False, False]
    assert jobs.once_a_minute("sweep")


def test_only_the_one_who_asked_sees_the_job_and_its_file_goes_after_a_day(database, kinds, at):
    at("2026-08-14 18:00")
    kinds["test.do"] = lambda job: File(storage.put(b"1;2").key, "a.csv", "text/csv")
    job = ask(by=Actor(label="user", user_id=7))
    jobs.sweep()
    found = jobs.job_of(7, job.public_id)
    made = jobs.file_of(found) if found else None

    assert made is not None
    assert storage.read(made.key) == b"1;2"
    assert jobs.job_of(8, job.public_id) is None
    assert jobs.job_of(None, job.public_id) is None
    at("2026-08-15 18:01")
    jobs.sweep()
    assert jobs.file_of(only_job()) is None
    assert list(storage.keys()) == []


def test_workers_are_woken_when_the_act_is_safe_and_not_before(database, kinds):
    kinds["test.do"] = lambda job: None
    with writing():
        jobs.enqueue("test.do", key="1", payload={})
        before = jobs._queue().pending_count()

    assert (before, jobs._queue().pending_count()) == (0, 1)


def test_worker_goes_past_a_job_that_another_is_taking(database, app, kinds):
    done = []
    kinds["test.do"] = lambda job, *, name: done.append(name)
    for name in ("first", "second"):
        ask(key=name, name=name)
    taken = select(Job.id).where(Job.unique_key == "first").with_for_update()

    def work():
        with app.app_context():
            jobs.drain()

    with apart(is_writing=db.engine.dialect.name == "postgresql") as other:  # SQLite knows no locks of rows
        other.execute(taken)
        worker = threading.Thread(target=work)
        worker.start()
        worker.join(timeout=5)
        meanwhile = list(done)
    worker.join()
    jobs.drain()

    assert "second" in meanwhile
    assert sorted(done) == ["first", "second"]


def test_redis_may_wake_the_workers(database, app, kinds, redis_url):
    app.config["SETTINGS"].jobs_url = redis_url
    kinds["test.do"] = lambda job: None
    ask()

    assert jobs._queue().pending_count() == 1
    assert type(jobs._queue()).__name__ == "RedisHuey"
    jobs._queue().storage.flush_all()


def test_queue_that_is_away_does_not_stop_the_act(database, app, kinds, caplog):
    app.config["SETTINGS"].jobs_url = "redis://127.0.0.1:1/0"
    kinds["test.do"] = lambda job: None
    ask()

    assert "could not be woken" in caplog.text
    assert jobs.drain() == 1
