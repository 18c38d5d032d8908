"""The verbs of files on their way: begin or go on, take a piece, end."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete

from app.access.actor import Actor
from app.core import storage
from app.core.cleaning.kinds import MEGABYTE
from app.core.db import after_commit, db, use_case
from app.core.refusals import Refusal, RefusedError
from app.core.uploads import judge_promise
from competitions.models import Application, Upload, UploadPiece
from competitions.queries.upload import arrived_bytes, begun_bytes, begun_upload, pieces_of, uploads_before
from competitions.rules.application import ApplicationRefusal
from competitions.services.document import ask_room

KEPT_FOR = timedelta(hours=24)
# What one account may have begun and not ended, in all its applications.
BEGUN_LIMIT = 20
BEGUN_BYTES = 50 * MEGABYTE
PIECE_LIMIT = MEGABYTE


@dataclass(frozen=True, slots=True)
class Promise:
    """What its sender says of a file before sending it."""

    question_key: str
    name: str
    size: int
    sha256: str = ""


@use_case
def begin_upload(application: Application, promise: Promise, *, by: Actor, at: datetime) -> Upload:
    """The upload to send pieces to: the one of the same file, if it was begun before. All that would be refused is, at once."""
    assert by.user_id is not None  # noqa: S101 - only who is signed in has an application
    for old in uploads_before(at - KEPT_FOR):
        drop_upload(old)
    judge_promise(promise.name, promise.size, field=promise.question_key)
    ask_room(application, promise.question_key, promise.size)
    same = begun_upload(application, promise.question_key, promise.sha256, promise.size, by.user_id)
    if same is not None and promise.sha256:
        return same
    count, size = begun_bytes(by.user_id)
    if count >= BEGUN_LIMIT or size + promise.size > BEGUN_BYTES:
        params = {"limit": BEGUN_LIMIT, "megabytes": BEGUN_BYTES // MEGABYTE}
        raise RefusedError(Refusal(ApplicationRefusal.TOO_MANY_BEGUN, params, field=promise.question_key))
    made = Upload(
        application_id=application.id,
        user_id=by.user_id,
        question_key=promise.question_key,
        name=storage.safe_name(promise.name),
        size=promise.size,
        sha256=promise.sha256,
        begun_at=at,
    )
    db.session.add(made)
    db.session.flush()
    return made


@use_case
def take_piece(upload: Upload, stored: storage.Stored, *, offset: int) -> int:
    """Take a stored piece that begins where the last one ended; says how much is safe. One that begins elsewhere is let go."""
    safe = arrived_bytes(upload)
    if offset != safe:
        drop_piece(stored)
        return safe
    if safe + stored.size > upload.size:
        raise RefusedError(Refusal(ApplicationRefusal.PIECE_WRONG, field=upload.question_key))
    db.session.add(UploadPiece(upload_id=upload.id, offset=offset, size=stored.size, storage_key=stored.key))
    db.session.flush()
    return safe + stored.size


def drop_piece(stored: storage.Stored) -> None:
    """Let go of a piece that gets no row, once the present transaction is over."""
    after_commit(lambda: storage.delete(stored.key))


@use_case
def drop_upload(upload: Upload) -> None:
    """Forget it with all that arrived."""
    keys = [one.storage_key for one in pieces_of(upload)]
    db.session.execute(delete(UploadPiece).where(UploadPiece.upload_id == upload.id))
    db.session.delete(upload)
    db.session.flush()

    def forget() -> None:
        for key in keys:
            storage.delete(key)

    after_commit(forget)
