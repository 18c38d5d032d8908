"""What a certificate says and which facts it needs. Pure."""

import base64
import json
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from app.certificates.states import CertificateRefusal
from app.certificates.words import amount_in_words
from app.core.refusals import Refusal

CODE_BYTES = 16
CODE_GROUP = 5
PLACEHOLDER = re.compile(r"\{(\w+)\}")
# A title that has quotes of its own stands in quotes as „...“ within «...»; one wholly in quotes needs no second pair.
QUOTES = frozenset('«"“')
WHOLLY_QUOTED = re.compile(r"«([^«»]*)»|“([^“”]*)”")
INNER_QUOTES = str.maketrans({"«": "„", "»": "“"})
CODE = re.compile(r"[A-Z2-7]{26}")
# What a hand on a Kazakh or Russian keyboard types for the letters and digits of a code; none of them is in a code itself.
LOOK_ALIKES = str.maketrans("018ЗАВЕКМНОРСТУХІ", "OIB3ABEKMHOPCTYXI")
EXAMPLE_CODE = "KZ7QA-MN4TB-R2XWD-5HYLE-CP6SG-U"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who is honoured. `public_name` is what strangers may read on the verification page: by consent, perhaps nothing."""

    name: str
    public_name: str
    person_id: int | None = None


def holder_renamed(before: Holder, name: str) -> Holder:
    """The holder under a corrected name. Strangers read it where they read the whole name before; else `HolderRenamed` asks."""
    is_whole = before.public_name == before.name
    public_name = before.public_name if name == before.name else name if is_whole else ""
    return Holder(name, public_name, before.person_id)


def new_code() -> str:
    """128 random bits in letters and digits that nobody mistakes for each other."""
    return base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode().rstrip("=")


def read_code(typed: str) -> str | None:
    """The code as stored, from whatever a person typed or a QR reader gave or a link has; None where it cannot be one."""
    address = re.split(r"[?#]", typed.strip(), maxsplit=1)[0]
    last = address.rstrip("/").rpartition("/")[2].rpartition(":")[2]
    plain = "".join(one for one in last.upper() if one.isalnum()).translate(LOOK_ALIKES)
    return plain if CODE.fullmatch(plain) else None


def shown_code(code: str) -> str:
    """In groups, for paper: `ABCDE-FGHIJ-...`."""
    return "-".join(code[start : start + CODE_GROUP] for start in range(0, len(code), CODE_GROUP))


def number_of(series: str, letter: str, count: int) -> str:
    """SA26-Д-0001."""
    return f"{series}-{letter}-{count:04d}"


def check_facts(sentences: Mapping[str, str], facts: Mapping[str, Any], languages: tuple[str, ...], name: str) -> list[Refusal]:
    """Refuse a certificate whose sentence would have a gap in any of its languages."""
    refusals = [] if name.strip() else [Refusal(CertificateRefusal.NAME_MISSING)]
    known = {"name", *facts} | ({"words"} if "amount" in facts else set())
    needed = {fact for language in languages for fact in PLACEHOLDER.findall(sentences.get(language, "{sentence}"))}
    refusals.extend(Refusal(CertificateRefusal.FACT_MISSING, {"fact": fact}) for fact in sorted(needed - known))
    for fact in sorted(needed & facts.keys()):
        value = facts[fact]
        gaps = [one for one in languages if isinstance(value, Mapping) and not value.get(one, "").strip()]
        refusals.extend(Refusal(CertificateRefusal.FACT_MISSING, {"fact": f"{fact} ({one})"}) for one in gaps)
    return refusals


def fill(
    sentence: str, facts: Mapping[str, Any], language: str, *, money: Callable[[int], str], day: Callable[[date], str]
) -> str:
    """The sentence with its facts, written as the language writes them. Nothing but names in braces is read."""

    def put(found: re.Match[str]) -> str:
        text = _written(found[1], facts, language, money, day)
        if sentence[found.start() - 1 : found.start()] not in QUOTES:
            return text
        whole = WHOLLY_QUOTED.fullmatch(text)
        return (whole[1] or whole[2]) if whole else text.translate(INNER_QUOTES)

    return PLACEHOLDER.sub(put, sentence)


def _written(
    name: str, facts: Mapping[str, Any], language: str, money: Callable[[int], str], day: Callable[[date], str]
) -> str:
    if name == "words":
        return amount_in_words(facts["amount"], language)
    value = facts[name]
    if name == "amount":
        return money(value)
    if isinstance(value, Mapping):
        return str(value[language])
    return day(value) if isinstance(value, date) else str(value)


def digest_of(code: str, *words: object) -> str:
    """What the record of acts keeps of a certificate; its secret code keeps the name from being guessed."""
    return sha256(json.dumps([code, *words], ensure_ascii=False, sort_keys=True).encode()).hexdigest()
