"""Files from people: judged by content and extension, freed of metadata and active content, before anything is kept.

`accept_upload(field.data, allowed=DOCUMENTS | IMAGES) -> CleanFile`, or RefusedError with an `UploadRefusal` for the person.
It is slow (every file is made anew, in a process apart, by `app.core.cleaning`), and so is `keep(clean) -> KeptFile`, which
stores it: call both in a `before_writing` step, so that nobody waits for a disk or a network while the database is locked.
The transaction writes the row that names `KeptFile.stored`, or calls `let_go`.
"""

import time
from dataclasses import dataclass
from datetime import timedelta

from flask import g, has_request_context
from werkzeug.datastructures import FileStorage

from app.core import storage
from app.core.cleaning.isolation import clean
from app.core.cleaning.kinds import DOCUMENTS, IMAGES, MEDIA_TYPES, MEGABYTE, Kind, UncleanError
from app.core.db import after_commit
from app.core.limits import Budget
from app.core.refusals import Refusal, RefusedError, UploadRefusal

SIZE_LIMIT = 10 * MEGABYTE
# How long one request may hold its thread with files; who sends more sends it in several.
REQUEST_SECONDS = 30
# What files of one account may cost; an honest one takes less than a second.
CLEANING = Budget("cleaning", seconds=120, window=timedelta(minutes=10))
EXTENSIONS = {kind.value: kind for kind in Kind} | {"jpeg": Kind.JPEG}


@dataclass(frozen=True, slots=True)
class CleanFile:
    """A file fit to be kept and shown to a blind jury: nothing in it tells who made it but its own content."""

    data: bytes
    kind: Kind
    name: str

    @property
    def media_type(self) -> str:
        """Our own word for it, never the browser's."""
        return MEDIA_TYPES[self.kind]

    @property
    def extension(self) -> str:
        """Without dot."""
        return self.kind.value

    @property
    def suffix(self) -> str:
        """With dot, for `storage.put`."""
        return f".{self.kind.value}"


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A clean file that lies safe and that no row names yet."""

    clean: CleanFile
    stored: storage.Stored


def keep(clean_file: CleanFile) -> KeptFile:
    """Store a clean file, before the transaction that writes its row."""
    return KeptFile(clean_file, storage.put(clean_file.data, suffix=clean_file.suffix))


def let_go(kept: KeptFile) -> None:
    """Drop a kept file that gets no row, once the present transaction is over; what a broken one leaves the doctor names."""
    after_commit(lambda: storage.delete(kept.stored.key))


def accept_upload(file: FileStorage, *, allowed: frozenset[Kind] = DOCUMENTS | IMAGES, field: str | None = None) -> CleanFile:
    """The file cleaned, or RefusedError; `field` names the form field the refusal belongs to."""
    try:
        return _accept(file, allowed)
    except UncleanError as refused:
        raise RefusedError(Refusal(refused.code, refused.params, field=field)) from refused


def judge_promise(name: str, size: int, *, allowed: frozenset[Kind] = DOCUMENTS | IMAGES, field: str | None = None) -> None:
    """Refuse by name and size alone, before a byte of it is sent."""
    try:
        _promised(storage.safe_name(name), size, allowed)
    except UncleanError as refused:
        raise RefusedError(Refusal(refused.code, refused.params, field=field)) from refused


def _promised(name: str, size: int, allowed: frozenset[Kind]) -> Kind:
    """The kind its name promises, of a file that is not too large."""
    if storage.is_nearly_full():
        raise UncleanError(UploadRefusal.NO_SPACE)
    if size <= 0:
        raise UncleanError(UploadRefusal.EMPTY)
    if size > SIZE_LIMIT:
        raise UncleanError(UploadRefusal.TOO_LARGE, limit=SIZE_LIMIT // MEGABYTE)
    promised = EXTENSIONS.get(name.rpartition(".")[2].lower())
    if promised is None or promised not in allowed:
        raise UncleanError(UploadRefusal.WRONG_KIND, kinds=", ".join(sorted(allowed)))
    return promised


def _accept(file: FileStorage, allowed: frozenset[Kind]) -> CleanFile:
    data = file.stream.read(SIZE_LIMIT + 1)
    name = storage.safe_name(file.filename or "")
    promised = _promised(name, len(data), allowed)
    stem = name.rpartition(".")[0] or "file"
    return CleanFile(_cleaned(data, promised), promised, f"{stem}.{promised}")


def _cleaned(data: bytes, kind: Kind) -> bytes:
    """Cleaned on the time of who sent it: the one of the request, and the one of the account."""
    if not has_request_context():
        return clean(data, kind)
    if g.get("cleaning_seconds", 0.0) >= REQUEST_SECONDS:
        raise UncleanError(UploadRefusal.ONE_BY_ONE)
    if CLEANING.is_spent():
        raise UncleanError(UploadRefusal.SPENT, minutes=CLEANING.window // timedelta(minutes=1))
    began = time.monotonic()
    try:
        return clean(data, kind)
    finally:
        taken = time.monotonic() - began
        g.cleaning_seconds = g.get("cleaning_seconds", 0.0) + taken
        CLEANING.spend(taken)
