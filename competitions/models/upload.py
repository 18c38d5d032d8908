"""Files on their way: what of each has arrived, piece by piece, until it is whole."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core.columns import Privacy, check, column, key, public_id
from app.core.db import Model


class Upload(Model):
    """One file that its owner has begun to send; it is gone as soon as it is attached, refused or too old."""

    __tablename__ = "competitions_uploads"
    __table_args__ = (check("size_is_positive", "size > 0"),)
    id: Mapped[int] = key()
    public_id: Mapped[str] = public_id()
    application_id: Mapped[int] = column(Privacy.INTERNAL, ForeignKey("competitions_applications.id"), index=True)
    user_id: Mapped[int] = column(Privacy.INTERNAL, ForeignKey("people_users.id"), index=True)
    question_key: Mapped[str] = column(Privacy.OPEN, String(40))
    name: Mapped[str] = column(Privacy.CONTACT, String(255))
    size: Mapped[int] = column(Privacy.INTERNAL, comment="bytes of the whole, as its sender said")
    sha256: Mapped[str] = column(Privacy.INTERNAL, String(64), comment="by which sending goes on; empty if not said")
    begun_at: Mapped[datetime] = column(Privacy.INTERNAL, index=True)


class UploadPiece(Model):
    """What arrived in one request; a piece has arrived as a whole or not at all."""

    __tablename__ = "competitions_upload_pieces"
    __table_args__ = (UniqueConstraint("upload_id", "offset"), check("size_is_positive", "size > 0"))
    id: Mapped[int] = key()
    upload_id: Mapped[int] = column(Privacy.INTERNAL, ForeignKey("competitions_uploads.id"))
    offset: Mapped[int] = column(Privacy.INTERNAL, comment="bytes of the file before it")
    size: Mapped[int] = column(Privacy.INTERNAL)
    storage_key: Mapped[str] = column(Privacy.INTERNAL, String(200), unique=True)
