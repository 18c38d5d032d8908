"""What `baiqau doctor` examines: each check says what it found, and what to do where that is wrong."""

import smtplib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from urllib.parse import urlsplit

import pikepdf
from flask import current_app
from sqlalchemy import ColumnElement, and_, func, select, text

from app.copies import revisions
from app.core import audit, clock, pdf, storage
from app.core.cleaning.kinds import MEGABYTE
from app.core.confined import Confined, Limits
from app.core.db import Base, db
from app.core.jobs import Job, JobState, file_of
from app.core.transitions import astray
from app.messages.delivery import reach
from app.modules import Seal

LETTERS = "ӘәҒғҚқҢңӨөҰұҮүҺһІі"
OVERDUE = timedelta(minutes=10)
# A worker takes back within a minute what another left behind.
TAKEN_BACK = timedelta(minutes=2)
MOST_NAMED = 50
LEFT_AFTER = timedelta(days=1)
STATES = Seal("states as they were recorded", astray)
# What a power failure must not undo.
SQLITE = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
POSTGRESQL = ("fsync", "synchronous_commit", "full_page_writes")


@dataclass(frozen=True, slots=True)
class Check:
    """One finding."""

    name: str
    is_ok: bool
    detail: str
    cure: str = ""


def examine() -> list[Check]:
    """All checks, in the order in which to cure them; one that breaks off is itself a finding."""
    checks: list[Check] = []
    for look in (_settings, _database, _migrations, _space, _files, _readers, _fonts, _mail, _jobs, _audit):
        checks += _safely(look)
    return checks + _safely(_invariants) + _safely(_seals)


def _safely(look: Callable[[], Iterable[Check]]) -> list[Check]:
    name = look.__name__.removeprefix("_")
    try:
        return list(look())
    except Exception as error:  # noqa: BLE001 - the doctor reports what is broken, and goes on
        return [
            Check(name, is_ok=False, detail=f"{type(error).__name__}: {error}", cure="Cure what comes before, then look again.")
        ]
    finally:
        db.session.rollback()


def _settings() -> Iterable[Check]:
    settings = current_app.config["SETTINGS"]
    yield Check("settings", is_ok=True, detail=f"{settings.env}, {settings.base_url}, {', '.join(settings.languages)}")
    if settings.is_production:
        is_secure = settings.base_url.startswith("https://")
        yield Check("https", is_secure, settings.base_url, "Set BAIQAU_BASE_URL to the https address that people open.")


def _database() -> Iterable[Check]:
    engine = db.engine.dialect.name
    if engine == "sqlite":
        found = {name: db.session.execute(text(f"PRAGMA {name}")).scalar() for name in SQLITE}
        yield Check("database", found == SQLITE, f"SQLite, {found}", "Do not open the database with other settings.")
    else:
        off = [name for name in POSTGRESQL if db.session.execute(text(f"SHOW {name}")).scalar() != "on"]
        yield Check(
            "database", not off, f"PostgreSQL, off: {', '.join(off) or 'nothing'}", "Switch them on in postgresql.conf."
        )


def _migrations() -> Iterable[Check]:
    present, wanted = revisions()
    yield Check("migrations", present == wanted, f"at {', '.join(present) or 'nothing'}", "Run: baiqau upgrade")


def _space() -> Iterable[Check]:
    is_full = storage.is_nearly_full()
    yield Check(
        "space",
        not is_full,
        "little left" if is_full else "enough",
        "Free 500 MB where the files are; uploads are refused now.",
    )


def _files() -> Iterable[Check]:
    made = storage.put(b"baiqau")
    is_same = storage.read(made.key) == b"baiqau"
    storage.delete(made.key)
    yield Check("files", is_same, "written, read, deleted", "Look at BAIQAU_STORAGE_URL and the rights on its folder.")
    left = sorted(_left_behind())
    named = f": {', '.join(left[:MOST_NAMED])}" if left else ""
    cure = "Acts that broke off left them, and no page leads to them: delete them from the storage."
    yield Check("files that nothing names", not left, f"{len(left)} older than a day{named}", cure)


def _left_behind() -> set[str]:
    """Files of no row: a file is stored before its row, and the row may never have come."""
    named = {
        key for one in Base.registry.mappers if "storage_key" in one.c for key in db.session.scalars(select(one.c.storage_key))
    }
    named |= {made.key for job in db.session.scalars(select(Job).where(Job.result.is_not(None))) if (made := file_of(job))}
    aged = {key: made_at < clock.now() - LEFT_AFTER for key, made_at in storage.keys()}  # noqa: SIM118 - a function of the storage
    return {key for key, is_old in aged.items() if is_old} - named


def _readers() -> Iterable[Check]:
    """What a file from outside could do to this machine if it broke the program that reads it; not every kernel shuts all."""
    ended = Confined("app.core.walls", Limits(cpu_seconds=5, memory=1024 * MEGABYTE), places=1).run(b"")
    yield Check(
        "readers", ended.code == 0, ended.output.decode(), "Run: python -m app.core.walls; no file can be taken while it fails."
    )


def _fonts() -> Iterable[Check]:
    with pikepdf.open(BytesIO(pdf.from_html(f"<html lang='kk'><title>-</title><p>{LETTERS}"))) as document:
        fonts = {str(font.BaseFont) for page in document.pages for font in page.Resources.Font.values()}
    is_ours = bool(fonts) and all("Golos" in name or "Source-Serif" in name or "SourceSerif" in name for name in fonts)
    yield Check(
        "fonts", is_ours, ", ".join(sorted(fonts)), "Restore app/static/fonts; a document must not fall back to other fonts."
    )


def _mail() -> Iterable[Check]:
    settings = current_app.config["SETTINGS"]
    if not settings.smtp_url:
        yield Check(
            "mail",
            not settings.is_production,
            "letters stay on the outbox page",
            "Set BAIQAU_SMTP_URL=smtp://user:password@host:587",
        )
        return
    host = urlsplit(settings.smtp_url).hostname
    try:
        reach()
    except (smtplib.SMTPException, OSError) as error:
        yield Check(
            "mail", is_ok=False, detail=f"{host}: {type(error).__name__}", cure="Look at BAIQAU_SMTP_URL and the mail server."
        )
    else:
        yield Check("mail", is_ok=True, detail=f"{host} answers")


def _jobs() -> Iterable[Check]:
    since = clock.now() - OVERDUE
    # A job may be asked for after its own instant, such as by the demo, which is laid in the past: no worker is late by that.
    waits = (Job.state.in_((JobState.QUEUED, JobState.FAILED)), Job.run_at < since, Job.created_at < since)
    is_held = Job.state == JobState.RUNNING
    late = _count(and_(*waits)) + _count(is_held & (Job.lease_until < clock.now() - TAKEN_BACK))
    yield Check("jobs", late == 0, f"{late} overdue", "Start a worker: baiqau worker")
    dead = _count(Job.state == JobState.DEAD)
    cure = "See which by: baiqau jobs list; when the cause is cured: baiqau jobs again, or: baiqau jobs forget"
    yield Check("jobs given up", dead == 0, f"{dead} given up", cure)


def _count(which: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count(Job.id)).where(which)) or 0


def _audit() -> Iterable[Check]:
    found = audit.verify()
    detail = f"{found.entry_count} entries" if found.is_intact else f"broken at {found.first_broken}"
    yield Check("audit chain", found.is_intact, detail, "Someone changed the record: compare with the last backup.")


def _invariants() -> Iterable[Check]:
    for one in current_app.extensions["baiqau"].invariants:
        count = len(db.session.execute(one.violations().limit(1000)).all())
        yield Check(
            f"invariant: {one.name}", count == 0, "holds" if count == 0 else f"{count} rows break it", "Report this fault."
        )


def _seals() -> Iterable[Check]:
    for one in (STATES, *current_app.extensions["baiqau"].seals):
        named: list[str] = []
        count = 0
        for count, name in enumerate(one.broken(), start=1):
            named += [name] if count <= MOST_NAMED else []
        more = f" and {count - len(named)} more" if count > len(named) else ""
        detail = f"does not fit: {', '.join(named)}{more}" if named else "fits"
        yield Check(
            f"seal: {one.name}", not named, detail, "Somebody changed it behind the site: compare with the last backup."
        )
