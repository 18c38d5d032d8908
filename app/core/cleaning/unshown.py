"""Words that a text of Word holds and does not show: hidden by a style, in headers that are off, in fields of a form."""

from collections.abc import Iterable

from lxml import etree

from app.core.cleaning.packages import Element, drop, every, local, space

VANISH = frozenset({"vanish", "specVanish"})
OFF = frozenset({"0", "false", "off"})
DROPPED = frozenset({"tblCaption", "fldData", "statusText", "helpText", "listItem"})


class Unshown:
    """What one text does not show, by the styles and settings of all its parts."""

    def __init__(self, roots: Iterable[Element] = ()) -> None:
        self._hidden: set[str] = set()
        self._usual = ""
        self._has_even = False
        for root in roots:
            if _is_word(root):
                self._has_even = self._has_even or any(_is_on(one) for one in every(root, {"evenAndOddHeaders"}))
                self._gather({_said(one, "styleId"): one for one in every(root, {"style"})})

    def clean(self, root: Element) -> None:
        """In one part, before its styles get other names."""
        if not _is_word(root):
            return
        for run in every(root, {"r"}):
            if self._is_hidden(run):
                for child in [each for each in run if local(each) != "fldChar"]:
                    drop(child)
        for one in every(root, DROPPED):
            drop(one)
        for one in every(root, {"vMerge"}):
            _empty_covered(one)
        for one in every(root, {"ffData"}):
            _clean_form_field(one)
        self._drop_headers(root)

    def _gather(self, styles: dict[str, Element]) -> None:
        for identity, style in styles.items():
            seen: list[Element] = []
            at: Element | None = style
            while at is not None and at not in seen:
                seen.append(at)
                at = styles.get(next((_said(one, "val") for one in at if local(one) == "basedOn"), ""))
            said = (state for one in seen if (state := _vanishes(one)) is not None)
            if next(said, False):
                self._hidden.add(identity)
            if _said(style, "type") == "paragraph" and _said(style, "default") in {"1", "true", "on"}:
                self._usual = identity

    def _is_hidden(self, run: Element) -> bool:
        own = _vanishes(run)
        if own is not None:
            return own
        paragraph = next((above for above in run.iterancestors() if local(above) == "p"), None)
        styled = _style(run, "rPr", "rStyle"), _style(paragraph, "pPr", "pStyle") or self._usual
        return any(one in self._hidden for one in styled)

    def _drop_headers(self, root: Element) -> None:
        """A header for first or even pages goes where no section shows it; a later section may have it from an earlier one."""
        sections = every(root, {"sectPr"})
        for number, section in enumerate(sections):
            for one in [each for each in section if local(each) in {"headerReference", "footerReference"}]:
                kind = _said(one, "type")
                if kind == "even" and not self._has_even:
                    drop(one)
                elif kind == "first":
                    heirs = [section]
                    for later in sections[number + 1 :]:
                        if any(local(each) == local(one) and _said(each, "type") == kind for each in later):
                            break
                        heirs.append(later)
                    if not any(_is_on(each) for heir in heirs for each in heir if local(each) == "titlePg"):
                        drop(one)


def is_unused_header(root: Element, identity: str, kind: str) -> bool:
    """Whether a header or footer is led to by nothing in the part it belongs to."""
    if kind.rpartition("/")[2] not in {"header", "footer"}:
        return False
    return not any(identity in one.attrib.values() for one in every(root, {"headerReference", "footerReference"}))


def _empty_covered(merge: Element) -> None:
    """A cell under a merged one shows nothing of its own; it must hold a paragraph."""
    cell = next((above for above in merge.iterancestors() if local(above) == "tc"), None)
    row = None if cell is None else cell.getparent()
    is_first = row is None or not any(local(one) == "tr" for one in row.itersiblings(preceding=True))
    if cell is None or is_first or _said(merge, "val") == "restart":
        return
    for child in [each for each in cell if local(each) != "tcPr"]:
        drop(child)
    cell.append(cell.makeelement(f"{{{space(cell)}}}p"))


def _clean_form_field(field: Element) -> None:
    """Its name and its first text go; of a list stays what was chosen."""
    for one in [each for each in field if local(each) == "name"]:
        drop(one)
    for one in every(field, {"default"}):
        if local(one.getparent()) == "textInput":
            drop(one)
    for one in every(field, {"ddList"}):
        told = [_said(each, "val") for name in ("result", "default") for each in one if local(each) == name]
        chosen = next((int(said) for said in told if said.isdecimal()), 0)
        for number, entry in enumerate([each for each in one if local(each) == "listEntry"]):
            if number != chosen:
                drop(entry)
        for each in [each for each in one if local(each) in {"result", "default"}]:
            drop(each)


def _vanishes(styled: Element) -> bool | None:
    """What a run or a style says itself of being shown."""
    said = [one for among in styled if local(among) == "rPr" for one in among if local(one) in VANISH]
    return any(_is_on(one) for one in said) if said else None


def _style(one: Element | None, among: str, name: str) -> str:
    found = [] if one is None else [each for inner in one if local(inner) == among for each in inner if local(each) == name]
    return _said(found[0], "val") if found else ""


def _is_on(one: Element) -> bool:
    return _said(one, "val") not in OFF


def _said(one: Element, name: str) -> str:
    return next((str(value) for key, value in one.attrib.items() if etree.QName(key).localname == name), "")


def _is_word(one: Element) -> bool:
    return "/wordprocessingml/" in space(one)
