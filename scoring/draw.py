"""A public draw that anybody can recompute: the list is frozen and hashed first, the seed is published later."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Drawn:
    """The place a draw gave, and the key that gave it."""

    position: int
    id: str
    key: str


@dataclass(frozen=True, slots=True)
class Draw:
    """A whole draw as it is published."""

    seed: str
    list_sha256: str
    order: tuple[Drawn, ...]


def drawing_key(seed: str, drawn: str) -> str:
    """Return the key of one id: SHA-256 of `seed|id` in UTF-8; the smallest comes first."""
    return sha256(f"{seed}|{drawn}".encode()).hexdigest()


def list_sha256(ids: Sequence[str]) -> str:
    """Return the hash that freezes a list before the seed exists; the order of the list does not matter."""
    return sha256(json.dumps(sorted(ids), ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def draw(seed: str, ids: Sequence[str]) -> Draw:
    """Put different ids into the order of their keys."""
    if len(set(ids)) != len(ids):
        message = "An id is in the list twice."
        raise ValueError(message)
    keys = sorted((drawing_key(seed, drawn), drawn) for drawn in ids)
    order = tuple(Drawn(position, drawn, key) for position, (key, drawn) in enumerate(keys, start=1))
    return Draw(seed, list_sha256(ids), order)
