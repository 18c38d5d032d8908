"""What a workbook holds besides what it shows: texts of cells that are gone, how words are said, prompts, names in code."""

from app.core.cleaning.hidden import blank_sections, uncover
from app.core.cleaning.kinds import words
from app.core.cleaning.packages import Element, drop, every, local, space

# How words are said, and what a filter let through: hidden rows are refused, so it lets all through.
DROPPED = words("rPh phoneticPr filterColumn")
TOLD = words("prompt promptTitle error errorTitle")
# Headers that are shown only where a sheet says so.
SWITCHED = {
    "evenHeader": "differentOddEven",
    "evenFooter": "differentOddEven",
    "firstHeader": "differentFirst",
    "firstFooter": "differentFirst",
}


class Leftovers:
    """What one workbook keeps and does not show; its texts come after its sheets, which say what they use."""

    def __init__(self) -> None:
        self._used: set[str] = set()

    def clean(self, root: Element) -> None:
        """In one part."""
        if "spreadsheetml" not in space(root):
            return
        for one in every(root, DROPPED):
            drop(one)
        uncover(root)
        if local(root) == "sst":
            self._clean_texts(root)
        for cell in every(root, {"c"}):
            if cell.get("t") == "s":
                self._used.update((one.text or "").strip() for one in cell if local(one) == "v")
        _clean_sheet(root)
        if local(root) == "styleSheet":
            _clean_formats(root)

    def _clean_texts(self, root: Element) -> None:
        """A text that no cell shows becomes empty: the others keep their numbers."""
        for number, one in enumerate(each for each in root if local(each) == "si"):
            if str(number) not in self._used:
                for child in list(one):
                    drop(child)
                one.append(one.makeelement(f"{{{space(root)}}}t"))


def _clean_sheet(root: Element) -> None:
    for one in every(root, {"sheetPr", "workbookPr"}):
        one.attrib.pop("codeName", None)
    # Rows that hold something are shown all the same; those that hold nothing need not be hidden.
    for one in every(root, {"sheetFormatPr"}):
        one.attrib.pop("zeroHeight", None)
    for one in every(root, {"dataValidation"}):
        for key in TOLD & set(one.attrib):
            del one.attrib[key]
    for one in every(root, SWITCHED):
        if one.getparent().get(SWITCHED[local(one)], "0") in {"0", "false"}:
            drop(one)


def _clean_formats(root: Element) -> None:
    """A format nobody uses goes, and so does one that a condition would hide words by."""
    used = {one.get("numFmtId") for one in every(root, {"xf"})}
    for one in every(root, {"numFmt"}):
        is_conditional = local(one.getparent()) == "dxf"
        if any(blank_sections(one.get("formatCode", ""))) if is_conditional else one.get("numFmtId") not in used:
            drop(one)
    for one in every(root, {"numFmts"}):
        if len(one) == 0:
            drop(one)
        else:
            one.set("count", str(len(one)))
