"""Files on their way: which a person has begun, how far each has come, and which are too old."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from app.access.actor import Actor
from app.core.db import db
from competitions.models import Application, Upload, UploadPiece

FORGOTTEN_AT_ONCE = 50


def own_upload(application: Application, public_id: str, actor: Actor, *, lock: bool = False) -> Upload | None:
    """A file that this account has begun to send; `lock` lets two of its pieces wait for each other."""
    wanted = select(Upload).where(
        Upload.application_id == application.id, Upload.public_id == public_id, Upload.user_id == actor.user_id
    )
    return db.session.scalar(wanted.with_for_update() if lock else wanted)


def begun_upload(application: Application, question_key: str, sha256: str, size: int, user_id: int) -> Upload | None:
    """The same file for the same question, begun before."""
    wanted = select(Upload).where(
        Upload.application_id == application.id, Upload.question_key == question_key, Upload.user_id == user_id,
        Upload.sha256 == sha256, Upload.size == size,
    )  # fmt: skip
    return db.session.scalar(wanted.limit(1))


def begun_bytes(user_id: int) -> tuple[int, int]:
    """How many files one account has begun, and how large they will be."""
    wanted = select(func.count(), func.coalesce(func.sum(Upload.size), 0)).where(Upload.user_id == user_id)
    count, size = db.session.execute(wanted).one()
    return int(count), int(size)


def pieces_of(upload: Upload) -> Sequence[UploadPiece]:
    """What has arrived, in order."""
    return db.session.scalars(select(UploadPiece).where(UploadPiece.upload_id == upload.id).order_by(UploadPiece.offset)).all()


def arrived_bytes(upload: Upload) -> int:
    """How much of it is safe: sending goes on from there."""
    wanted = select(func.coalesce(func.sum(UploadPiece.size), 0)).where(UploadPiece.upload_id == upload.id)
    return int(db.session.scalar(wanted) or 0)


def uploads_before(instant: datetime) -> Sequence[Upload]:
    """The oldest that were begun before an instant."""
    wanted = select(Upload).where(Upload.begun_at < instant).order_by(Upload.begun_at)
    return db.session.scalars(wanted.limit(FORGOTTEN_AT_ONCE)).all()
