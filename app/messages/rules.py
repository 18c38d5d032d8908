"""What an address and a header may be: facts in, refusals out. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.core.refusals import Refusal
from app.messages.states import MessageRefusal

# Whatever some mail program takes for the end of a header (catalogue C-09).
BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
ADDRESS = re.compile(r"[^@\s<>,;:\"()\[\]\\]{1,64}@[^@\s<>,;:\"()\[\]\\]{1,189}")


# How many letters one address gets within an hour; more wait for their turn (catalogue C-09).
LETTERS_AT_ONCE = 20
LETTERS_WITHIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a letter goes and in which language it speaks: never a person of the database."""

    email: str
    language: str = "kk"
    name: str = ""


def check_address(address: Address) -> list[Refusal]:
    """Refuse what is no address of one recipient, and names that would break out of their header."""
    refusals = []
    if ADDRESS.fullmatch(address.email) is None or BREAKS.search(address.email):
        refusals.append(Refusal(MessageRefusal.BAD_ADDRESS))
    if BREAKS.search(address.name):
        refusals.append(Refusal(MessageRefusal.BAD_HEADER))
    return refusals


def turn_of(now: datetime, rival: datetime | None) -> datetime:
    """When a letter leaves; `rival` is when the one that is `LETTERS_AT_ONCE` letters before it to the same address does."""
    return now if rival is None else max(now, rival + LETTERS_WITHIN)


def check_subject(subject: str) -> list[Refusal]:
    """Refuse a subject that would break out of its header."""
    return [Refusal(MessageRefusal.BAD_HEADER)] if BREAKS.search(subject) else []
