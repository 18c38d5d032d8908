"""Word and Excel: the parts that are seen, reached from the main one by relationships of known kinds; all else stays behind.

Comments, people, properties, custom XML, thumbnails, printers' settings and linked files are not on the list of relationships,
so they are not there any more, and neither is what pointed at them. `office_words` cleans the XML of the parts that pass.
"""

import posixpath
from dataclasses import dataclass, field
from urllib.parse import unquote

from lxml import etree

from app.core.cleaning.bookmarks import Places
from app.core.cleaning.cropped import Crops
from app.core.cleaning.hidden import Hidden
from app.core.cleaning.kinds import MEDIA_TYPES, Kind, UncleanError, words
from app.core.cleaning.names import Names
from app.core.cleaning.office_words import clean_words
from app.core.cleaning.packages import Element, clean_media, local, pack, parse, unpack, write
from app.core.cleaning.unseen import Leftovers
from app.core.cleaning.unshown import Unshown, is_unused_header
from app.core.refusals import UploadRefusal

RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
RELATION_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
MAIN = {Kind.DOCX: "word/document.xml", Kind.XLSX: "xl/workbook.xml"}
MAIN_TYPES = {Kind.DOCX: MEDIA_TYPES[Kind.DOCX] + ".main+xml", Kind.XLSX: MEDIA_TYPES[Kind.XLSX] + ".main+xml"}
# By the last word of their type, which is the same in both editions of the standard.
FOLLOWED = words(
    "styles numbering settings fontTable theme header footer footnotes endnotes image chart chartColorStyle chartStyle "
    "diagramData diagramLayout diagramQuickStyle diagramColors diagramDrawing worksheet chartsheet sharedStrings drawing "
    "table themeOverride sheetMetadata"
)
# What is refused rather than left out: the file would not be what its owner sees.
ACTIVE = frozenset({"oleObject", "control", "vbaProject", "externalLink", "activeXControlBinary", "attachedToolbars"})
# The parts that say how something in the others is named or shown.
NAMING = ("sheet.main+xml", "styles+xml", "table+xml", "ml.settings+xml")
PICTURE_TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "bmp": "image/bmp",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "webp": "image/webp",
}


@dataclass
class _Package:
    """What came in, and what goes out of it."""

    parts: dict[str, bytes]
    types: dict[str, str]
    out: dict[str, bytes] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    places: Places = field(default_factory=Places)
    names: Names = field(default_factory=Names)
    hidden: Hidden = field(default_factory=Hidden)
    leftovers: Leftovers = field(default_factory=Leftovers)
    unshown: Unshown = field(default_factory=Unshown)
    crops: Crops = field(default_factory=Crops)


def clean_office(data: bytes, kind: Kind) -> bytes:
    """The package made anew out of the parts that are seen."""
    parts = unpack(data)
    package = _Package(parts, _types(parts))
    main = MAIN[kind]
    if package.types.get(main) != MAIN_TYPES[kind]:
        active = "macro" in package.types.get(main, "").lower()
        raise UncleanError(UploadRefusal.ACTIVE if active else UploadRefusal.NOT_WHAT_IT_SAYS, kind=kind.value)
    naming = [parse(parts[name]) for name, said in package.types.items() if said.endswith(NAMING)]
    package.names, package.hidden, package.unshown = Names(naming), Hidden(naming), Unshown(naming)
    waiting = [main]
    while waiting:
        name = waiting.pop()
        if name not in package.out:
            waiting.extend(_clean_part(package, name))
            # The texts of a workbook wait until its sheets have said which of them they show.
            waiting.sort(key=lambda one: not package.types.get(one, "").endswith("sharedStrings+xml"))
    for name in package.out.keys() & {name for name, said in package.said.items() if said.startswith("image/")}:
        package.out[name] = package.crops.paint(name, package.out[name])
    package.out["_rels/.rels"] = _relations([("rId1", OFFICE, main)])
    package.out["[Content_Types].xml"] = _write_types(package.said)
    return pack(package.out)


def _clean_part(package: _Package, name: str) -> list[str]:
    """Put one part into what goes out; the parts it leads to."""
    extension = name.rpartition(".")[2].lower()
    if package.types.get(name, "").startswith("image/") or extension in PICTURE_TYPES:
        package.out[name] = clean_media(name, package.parts[name])
        package.said[name] = PICTURE_TYPES[extension]
        return []
    if not package.types.get(name, "").endswith("+xml"):
        raise UncleanError(UploadRefusal.DAMAGED)
    root = parse(package.parts[name])
    package.hidden.refuse(root)
    package.leftovers.clean(root)
    package.unshown.clean(root)
    kept = [one for one in _kept_relations(package, name) if not is_unused_header(root, one[0], one[1])]
    package.crops.note(root, {identity: target for identity, _kind, target in kept})
    clean_words(root, {identity for identity, _kind, _target in kept}, package.places, package.names)
    package.out[name] = write(root)
    package.said[name] = package.types[name]
    if kept:
        folder = posixpath.dirname(name)
        near = [(identity, kind, posixpath.relpath(target, folder or ".")) for identity, kind, target in kept]
        package.out[_relations_of(name)] = _relations(near)
    return [target for _identity, _kind, target in kept]


def _kept_relations(package: _Package, name: str) -> list[tuple[str, str, str]]:
    content = package.parts.get(_relations_of(name))
    if content is None:
        return []
    kept = []
    for one in parse(content).iterchildren(f"{{{RELATIONS}}}Relationship"):
        kind = str(one.get("Type", ""))
        word = kind.rpartition("/")[2]
        if word in ACTIVE:
            raise UncleanError(UploadRefusal.ACTIVE)
        if word not in FOLLOWED or one.get("TargetMode") == "External":
            continue
        target = _target(name, str(one.get("Target", "")))
        # A drawing in SVG stands beside the same picture in PNG.
        if target in package.parts and not target.lower().endswith(".svg"):
            kept.append((str(one.get("Id", "")), kind, target))
    return kept


def _target(source: str, target: str) -> str:
    path = unquote(target)
    return posixpath.normpath(path.lstrip("/") if path.startswith("/") else posixpath.join(posixpath.dirname(source), path))


def _relations_of(name: str) -> str:
    folder, _slash, last = name.rpartition("/")
    return f"{folder}/_rels/{last}.rels" if folder else f"_rels/{last}.rels"


def _relations(listed: list[tuple[str, str, str]]) -> bytes:
    root = etree.Element(f"{{{RELATIONS}}}Relationships", nsmap={None: RELATIONS})
    for identity, kind, target in listed:
        etree.SubElement(root, f"{{{RELATIONS}}}Relationship", Id=identity, Type=kind, Target=target)
    return write(root)


def _types(parts: dict[str, bytes]) -> dict[str, str]:
    """The content type of every part, as the package says."""
    root = parse(parts["[Content_Types].xml"])
    named = {str(one.get("PartName", "")).lstrip("/"): str(one.get("ContentType", "")) for one in _children(root, "Override")}
    usual = {str(one.get("Extension", "")).lower(): str(one.get("ContentType", "")) for one in _children(root, "Default")}
    return {name: named.get(name) or usual.get(name.rpartition(".")[2].lower(), "") for name in parts}


def _children(root: Element, name: str) -> list[Element]:
    return [one for one in root if local(one) == name]


def _write_types(said: dict[str, str]) -> bytes:
    root = etree.Element(f"{{{TYPES}}}Types", nsmap={None: TYPES})
    etree.SubElement(root, f"{{{TYPES}}}Default", Extension="rels", ContentType=RELATION_TYPE)
    for name in sorted(said):
        etree.SubElement(root, f"{{{TYPES}}}Override", PartName=f"/{name}", ContentType=said[name])
    return write(root)
