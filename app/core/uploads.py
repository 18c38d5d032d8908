"""Files from people: judged by content and extension, freed of metadata and active content, before anything is kept.

`accept_upload(field.data, allowed=DOCUMENTS | IMAGES) -> CleanFile`, or RefusedError with an `UploadRefusal` for the person.
It is slow (images are encoded anew): call it in a `before_writing` step, then `storage.put(clean.data, suffix=clean.suffix)`
inside the transaction. Limits are those of the trust catalogue, C-03.
"""

import re
import stat
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

import filetype
import pikepdf
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError
from werkzeug.datastructures import FileStorage

from app.core import storage
from app.core.refusals import Refusal, RefusedError, UploadRefusal

MEGABYTE = 1024 * 1024
SIZE_LIMIT = 10 * MEGABYTE
PIXEL_LIMIT = 25_000_000
MEMBER_LIMIT = 500
UNPACKED_LIMIT = 50 * MEGABYTE
RATIO_LIMIT = 100
JPEG_QUALITY = 88


class Kind(StrEnum):
    """What may be uploaded, by the extension it gets."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    ODT = "odt"
    PNG = "png"
    JPEG = "jpg"
    WEBP = "webp"


DOCUMENTS = frozenset({Kind.PDF, Kind.DOCX, Kind.XLSX, Kind.ODT})
IMAGES = frozenset({Kind.PNG, Kind.JPEG, Kind.WEBP})
MEDIA_TYPES = {
    Kind.PDF: "application/pdf",
    Kind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Kind.ODT: "application/vnd.oasis.opendocument.text",
    Kind.PNG: "image/png",
    Kind.JPEG: "image/jpeg",
    Kind.WEBP: "image/webp",
}
EXTENSIONS = {kind.value: kind for kind in Kind} | {"jpeg": Kind.JPEG}
# The part that makes a zip a document of its kind.
MAIN_PARTS = {"word/document.xml": Kind.DOCX, "xl/workbook.xml": Kind.XLSX}
MACROS = re.compile(r"vbaProject|vbaData|activeX|\.bas$|^Basic/|^Scripts/|oleObject|externalLink", re.IGNORECASE)
ACTIVE_PDF = ("/OpenAction", "/AA", "/PieceInfo", "/Metadata")
ACTIVE_PDF_ACTIONS = {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Rendition"}
# Parts that hold names of people and machines, and what stands there instead.
EMPTY_PARTS = {
    "docProps/core.xml": b'<?xml version="1.0"?><cp:coreProperties '
    b'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>',
    "docProps/app.xml": b'<?xml version="1.0"?><Properties '
    b'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>',
    "docProps/custom.xml": b'<?xml version="1.0"?><Properties '
    b'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>',
    "meta.xml": b'<?xml version="1.0"?><office:document-meta '
    b'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.3"/>',
}
AUTHORS = re.compile(rb'((?:w|w15):(?:author|initials|userId|providerId))="[^"]*"')


@dataclass(frozen=True, slots=True)
class CleanFile:
    """A file fit to be kept and shown to a blind jury: nothing in it tells who made it but its own content."""

    data: bytes
    kind: Kind
    name: str

    @property
    def media_type(self) -> str:
        """Our own word for it, never the browser's."""
        return MEDIA_TYPES[self.kind]

    @property
    def extension(self) -> str:
        """Without dot."""
        return self.kind.value

    @property
    def suffix(self) -> str:
        """With dot, for `storage.put`."""
        return f".{self.kind.value}"


def accept_upload(file: FileStorage, *, allowed: frozenset[Kind] = DOCUMENTS | IMAGES, field: str | None = None) -> CleanFile:
    """The file cleaned, or RefusedError; `field` names the form field the refusal belongs to."""
    try:
        return _accept(file, allowed)
    except _RefusedFileError as refused:
        raise RefusedError(Refusal(refused.code, refused.params, field=field)) from refused


class _RefusedFileError(Exception):
    def __init__(self, code: UploadRefusal, **params: object) -> None:
        self.code, self.params = code, params
        super().__init__(code)


def _accept(file: FileStorage, allowed: frozenset[Kind]) -> CleanFile:
    if storage.is_nearly_full():
        raise _RefusedFileError(UploadRefusal.NO_SPACE)
    data = file.stream.read(SIZE_LIMIT + 1)
    if not data:
        raise _RefusedFileError(UploadRefusal.EMPTY)
    if len(data) > SIZE_LIMIT:
        raise _RefusedFileError(UploadRefusal.TOO_LARGE, limit=SIZE_LIMIT // MEGABYTE)
    name = storage.safe_name(file.filename or "")
    promised = EXTENSIONS.get(name.rpartition(".")[2].lower())
    if promised is None or promised not in allowed:
        raise _RefusedFileError(UploadRefusal.WRONG_KIND, kinds=", ".join(sorted(allowed)))
    if _kind_of(data) is not promised:
        raise _RefusedFileError(UploadRefusal.NOT_WHAT_IT_SAYS, kind=promised.value)
    stem = name.rpartition(".")[0] or "file"
    return CleanFile(_CLEANERS[promised](data, promised), promised, f"{stem}.{promised}")


def _kind_of(data: bytes) -> Kind | None:
    """What the content is; a zip by its main part, for a minimal document looks like any zip."""
    if data.startswith(b"PK"):
        return _kind_of_zip(data)
    guessed = filetype.guess(data)
    return next((kind for kind in (Kind.PDF, *IMAGES) if guessed is not None and MEDIA_TYPES[kind] == guessed.mime), None)


def _kind_of_zip(data: bytes) -> Kind | None:
    with _zip(data) as archive:
        names = set(archive.namelist())
        if "[Content_Types].xml" in names:
            return next((kind for part, kind in MAIN_PARTS.items() if part in names), None)
        if "mimetype" in names and archive.getinfo("mimetype").file_size < 100:  # noqa: PLR2004 - a media type is short
            return Kind.ODT if archive.read("mimetype").decode("ascii", "replace").strip() == MEDIA_TYPES[Kind.ODT] else None
        return None


def _clean_image(data: bytes, kind: Kind) -> bytes:
    """Encode anew: what is not a pixel is gone, places and devices included."""
    formats = {Kind.PNG: "PNG", Kind.JPEG: "JPEG", Kind.WEBP: "WEBP"}
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint sets it for its whole process; a cut picture is refused all the same
    try:
        with Image.open(BytesIO(data), formats=[formats[kind]]) as image:
            if image.width * image.height > PIXEL_LIMIT:
                raise _RefusedFileError(UploadRefusal.TOO_MANY_PIXELS, limit=PIXEL_LIMIT // 1_000_000)
            upright = ImageOps.exif_transpose(image)
            has_alpha = kind is not Kind.JPEG and ("A" in upright.getbands() or "transparency" in upright.info)
            pixels = upright.convert("RGBA" if has_alpha else "RGB")
    except Image.DecompressionBombError as error:
        raise _RefusedFileError(UploadRefusal.TOO_MANY_PIXELS, limit=PIXEL_LIMIT // 1_000_000) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise _RefusedFileError(UploadRefusal.DAMAGED) from error
    pixels.info.clear()
    out = BytesIO()
    pixels.save(out, formats[kind], **({} if kind is Kind.PNG else {"quality": JPEG_QUALITY}))
    return out.getvalue()


def _clean_pdf(data: bytes, _kind: Kind) -> bytes:
    """Without author, program, scripts, attached files and actions that start something."""
    try:
        with pikepdf.open(BytesIO(data)) as document:
            _silence(document)
            out = BytesIO()
            document.save(out, deterministic_id=True)
            return out.getvalue()
    except pikepdf.PasswordError as error:
        raise _RefusedFileError(UploadRefusal.ENCRYPTED) from error
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise _RefusedFileError(UploadRefusal.DAMAGED) from error


def _silence(document: pikepdf.Pdf) -> None:
    if "/Info" in document.trailer:
        del document.trailer["/Info"]
    for key in ACTIVE_PDF:
        _drop(document.Root, key)
    names = document.Root.get("/Names")
    if names is not None:
        _drop(names, "/JavaScript")
        _drop(names, "/EmbeddedFiles")
    _drop(document.Root, "/AF")
    for page in document.pages:
        for key in ACTIVE_PDF:
            _drop(page.obj, key)
        for annotation in page.obj.get("/Annots", ()):
            _drop(annotation, "/AA")
            _drop(annotation, "/FS")
            action = annotation.get("/A")
            if action is not None and str(action.get("/S")) in ACTIVE_PDF_ACTIONS:
                _drop(annotation, "/A")


def _drop(holder: Any, key: str) -> None:
    if key in holder:
        del holder[key]


def _clean_zip(data: bytes, _kind: Kind) -> bytes:
    """Unpack within limits, refuse what is active or hidden, pack anew without the names of authors and programs."""
    out = BytesIO()
    with _zip(data) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as cleaned:
        _check_members(archive)
        unpacked = 0
        for member in archive.infolist():
            if member.is_dir():
                continue
            content = _unpack(archive, member, UNPACKED_LIMIT - unpacked)
            unpacked += len(content)
            if member.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in content[:4096]:
                raise _RefusedFileError(UploadRefusal.ACTIVE)
            kept = EMPTY_PARTS.get(member.filename) or AUTHORS.sub(rb'\1=""', content)
            entry = zipfile.ZipInfo(member.filename)
            entry.compress_type = zipfile.ZIP_STORED if member.filename == "mimetype" else zipfile.ZIP_DEFLATED
            cleaned.writestr(entry, kept)
    return out.getvalue()


def _check_members(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    if len(members) > MEMBER_LIMIT or len({member.filename for member in members}) < len(members):
        raise _RefusedFileError(UploadRefusal.DAMAGED)
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if stat.S_ISLNK(member.external_attr >> 16) or path.is_absolute() or ".." in path.parts or ":" in member.filename:
            raise _RefusedFileError(UploadRefusal.DAMAGED)
        if member.flag_bits & 1:
            raise _RefusedFileError(UploadRefusal.ENCRYPTED)
        if MACROS.search(member.filename):
            raise _RefusedFileError(UploadRefusal.ACTIVE)
        if member.file_size > RATIO_LIMIT * max(member.compress_size, 1) and member.file_size > MEGABYTE:
            raise _RefusedFileError(UploadRefusal.DAMAGED)


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, room: int) -> bytes:
    """The content, read no further than there is room: a size in a header proves nothing."""
    try:
        with archive.open(member) as stream:
            content = stream.read(room + 1)
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError) as error:
        raise _RefusedFileError(UploadRefusal.DAMAGED) from error
    if len(content) > room:
        raise _RefusedFileError(UploadRefusal.DAMAGED)
    return content


def _zip(data: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise _RefusedFileError(UploadRefusal.DAMAGED) from error


_CLEANERS: dict[Kind, Callable[[bytes, Kind], bytes]] = {
    Kind.PDF: _clean_pdf,
    **dict.fromkeys((Kind.DOCX, Kind.XLSX, Kind.ODT), _clean_zip),
    **dict.fromkeys(IMAGES, _clean_image),
}
