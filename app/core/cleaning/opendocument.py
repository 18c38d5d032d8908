"""OpenDocument text: its content, styles and pictures in a package of our own; changes accepted, notes and names taken out."""

import posixpath
from urllib.parse import unquote

from lxml import etree

from app.core.cleaning.bookmarks import Places
from app.core.cleaning.kinds import MEDIA_TYPES, Kind, UncleanError, is_description, words
from app.core.cleaning.packages import Element, clean_media, drop, every, local, pack, parse, space, unpack, unwrap, write
from app.core.cleaning.unseen_open import Concealed
from app.core.refusals import UploadRefusal

MANIFEST = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
XLINK = "{http://www.w3.org/1999/xlink}"
# The parts of the document, and of a chart or a formula in it.
WORDS = ("content.xml", "styles.xml")
PICTURES = "Pictures/"
ACTIVE = frozenset({"object-ole", "applet", "plugin"})
DROPPED = words(
    "annotation annotation-end tracked-changes change change-start change-end change-info scripts event-listeners meta "
    "dde-connection-decls dde-connection-decl dde-source creator initial-creator printed-by author-name author-initials "
    "file-name template-name user-defined editing-cycles editing-duration print-date print-time modification-date "
    "modification-time creation-date creation-time sender-firstname sender-lastname sender-initials sender-title "
    "sender-position sender-email sender-phone-private sender-fax sender-company sender-phone-work sender-street sender-city "
    "sender-postal-code sender-country sender-state-or-province forms binary-data script database-display database-next "
    "database-row-select execute-macro placeholder-macro settings"
)
# Names that programs give to pictures and frames, and names of people in attributes.
NAMED = frozenset({"author", "creator", "initials"})


def clean_opendocument(data: bytes) -> bytes:
    """The package made anew out of its content, styles and pictures."""
    parts = unpack(data)
    _refuse_locked(parts)
    out = {"mimetype": MEDIA_TYPES[Kind.ODT].encode()}
    if "content.xml" not in parts:
        raise UncleanError(UploadRefusal.DAMAGED)
    kept = {name for name in parts if name.startswith(PICTURES) or posixpath.basename(name) in WORDS}
    kept = {name for name in kept if name.count("/") <= 1 and not name.lower().endswith(".svg")}
    places = Places()
    concealed = Concealed(parse(parts[name]) for name in kept if name == "styles.xml")
    for name in sorted(kept):
        if name.startswith(PICTURES):
            out[name] = clean_media(name, parts[name])
        else:
            root = parse(parts[name])
            concealed.clean(root)
            _clean(root, kept, posixpath.dirname(name))
            places.rename_open(root)
            out[name] = write(root)
    out["META-INF/manifest.xml"] = _manifest(out)
    return pack(out)


def _refuse_locked(parts: dict[str, bytes]) -> None:
    manifest = parts.get("META-INF/manifest.xml")
    if manifest is not None and every(parse(manifest), {"encryption-data", "keyinfo"}):
        raise UncleanError(UploadRefusal.ENCRYPTED)


def _clean(root: Element, kept: set[str], folder: str) -> None:
    if every(root, ACTIVE):
        raise UncleanError(UploadRefusal.ACTIVE)
    for one in every(root, DROPPED):
        if one.getparent() is None:
            continue
        # What is said about a piece of text stands around that text.
        if local(one) == "meta" and space(one).endswith(":text:1.0"):
            unwrap(one)
        else:
            drop(one)
    for one in list(root.iterdescendants()):
        _clean_link(one, kept, folder)
    _clean_names(root)


def _clean_names(root: Element) -> None:
    for one in list(root.iterdescendants()):
        if local(one) in {"title", "desc"} and ":svg-" in space(one) and not is_description(one.text or ""):
            drop(one)
    for one in root.iter():
        for key in list(one.attrib):
            name = etree.QName(key)
            if name.localname in NAMED or (name.localname == "name" and local(one) == "frame"):
                del one.attrib[key]


def _clean_link(one: Element, kept: set[str], folder: str) -> None:
    """Links lead to a place in this document or to a part of it."""
    target = one.get(f"{XLINK}href")
    if target is None or one.getparent() is None or target.startswith("#") or _is_kept(target, kept, folder):
        return
    if local(one) == "a":
        unwrap(one)
    else:
        drop(one)


def _is_kept(target: str, kept: set[str], folder: str) -> bool:
    path = posixpath.normpath(posixpath.join(folder, unquote(target)))
    return path in kept or any(f"{path}/{words}" in kept for words in WORDS)


def _manifest(parts: dict[str, bytes]) -> bytes:
    root = etree.Element(f"{{{MANIFEST}}}manifest", {f"{{{MANIFEST}}}version": "1.3"}, nsmap={"manifest": MANIFEST})
    listed = {"/": MEDIA_TYPES[Kind.ODT]} | {name: "text/xml" if name.endswith(".xml") else "" for name in parts}
    for name in sorted(set(listed) - {"mimetype"}):
        entry = {f"{{{MANIFEST}}}full-path": name, f"{{{MANIFEST}}}media-type": listed[name]}
        etree.SubElement(root, f"{{{MANIFEST}}}file-entry", entry)
    return write(root)
