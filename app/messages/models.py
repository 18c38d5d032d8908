"""Tables of letters: the outbox, and mailings with their recipients."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core.columns import Encrypted, Privacy, check, choice, column, key, public_id
from app.core.db import Model
from app.messages.states import Channel, MessageState


class Message(Model):
    """One letter to one address, written in the transaction of the act it tells of, delivered after it.

    `programme_id` is a plain number: programmes stand above messages. The text may hold a single-use link, so it is
    encrypted at rest.
    """

    __tablename__ = "messages_messages"
    __table_args__ = (
        Index(None, "state", "created_at"),
        Index(None, "programme_id", "created_at"),
        Index(None, "address", "leaves_at"),
        check("sent_is_dated", "(state = 'sent') = (sent_at IS NOT NULL)"),
    )
    id: Mapped[int] = key()
    public_id: Mapped[str] = public_id()
    unique_key: Mapped[str] = column(Privacy.INTERNAL, String(160), unique=True, comment="the same letter twice is one row")
    programme_id: Mapped[int | None] = column(Privacy.INTERNAL, comment="whose organisers may see it")
    kind: Mapped[str] = column(Privacy.INTERNAL, String(80))
    channel: Mapped[Channel] = choice(Privacy.INTERNAL, Channel, name="channel", default=Channel.EMAIL)
    address: Mapped[str] = column(Privacy.CONTACT, String(254))
    name: Mapped[str] = column(Privacy.CONTACT, String(320), default="")
    language: Mapped[str] = column(Privacy.CONTACT, String(2))
    subject: Mapped[str] = column(Privacy.CONTACT, String(300))
    text: Mapped[str] = column(Privacy.SECRET, Encrypted("messages_messages.text"))
    html: Mapped[str | None] = column(Privacy.SECRET, Encrypted("messages_messages.html"))
    message_id: Mapped[str] = column(
        Privacy.INTERNAL, String(200), unique=True, comment="fixed at creation, so that programs fold a second copy"
    )
    state: Mapped[MessageState] = choice(Privacy.INTERNAL, MessageState, name="message_state", default=MessageState.QUEUED)
    attempts: Mapped[int] = column(Privacy.INTERNAL, default=0)
    answer: Mapped[str] = column(Privacy.INTERNAL, String(40), default="", comment="the server's last code, without its text")
    created_at: Mapped[datetime] = column(Privacy.INTERNAL)
    leaves_at: Mapped[datetime] = column(Privacy.INTERNAL, comment="not before: nobody gets a flood of letters within an hour")
    sent_at: Mapped[datetime | None] = column(Privacy.INTERNAL)


class Mailing(Model):
    """One letter to many: written as one row and its recipients, whatever their number; the worker writes the letters."""

    __tablename__ = "messages_mailings"
    id: Mapped[int] = key()
    public_id: Mapped[str] = public_id()
    unique_key: Mapped[str] = column(Privacy.INTERNAL, String(120), unique=True)
    programme_id: Mapped[int | None] = column(Privacy.INTERNAL, index=True)
    kind: Mapped[str] = column(Privacy.INTERNAL, String(80))
    context: Mapped[dict[str, Any]] = column(Privacy.INTERNAL, JSON, comment="values the letter needs, the same for all")
    created_at: Mapped[datetime] = column(Privacy.INTERNAL)


class Recipient(Model):
    """One recipient of a mailing, and the letter once it is written."""

    __tablename__ = "messages_recipients"
    __table_args__ = (UniqueConstraint("mailing_id", "address", "about"),)
    id: Mapped[int] = key()
    mailing_id: Mapped[int] = column(Privacy.INTERNAL, ForeignKey("messages_mailings.id"))
    address: Mapped[str] = column(Privacy.CONTACT, String(254))
    about: Mapped[str] = column(
        Privacy.INTERNAL, String(64), default="", comment="public id of what the letter is about, where one address has several"
    )
    language: Mapped[str] = column(Privacy.CONTACT, String(2))
    name: Mapped[str] = column(Privacy.CONTACT, String(320), default="")
    context: Mapped[dict[str, Any]] = column(Privacy.CONTACT, JSON, comment="values of this recipient's letter")
    message_id: Mapped[int | None] = column(Privacy.INTERNAL, ForeignKey("messages_messages.id"), unique=True)
