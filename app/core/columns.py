"""Column types and the one way to declare a column: with its privacy class first."""

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app
from sqlalchemy import CheckConstraint, DateTime, Dialect, Enum, LargeBinary, String
from sqlalchemy.orm import MappedColumn, mapped_column
from sqlalchemy.types import JSON, TypeDecorator

NONCE_BYTES = 12
PUBLIC_ID_BYTES = 16
LANGUAGES = ("kk", "ru", "en")


class Privacy(StrEnum):
    """Who a column's content may concern; decides export, erasure, retention and what may be logged."""

    OPEN = "open"  # may be shown to everybody once its object is public
    INTERNAL = "internal"  # the organisation's own work: notes, states, counts
    PROJECT = "project"  # what an applicant writes of the project; the jury sees it
    CONTACT = "contact"  # name, e-mail, phone, address of a person
    IDENTITY = "identity"  # identity number, birth date, status; encrypted where it must be found by nobody
    SCORE = "score"  # points and comments of jurors, ranking before publication
    SECRET = "secret"  # noqa: S105 - the name of a class, not a password: hashes of tokens and passwords


def column(privacy: Privacy, *args: Any, **kwargs: Any) -> MappedColumn[Any]:
    """A mapped column with its privacy class, kept in `Column.info`; otherwise as `mapped_column`."""
    return mapped_column(*args, info={"privacy": privacy}, **kwargs)


def key() -> MappedColumn[int]:
    """The integer primary key every table has."""
    return mapped_column(primary_key=True, info={"privacy": Privacy.INTERNAL})


def public_id() -> MappedColumn[str]:
    """A random identifier for addresses: 128 bits, 22 characters, never counted."""
    return mapped_column(
        String(32), unique=True, default=new_public_id, info={"privacy": Privacy.INTERNAL}, comment="random, for addresses"
    )


def new_public_id() -> str:
    """A fresh 128-bit identifier that is safe in addresses."""
    return secrets.token_urlsafe(PUBLIC_ID_BYTES)


def choice(privacy: Privacy, values: type[StrEnum], *, name: str, **kwargs: Any) -> MappedColumn[Any]:
    """An enum stored by value as text with a named CHECK, the same on both databases."""
    kind = Enum(
        values,
        native_enum=False,
        create_constraint=True,
        name=name,
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )
    return column(privacy, kind, **kwargs)


class UTCDateTime(TypeDecorator[datetime]):
    """An aware instant. Stored in UTC; SQLite drops zones, so it is put back on reading. Naive values are a bug."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"naive datetime {value!r}"
            raise ValueError(message)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Translation(dict[str, str]):
    """A text people wrote in several languages: `{"kk": ..., "ru": ..., "en": ...}`; missing ones are absent."""

    def missing(self, languages: tuple[str, ...]) -> tuple[str, ...]:
        """The languages out of `languages` in which nothing is written."""
        return tuple(language for language in languages if not self.get(language, "").strip())

    def best(self, language: str) -> tuple[str, str]:
        """The text in `language`, else kk, ru, en, any; with the language it is in. `("", language)` when empty."""
        for candidate in (language, *LANGUAGES, *self):
            if self.get(candidate, "").strip():
                return self[candidate], candidate
        return "", language


class Translated(TypeDecorator[Translation]):
    """Content in several languages as one JSON object."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Mapping[str, str] | None, dialect: Dialect) -> dict[str, str] | None:  # noqa: ARG002
        return None if value is None else {k: v for k, v in value.items() if v}

    def process_result_value(self, value: Any, dialect: Dialect) -> Translation | None:  # noqa: ARG002
        return None if value is None else Translation(value)


@lru_cache(maxsize=4)
def _vault_keys(secret: str) -> tuple[bytes, bytes]:
    """The encryption and the index key, derived apart so that one does not reveal the other."""
    root = secret.encode()
    return (
        hmac.digest(root, b"baiqau vault encryption v1", hashlib.sha256),
        hmac.digest(root, b"baiqau vault index v1", hashlib.sha256),
    )


def _keys() -> tuple[bytes, bytes]:
    return _vault_keys(current_app.config["SETTINGS"].vault_key.get_secret_value())


class Encrypted(TypeDecorator[str]):
    """Text at rest as AES-256-GCM; `context` (table.column) is authenticated, so a value cannot be moved elsewhere."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, context: str) -> None:
        super().__init__()
        self.context = context

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002
        if value is None:
            return None
        nonce = os.urandom(NONCE_BYTES)
        return nonce + AESGCM(_keys()[0]).encrypt(nonce, value.encode(), self.context.encode())

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        if value is None:
            return None
        nonce, sealed = bytes(value[:NONCE_BYTES]), bytes(value[NONCE_BYTES:])
        return AESGCM(_keys()[0]).decrypt(nonce, sealed, self.context.encode()).decode()


class EncryptedDate(TypeDecorator[date]):
    """A calendar date at rest as `Encrypted` text."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, context: str) -> None:
        super().__init__()
        self.context = context
        self._text = Encrypted(context)

    def process_bind_param(self, value: date | None, dialect: Dialect) -> bytes | None:
        return None if value is None else self._text.process_bind_param(value.isoformat(), dialect)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> date | None:
        text = self._text.process_result_value(value, dialect)
        return None if text is None else date.fromisoformat(text)


def blind_index(purpose: str, value: str) -> str:
    """A keyed hash by which equal values are found without being readable; `purpose` keeps columns apart."""
    digest = hmac.digest(_keys()[1], f"{purpose}|{value}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def check(name: str, condition: str) -> CheckConstraint:
    """A named CHECK for `__table_args__`; the naming convention adds the table."""
    return CheckConstraint(condition, name=name)
