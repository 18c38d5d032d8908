"""Words that an OpenDocument text holds and does not show: hidden pieces go, fields become their words, names are replaced."""

import re
from collections.abc import Iterable

from lxml import etree

from app.core.cleaning.kinds import words
from app.core.cleaning.packages import Element, drop, every, local, space, unwrap

DECLARED = words("user-field-decls variable-decls")
FIELDS = words("user-field-get user-field-input variable-get variable-set variable-input conditional-text text-input")
MADE_BY_OFFICE = re.compile(r"(?:Table|Таблица|Кесте|Section|Раздел|Бөлім)\d+")
NAMED = {"table": "Table", "section": "Section"}
HEADERS = words("header header-left header-first footer footer-left footer-first")
SHAPES = words("custom-shape rect line g ellipse circle polygon polyline path connector")


class Concealed:
    """The styles of one text that hide what bears them; those of a part are its own, the common ones all parts have."""

    def __init__(self, roots: Iterable[Element]) -> None:
        self._common = [style for root in roots for among in every(root, {"styles"}) for style in every(among, {"style"})]

    def clean(self, root: Element) -> None:
        """In one part."""
        hidden = self._hidden(root)
        for one in list(root.iterdescendants()):
            if one.getparent() is not None and ":style:" not in space(one) and _is_hidden(one, hidden):
                drop(one)
        for child in [each for one in every(root, {"covered-table-cell"}) for each in one]:
            drop(child)
        for one in [each for each in every(root, HEADERS) if _said(each, "display") == "false"]:
            drop(one)
        for one in every(root, {"hidden-paragraph"}):
            around = next((above for above in one.iterancestors() if local(above) in {"p", "h"}), None)
            if around is not None and around.getparent() is not None and _said(one, "is-hidden") == "true":
                drop(around)
        for one in every(root, {"hidden-paragraph", "hidden-text"} | DECLARED | FIELDS):
            if one.getparent() is not None:
                (drop if local(one) in DECLARED else unwrap)(one)
        _rename(root)

    def _hidden(self, root: Element) -> set[tuple[str, str]]:
        styles = {(_said(one, "family"), _said(one, "name")): one for one in [*self._common, *every(root, {"style"})]}
        hidden = set()
        for key, style in styles.items():
            seen: list[Element] = []
            at: Element | None = style
            while at is not None and at not in seen:
                seen.append(at)
                at = styles.get((key[0], _said(at, "parent-style-name")))
            said = (shown for one in seen for inner in one if (shown := _said(inner, "display")))
            if next(said, "") == "none":
                hidden.add(key)
        return hidden


def _is_hidden(one: Element, hidden: set[tuple[str, str]]) -> bool:
    if _said(one, "display") == "none":
        return True
    if local(one) in {"hidden-text", "section"} and _said(one, "is-hidden") == "true":
        return True
    family = {"span": "text", "p": "paragraph", "h": "paragraph"}.get(local(one), "")
    return (family, _said(one, "style-name")) in hidden


def _rename(root: Element) -> None:
    for one in every(root, {"style"}):
        for key in [key for key in one.attrib if etree.QName(key).localname == "display-name"]:
            # What the program shows for a name with spaces says no more than the name.
            if one.get(key, "") != re.sub(r"_([0-9a-f]{2})_", lambda found: chr(int(found[1], 16)), _said(one, "name")):
                del one.attrib[key]
    for kind, name in NAMED.items():
        for number, one in enumerate(every(root, {kind}), 1):
            for key in [key for key in one.attrib if etree.QName(key).localname == "name"]:
                if not MADE_BY_OFFICE.fullmatch(one.get(key, "")):
                    one.set(key, f"{name}{1000 + number}")
    for one in every(root, SHAPES):
        for key in [key for key in one.attrib if key.endswith(":drawing:1.0}name")]:
            del one.attrib[key]


def _said(one: Element, name: str) -> str:
    return next((str(value) for key, value in one.attrib.items() if etree.QName(key).localname == name), "")
