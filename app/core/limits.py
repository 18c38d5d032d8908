"""How often one address may ask: Flask-Limiter counting in our database, so that all processes count together.

Limit a whole blueprint, `limiter.limit("30/minute")(bp)`: it is checked before a transaction opens. BAIQAU_LIMITS_URL may
name Redis instead. Failed sign-ins are counted by `people`, which must also know the account.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from math import ceil
from typing import Any

from flask import Flask, g, request
from flask_limiter import Limiter
from limits.storage import Storage
from sqlalchemy import String, case, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped

from app.core import clock
from app.core.columns import Privacy, blind_index, column
from app.core.db import Model, apart, db

SCHEME = "database"


class Window(Model):
    """How often a key was counted in the window that ends at `ends_at`."""

    __tablename__ = "core_windows"
    key: Mapped[str] = column(Privacy.INTERNAL, String(200), primary_key=True, comment="holds a blind index of the address")
    count: Mapped[int] = column(Privacy.INTERNAL)
    ends_at: Mapped[datetime] = column(Privacy.INTERNAL, index=True)


class DatabaseStorage(Storage):
    """Fixed windows as rows. Each count is a short transaction of its own: a refused request has still been one."""

    STORAGE_SCHEME = [SCHEME]  # noqa: RUF012 - as the base class declares it

    @property
    def base_exceptions(self) -> type[Exception]:
        """What may go wrong underneath; Flask-Limiter then counts in memory."""
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count, beginning a new window where the last has ended."""
        now = clock.now()
        insert = (postgresql if db.engine.dialect.name == "postgresql" else sqlite).insert
        is_over = Window.ends_at <= now
        counted = insert(Window).values(key=key, count=amount, ends_at=now + timedelta(seconds=expiry))
        changes: dict[str, Any] = {
            "count": case((is_over, amount), else_=Window.count + amount),
            "ends_at": case((is_over, counted.excluded.ends_at), else_=Window.ends_at),
        }
        upsert = counted.on_conflict_do_update(index_elements=[Window.key], set_=changes).returning(Window.count)
        with apart() as connection:
            return int(connection.execute(upsert).scalar_one())

    def get(self, key: str) -> int:
        """The present count."""
        live = select(Window.count).where(Window.key == key, Window.ends_at > clock.now())
        with apart(is_writing=False) as connection:
            return int(connection.execute(live).scalar() or 0)

    def get_expiry(self, key: str) -> float:
        """When the window ends, in seconds since 1970."""
        with apart(is_writing=False) as connection:
            ends_at = connection.execute(select(Window.ends_at).where(Window.key == key)).scalar()
        return (ends_at or clock.now()).timestamp()

    def check(self) -> bool:
        """Whether counting works."""
        try:
            self.get("")
        except SQLAlchemyError:
            return False
        return True

    def reset(self) -> int:
        """Forget all counts."""
        with apart() as connection:
            return connection.execute(delete(Window)).rowcount

    def clear(self, key: str) -> None:
        """Forget one count."""
        with apart() as connection:
            connection.execute(delete(Window).where(Window.key == key))


def one_by_one(*keys: str) -> None:
    """Wait for whoever counts under these keys, until the present writing transaction ends: what is counted then stands.

    For limits that look first and count afterwards. On SQLite writers come one by one anyway.
    """
    if db.engine.dialect.name == "postgresql":
        for number in sorted(int.from_bytes(sha256(one.encode()).digest()[:8], signed=True) for one in keys):
            db.session.execute(select(func.pg_advisory_xact_lock(number)))


def forget_windows() -> None:
    """Drop windows that have ended."""
    with apart() as connection:
        connection.execute(delete(Window).where(Window.ends_at <= clock.now()))


def address_key() -> str:
    """Who asks: the network address, kept as a blind index only."""
    return blind_index("limits", request.remote_addr or "")


def account_key() -> str:
    """Which account asks, whatever its address; the address of visitors."""
    user_id = getattr(g.get("actor"), "user_id", None)
    return f"account:{user_id}" if user_id is not None else address_key()


@dataclass(frozen=True, slots=True)
class Budget:
    """How many seconds of slow work one account may have within a window; counted where requests are counted."""

    name: str
    seconds: int
    window: timedelta

    def is_spent(self) -> bool:
        """Whether nothing is left for the account of the present request until the window ends."""
        return limiter.storage.get(self._key()) >= self.seconds

    def spend(self, seconds: float) -> None:
        """Count work that was done, in whole seconds."""
        limiter.storage.incr(self._key(), int(self.window.total_seconds()), amount=ceil(seconds))

    def _key(self) -> str:
        return f"budget:{self.name}:{account_key()}"


@dataclass(frozen=True, slots=True)
class Tries:
    """How often something may be tried in a row under one key; a try is counted before it is made, so that none slip by."""

    name: str
    most: int
    window: timedelta

    def count(self, key: object) -> int:
        """Count one more and say how many there were."""
        return limiter.storage.incr(self._key(key), int(self.window.total_seconds()))

    def forget(self, key: object) -> None:
        """Begin again: it went well."""
        limiter.storage.clear(self._key(key))

    def _key(self, key: object) -> str:
        return f"tries:{self.name}:{key}"


limiter = Limiter(key_func=address_key, in_memory_fallback_enabled=True, strategy="fixed-window")


def init_limits(app: Flask) -> None:
    """Bind the limiter to the storage of the settings."""
    app.config["RATELIMIT_STORAGE_URI"] = app.config["SETTINGS"].limits_url or f"{SCHEME}://"
    limiter.init_app(app)
