"""What office files have in common: a zip read within limits, XML read by a parser that expands and fetches nothing."""

import io
import lzma
import stat
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

from lxml import etree

from app.core.cleaning.kinds import MEGABYTE, UncleanError, open_zip
from app.core.cleaning.pictures import EMBEDDED, clean_picture
from app.core.refusals import UploadRefusal

MEMBER_LIMIT = 500
UNPACKED_LIMIT = 50 * MEGABYTE
RATIO_LIMIT = 100
# Names of parts that run something or come from another file: such a file is refused, wherever they stand.
ACTIVE_NAMES = ("vbaproject", "vbadata", "activex", "oleobject", "externallink", "macrosheet", "ctrlprops")
ACTIVE_FOLDERS = ("basic/", "scripts/")
PICTURE_NAMES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp")
# What the readers of a zip raise when it is not as it says.
UNREADABLE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, OSError, EOFError, ValueError, RuntimeError)
EPOCH = (1980, 1, 1, 0, 0, 0)

Element = Any


def unpack(data: bytes) -> dict[str, bytes]:
    """Every part by its name, or the refusal of what is broken, hidden, locked, active or too large."""
    parts: dict[str, bytes] = {}
    with open_zip(data) as archive:
        _check_members(archive.infolist())
        room = UNPACKED_LIMIT
        for member in archive.infolist():
            if not member.is_dir():
                parts[member.filename] = _read(archive, member, room)
                room -= len(parts[member.filename])
    return parts


def pack(parts: Mapping[str, bytes]) -> bytes:
    """A zip of our own: no dates, no machines, no comments; a media type goes first and plain, as OpenDocument wants it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(parts, key=lambda one: (one not in {"mimetype", "[Content_Types].xml"}, one)):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(entry, parts[name])
    return out.getvalue()


def parse(content: bytes) -> Element:
    """The root, without comments and processing instructions; a document type is refused in whatever encoding it comes."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        # A bomb of entities may be stopped by the parser before its document type can be seen.
        raise UncleanError(UploadRefusal.ACTIVE if "ntity" in str(error) else UploadRefusal.DAMAGED) from error
    if root.getroottree().docinfo.doctype:
        raise UncleanError(UploadRefusal.ACTIVE)
    return root


def write(root: Element) -> bytes:
    """The XML in UTF-8."""
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return written


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return str(etree.QName(element).localname)


def space(element: Element) -> str:
    """The namespace of an element."""
    return str(etree.QName(element).namespace or "")


def drop(element: Element) -> None:
    """Take an element out with all in it; the text behind it stays."""
    _keep_text(element, element.tail or "")
    element.getparent().remove(element)


def unwrap(element: Element) -> None:
    """Take an element away and leave what it holds in its place."""
    parent = element.getparent()
    at = parent.index(element)
    children = list(element)
    if children:
        children[-1].tail = (children[-1].tail or "") + (element.tail or "")
        _keep_text(element, element.text or "")
    else:
        _keep_text(element, (element.text or "") + (element.tail or ""))
    parent[at : at + 1] = children


def every(root: Element, names: Iterable[str]) -> list[Element]:
    """The elements below the root with these local names, in any namespace, innermost last."""
    wanted = frozenset(names)
    return [one for one in root.iterdescendants() if isinstance(one.tag, str) and local(one) in wanted]


def clean_media(name: str, content: bytes) -> bytes:
    """A picture in a document, encoded anew; what is not one of the known kinds cannot be judged."""
    if not name.lower().endswith(PICTURE_NAMES):
        raise UncleanError(UploadRefusal.UNKNOWN_PICTURE, kind=PurePosixPath(name).suffix.lstrip(".")[:8].upper())
    return clean_picture(content, *EMBEDDED)


def _keep_text(element: Element, text: str) -> None:
    before = element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + text
    else:
        parent = element.getparent()
        parent.text = (parent.text or "") + text


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MEMBER_LIMIT or len({member.filename.lower() for member in members}) < len(members):
        raise UncleanError(UploadRefusal.DAMAGED)
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if stat.S_ISLNK(member.external_attr >> 16) or path.is_absolute() or ".." in path.parts or ":" in member.filename:
            raise UncleanError(UploadRefusal.DAMAGED)
        if member.flag_bits & 1:
            raise UncleanError(UploadRefusal.ENCRYPTED)
        name = member.filename.lower()
        if name.startswith(ACTIVE_FOLDERS) or any(active in name for active in ACTIVE_NAMES):
            raise UncleanError(UploadRefusal.ACTIVE)
        if member.file_size > RATIO_LIMIT * max(member.compress_size, 1) and member.file_size > MEGABYTE:
            raise UncleanError(UploadRefusal.DAMAGED)


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, room: int) -> bytes:
    """The content, read no further than there is room: a size in a header proves nothing."""
    try:
        with archive.open(member) as stream:
            content = stream.read(room + 1)
    except UNREADABLE as error:
        raise UncleanError(UploadRefusal.DAMAGED) from error
    if len(content) > room:
        raise UncleanError(UploadRefusal.DAMAGED)
    return content
