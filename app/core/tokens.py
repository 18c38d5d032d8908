"""Single-use links: random, stored hashed, bound to one purpose, consumed by exactly one of many parallel uses."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, String, delete, select, update
from sqlalchemy.orm import Mapped

from app.core import clock
from app.core.columns import Privacy, column, key
from app.core.db import Model, changed_rows, db
from app.core.refusals import CoreRefusal, Refusal, RefusedError

TOKEN_BYTES = 32


class Token(Model):
    """One link that may be used once."""

    __tablename__ = "core_tokens"
    id: Mapped[int] = key()
    digest: Mapped[str] = column(Privacy.SECRET, String(64), unique=True, comment="SHA-256 of the secret; it is kept nowhere")
    purpose: Mapped[str] = column(Privacy.INTERNAL, String(40))
    subject: Mapped[str] = column(Privacy.INTERNAL, String(64), index=True, comment="what dies together: usually a public id")
    payload: Mapped[dict[str, Any]] = column(Privacy.CONTACT, JSON)
    created_at: Mapped[datetime] = column(Privacy.INTERNAL)
    expires_at: Mapped[datetime] = column(Privacy.INTERNAL)
    used_at: Mapped[datetime | None] = column(Privacy.INTERNAL)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a valid token says."""

    subject: str
    payload: dict[str, Any]
    token_id: int
    issued_at: datetime


def issue(purpose: StrEnum, subject: str, *, lasts: timedelta, at: datetime | None = None, **payload: object) -> str:
    """Make a token and return its secret, to be sent to one address and kept nowhere."""
    secret = secrets.token_urlsafe(TOKEN_BYTES)
    made_at = at or clock.now()
    expires_at = made_at + lasts
    db.session.add(
        Token(
            digest=_digest(secret), purpose=purpose, subject=subject, payload=payload, created_at=made_at, expires_at=expires_at
        )
    )
    return secret


def peek(purpose: StrEnum, secret: str) -> Claim | None:
    """What the token says, without using it up; None when unknown, used, expired or for another purpose."""
    token = db.session.scalar(_usable(purpose, secret))
    return _claim(token) if token else None


def consume(purpose: StrEnum, secret: str, *, at: datetime | None = None) -> Claim:
    """Use the token up. Raises RefusedError(LINK_USED) for all but one of parallel uses, and for any unusable one."""
    token = db.session.scalar(_usable(purpose, secret))
    if token is not None:
        used = update(Token).where(Token.id == token.id, Token.used_at.is_(None)).values(used_at=at or clock.now())
        if changed_rows(used) == 1:
            return _claim(token)
    raise RefusedError(Refusal(CoreRefusal.LINK_USED))


def revoke(purpose: StrEnum, subject: str, *, issued_after: Claim | None = None, **payload: str) -> int:
    """Make every unused token of this purpose and subject unusable; how many there were.

    Or only those that were issued after a given one, or that say what `payload` says.
    """
    found = delete(Token).where(Token.purpose == purpose, Token.subject == subject, Token.used_at.is_(None))
    for name, value in payload.items():
        found = found.where(Token.payload[name].as_string() == value)
    found = found.where(Token.id > issued_after.token_id) if issued_after else found
    return changed_rows(found.execution_options(synchronize_session=False))


def _claim(token: Token) -> Claim:
    return Claim(token.subject, dict(token.payload), token.id, token.created_at)


def _usable(purpose: StrEnum, secret: str) -> Any:
    return select(Token).where(
        Token.digest == _digest(secret), Token.purpose == purpose, Token.used_at.is_(None), Token.expires_at > clock.now()
    )


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
