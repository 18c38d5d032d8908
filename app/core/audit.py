"""The append-only record of acts: one HMAC hash chain per programme, written in the transaction of the act.

The tails of the chains are anchored in a file beside the database each hour: who cuts a chain off there contradicts the file.
"""

import hashlib
import hmac
import json
import os
from collections import defaultdict
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from flask import current_app, g, has_request_context
from sqlalchemy import JSON, ColumnElement, ForeignKey, String, Subquery, UniqueConstraint, and_, func, select
from sqlalchemy.orm import Mapped

from app.core import clock
from app.core.columns import Privacy, column, key
from app.core.db import Model, db, guard, insert_or_nothing

INSTALLATION = 0
GENESIS = "0" * 64
ANCHORS = "audit-anchors.log"
ANCHOR_EVERY = timedelta(hours=1)


class By(Protocol):
    """Who acts: satisfied by `access.Actor`."""

    @property
    def user_id(self) -> int | None:
        """The account that acts, or None for the system and visitors."""

    @property
    def label(self) -> str:
        """`user`, `visitor`, `system` or `command`; never a name: the chain holds no personal data."""


class Audited(Protocol):
    """What acts are recorded about."""

    @property
    def public_id(self) -> str:
        """The stable id of the object."""

    @property
    def audit_chain(self) -> int:
        """The programme whose chain records it, or `INSTALLATION`."""


class AuditHead(Model):
    """The tail of one chain; its row is the lock that keeps concurrent writers from forking it."""

    __tablename__ = "core_audit_heads"
    chain: Mapped[int] = column(
        Privacy.INTERNAL, primary_key=True, autoincrement=False, comment="programme id; 0 is the installation"
    )
    count: Mapped[int] = column(Privacy.INTERNAL, default=0)
    digest: Mapped[str] = column(Privacy.INTERNAL, String(64), default=GENESIS)


class AuditEntry(Model):
    """One act: who, when, what, on which object. Triggers forbid UPDATE and DELETE."""

    __tablename__ = "core_audit_entries"
    __table_args__ = (UniqueConstraint("chain", "number"),)
    id: Mapped[int] = key()
    chain: Mapped[int] = column(Privacy.INTERNAL, ForeignKey("core_audit_heads.chain"))
    number: Mapped[int] = column(Privacy.INTERNAL, comment="1, 2, 3 ... within the chain, without gaps")
    at: Mapped[datetime] = column(Privacy.INTERNAL)
    user_id: Mapped[int | None] = column(Privacy.INTERNAL, comment="account; kept when the person is erased")
    by: Mapped[str] = column(Privacy.INTERNAL, String(20))
    verb: Mapped[str] = column(Privacy.INTERNAL, String(80))
    noun: Mapped[str] = column(Privacy.INTERNAL, String(80))
    subject: Mapped[str] = column(Privacy.INTERNAL, String(64), index=True, comment="public id of the object")
    details: Mapped[dict[str, Any]] = column(Privacy.INTERNAL, JSON, comment="ids, states, numbers; never personal data")
    previous: Mapped[str] = column(Privacy.INTERNAL, String(64))
    digest: Mapped[str] = column(Privacy.INTERNAL, String(64), unique=True)


guard(AuditEntry, "audit_is_append_only", on=("UPDATE", "DELETE"))


@dataclass(frozen=True, slots=True)
class Verdict:
    """Result of `verify`: `first_broken` is `chain/number` of the first entry that does not fit."""

    is_intact: bool
    entry_count: int
    first_broken: str | None


@dataclass(frozen=True, slots=True)
class Anchor:
    """The tail of one chain as it was at an instant; `mac` binds the line to the audit key."""

    at: str
    chain: int
    count: int
    digest: str
    mac: str = ""

    @property
    def is_genuine(self) -> bool:
        """Whether the line is as we wrote it."""
        return hmac.compare_digest(str(self.mac).encode(errors="replace"), self._mac().encode())

    def line(self) -> str:
        """As it stands in the file."""
        return json.dumps({"at": self.at, "chain": self.chain, "count": self.count, "digest": self.digest, "mac": self._mac()})

    def _mac(self) -> str:
        return _sealed(f"anchor {self.at} {self.chain} {self.count} {self.digest}")


def record(verb: str, subject: Audited, *, by: By, at: datetime | None = None, **details: object) -> AuditEntry:
    """Append one act to the chain of `subject`; `details` may hold ids, states and numbers only."""
    return record_in(subject.audit_chain, verb, subject, by=by, at=at, **details)


def record_in(chain: int, verb: str, subject: Audited, *, by: By, at: datetime | None = None, **details: object) -> AuditEntry:
    """Append one act to a chain that has a part in it beside that of `subject`."""
    head = _locked_head(chain)
    head.count += 1
    entry = AuditEntry(
        chain=head.chain,
        number=head.count,
        at=(at or clock.now()).astimezone(UTC),  # as it is read back, or the digest would not fit
        user_id=by.user_id,
        by=by.label,
        verb=verb,
        noun=type(subject).__name__,
        subject=subject.public_id,
        details={name: _plain(value) for name, value in details.items()},
        previous=head.digest,
    )
    entry.digest = head.digest = _digest(entry)
    db.session.add(entry)
    if has_request_context():
        g.setdefault("acts", set()).add(f"{entry.noun}.{verb}")
    return entry


def history(subject: Audited) -> tuple[AuditEntry, ...]:
    """The acts on one object, oldest first."""
    found = select(AuditEntry).where(
        AuditEntry.chain == subject.audit_chain,
        AuditEntry.subject == subject.public_id,
        AuditEntry.noun == type(subject).__name__,
    )
    return tuple(db.session.scalars(found.order_by(AuditEntry.number)))


def newest(noun: type[Any], *those: ColumnElement[bool]) -> Subquery:
    """Of each object of the noun the last of those acts, as rows of `subject`, `verb`, `details`, `chain` and `at`."""
    mine = select(AuditEntry.chain, AuditEntry.subject, func.max(AuditEntry.number).label("number"))
    last = mine.where(AuditEntry.noun == noun.__name__, *those).group_by(AuditEntry.chain, AuditEntry.subject).subquery()
    same = and_(AuditEntry.chain == last.c.chain, AuditEntry.number == last.c.number)
    told = (AuditEntry.subject, AuditEntry.verb, AuditEntry.details, AuditEntry.chain, AuditEntry.at)
    return select(*told).join(last, same).subquery()


def anchor() -> int:
    """Write the tails of the chains that grew in the last hour or more to the file of anchors, synced; how many."""
    now, last = clock.now(), {one.chain: one for one in _anchors() if one.is_genuine}
    if any(now - datetime.fromisoformat(one.at) < ANCHOR_EVERY for one in last.values()):
        return 0
    heads = db.session.scalars(select(AuditHead).order_by(AuditHead.chain)).all()
    grown = [one for one in heads if one.chain not in last or last[one.chain].count < one.count]
    made = [Anchor(now.astimezone(UTC).isoformat(), one.chain, one.count, one.digest) for one in grown]
    if made:
        with _anchor_file().open("a", encoding="utf-8") as file:
            file.truncate(len(_whole_lines()))
            file.writelines(f"{one.line()}\n" for one in made)
            file.flush()
            os.fsync(file.fileno())
    return len(made)


def verify() -> Verdict:
    """Recompute every chain; finds a changed, deleted, swapped or cut-off entry, and what only anchors know."""
    count = 0
    known: dict[int, dict[int, str]] = defaultdict(dict)
    for number, one in enumerate(_anchors(), start=1):
        if not one.is_genuine:
            return Verdict(is_intact=False, entry_count=0, first_broken=f"{ANCHORS}/{number}")
        known[one.chain][one.count] = one.digest
    for head in db.session.scalars(select(AuditHead).order_by(AuditHead.chain)).all():
        previous, number, anchored = GENESIS, 0, known.pop(head.chain, {})
        with closing(_entries(head.chain)) as entries:
            for entry in entries:
                count += 1
                number += 1
                fits = entry.number == number and entry.previous == previous
                fits = fits and hmac.compare_digest(anchored.get(number, entry.digest), entry.digest)
                if not fits or not hmac.compare_digest(entry.digest, _digest(entry)):
                    return Verdict(is_intact=False, entry_count=count, first_broken=f"{head.chain}/{number}")
                previous = entry.digest
        if (head.count, head.digest) != (number, previous) or max(anchored, default=0) > number:
            return Verdict(is_intact=False, entry_count=count, first_broken=f"{head.chain}/{number + 1}")
    if known:
        return Verdict(is_intact=False, entry_count=count, first_broken=f"{min(known)}/1")
    return Verdict(is_intact=True, entry_count=count, first_broken=None)


def _entries(chain: int) -> Generator[AuditEntry]:
    rows = select(AuditEntry).where(AuditEntry.chain == chain).order_by(AuditEntry.number)
    with closing(db.session.scalars(rows.execution_options(yield_per=1000))) as found:
        yield from found


def _locked_head(chain: int) -> AuditHead:
    found = select(AuditHead).where(AuditHead.chain == chain).with_for_update()
    head = db.session.scalar(found)
    if head is None:
        # Two writers may meet at the first entry of a chain: one inserts, both then lock the same row.
        insert_or_nothing(AuditHead, chain=chain, count=0, digest=GENESIS)
        head = db.session.scalars(found).one()
    return head


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(inner) for inner in value]
    return value if value is None or isinstance(value, (bool, int)) else str(value)


def _digest(entry: AuditEntry) -> str:
    fields = [
        entry.chain, entry.number, entry.at.isoformat(), entry.user_id, entry.by,
        entry.verb, entry.noun, entry.subject, entry.details, entry.previous,
    ]  # fmt: skip
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return _sealed(text)


def _sealed(text: str) -> str:
    secret = current_app.config["SETTINGS"].audit_key.get_secret_value().encode()
    return hmac.digest(secret, text.encode(errors="surrogatepass"), hashlib.sha256).hex()


def _anchor_file() -> Path:
    folder: Path = current_app.config["SETTINGS"].data
    folder.mkdir(parents=True, exist_ok=True)
    return folder / ANCHORS


def _whole_lines() -> bytes:
    """The file without a last line that has no end: the machine stopped while it was written, so it was never said."""
    written = _anchor_file().read_bytes() if _anchor_file().exists() else b""
    return written[: written.rfind(b"\n") + 1]


def _anchors() -> Iterator[Anchor]:
    """The lines of the file, oldest first; one that is no anchor stands as one that is not genuine."""
    for line in _whole_lines().decode(errors="replace").splitlines():
        try:
            yield Anchor(**json.loads(line))
        except (ValueError, TypeError):
            yield Anchor("", 0, 0, line)
