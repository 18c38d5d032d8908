"""What an address and a header may be, and how a plain text is divided: facts in, judgements or parts out. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.core.texts import folded

ADDRESS = re.compile(r"[^@\s<>,;:\"()\[\]\\]{1,64}@[^@\s<>,;:\"()\[\]\\]{1,189}")

# What begins an item of a list in a plain text.
BULLET = "– "

# How many letters one address gets within an hour; more wait for their turn.
LETTERS_AT_ONCE = 20
LETTERS_WITHIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a letter goes and in which language it speaks: never a person of the database."""

    email: str
    language: str = "kk"
    name: str = ""


def is_possible(email: str) -> bool:
    """Whether it is the address of one recipient."""
    return ADDRESS.fullmatch(email) is not None and folded(email) == email


def turn_of(now: datetime, rival: datetime | None) -> datetime:
    """When a letter leaves; `rival` is when the one that is `LETTERS_AT_ONCE` letters before it to the same address does."""
    return now if rival is None else max(now, rival + LETTERS_WITHIN)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of one line: words, or an address of this site."""

    text: str
    is_link: bool


Line = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """What stands between two blank lines: a paragraph, a list, or one address that is the thing to do."""

    lines: tuple[Line, ...]
    items: tuple[Line, ...] = ()
    href: str = ""


def blocks_of(text: str, site: str) -> list[Block]:
    """A plain text as blocks. Only addresses of `site` become links: whatever people typed into a letter stays words."""
    found = []
    for part in re.split(r"\n\s*\n", text.strip()):
        written = [line.strip() for line in part.splitlines() if line.strip()]
        said = [line for line in written if not line.startswith(BULLET)]
        items = tuple(_pieces(line.removeprefix(BULLET), site) for line in written if line.startswith(BULLET))
        is_address = len(written) == 1 and _address_in(site).fullmatch(written[0]) is not None
        found.append(Block(tuple(_pieces(line, site) for line in said), items, written[0] if is_address else ""))
    return found


def _pieces(line: str, site: str) -> Line:
    pieces = _address_in(site).split(line)
    return tuple(Piece(text, is_link=position % 2 == 1) for position, text in enumerate(pieces) if text)


def _address_in(site: str) -> re.Pattern[str]:
    return re.compile(rf"({re.escape(site.rstrip('/'))}/[^\s<>]*[\w/=-])")
