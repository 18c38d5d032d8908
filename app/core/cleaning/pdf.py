"""PDF: what its pages show and how they are read aloud; all else stays behind.

Every object that can be reached is walked along `pdf_shapes`, and loses each key that its role does not need. Filled forms and
drawn notes become part of their page. What can no longer be reached is not written.
"""

import re
import zlib
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import settings

from app.core.cleaning.colours import strip_colours
from app.core.cleaning.kinds import MEGABYTE, UncleanError, is_description
from app.core.cleaning.pdf_operators import OPERATORS, PLAIN, SHOWING
from app.core.cleaning.pdf_shapes import DRAWING, DRAWN_FIELDS, DRAWN_NOTES, MARKED, SHAPES, STREAM, STREAMS, TEXTS
from app.core.cleaning.pictures import PIXEL_LIMIT, strip_jpeg, strip_jpeg2000
from app.core.refusals import UploadRefusal

OBJECT_LIMIT = 300_000
UNPACKED_LIMIT = 50 * MEGABYTE
CONTENT_LIMIT = 100 * MEGABYTE
# To read operators one by one is slow: so much of it is some ten seconds.
PARSED_LIMIT = 8 * MEGABYTE
LAYER_NAME = "Layer"
# As qpdf says it.
MISPLACED = re.compile(r"expected \d+ \d+ obj")
BROKEN = (pikepdf.PikepdfError, RuntimeError, ValueError, TypeError, KeyError, IndexError, AttributeError, NotImplementedError)


def clean_pdf(data: bytes) -> bytes:
    """Out of a PDF, its pages."""
    settings.set_qpdf_limits(
        flate_max_memory=UNPACKED_LIMIT,
        run_length_max_memory=UNPACKED_LIMIT,
        png_max_memory=UNPACKED_LIMIT,
        tiff_max_memory=UNPACKED_LIMIT,
        dct_max_memory=4 * PIXEL_LIMIT,
        doc_max_warnings=1000,
    )
    try:
        # Without recovery: where objects had to be guessed, one may have lost what says that it must not stay.
        with pikepdf.open(BytesIO(data), attempt_recovery=False) as document:
            if document.is_encrypted:
                raise UncleanError(UploadRefusal.ENCRYPTED)
            return _clean(document)
    except pikepdf.PasswordError as error:
        raise UncleanError(UploadRefusal.ENCRYPTED) from error
    except BROKEN as error:
        raise UncleanError(UploadRefusal.DAMAGED) from error


def _clean(document: pikepdf.Pdf) -> bytes:
    if not len(document.pages):
        raise UncleanError(UploadRefusal.DAMAGED)
    _check_packed(document)
    _draw_notes(document)
    for page in document.pages:
        _check_contents(page.obj.get("/Contents"))
        page.contents_coalesce()
    for key in set(document.trailer.keys()) - {"/Root", "/Size"}:
        del document.trailer[key]
    _Walk(document).run()
    out = BytesIO()
    document.save(out, deterministic_id=True, recompress_flate=True)
    return out.getvalue()


def _draw_notes(document: pikepdf.Pdf) -> None:
    """Make forms and drawn notes a part of the page; a signature's picture is made of its owner's name, so it is not drawn.

    Nor is a field that does not say what it is: a signature may have lost that.
    """
    for page in document.pages:
        notes = page.obj.get("/Annots")
        if notes is None:
            continue
        kept = [note for note in notes if isinstance(note, pikepdf.Dictionary) and _is_drawn(note)]
        page.obj.Annots = pikepdf.Array(kept)
    document.generate_appearance_streams()
    document.flatten_annotations("all")


def _is_drawn(note: Any) -> bool:
    field, depth = note, 0
    while field is not None and "/FT" not in field and depth < 50:  # noqa: PLR2004 - no form is so deep
        field, depth = field.get("/Parent"), depth + 1
    if note.get("/Subtype") == "/Widget":
        return field is not None and str(field["/FT"]) in DRAWN_FIELDS
    return str(note.get("/Subtype")) in DRAWN_NOTES and (field is None or field["/FT"] != "/Sig")


class _Walk:
    """One pass over all that can be reached, without recursion: a document decides how deep it is."""

    def __init__(self, document: pikepdf.Pdf) -> None:
        self.document = document
        self.waiting: list[tuple[Any, str]] = [(document.Root, "catalogue")]
        self.seen: set[tuple[tuple[int, int], str]] = set()
        self.cleaned: set[tuple[int, int]] = set()
        self.count = self.unpacked = self.parsed = 0

    def run(self) -> None:
        while self.waiting:
            self.count += 1
            if self.count > OBJECT_LIMIT:
                raise UncleanError(UploadRefusal.TOO_COMPLEX)
            self._visit(*self.waiting.pop())

    def _visit(self, one: Any, role: str) -> None:
        if one.is_indirect:
            if (one.objgen, role) in self.seen:
                return
            self.seen.add((one.objgen, role))
        if isinstance(one, pikepdf.Array):
            self._visit_array(one, role)
        elif isinstance(one, pikepdf.Stream):
            if role not in STREAMS:
                raise UncleanError(UploadRefusal.DAMAGED)
            self._visit_stream(one, role)
            self._visit_keys(one, role, SHAPES[role] | STREAM)  # type: ignore[operator]
        elif role.startswith("*"):
            self._visit_named(one, role[1:])
        else:
            self._visit_keys(one, role, SHAPES[role])

    def _visit_array(self, one: Any, role: str) -> None:
        for at in reversed(range(len(one))):
            value = one[at]
            if isinstance(value, (pikepdf.Dictionary, pikepdf.Stream, pikepdf.Array)):
                self.waiting.append((value, role))

    def _visit_named(self, one: Any, role: str) -> None:
        for key in list(one.keys()):
            self._follow(one, key, None if role == "plain" else role)

    def _visit_keys(self, one: Any, role: str, shape: Any) -> None:
        for key in list(one.keys()):
            if key not in shape:
                del one[key]
            else:
                self._follow(one, key, shape[key])
        if role == "properties" and "/Name" in one:
            one["/Name"] = pikepdf.String(LAYER_NAME)
        if "/Alt" in one and not is_description(str(one["/Alt"])):
            del one["/Alt"]

    def _follow(self, one: Any, key: str, role: str | None) -> None:
        value = one[key]
        if isinstance(value, (pikepdf.Dictionary, pikepdf.Stream, pikepdf.Array)):
            if role is not None:
                self.waiting.append((value, role))
            elif not _is_plain(value):
                del one[key]
        elif isinstance(value, pikepdf.String) and (role is not None or key not in TEXTS):
            del one[key]

    def _visit_stream(self, one: Any, role: str) -> None:
        if one.objgen in self.cleaned:
            return
        self.cleaned.add(one.objgen)
        if role in DRAWING or (role == "xobject" and one.get("/Subtype") == "/Form"):
            self._clean_content(one)
        elif role == "xobject":
            self._clean_image(one)
        elif role == "colour" and "/N" in one:
            one.write(strip_colours(one.read_bytes()))

    def _clean_content(self, one: Any) -> None:
        _check_contents(one)
        content = one.read_bytes()
        self.unpacked += len(content)
        if self.unpacked > CONTENT_LIMIT:
            raise UncleanError(UploadRefusal.TOO_COMPLEX)
        if PLAIN.fullmatch(content):
            return
        self.parsed += len(content)
        if self.parsed > PARSED_LIMIT:
            raise UncleanError(UploadRefusal.TOO_COMPLEX)
        operations = list(pikepdf.parse_content_stream(one))
        for operation in operations:
            if isinstance(operation, pikepdf.ContentStreamInlineImage):
                _check_inline(operation)
                continue
            _check_words(operation)
            for operand in operation.operands:
                if isinstance(operand, pikepdf.Dictionary):
                    self._clean_marked(operand)
        one.write(pikepdf.unparse_content_stream(operations))

    def _clean_marked(self, properties: Any) -> None:
        for key in list(properties.keys()):
            if key not in MARKED or not _is_plain(properties[key]):
                del properties[key]
        if "/Alt" in properties and not is_description(str(properties["/Alt"])):
            del properties["/Alt"]

    def _clean_image(self, one: Any) -> None:
        filters = _filters(one)
        strip = _STRIPPERS.get(filters[-1]) if filters else None
        if strip is not None:
            last = (_parameters(one) or [None])[-1]
            one.write(strip(self._encoded(one, filters)), filter=pikepdf.Name(filters[-1]), decode_parms=last)
        else:
            _check_samples(one, filters)

    def _encoded(self, one: Any, filters: list[str]) -> bytes:
        """The picture as its own format has it, out of the filters around it."""
        return _within(self.document, one, filters[:-1])


def _within(document: pikepdf.Pdf, one: Any, filters: list[str]) -> bytes:
    """What a stream holds under its outermost filters."""
    raw: bytes = one.read_raw_bytes()
    if not filters:
        return raw
    around = document.make_stream(raw)
    around.Filter = pikepdf.Array([pikepdf.Name(name) for name in filters])
    return around.read_bytes()


def _check_packed(document: pikepdf.Pdf) -> None:
    """Refuse what is packed and does not unpack to its end, or to other bytes than were packed: qpdf takes what it got.

    Objects stand in such streams too. By then all of them were read, and none may call itself another than the table does.
    """
    for one in list(document.objects):
        if not isinstance(one, pikepdf.Stream):
            continue
        filters = _filters(one)
        packed = next((at for at, name in enumerate(filters) if name in DEFLATED), None)
        if packed is not None and not _is_whole(_within(document, one, filters[:packed])):
            raise UncleanError(UploadRefusal.DAMAGED)
    if any(MISPLACED.search(str(one)) for one in document.get_warnings()):
        raise UncleanError(UploadRefusal.DAMAGED)


def _is_whole(packed: bytes) -> bool:
    """Whether it unpacks to its end and its sum is right; what unpacks without end is refused where it is read.

    Nothing at all is whole: so programs write an empty page.
    """
    reader, unpacked, is_empty = zlib.decompressobj(), 0, not packed
    try:
        while not reader.eof and unpacked <= UNPACKED_LIMIT:
            piece = reader.decompress(packed, MEGABYTE)
            if not piece and not reader.unconsumed_tail:
                break
            packed, unpacked = reader.unconsumed_tail, unpacked + len(piece)
    except zlib.error:
        return False
    return reader.eof or is_empty or unpacked > UNPACKED_LIMIT


def _check_words(operation: Any) -> None:
    """Words stand where they are shown and nowhere else; no operator is a word (a comment that lost its mark is many)."""
    operator = str(operation.operator)
    if operator not in OPERATORS:
        raise UncleanError(UploadRefusal.DAMAGED)
    said = [one for one in operation.operands if isinstance(one, pikepdf.String)]
    listed = [one for many in operation.operands if isinstance(many, pikepdf.Array) for one in many]
    if operator not in SHOWING and (said or any(isinstance(one, pikepdf.String) for one in listed)):
        raise UncleanError(UploadRefusal.DAMAGED)


def _check_contents(found: Any) -> None:
    """Refuse what is packed and lost the filter that says so: no operator begins with x."""
    for one in found if isinstance(found, pikepdf.Array) else [found]:
        if isinstance(one, pikepdf.Stream) and one.read_bytes().startswith(b"x"):
            raise UncleanError(UploadRefusal.DAMAGED)


def _check_samples(one: Any, filters: list[str]) -> None:
    """Samples are as many as the picture is large; a photograph whose filter was lost is not, and tells where it was taken."""
    if not SAMPLED.issuperset(filters):
        raise UncleanError(UploadRefusal.DAMAGED)
    if FAXED.intersection(filters):
        return
    width, height = int(one.get("/Width", 0)), int(one.get("/Height", 0))
    bits = 1 if one.get("/ImageMask", default=False) else int(one.get("/BitsPerComponent", 0)) * _component_count(one)
    size, data = (width * bits + 7) // 8 * height, one.read_bytes()
    if not 0 < size <= len(data):
        raise UncleanError(UploadRefusal.DAMAGED)
    if size < len(data):
        one.write(data[:size])


def _component_count(one: Any) -> int:
    """How many numbers make a point, by the space of its colours; 0 for one nobody knows (ISO 32000-2, 8.6)."""
    space = one.get("/ColorSpace")
    name = str(space[0]) if isinstance(space, pikepdf.Array) and len(space) else str(space)
    if name == "/ICCBased":
        return int(space[1].get("/N", 0))
    if name == "/DeviceN":
        return len(space[1])
    return COMPONENTS.get(name, 0)


def _check_inline(image: Any) -> None:
    """A photograph between operators is a place nobody looks into, and no program we know puts one there."""
    if any(mark in bytes(image.unparse())[:400] for mark in (b"DCT", b"JPX")):
        raise UncleanError(UploadRefusal.DAMAGED)


def _filters(one: Any) -> list[str]:
    found = one.get("/Filter")
    if found is None:
        return []
    return [str(name) for name in found] if isinstance(found, pikepdf.Array) else [str(found)]


def _parameters(one: Any) -> list[Any]:
    found = one.get("/DecodeParms")
    if found is None:
        return []
    listed = list(found) if isinstance(found, pikepdf.Array) else [found]
    return [each if isinstance(each, pikepdf.Dictionary) else None for each in listed]


def _is_plain(value: Any, depth: int = 0) -> bool:
    """Whether a value is what it looks like: no dictionary and no stream hides in it."""
    if isinstance(value, pikepdf.Array):
        return depth < 5 and all(_is_plain(each, depth + 1) for each in value)  # noqa: PLR2004 - no plain value is deeper
    return not isinstance(value, (pikepdf.Dictionary, pikepdf.Stream))


FAXED = {"/CCITTFaxDecode", "/CCF", "/JBIG2Decode"}
DEFLATED = {"/FlateDecode", "/Fl"}
PACKED = DEFLATED | {"/LZWDecode", "/LZW", "/RunLengthDecode", "/RL"}
PRINTED = {"/ASCII85Decode", "/A85", "/ASCIIHexDecode", "/AHx"}
SAMPLED = FAXED | PACKED | PRINTED
COMPONENTS = {
    "/DeviceGray": 1, "/G": 1, "/CalGray": 1, "/Indexed": 1, "/I": 1, "/Separation": 1,
    "/DeviceRGB": 3, "/RGB": 3, "/CalRGB": 3, "/Lab": 3, "/DeviceCMYK": 4, "/CMYK": 4,
}  # fmt: skip
_STRIPPERS = {"/DCTDecode": strip_jpeg, "/DCT": strip_jpeg, "/JPXDecode": strip_jpeg2000}
