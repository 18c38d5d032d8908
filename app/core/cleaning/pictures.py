"""Pictures, alone and inside documents: encoded anew, or without every segment that is not needed to see them."""

import struct
from collections.abc import Iterator
from io import BytesIO

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from app.core.cleaning.kinds import UncleanError
from app.core.refusals import UploadRefusal

PIXEL_LIMIT = 25_000_000
JPEG_QUALITY = 88
# What may stand inside an office file; drawings of other kinds can be neither judged nor encoded anew.
EMBEDDED = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
WITH_ALPHA = {"PNG", "WEBP", "GIF", "TIFF"}

# JPEG: markers without a length, the start of a scan and the end; of the segments for applications only Adobe's colours.
START, END, SCAN, ADOBE, COMMENT = 0xD8, 0xD9, 0xDA, 0xEE, 0xFE
# The segments that make a picture: frames, tables, scans, restarts (ITU-T T.81, table B.1).
DRAWN = frozenset({*range(0xC0, 0xD0), *range(0xDA, 0xE0)})
RESTARTS = range(0xD0, 0xD8)
ADOBE_LENGTH = 12
# JPEG 2000: the boxes that make a picture, and in the codestream its start, its comments and the first tile.
BOXES = {b"jP  ", b"ftyp", b"jp2h", b"jp2c"}
CODESTREAM = b"\xff\x4f"
J2K_COMMENT, J2K_TILE = 0xFF64, 0xFF90


def clean_picture(data: bytes, *formats: str) -> bytes:
    """Encode anew, in the same format: what is not a pixel is gone, places and devices included."""
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with Image.open(BytesIO(data), formats=list(formats)) as image:
            if image.width * image.height > PIXEL_LIMIT:
                raise UncleanError(UploadRefusal.TOO_MANY_PIXELS, limit=PIXEL_LIMIT // 1_000_000)
            encoding = image.format or formats[0]
            upright = ImageOps.exif_transpose(image)
            has_alpha = encoding in WITH_ALPHA and ("A" in upright.getbands() or "transparency" in upright.info)
            pixels = upright.convert("RGBA" if has_alpha else "RGB")
    except Image.DecompressionBombError as error:
        raise UncleanError(UploadRefusal.TOO_MANY_PIXELS, limit=PIXEL_LIMIT // 1_000_000) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, struct.error) as error:
        raise UncleanError(UploadRefusal.DAMAGED) from error
    pixels.info.clear()
    out = BytesIO()
    pixels.save(out, encoding, **({"quality": JPEG_QUALITY} if encoding in {"JPEG", "WEBP"} else {}))
    return out.getvalue()


def strip_jpeg(data: bytes) -> bytes:
    """The same picture to the bit, without Exif, XMP, IPTC, thumbnails, profiles, comments and what follows its end."""
    out = bytearray(b"\xff\xd8")
    for marker, segment in _jpeg_segments(data):
        if marker == ADOBE:
            # Longer than the colours need is room for something else.
            if segment[4:9] == b"Adobe":
                out += struct.pack(">BBH", 0xFF, ADOBE, ADOBE_LENGTH + 2) + segment[4 : 4 + ADOBE_LENGTH]
        elif marker in DRAWN:
            out += segment
    return bytes(out + b"\xff\xd9")


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = data.find(b"\xff\xd8\xff")
    if at < 0:
        raise UncleanError(UploadRefusal.DAMAGED)
    at += 2
    while at + 4 <= len(data) and data[at] == 0xFF:  # noqa: PLR2004 - every marker begins so
        marker = data[at + 1]
        if marker == 0xFF:  # noqa: PLR2004 - a filling byte
            at += 1
            continue
        if marker == END:
            return
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if end > len(data) or end < at + 4:
            raise UncleanError(UploadRefusal.DAMAGED)
        if marker == SCAN:
            end = _scan_end(data, end)
        yield marker, data[at:end]
        at = end
    if data[at : at + 2] != b"\xff\xd9":
        # Without its end nobody knows where the picture ends and something else begins.
        raise UncleanError(UploadRefusal.DAMAGED)


def _scan_end(data: bytes, at: int) -> int:
    """Where the next marker stands: in a scan, 0xFF is followed by zero or by a restart."""
    while (found := data.find(b"\xff", at)) >= 0 and found + 1 < len(data):
        if data[found + 1] not in RESTARTS and data[found + 1] != 0:
            return found
        at = found + 2
    return len(data)


def strip_jpeg2000(data: bytes) -> bytes:
    """The same picture without boxes for XML, Exif and the like, and without comments."""
    if data.startswith(CODESTREAM):
        return _strip_codestream(data)
    out, at = bytearray(), 0
    while at + 8 <= len(data):
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        head = 16 if size == 1 else 8
        size = int.from_bytes(data[at + 8 : at + 16], "big") if size == 1 else size or len(data) - at
        if size < head or at + size > len(data):
            raise UncleanError(UploadRefusal.DAMAGED)
        if kind in BOXES:
            body = data[at + head : at + size]
            body = _strip_codestream(body) if kind == b"jp2c" else body
            out += struct.pack(">I4s", len(body) + 8, kind) + body
        at += size
    return bytes(out)


def _strip_codestream(data: bytes) -> bytes:
    out, at = bytearray(data[:2]), 2
    while at + 4 <= len(data):
        marker, length = struct.unpack(">HH", data[at : at + 4])
        if marker == J2K_TILE:
            return bytes(out + data[at:])
        if marker != J2K_COMMENT:
            out += data[at : at + 2 + length]
        at += 2 + length
    raise UncleanError(UploadRefusal.DAMAGED)
