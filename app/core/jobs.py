"""Slow work: rows written in the transaction of the act, claimed under a lease, run at least once, tried again, or dead.

How to use it. In a service: `jobs.enqueue("certificates.render", key=certificate.public_id, payload={"id": certificate.id},
by=actor)`. In the module: `Module(jobs={"certificates.render": render})`, where `def render(job: jobs.Running, *, id: int)
-> jobs.File | dict | None` gets the payload by name, runs outside any transaction (its services open their own) and may be
called twice with the same payload, so the second call must change nothing. `jobs.progress(job, done, total)` shows progress
on `/account/jobs/<public id>` and extends the lease; raise `TryLaterError` or `GiveUpError` for failures that are expected.
Huey only wakes `drain`; nothing is lost with its queue. Tests call `jobs.drain()`.
"""

import logging
import os
import threading
import weakref
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey, crontab
from sqlalchemy import JSON, ColumnElement, Index, String, UniqueConstraint, and_, delete, or_, select, update
from sqlalchemy.orm import Mapped

from app.core import audit, clock, limits, storage, workers
from app.core.audit import By
from app.core.columns import Privacy, choice, column, key, new_public_id, public_id
from app.core.db import Model, after_commit, changed_rows, db, insert_or_nothing, is_writing, use_case, writing

RETRY_AFTER = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
LEASE = timedelta(minutes=5)
CLAIM_LIMIT = 20  # a job that takes its worker down with it is not claimed for ever
KEEP_FILES = timedelta(hours=24)
KEEP_ROWS = timedelta(days=30)

SHUTDOWN_SECONDS = 30
THREADS = 2

log = logging.getLogger("baiqau.jobs")
_making = threading.Lock()


class JobState(StrEnum):
    """Where a job is. `failed` waits for its next try; `dead` waits for a person."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    DEAD = "dead"


class Job(Model):
    """One piece of slow work. Its state is the worker's bookkeeping, written by compare-and-set, not an act of a person."""

    __tablename__ = "core_jobs"
    __table_args__ = (UniqueConstraint("kind", "unique_key"), Index(None, "state", "run_at"))
    id: Mapped[int] = key()
    public_id: Mapped[str] = public_id()
    kind: Mapped[str] = column(Privacy.INTERNAL, String(80))
    unique_key: Mapped[str] = column(Privacy.INTERNAL, String(120), comment="the same work asked twice is one row")
    payload: Mapped[dict[str, Any]] = column(Privacy.INTERNAL, JSON, comment="ids only; never personal data")
    state: Mapped[JobState] = choice(Privacy.INTERNAL, JobState, name="job_state", default=JobState.QUEUED)
    attempts: Mapped[int] = column(Privacy.INTERNAL, default=0, comment="times it was claimed")
    failures: Mapped[int] = column(Privacy.INTERNAL, default=0, comment="times it ended in an error")
    run_at: Mapped[datetime] = column(Privacy.INTERNAL, comment="not before")
    lease_until: Mapped[datetime | None] = column(Privacy.INTERNAL)
    holder: Mapped[str | None] = column(Privacy.INTERNAL, String(32), comment="the worker that holds the lease")
    done_count: Mapped[int] = column(Privacy.INTERNAL, default=0)
    total_count: Mapped[int] = column(Privacy.INTERNAL, default=0)
    result: Mapped[dict[str, Any] | None] = column(Privacy.INTERNAL, JSON(none_as_null=True))
    error: Mapped[str] = column(Privacy.INTERNAL, String(200), default="", comment="class of the last error, without its text")
    requested_by: Mapped[int | None] = column(Privacy.INTERNAL, index=True, comment="account that may watch it")
    created_at: Mapped[datetime] = column(Privacy.INTERNAL)
    ended_at: Mapped[datetime | None] = column(Privacy.INTERNAL)


class Tick(Model):
    """One minute in which one periodic task ran: several workers, one run."""

    __tablename__ = "core_ticks"
    name: Mapped[str] = column(Privacy.INTERNAL, String(40), primary_key=True)
    minute: Mapped[datetime] = column(Privacy.INTERNAL, primary_key=True)


@dataclass(frozen=True, slots=True)
class Running:
    """A claimed job, as its function sees it."""

    id: int
    public_id: str
    kind: str
    payload: Mapping[str, Any]
    attempt: int
    failures: int
    holder: str
    requested_by: int | None

    @property
    def is_last_try(self) -> bool:
        """Whether a failure now is the end of it."""
        return self.failures >= len(RETRY_AFTER)


@dataclass(frozen=True, slots=True)
class File:
    """A file a job has made, for the person who asked: kept for a day."""

    key: str
    name: str
    media_type: str


class TryLaterError(Exception):
    """The job cannot be done now, and everybody knows why: tried again after 1, 5, 15 and 60 minutes."""


class GiveUpError(Exception):
    """The job can never be done: dead at once."""


def enqueue(kind: str, *, key: str, payload: Mapping[str, Any], at: datetime | None = None, by: By | None = None) -> Job:
    """Ask for work in the caller's transaction; the same kind and key again is the same job, done or not.

    `at` is the instant before which it must not run. The worker is woken after the commit.
    """
    now = clock.now()
    row = {
        "public_id": new_public_id(), "kind": kind, "unique_key": key, "payload": dict(payload), "run_at": at or now,
        "requested_by": by.user_id if by else None, "created_at": now,
    }  # fmt: skip
    insert_or_nothing(Job, **row)
    after_commit(wake)
    return db.session.scalars(select(Job).where(Job.kind == kind, Job.unique_key == key)).one()


def progress(job: Running, done: int, total: int) -> None:
    """Show how far the job is, and hold it for another lease. Not inside a transaction: it would be seen only at its end."""
    with writing():
        until = clock.now() + LEASE
        db.session.execute(update(Job).where(*_held(job)).values(done_count=done, total_count=total, lease_until=until))


def job_of(user_id: int | None, public_id: str) -> Job | None:
    """The job this account asked for."""
    return db.session.scalar(
        select(Job).where(Job.public_id == public_id, Job.requested_by == user_id, Job.requested_by.is_not(None))
    )


def file_of(job: Job) -> File | None:
    """The file the job has made, while it is kept."""
    return File(**job.result["file"]) if job.result and job.result.get("file") else None


def drain(*, is_stopping: Callable[[], bool] = bool) -> int:
    """Run every job that is due, one after another, until none is; the number of jobs run. Safe in many workers at once."""
    if is_writing():
        message = "jobs run outside any transaction"
        raise RuntimeError(message)
    count = 0
    while not is_stopping() and (claimed := _claim(clock.now())) is not None:
        _run(claimed)
        count += 1
    return count


def sweep(*, is_stopping: Callable[[], bool] = bool) -> None:
    """Each minute: take back what dead workers held, run what is due, and once a minute among all workers tidy up."""
    release_abandoned()
    drain(is_stopping=is_stopping)
    if once_a_minute("sweep"):
        _forget_old(clock.now())
        limits.forget_windows()
        audit.anchor()


@use_case
def once_a_minute(name: str) -> bool:
    """Whether this worker is the one that does `name` in the present minute."""
    minute = clock.now().replace(second=0, microsecond=0)
    db.session.execute(delete(Tick).where(Tick.name == name, Tick.minute < minute - timedelta(hours=1)))
    return insert_or_nothing(Tick, name=name, minute=minute)


def given_up() -> list[Job]:
    """Dead jobs, the oldest first: each waits for a person."""
    return list(db.session.scalars(select(Job).where(Job.state == JobState.DEAD).order_by(Job.ended_at, Job.id)))


@use_case
def revive(job: Job) -> None:
    """Give a job that has ended five more tries."""
    again = {"state": JobState.QUEUED, "attempts": 0, "failures": 0, "run_at": clock.now(), "ended_at": None}
    has_ended = Job.state.in_((JobState.DEAD, JobState.DONE))
    db.session.execute(update(Job).where(Job.id == job.id, has_ended).values(again))
    after_commit(wake)


@use_case
def forget(job: Job) -> None:
    """Drop a dead job that a person has looked at and that is not to run again."""
    db.session.execute(delete(Job).where(Job.id == job.id, Job.state == JobState.DEAD))


def _due(at: datetime) -> ColumnElement[bool]:
    waits = and_(Job.state.in_((JobState.QUEUED, JobState.FAILED)), Job.run_at <= at)
    return or_(waits, and_(Job.state == JobState.RUNNING, Job.lease_until < at))


def _claim(at: datetime) -> Running | None:
    """Take the next due job under a lease: SKIP LOCKED on PostgreSQL; SQLite's writers come one by one anyway."""
    found = db.session.scalar(select(Job.id).where(_due(at)).limit(1))
    db.session.rollback()
    if found is None:  # the usual case costs no write lock
        return None
    with writing():
        wanted = select(Job).where(_due(at)).order_by(Job.run_at, Job.id).limit(1).with_for_update(skip_locked=True)
        job = db.session.scalar(wanted)
        if job is None:
            return None
        held = {
            "state": JobState.RUNNING, "attempts": job.attempts + 1, "holder": holder(), "lease_until": clock.now() + LEASE,
        }  # fmt: skip
        db.session.execute(update(Job).where(Job.id == job.id).values(held))
        return Running(
            job.id, job.public_id, job.kind, dict(job.payload), job.attempts, job.failures, holder(), job.requested_by
        )


def _run(job: Running) -> None:
    """The edge at which a job's errors end: whatever happens, its row says so."""
    run = current_app.extensions["baiqau"].jobs.get(job.kind)
    try:
        if run is None or job.attempt > CLAIM_LIMIT:
            raise GiveUpError("no module runs it" if run is None else "its workers die")  # noqa: TRY301 - one way to die
        with current_app._get_current_object().app_context():  # type: ignore[attr-defined]  # noqa: SLF001 - a session of its own
            result = run(job, **job.payload)
    except GiveUpError as error:
        log.error("job %s %s is dead: %s", job.kind, job.public_id, error)  # noqa: TRY400 - expected, no traceback
        _end(job, state=JobState.DEAD, error=type(error).__name__)
    except TryLaterError as error:
        log.warning("job %s %s will be tried again: %s", job.kind, job.public_id, error)
        _fail(job, error)
    except Exception as error:
        log.exception("job %s %s failed", job.kind, job.public_id)
        _fail(job, error)
    else:
        _end(job, state=JobState.DONE, result={"file": asdict(result)} if isinstance(result, File) else result)


def _fail(job: Running, error: Exception) -> None:
    if job.is_last_try:
        _end(job, state=JobState.DEAD, failures=job.failures + 1, error=type(error).__name__)
    else:
        again = clock.now() + RETRY_AFTER[job.failures]
        _write(job, state=JobState.FAILED, failures=job.failures + 1, run_at=again, error=type(error).__name__)


def _end(job: Running, **values: Any) -> None:
    _write(job, ended_at=clock.now(), **values)


def _write(job: Running, **values: Any) -> None:
    """Write the outcome if the lease is still ours; a worker that was too slow has nothing to say."""
    with writing():
        db.session.execute(update(Job).where(*_held(job)).values(lease_until=None, holder=None, **values))


def _held(job: Running) -> tuple[ColumnElement[bool], ...]:
    return (Job.id == job.id, Job.state == JobState.RUNNING, Job.holder == job.holder, Job.attempts == job.attempt)


def _forget_old(at: datetime) -> None:
    """Drop files after a day and rows after a month; dead jobs stay until a person has looked."""
    ended = select(Job).where(Job.state == JobState.DONE, Job.ended_at < at - KEEP_FILES, Job.result.is_not(None))
    keys = [made.key for job in db.session.scalars(ended) if (made := file_of(job))]
    with writing():
        old = (Job.state == JobState.DONE, Job.ended_at < at - KEEP_FILES)
        db.session.execute(update(Job).where(*old, Job.result.is_not(None)).values(result=None))
        db.session.execute(delete(Job).where(Job.state == JobState.DONE, Job.ended_at < at - KEEP_ROWS))
    for one in keys:
        storage.delete(one)


def holder() -> str:
    """The name of this worker, held by a file lock that the kernel drops with the process, however it dies."""
    with _making:
        held = current_app.extensions.get("baiqau.holder")
        if held is None:
            name, lock = workers.register(_workers())
            weakref.finalize(current_app._get_current_object(), os.close, lock)  # type: ignore[attr-defined]  # noqa: SLF001
            held = current_app.extensions["baiqau.holder"] = name
    return str(held)


def release_abandoned() -> int:
    """Give back the jobs of this machine's dead workers at once; those of other machines wait for their lease."""
    with workers.dead(_workers()) as names:
        if not names:
            return 0
        with writing():
            abandoned = update(Job).where(Job.state == JobState.RUNNING, Job.holder.in_(names))
            return changed_rows(abandoned.values(lease_until=clock.now() - timedelta(seconds=1)))


def _workers() -> Path:
    folder: Path = current_app.config["SETTINGS"].data / "workers"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def wake() -> None:
    """Stir the workers through Huey. If that fails the sweep finds the job within a minute."""
    try:
        queue = _queue()
        if queue.pending_count() == 0:  # a call that waits will see this job too
            queue.drain()
    except Exception:
        log.exception("the workers could not be woken")


def work() -> None:
    """Be a worker until SIGTERM, which lets the running jobs end. What SIGKILL cuts off is taken back by the next worker."""
    queue = _queue()
    consumer = queue.create_consumer(
        workers=THREADS, max_delay=1.0, graceful_signal="TERM", shutdown_timeout=SHUTDOWN_SECONDS, scheduler_interval=1
    )
    queue.is_stopping = consumer.stop_flag.is_set
    queue.sweep()
    consumer.run()


def _queue() -> Any:
    """Huey over the database's own kind of storage, or Redis; made when first needed."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - tasks outlive the context
    if "baiqau.queue" not in app.extensions:
        app.extensions["baiqau.queue"] = _make_queue(app)
    return app.extensions["baiqau.queue"]


def _make_queue(app: Flask) -> Huey:
    settings = app.config["SETTINGS"]
    url = settings.jobs_url or settings.database_url
    if url.startswith(("redis:", "rediss:")):
        queue = RedisHuey("baiqau", url=url)
    elif url.startswith("postgresql"):
        queue = PostgresHuey("baiqau", dsn=url.replace("+psycopg", "", 1))
    else:
        settings.data.mkdir(parents=True, exist_ok=True)
        # Losing a wake-up costs a minute at most, so it need not be synced to the disk.
        queue = SqliteHuey("baiqau", filename=str(settings.data / "wake.sqlite3"), fsync=False)
    queue.is_stopping = bool
    if not isinstance(queue, RedisHuey):
        weakref.finalize(app, queue.storage.close)

    def in_context(task: Callable[..., object]) -> None:
        with app.app_context():
            task(is_stopping=queue.is_stopping)

    queue.drain = queue.task(name="drain")(lambda: in_context(drain))
    queue.sweep = queue.task(name="sweep")(lambda: in_context(sweep))
    queue.every_minute = queue.periodic_task(crontab(), name="every_minute")(lambda: in_context(sweep))
    return queue
