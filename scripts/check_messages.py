"""Fails when a catalogue lacks a sentence, keeps one that is gone, or changes a placeholder."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("kk", "ru", "en")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


def read(path: Path, language: str | None = None) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language)


def texts(value: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def faults(template: Catalog, catalogue: Catalog) -> Iterator[str]:
    """What is wrong with one catalogue. English may leave a sentence empty: the sentence itself is English."""
    for wanted in template:
        if not wanted.id:
            continue
        found = catalogue.get(wanted.id, wanted.context)
        if found is None:
            yield f"absent: {wanted.id!r}"
        elif found.fuzzy:
            yield f"fuzzy: {wanted.id!r}"
        else:
            yield from faults_of(found, may_be_empty=str(catalogue.locale) == "en")
    for found in catalogue:
        if found.id and template.get(found.id, found.context) is None:
            yield f"no longer used: {found.id!r}"


def faults_of(message: Message, *, may_be_empty: bool) -> Iterator[str]:
    wanted = {name for text in texts(message.id) for name in PLACEHOLDER.findall(text)}
    written = texts(message.string)
    if not all(written):
        if not may_be_empty or any(written):
            yield f"not translated: {message.id!r}"
        return
    for text in written:
        names = set(PLACEHOLDER.findall(text))
        # A plural form may do without the number: "one file".
        if names != wanted and not (message.pluralizable and names == wanted - {"num"}):
            yield f"placeholders {sorted(names)} instead of {sorted(wanted)}: {message.id!r}"


def main() -> int:
    template = read(ROOT / ".local" / "messages.pot")
    found = 0
    for language in LANGUAGES:
        for fault in faults(template, read(ROOT / f"app/translations/{language}/LC_MESSAGES/messages.po", language)):
            print(f"{language}: {fault}")
            found += 1
    if found:
        print(f"{found} faults in the catalogues", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
