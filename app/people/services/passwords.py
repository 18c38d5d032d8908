"""Hashing and comparing passwords: slow on purpose, so always before a transaction opens and never many at once."""

import os
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

from app.core.limits import Tries
from app.core.refusals import CoreRefusal, Refusal, RefusedError
from app.people.queries import blocking_attempt, password_hash_of
from app.people.rules import (
    LONGEST_PASSWORD,
    LONGEST_REMEMBERED,
    MOST_GUESSES,
    canonical_email,
    check_password,
    stable_password,
)
from app.people.states import AttemptKind, PeopleRefusal

GUESSES = Tries("password", MOST_GUESSES, LONGEST_REMEMBERED)
# Half the cores hash, the rest serve pages; who comes later waits in line.
_turnstile = BoundedSemaphore(max(1, (os.cpu_count() or 1) // 2))


@dataclass(frozen=True, slots=True)
class Credentials:
    """An address and whether the password that came with it fits; made before the transaction, checked again inside."""

    email: str
    address: str
    is_known_device: bool = False
    # What was compared: when the account has another hash by now, the comparison says nothing.
    compared: str | None = None
    is_right: bool = False
    better_hash: str | None = None


def hash_password(text: str) -> str:
    """The argon2id hash of a password."""
    with _turnstile:
        return _hasher().hash(stable_password(text))


def hash_chosen(text: str, *, email: str = "") -> str | Refusal:
    """The hash of a password that somebody chose for this address, or why it is too short, too long or guessable."""
    faults = check_password(text, email=email)
    return faults[0] if faults else hash_password(text)


def compare(email: str, password: str, *, address: str, at: datetime, is_known_device: bool = False) -> Credentials:
    """Compare a password with the account of this address. Takes equally long where there is no such account.

    Raises RefusedError(TOO_MANY) before any work when the address or the network has tried too often.
    """
    until = blocking_attempt(AttemptKind.SIGN_IN, email=email, address=address, at=at, is_known_device=is_known_device)
    if until is not None:
        raise RefusedError(Refusal(CoreRefusal.TOO_MANY, {"until": until}))
    kept = password_hash_of(canonical_email(email))
    is_right = len(password) <= LONGEST_PASSWORD and fits(kept or _decoy(), password) and kept is not None
    better = hash_password(password) if is_right and kept and _hasher().check_needs_rehash(kept) else None
    return Credentials(email, address, is_known_device, compared=kept, is_right=is_right, better_hash=better)


def compare_present(email: str, password: str, *, session_id: int) -> Credentials | Refusal:
    """Compare the password of who is signed in. Wrong ones are counted for her session alone, apart from sign-ins.

    Whoever sits at a screen that was left open has no more guesses than whoever has none: then the session must end.
    """
    if GUESSES.count(session_id) > GUESSES.most:
        return Refusal(PeopleRefusal.PASSWORD_GUESSED)
    kept = password_hash_of(canonical_email(email))
    is_right = kept is not None and len(password) <= LONGEST_PASSWORD and fits(kept, password)
    if is_right:
        GUESSES.forget(session_id)
    return Credentials(email, "", compared=kept, is_right=is_right)


def fits(kept: str, password: str) -> bool:
    """Whether `password` is the one that was hashed to `kept`."""
    with _turnstile:
        try:
            return _hasher().verify(kept, stable_password(password))
        except (VerificationError, InvalidHashError):
            return False


def _hasher() -> PasswordHasher:
    settings = current_app.config["SETTINGS"]
    return _hasher_with(settings.password_memory_kib, settings.password_rounds)


@lru_cache(maxsize=4)
def _hasher_with(memory_kib: int, rounds: int) -> PasswordHasher:
    return PasswordHasher(time_cost=rounds, memory_cost=memory_kib, parallelism=1)


def _decoy() -> str:
    """The hash of nobody's password, at the present cost."""
    settings = current_app.config["SETTINGS"]
    return _decoy_with(settings.password_memory_kib, settings.password_rounds)


@lru_cache(maxsize=4)
def _decoy_with(memory_kib: int, rounds: int) -> str:
    return _hasher_with(memory_kib, rounds).hash(os.urandom(16).hex())
