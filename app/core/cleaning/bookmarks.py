"""Names that people give to places in a text: often those of people, and shown by every reader of the file."""

import re
from collections.abc import Iterator

from lxml import etree

from app.core.cleaning.kinds import words
from app.core.cleaning.packages import Element, every, local

# Word's own names for headings, references and where the writer was last.
MADE_BY_WORD = re.compile(r"_(?:GoBack|(?:Toc|Ref|Hlk|Hlt)\d+)", re.IGNORECASE)
# The same of LibreOffice; a link to a heading says its words, which are read anyway.
MADE_BY_OFFICE = re.compile(r"__(?:RefHeading___Toc|RefNumPara__|RefNumberedPara__|DdeLink__)\d+_\d+|.*\|outline")
OPEN_PLACES = words("bookmark bookmark-start bookmark-end reference-mark reference-mark-start reference-mark-end")
OPEN_LINKS = words("bookmark-ref reference-ref a")
# What a field is told: a place after its name, or after one of these switches.
POINTED = frozenset({"REF", "PAGEREF", "NOTEREF"})
SWITCHES = {"HYPERLINK": "\\l", "TOC": "\\b", "INDEX": "\\b"}
WORD = re.compile(r'"[^"]*"|[^\s"]+')


class Places:
    """The new names of the places of one file, the same in all its parts, so that its links lead on."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def rename(self, root: Element) -> None:
        """In one part: the places themselves and the links to them; fields say theirs by `field`."""
        for one in every(root, {"bookmarkStart", "hyperlink"}):
            for key in [key for key in one.attrib if etree.QName(key).localname in {"name", "anchor"}]:
                one.set(key, self._renamed(one.get(key, "")))

    def rename_open(self, root: Element) -> None:
        """The same in one part of an OpenDocument text."""
        for one in every(root, OPEN_PLACES | OPEN_LINKS):
            for key, value in list(one.attrib.items()):
                said = etree.QName(key).localname
                if said == ("name" if local(one) in OPEN_PLACES else "ref-name"):
                    one.set(key, self._renamed(value))
                elif said == "name":  # a link's own, which nobody sees
                    del one.attrib[key]
                elif said == "href" and value.startswith("#"):
                    one.set(key, f"#{self._renamed(value[1:])}")

    def field(self, asked: str) -> str:
        """What a field asks for, by the new names."""
        said = self._said(WORD.findall(asked))
        return WORD.sub(lambda _found: next(said), asked)

    def _said(self, told: list[str]) -> Iterator[str]:
        field, before = (told or [""])[0].upper(), ""
        for number, one in enumerate(told):
            is_place = (number == 1 and field in POINTED) or (before != "" and before.lower() == SWITCHES.get(field))
            is_tip = field == "HYPERLINK" and before.lower() == "\\o"
            before = one
            if is_tip:
                yield '""'
                continue
            yield self._quoted(one) if is_place else one

    def _quoted(self, one: str) -> str:
        return f'"{self._renamed(one[1:-1])}"' if one.startswith('"') else self._renamed(one)

    def _renamed(self, name: str) -> str:
        """Names are the same to Word in capitals and small letters."""
        if not name or MADE_BY_WORD.fullmatch(name) or MADE_BY_OFFICE.fullmatch(name):
            return name
        return self._names.setdefault(name.casefold(), f"place{len(self._names) + 1}")
