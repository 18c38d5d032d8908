"""Names that people give to styles, to cells and to tables, gathered before the parts of a file are cleaned."""

import re
from collections.abc import Iterable

from lxml import etree

from app.core.cleaning.kinds import words
from app.core.cleaning.packages import Element, drop, every, local, space

# Excel's own names for parts of a sheet.
MADE_BY_EXCEL = words(
    "_xlnm.Print_Area _xlnm.Print_Titles _xlnm._FilterDatabase _xlnm.Criteria _xlnm.Extract _xlnm.Database "
    "_xlnm.Consolidate_Area _xlnm.Sheet_Title"
)
TABLE_OF_EXCEL = re.compile(r"(?:Table|Таблица|Кесте)\d+")
ASKING = words("f formula formula1 formula2 calculatedColumnFormula totalsRowFormula")
# What makes no sense without what it asks for; a chart keeps its element and asks for nothing.
AROUND = {"formula": "cfRule", "formula1": "dataValidation", "formula2": "dataValidation"}
STYLED = words("pStyle rStyle tblStyle basedOn next link styleLink numStyleLink")


class Names:
    """The names given in one file; cells lose theirs, styles and tables get such as tell nothing."""

    def __init__(self, roots: Iterable[Element] = ()) -> None:
        self._cells: set[str] = set()
        self._tables: dict[str, str] = {}
        self._styles: dict[str, str] = {}
        self._shown: set[str] = set()
        for root in roots:
            self._gather(root)
        asked = sorted(map(re.escape, self._cells | set(self._tables)), key=len, reverse=True)
        self._asking = re.compile(rf"(?<![\w.])(?:{'|'.join(asked)})(?![\w.])", re.IGNORECASE) if asked else None

    def clean(self, root: Element) -> None:
        """In one part: a formula that asks for a cell by its name goes, the value it had stays; styles are linked as before."""
        for one in every(root, {"definedName"}):
            if one.get("name", "") not in MADE_BY_EXCEL:
                drop(one)
        self._clean_formulas(root)
        self._rename_tables(root)
        for number, one in enumerate(every(root, {"cellStyle", "tableStyle"}), 1):
            if "spreadsheetml" in space(one) and one.get("builtinId") is None:
                one.set("name", f"Style {number}")
        self._rename_styles(root)

    def says(self, asked: str) -> bool:
        """Whether a field names a style of somebody's own."""
        return any(name in asked for name in self._shown)

    def _gather(self, root: Element) -> None:
        for one in every(root, {"definedName"}):
            if (name := one.get("name", "")) and name not in MADE_BY_EXCEL:
                self._cells.add(name)
        if local(root) == "table" and "spreadsheetml" in space(root):
            for name in (root.get("displayName", ""), root.get("name", "")):
                if name and not TABLE_OF_EXCEL.fullmatch(name):
                    self._tables.setdefault(name, f"Named{len(self._tables) + 1}")
        for one in every(root, {"style"}):
            if _word(one, "customStyle") in {"1", "true", "on"} and (identity := _word(one, "styleId")):
                self._styles.setdefault(identity, f"Style{len(self._styles) + 1}")
                self._shown.update(said for name in every(one, {"name", "aliases"}) if (said := _word(name, "val")))

    def _clean_formulas(self, root: Element) -> None:
        asking = [one for one in every(root, ASKING) if self._asking and self._asking.search(one.text or "")]
        shared = {one.get("si") for one in asking} - {None}
        for one in every(root, ASKING):
            if one not in asking and one.get("si") not in shared:
                continue
            around = next((above for above in one.iterancestors() if local(above) == AROUND.get(local(one))), None)
            if "/chart" in space(one):
                one.text = ""
            elif (gone := one if around is None else around).getparent() is not None:
                drop(gone)
        for one in every(root, {"dataValidations"}):
            if len(one) == 0:
                drop(one)
            else:
                one.set("count", str(len(one)))
        for one in every(root, {"conditionalFormatting"}):
            if len(one) == 0:
                drop(one)

    def _rename_tables(self, root: Element) -> None:
        if local(root) == "table":
            for key in ("name", "displayName"):
                if key in root.attrib:
                    root.set(key, self._tables.get(root.get(key), root.get(key)))
            root.attrib.pop("comment", None)

    def _rename_styles(self, root: Element) -> None:
        for one in every(root, STYLED):
            _rename(one, "val", self._styles)
        for one in every(root, {"style"}):
            if new := self._styles.get(_word(one, "styleId")):
                _rename(one, "styleId", self._styles)
                for name in every(one, {"name"}):
                    _rename(name, "val", {_word(name, "val"): new})
                for name in every(one, {"aliases"}):
                    drop(name)


def _key(one: Element, said: str) -> str | None:
    return next((key for key in one.attrib if etree.QName(key).localname == said), None)


def _word(one: Element, said: str) -> str:
    key = _key(one, said)
    return str(one.get(key)) if key and "/wordprocessingml/" in space(one) else ""


def _rename(one: Element, said: str, names: dict[str, str]) -> None:
    key = _key(one, said)
    if key and "/wordprocessingml/" in space(one):
        one.set(key, names.get(one.get(key, ""), one.get(key, "")))
