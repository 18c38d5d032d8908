"""The XML of one part of a Word or Excel file: changes accepted, comments, authors, paths and outer addresses taken out."""

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from lxml import etree

from app.core.cleaning.bookmarks import Places
from app.core.cleaning.kinds import is_description, words
from app.core.cleaning.names import Names
from app.core.cleaning.packages import Element, drop, every, local, space, unwrap

# Elements that say who, where or with what, point at what is not there any more, or are for programs alone.
DROPPED = words(
    "del moveFrom cellIns cellDel cellMerge numberingChange "
    "moveFromRangeStart moveFromRangeEnd moveToRangeStart moveToRangeEnd "
    "customXmlInsRangeStart customXmlInsRangeEnd customXmlDelRangeStart customXmlDelRangeEnd customXmlMoveFromRangeStart "
    "customXmlMoveFromRangeEnd customXmlMoveToRangeStart customXmlMoveToRangeEnd commentRangeStart commentRangeEnd "
    "commentReference annotationRef permStart permEnd proofErr dataBinding docVars rsids attachedTemplate mailMerge "
    "documentProtection writeProtection smartTagType absPath fileSharing revisionPtr customWorkbookViews customSheetViews "
    "scenarios fileRecoveryPr webPublishing webPublishObjects webPublishItems smartTagPr smartTagTypes functionGroups "
    "protectedRanges externalReferences pivotCaches legacyDrawing legacyDrawingHF oleObjects controls hlinkClick hlinkHover "
    "hlinkMouseOver extLst alias tag docPartObj fileVersion saveThroughXslt schemaLibrary docId"
)
# Words of the standard that mean a change only in Word: in drawings and formulas the same names are something else.
WORD_ONLY = frozenset({"del", "moveFrom", "ins", "moveTo", "alias", "tag"})
UNWRAPPED = frozenset({"ins", "moveTo", "smartTag", "customXml"})
NAMED = frozenset({"author", "initials", "userId", "providerId", "userName", "lastModifiedBy", "refreshedBy", "user", "ed"})
# Names that programs give to pictures and shapes: mostly those of files.
PICTURED = frozenset({"docPr", "cNvPr"})
# Without what they pointed at these are still something: a text, a shape.
ALIVE_WITHOUT = frozenset({"hyperlink", "blip", "imagedata", "fill", "stroke"})
# What a field may ask for: something out of this very document.
FIELDS = words(
    "PAGE NUMPAGES SECTION SECTIONPAGES TOC PAGEREF REF NOTEREF STYLEREF SEQ DATE TIME FORMTEXT FORMCHECKBOX FORMDROPDOWN "
    "SYMBOL EQ QUOTE INDEX LISTNUM = ADVANCE"
)
# Fields whose shown words are the very thing.
PERSONAL = words("AUTHOR LASTSAVEDBY USERNAME USERINITIALS USERADDRESS FILENAME DOCPROPERTY TEMPLATE COMMENTS INFO DOCVARIABLE")
# Properties of the file that say who made it, shown by a content control.
BOUND = re.compile("creator|lastModifiedBy|Company|Manager|description|category|contentStatus")
# A reference to a sheet of another file, such as [1]Sheet!A1 or 'C:\\Users\\name\\[book.xlsx]Sheet'!A1.
FOREIGN = re.compile(r"\[[^\[\]]*\][^\[\]!]*!|file:|[A-Za-z]:\\|\\\\")
OUTWARD = ("HYPERLINK(", "WEBSERVICE(", "IMAGE(", "RTD(", "CALL(", "REGISTER", "FILTERXML(", "CELL(", "INFO(", "|")
RELATION_SPACES = ("/officeDocument/2006/relationships", "/officeDocument/relationships")


def clean_words(root: Element, known: AbstractSet[str], places: Places, names: Names) -> None:
    """Clean one part in place: `known` are the relationships it still has, `places` and `names` what has a name in the file."""
    _clean_fields(root, places, names)
    places.rename(root)
    names.clean(root)
    _clean_bound(root)
    _drop_hidden(root)
    for one in every(root, DROPPED | UNWRAPPED):
        _drop_or_unwrap(one)
    for one in list(root.iterdescendants()):
        if _is_change(one) and one.getparent() is not None:
            drop(one)
    _clean_formulas(root)
    _clean_relations(root, known)
    for one in root.iter():
        _clean_attributes(one)
    # Alternatives that had nothing but what was dropped.
    for one in every(root, {"AlternateContent"}):
        if one.getparent() is not None and all(len(branch) == 0 for branch in one):
            drop(one)
    etree.cleanup_namespaces(root, keep_ns_prefixes=_ignorable(root))


def _drop_hidden(root: Element) -> None:
    """Words that Word does not show."""
    for one in every(root, {"vanish"}):
        run = one.getparent().getparent() if one.getparent() is not None else None
        is_off = any(value in {"0", "false", "off"} for value in one.attrib.values())
        if run is not None and local(run) == "r" and _is_word(run) and not is_off:
            for child in [each for each in run if local(each) != "fldChar"]:
                drop(child)


def _drop_or_unwrap(one: Element) -> None:
    if one.getparent() is None or (local(one) in WORD_ONLY and not _is_word(one)):
        return
    if local(one) in UNWRAPPED and _is_word(one):
        for child in [each for each in one if local(each) in {"smartTagPr", "customXmlPr"}]:
            drop(child)
        unwrap(one)
    elif local(one) in DROPPED:
        drop(one)


def _is_word(one: Element) -> bool:
    return "/wordprocessingml/" in space(one)


def _is_change(one: Element) -> bool:
    """How a paragraph, run, table or section was before a change."""
    return local(one).endswith("PrChange") or local(one) in {"tblGridChange", "rPrChange"}


def _clean_attributes(one: Element) -> None:
    for key in list(one.attrib):
        name = etree.QName(key).localname
        if (
            name in NAMED
            or name.startswith("rsid")
            or name == "tooltip"
            or (name in {"title", "href", "src", "alt"} and "microsoft-com" in space(one))
        ):
            del one.attrib[key]
    if local(one) in PICTURED:
        one.set("name", "")
        for key in ("descr", "title"):
            if not is_description(one.get(key, "")):
                del one.attrib[key]


def _clean_relations(root: Element, known: AbstractSet[str]) -> None:
    """An element that needs a part which stayed behind goes too."""
    for one in list(root.iterdescendants()):
        lost = [key for key, value in one.attrib.items() if _is_relation(key) and value not in known]
        if not lost or one.getparent() is None:
            continue
        for key in lost:
            del one.attrib[key]
        if local(one) not in ALIVE_WITHOUT or not _is_shown(one):
            drop(one)
    for one in every(root, {"hyperlinks", "tableParts"}):
        if one.getparent() is not None and len(one) == 0:
            drop(one)


def _is_shown(one: Element) -> bool:
    """A link in Word holds its text; one in Excel only points from a cell."""
    return local(one) != "hyperlink" or _is_word(one) or one.get("location") is not None


def _is_relation(key: str) -> bool:
    namespace = str(etree.QName(key).namespace or "")
    return namespace.endswith(RELATION_SPACES)


def _clean_fields(root: Element, places: Places, names: Names) -> None:
    """Fields may ask only for what is in the document; others keep what they show, but no longer ask."""
    for one in every(root, {"fldSimple"}):
        key = next((key for key in one.attrib if etree.QName(key).localname == "instr"), None)
        asked = one.get(key, "") if key else ""
        if _field(asked) in PERSONAL:
            drop(one)
        elif not _stays_inside(asked) or names.says(asked):
            unwrap(one)
        elif key:
            one.set(key, places.field(asked))
    _clean_fields_of_runs(root, places, names)


def _clean_fields_of_runs(root: Element, places: Places, names: Names) -> None:
    open_fields: list[_Field] = []
    for one in every(root, {"fldChar", "instrText", "delInstrText", "t"}):
        kind = next((value for key, value in one.attrib.items() if etree.QName(key).localname == "fldCharType"), None)
        if kind == "begin":
            open_fields.append(_Field())
        elif local(one) == "t":
            for each in open_fields:
                each.shown.append(one)
        elif local(one) != "fldChar" and open_fields:
            open_fields[-1].asked.append(one)
        elif local(one) != "fldChar":
            one.text = ""
        elif kind == "end" and open_fields:
            _silence(open_fields.pop(), places, names)
    for left in open_fields:
        _silence(left, places, names)


@dataclass
class _Field:
    """A field made of runs: what it asks for, and what it showed last."""

    asked: list[Element] = field(default_factory=list)
    shown: list[Element] = field(default_factory=list)


def _silence(found: _Field, places: Places, names: Names) -> None:
    asked = "".join(one.text or "" for one in found.asked)
    is_quiet = _stays_inside(asked) and not names.says(asked)
    renamed = places.field(asked)
    if renamed != asked:  # a name may be spread over runs
        for number, one in enumerate(found.asked):
            one.text = "" if number else renamed
    for one in (*(() if is_quiet else found.asked), *(found.shown if _field(asked) in PERSONAL else ())):
        one.text = ""


def _clean_bound(root: Element) -> None:
    """What a content control shows of the file's properties is as personal as they are."""
    for one in every(root, {"dataBinding"}):
        path = next((value for key, value in one.attrib.items() if etree.QName(key).localname == "xpath"), "")
        control = next((above for above in one.iterancestors() if local(above) == "sdt"), None)
        if control is not None and BOUND.search(path):
            for text in every(control, {"t"}):
                text.text = ""


def _field(asked: str) -> str:
    return (asked.split() or [""])[0].upper()


def _stays_inside(asked: str) -> bool:
    field = _field(asked)
    return field in FIELDS or field.startswith("=") or (field == "HYPERLINK" and asked.split()[1:2] == ["\\l"])


def _clean_formulas(root: Element) -> None:
    """A formula that reaches out of the file goes; the value it had stays."""
    formulas = [one for one in every(root, {"f"}) if "spreadsheetml" in space(one)]
    outward = [one for one in formulas if _reaches_out(one)]
    shared = {one.get("si") for one in outward if one.get("si") is not None}
    for one in formulas:
        if one in outward or one.get("si") in shared:
            drop(one)
    for one in every(root, {"f"}):
        if "/chart" in space(one) and FOREIGN.search(one.text or ""):
            one.text = ""
    for one in every(root, {"definedName"}):
        one.attrib.pop("comment", None)
        if FOREIGN.search(one.text or ""):
            drop(one)


def _reaches_out(formula: Element) -> bool:
    text = formula.text or ""
    return any(call in "".join(text.upper().split()) for call in OUTWARD) or FOREIGN.search(text) is not None


def _ignorable(root: Element) -> list[str]:
    """Prefixes named in an attribute are in use although no element bears them."""
    named = " ".join(
        value
        for one in root.iter()
        for key, value in one.attrib.items()
        if etree.QName(key).localname in {"Ignorable", "Requires", "MustUnderstand", "ProcessContent"}
    )
    return named.split()
