"""What a workbook holds and does not show: it is refused, so that its owner decides and the jury gets what she sees."""

import re
from collections.abc import Iterator

from app.core.cleaning.kinds import UncleanError
from app.core.cleaning.packages import Element, every, local, space
from app.core.refusals import UploadRefusal

COLUMN = re.compile(r"[A-Za-z]+")
LETTERS = 26
# Points or characters under which a row or a column shows nothing.
FLAT = 0.2


def refuse_hidden(root: Element) -> None:
    """Refuse a part of a workbook with a hidden sheet, or with words in a hidden row or column."""
    if "spreadsheetml" not in space(root):
        return
    if any(one.get("state", "visible") != "visible" for one in every(root, {"sheet"})):
        raise UncleanError(UploadRefusal.HIDDEN)
    ranges = [(_whole(one, "min"), _whole(one, "max")) for one in every(root, {"col"}) if _is_hidden(one, "width")]
    for row in every(root, {"row"}):
        for column in _filled(row):
            if _is_hidden(row, "ht") or any(low <= column <= high for low, high in ranges):
                raise UncleanError(UploadRefusal.HIDDEN)


def _is_hidden(one: Element, size: str) -> bool:
    """Said in words, or with no height or width to speak of."""
    try:
        is_flat = float(one.get(size, "1")) < FLAT
    except ValueError:
        is_flat = True
    return is_flat or one.get("hidden", "0") not in {"0", "false"}


def _filled(row: Element) -> Iterator[int]:
    """The columns of a row whose cells hold something; a cell that does not say its place stands behind the one before."""
    column = 0
    for cell in row:
        letters = COLUMN.match(cell.get("r", ""))
        column = _number(letters[0]) if letters else column + 1
        if local(cell) == "c" and any(local(one) in {"v", "is", "f"} for one in cell):
            yield column


def _number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * LETTERS + ord(letter) - ord("A") + 1
    return number


def _whole(one: Element, key: str) -> int:
    return int(said) if (said := one.get(key, "")).isdecimal() else 0
