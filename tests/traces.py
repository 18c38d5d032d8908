"""A person planted in files, and the search for any trace of her: in every part, in every encoding."""

import base64
import io
import re
import zipfile
import zlib
from contextlib import suppress

import pikepdf
from PIL import Image, PngImagePlugin

NAME = "Айгерим Бекова"
LATIN = "Aigerim-Bekova"
MAIL = "aigerim@example.kz"
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp1251")


def _spellings():
    for word in (NAME, NAME.split(maxsplit=1)[0], LATIN, MAIL):
        for encoding in ENCODINGS:
            with suppress(UnicodeEncodeError):
                raw = word.encode(encoding)
                yield from (raw, raw.hex().encode(), raw.hex().upper().encode(), base64.b64encode(raw)[:-4])
                yield "".join(f"\\{byte:03o}" for byte in raw).encode()
        yield "".join(f"&#{ord(c)};" for c in word).encode()
        yield "".join(f"&#x{ord(c):x};" for c in word).encode()
        yield word.encode("ascii", "backslashreplace")


SPELLINGS = {spelling.lower() for spelling in _spellings() if len(spelling) > 6}


def traces(data, where="file", depth=0):
    """Every place where the person is found, in the bytes and in all that is packed in them."""
    found = [f"{where}: {spelling!r}" for spelling in SPELLINGS if spelling in data.lower()]
    if depth > 4:
        return found
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            found += traces(archive.comment, f"{where}#comment", depth + 1)
            for member in archive.infolist():
                found += traces(member.filename.encode() + member.comment + member.extra, f"{where}#names", depth + 1)
                found += traces(archive.read(member), f"{where}/{member.filename}", depth + 1)
    elif data.startswith(b"%PDF"):
        found += _in_pdf(data, where, depth)
    for at in (one.start() for one in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", data)):
        with suppress(zlib.error):
            unpacked = zlib.decompressobj().decompress(data[at:], 20_000_000)
            if len(unpacked) > 6:
                found += [f"{where}@{at}: {spelling!r}" for spelling in SPELLINGS if spelling in unpacked.lower()]
    return found


def _in_pdf(data, where, depth):
    found = []
    with pikepdf.open(io.BytesIO(data)) as document:
        for number, one in enumerate(document.objects):
            said = b" ".join(_texts(one))
            found += [f"{where} object {number}: {spelling!r}" for spelling in SPELLINGS if spelling in said.lower()]
            if isinstance(one, pikepdf.Stream):
                with suppress(pikepdf.PdfError):
                    found += traces(one.read_bytes(), f"{where} stream {number}", depth + 1)
                found += traces(one.read_raw_bytes(), f"{where} raw stream {number}", depth + 1)
    return found


def _texts(one):
    if isinstance(one, pikepdf.String):
        yield bytes(one)
        yield str(one).encode()
    elif isinstance(one, pikepdf.Array):
        for each in one:
            if not getattr(each, "is_indirect", False):
                yield from _texts(each)
    elif isinstance(one, (pikepdf.Dictionary, pikepdf.Stream)):
        for key in one.keys():  # noqa: SIM118 - a stream is not iterable
            yield key.encode()
            if not getattr(one[key], "is_indirect", False):
                yield from _texts(one[key])


def photograph(kind="JPEG", size=(64, 48)):
    """A picture that says who made it in every way pictures can."""
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    exif = Image.Exif()
    exif[0x013B] = LATIN  # artist
    exif[0x9C9D] = NAME.encode("utf-16-le")  # author, as Windows writes it
    exif[0x8825] = {1: "N", 2: (43.0, 14.0, 0.0)}
    xmp = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><dc:creator>{NAME} {MAIL}</dc:creator></x:xmpmeta>'.encode()
    out = io.BytesIO()
    if kind == "PNG":
        said = PngImagePlugin.PngInfo()
        said.add_itxt("Author", NAME)
        said.add_text("Comment", MAIL, zip=True)
        image.save(out, "PNG", pnginfo=said, exif=exif)
        return out.getvalue() + NAME.encode()
    image.save(out, kind, exif=exif, **({"xmp": xmp, "comment": MAIL.encode()} if kind in {"JPEG", "WEBP"} else {}))
    made = out.getvalue()
    if kind == "JPEG":
        iptc = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00\x20\x1c\x02\x50\x00\x1c" + NAME.encode()
        # Behind the first segment, which says that this is a JPEG file.
        at = 4 + int.from_bytes(made[4:6], "big")
        made = made[:at] + b"\xff\xed" + (len(iptc) + 2).to_bytes(2, "big") + iptc + made[at:] + MAIL.encode()
    return made
