"""What a workbook holds and does not show: it is refused, so that its owner decides and the jury gets what she sees."""

import re
from collections.abc import Iterable, Iterator

from app.core.cleaning.kinds import UncleanError
from app.core.cleaning.packages import Element, drop, every, local, space
from app.core.refusals import UploadRefusal

COLUMN = re.compile(r"[A-Za-z]+")
LETTERS = 26
# Points or characters under which a row or a column shows nothing.
FLAT = 0.2
# One piece of a number format: what is quoted, a condition or a colour, a space, a mark or the sign between two formats.
PIECE = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.|.', re.DOTALL)
# Signs between brackets that are shown: hours gone by, a currency.
SHOWN = re.compile(r"\[(?:h+|m+|s+|\$[^-\]].*)\]", re.IGNORECASE)
SECTIONS = 4


class Hidden:
    """What one workbook does not show: its formats that show nothing, and the refusal of words under them."""

    def __init__(self, roots: Iterable[Element] = ()) -> None:
        self._formats: list[list[bool]] = []
        for root in roots:
            if "spreadsheetml" in space(root) and local(root) == "styleSheet":
                given = {one.get("numFmtId"): one.get("formatCode", "") for one in every(root, {"numFmt"})}
                kept = [one for among in every(root, {"cellXfs"}) for one in among if local(one) == "xf"]
                self._formats = [blank_sections(given.get(one.get("numFmtId"), "")) for one in kept]

    def refuse(self, root: Element) -> None:
        """Refuse a part of a workbook with a hidden sheet, or with words in a hidden row, column or cell."""
        if "spreadsheetml" not in space(root):
            return
        if any(one.get("state", "visible") != "visible" for one in every(root, {"sheet"})):
            raise UncleanError(UploadRefusal.HIDDEN)
        usual = every(root, {"sheetFormatPr"})
        height = next((one.get("defaultRowHeight", "15") for one in usual), "15")
        width = next((one.get("defaultColWidth", "8") for one in usual), "8")
        columns = [(_whole(one, "min"), _whole(one, "max"), _is_hidden(one, "width", width)) for one in every(root, {"col"})]
        for row in every(root, {"row"}):
            is_flat = _is_hidden(row, "ht", height)
            for column, cell in _filled(row):
                said = [hides for low, high, hides in columns if low <= column <= high]
                if is_flat or any(said or [_is_flat(width)]) or self._shows_nothing(cell):
                    raise UncleanError(UploadRefusal.HIDDEN)

    def _shows_nothing(self, cell: Element) -> bool:
        style = _whole(cell, "s")
        blank = self._formats[style] if style < len(self._formats) else []
        if not any(blank):
            return False
        if cell.get("t", "n") not in {"n", "b", "e"}:
            return len(blank) == SECTIONS and blank[-1]
        value = next((one.text or "" for one in cell if local(one) == "v"), "")
        if cell.get("t", "n") != "n" or not value.strip("0.+-"):
            return False
        return blank[1] if len(blank) > 1 and value.startswith("-") else blank[0]


def blank_sections(code: str) -> list[bool]:
    """Whether each of the formats in one, for numbers above and below nought, nought and words, shows nothing at all."""
    if not code:
        return []
    blank = [True]
    for piece in PIECE.findall(code):
        if piece == ";":
            blank.append(True)
        elif SHOWN.fullmatch(piece) or (piece[0] not in "[_*" and piece.strip('" \\')):
            blank[-1] = False
    return blank


def _is_hidden(one: Element, size: str, usual: str) -> bool:
    """Said in words, or with no height or width to speak of."""
    return _is_flat(one.get(size, usual)) or one.get("hidden", "0") not in {"0", "false"}


def _is_flat(size: str) -> bool:
    try:
        return float(size) < FLAT
    except ValueError:
        return True


def uncover(root: Element) -> None:
    """Empty the cells of a sheet that lie under a merged one: of these only the first is shown."""
    merged = [tuple(_place(one) for one in found.get("ref", "").split(":")) for found in every(root, {"mergeCell"})]
    rows: dict[int, list[tuple[int, Element]]] = {}
    number = 0
    for row in every(root, {"row"}) if merged else []:
        number = _whole(row, "r") or number + 1
        rows.setdefault(number, []).extend(_filled(row))
    shared: set[str] = set()
    for (top, left), (bottom, right) in (one for one in merged if len(one) == 2):  # noqa: PLR2004 - two corners
        for covered in rows.keys() & range(top, bottom + 1):
            for column, cell in rows[covered]:
                if left <= column <= right and (covered, column) != (top, left):
                    shared.update(one.get("si", "") for one in cell if local(one) == "f")
                    for child in list(cell):
                        drop(child)
                    cell.attrib.pop("t", None)
    # A formula that several cells share stood in one of them: the others keep their values.
    for one in every(root, {"f"}):
        if one.get("si", "") in shared - {""}:
            drop(one)


def _place(corner: str) -> tuple[int, int]:
    letters = COLUMN.match(corner)
    return (int(said) if (said := corner[len(letters[0]) :]).isdecimal() else 0, _number(letters[0])) if letters else (0, 0)


def _filled(row: Element) -> Iterator[tuple[int, Element]]:
    """The cells of a row that hold something, by column; one that does not say its place stands behind the one before."""
    column = 0
    for cell in row:
        letters = COLUMN.match(cell.get("r", ""))
        column = _number(letters[0]) if letters else column + 1
        if local(cell) == "c" and any(local(one) in {"v", "is", "f"} for one in cell):
            yield column, cell


def _number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * LETTERS + ord(letter) - ord("A") + 1
    return number


def _whole(one: Element, key: str) -> int:
    return int(said) if (said := one.get(key, "")).isdecimal() else 0
