"""What may be uploaded, what its content must be, and how a file is refused."""

import zipfile
from enum import StrEnum
from io import BytesIO

import filetype

from app.core.refusals import UploadRefusal

MEGABYTE = 1024 * 1024


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
# The part that makes a zip a document of its kind.
MAIN_PARTS = {"word/document.xml": Kind.DOCX, "xl/workbook.xml": Kind.XLSX}


class UncleanError(Exception):
    """The file cannot be made clean, for a reason that its owner can act on."""

    def __init__(self, code: UploadRefusal, **params: int | str) -> None:
        self.code, self.params = code, params
        super().__init__(code)


def kind_of(data: bytes) -> Kind | None:
    """What the content is; a zip by its main part, for a minimal document looks like any zip."""
    if data.startswith(b"PK"):
        with open_zip(data) as archive:
            return _kind_of_zip(archive)
    guessed = filetype.guess(data)
    return next((kind for kind in (Kind.PDF, *IMAGES) if guessed is not None and MEDIA_TYPES[kind] == guessed.mime), None)


def words(text: str) -> frozenset[str]:
    """A closed list, as it is read best."""
    return frozenset(text.split())


def open_zip(data: bytes) -> zipfile.ZipFile:
    """The archive, or the refusal of a broken one."""
    try:
        return zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise UncleanError(UploadRefusal.DAMAGED) from error


def is_description(text: str) -> bool:
    """Whether an alternative text was written by a person: programs put paths and names of files there."""
    stem, dot, extension = text.strip().rpartition(".")
    looks_like_file = bool(dot and stem) and extension.isascii() and extension.isalnum() and len(extension) <= len("jpeg")
    return not looks_like_file and not any(mark in text for mark in "\\/@")


def _kind_of_zip(archive: zipfile.ZipFile) -> Kind | None:
    names = set(archive.namelist())
    if "[Content_Types].xml" in names:
        return next((kind for part, kind in MAIN_PARTS.items() if part in names), None)
    if "mimetype" in names and archive.getinfo("mimetype").file_size < 100:  # noqa: PLR2004 - a media type is short
        try:
            said = archive.read("mimetype").decode("ascii", "replace").strip()
        except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError, RuntimeError) as error:
            raise UncleanError(UploadRefusal.DAMAGED) from error
        return Kind.ODT if said == MEDIA_TYPES[Kind.ODT] else None
    return None
