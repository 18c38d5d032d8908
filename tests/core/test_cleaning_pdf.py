"""PDF files come out of the cleaning with what their pages show, and with nothing that tells who made them."""

import io
import re
import subprocess
import time
import zlib
from typing import Any

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name, String
from PIL import Image, ImageCms

from app.core.cleaning.child import clean
from app.core.cleaning.kinds import Kind, UncleanError
from app.core.refusals import UploadRefusal
from tests.traces import LATIN, MAIL, NAME, photograph, traces

SEEN = "Смета: 12 парт, 240 000 теңге"


def pages():
    """A tagged document with Kazakh text and a photograph."""
    from weasyprint import HTML

    html = f'<html lang="kk"><title>{NAME}</title><meta name="author" content="{MAIL}"><h1>Жоба</h1><p>{SEEN}</p></html>'
    return pikepdf.open(io.BytesIO(HTML(string=html).write_pdf(pdf_variant="pdf/ua-1")))


def saved(document, **more):
    out = io.BytesIO()
    document.save(out, **more)
    return out.getvalue()


def cleaned(document):
    return clean(saved(document), Kind.PDF)


def text(data):
    return subprocess.run(["pdftotext", "-", "-"], input=data, capture_output=True, check=True, timeout=20).stdout.decode()


def look(data):
    """The first page as it is seen."""
    with pypdfium2.PdfDocument(data) as document:
        document.init_forms()
        return document[0].render(scale=1).to_pil().convert("L")


def script():
    return Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{MAIL}')"), Next=Dictionary(S=Name.URI, URI=f"mailto:{MAIL}"))


def in_information(document):
    document.docinfo["/Author"] = NAME
    document.docinfo["/Producer"] = LATIN
    with document.open_metadata() as metadata:
        metadata["dc:creator"] = [NAME]
    document.trailer["/ID"] = Array([String(LATIN), String(LATIN)])
    document.trailer["/Somebody"] = String(NAME)


def in_pages(document):
    page = document.pages[0].obj
    page.Metadata = document.make_stream(f"<x>{NAME}</x>".encode())
    page.PieceInfo = Dictionary(Word=Dictionary(Private=Dictionary(Author=String(NAME)), LastModified=String(MAIL)))
    page.AA = Dictionary(O=script())
    page.Thumb = document.make_stream(NAME.encode())
    document.Root.Pages.Author = String(NAME)


def in_catalogue(document):
    root = document.Root
    root.OpenAction = script()
    root.AA = Dictionary(WC=script())
    root.PieceInfo = Dictionary(App=Dictionary(Private=String(NAME)))
    root.AF = Array([Dictionary(Type=Name.Filespec, UF=String(NAME))])
    root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String(MAIL), script()])))
    document.attachments["a.txt"] = NAME.encode()
    root.Collection = Dictionary(Schema=Dictionary(N=String(NAME)))
    root.Perms = Dictionary(DocMDP=Dictionary(Type=Name.Sig, Name=String(NAME), Contents=String(MAIL)))


def in_outlines(document):
    with document.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(f"{NAME}.pdf", 0))
    document.Root.Outlines.First.A = script()
    document.Root.Outlines.First.SE = Dictionary(T=String(MAIL))


def in_notes(document):
    page = document.pages[0].obj
    popup = Dictionary(Type=Name.Annot, Subtype=Name.Popup, Rect=[0, 0, 9, 9], Parent=Dictionary(T=String(NAME)))
    notes = [
        Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=[9, 9, 29, 29], T=String(NAME), Contents=String(MAIL), Popup=popup),
        Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[9, 9, 29, 29], A=Dictionary(S=Name.URI, URI=f"mailto:{MAIL}")),
        Dictionary(
            Type=Name.Annot, Subtype=Name.FileAttachment, Rect=[9, 9, 29, 29], T=String(NAME), FS=Dictionary(UF=String(MAIL))
        ),
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Highlight,
            Rect=[9, 9, 99, 29],
            QuadPoints=[9, 9, 99, 9, 9, 29, 99, 29],
            T=String(NAME),
            Contents=String(MAIL),
            RC=String(NAME),
            NM=String(MAIL),
            AA=Dictionary(E=script()),
        ),
    ]
    page.Annots = Array([document.make_indirect(one) for one in notes])


def form(document, value):
    """A filled text field and a signature, both with the picture a program drew of them."""
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)

    def drawn(words):
        made = document.make_stream(f"/Tx BMC BT /F 12 Tf 2 5 Td ({words}) Tj ET EMC".encode())
        made.Type, made.Subtype, made.BBox = Name.XObject, Name.Form, [0, 0, 200, 20]
        made.Resources = Dictionary(Font=Dictionary(F=font))
        made.Metadata = document.make_stream(NAME.encode())
        return Dictionary(N=made)

    common: dict[str, Any] = {"Type": Name.Annot, "Subtype": Name.Widget, "F": 4, "TU": String(NAME), "TM": String(MAIL)}
    field = Dictionary(
        **common,
        FT=Name.Tx,
        T=String(MAIL),
        V=String(value),
        Rect=[100, 500, 300, 520],
        AP=drawn(value),
        AA=Dictionary(K=script()),
    )
    signature = Dictionary(
        **common,
        FT=Name.Sig,
        T=String("s"),
        Rect=[100, 400, 300, 420],
        AP=drawn(f"Signed by {LATIN}"),
        V=Dictionary(Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), Name=String(NAME), Contents=String(NAME.encode())),
    )
    fields = Array([document.make_indirect(one) for one in (field, signature)])
    document.pages[0].obj.Annots = fields
    document.Root.AcroForm = Dictionary(Fields=fields, XFA=document.make_stream(NAME.encode()), SigFlags=3)


def in_fields(document):
    form(document, "Seen-value")


def in_pictures(document):
    page = document.pages[0]
    image = document.make_stream(photograph())
    image.Type, image.Subtype, image.Width, image.Height = Name.XObject, Name.Image, 64, 48
    image.ColorSpace, image.BitsPerComponent, image.Filter = Name.DeviceRGB, 8, Name.DCTDecode
    image.Metadata = document.make_stream(f"<x>{NAME}</x>".encode())
    image.OPI = Dictionary(V=Dictionary(F=String(MAIL)))
    image.Alternates = Array([Dictionary(Image=image, Author=String(NAME))])
    twice = document.make_stream(b"")
    twice.Type, twice.Subtype, twice.Width, twice.Height = Name.XObject, Name.Image, 64, 48
    twice.ColorSpace, twice.BitsPerComponent = Name.DeviceRGB, 8
    twice.write(zlib.compress(photograph()), filter=Array([Name.FlateDecode, Name.DCTDecode]))
    page.obj.Resources.XObject = Dictionary(A=image, B=twice)
    page.contents_add(b"q 200 0 0 150 20 20 cm /A Do Q q 200 0 0 150 240 20 cm /B Do Q")


def in_colours(document):
    """A profile of a screen that says whose it is, in its texts and between its values."""
    page = document.pages[0]
    screen = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    table = 132 + 12 * int.from_bytes(screen[128:132], "big")
    data = bytearray(screen)
    for at in range(132, table, 12):
        begins, size = (int.from_bytes(screen[at + n : at + n + 4], "big") for n in (4, 8))
        if screen[at : at + 4] in {b"desc", b"cprt"}:
            data[begins + 8 : begins + size] = f"{LATIN} {MAIL}".encode().ljust(size - 8, b" ")[: size - 8]
    space = document.make_stream(bytes(data), N=3, Alternate=Name.DeviceRGB)
    page.obj.Resources.ColorSpace = Dictionary(Q=Array([Name.ICCBased, space]))
    page.contents_add(b"q /Q cs 0.9 0.2 0.1 sc 300 20 40 40 re f Q")


def in_content(document):
    page = document.pages[0]
    page.contents_add(f"% {LATIN} {MAIL}\n/P <</Author ({LATIN}) /MCID 900 /T ({MAIL})>> BDC EMC\n".encode())
    page.obj.Resources.Properties = Dictionary(
        L=document.make_indirect(
            Dictionary(Type=Name.OCG, Name=String(NAME), Usage=Dictionary(CreatorInfo=Dictionary(Creator=MAIL)))
        )
    )
    layer = page.obj.Resources.Properties.L
    document.Root.OCProperties = Dictionary(
        OCGs=Array([layer]), D=Dictionary(Creator=String(NAME), Name=String(NAME), Order=Array([layer]))
    )


def in_structure(document):
    tree = document.Root.StructTreeRoot
    kid = tree.K[0] if isinstance(tree.K, Array) else tree.K
    kid.T, kid.ID, kid.Alt = String(NAME), String(MAIL), String(f"C:\\Users\\{LATIN}\\photo.jpg")
    kid.AF = Array([Dictionary(UF=String(NAME))])
    tree.IDTree = Dictionary(Names=Array([String(MAIL), kid]))


PLACES = [
    in_information, in_pages, in_catalogue, in_outlines, in_notes, in_fields, in_pictures, in_colours, in_content,
    in_structure,
]  # fmt: skip


@pytest.mark.parametrize("plant", PLACES)
def test_pdf_tells_nothing_of_who_made_it(plant):
    with pages() as document:
        plant(document)
        before = saved(document)
    after = clean(before, Kind.PDF)

    assert traces(before), "the test plants her"
    assert traces(after) == []
    assert SEEN in text(after)


def test_pdf_with_all_of_it_looks_as_before():
    with pages() as document:
        for plant in (in_information, in_pages, in_catalogue, in_outlines, in_pictures, in_colours, in_content, in_structure):
            plant(document)
        before = saved(document)
    after = clean(before, Kind.PDF)

    assert traces(after) == []
    assert look(after).tobytes() == look(before).tobytes()


def test_pdf_keeps_its_tags_and_language():
    with pages() as document:
        after = cleaned(document)
    with pikepdf.open(io.BytesIO(after)) as made:
        assert (str(made.Root.Lang), bool(made.Root.MarkInfo.Marked)) == ("kk", True)
        assert made.Root.StructTreeRoot.K is not None
        assert set(made.Root.keys()) <= {"/Type", "/Pages", "/Lang", "/MarkInfo", "/StructTreeRoot", "/Version", "/PageLayout"}


@pytest.mark.parametrize(
    "content",
    [f" {LATIN} {MAIL}\n".encode(), f"({LATIN}) 1 w".encode(), f"[({LATIN})] 0 d".encode()],
)
def test_content_that_says_words_it_does_not_show_is_refused(content):
    """So looks a comment or a property that lost its mark."""
    with pages() as document:
        document.pages[0].contents_add(content)
        assert refusal(saved(document)) is UploadRefusal.DAMAGED


def test_field_that_does_not_say_what_it_is_is_not_drawn():
    with pages() as document:
        form(document, "Seen-value")
        del document.pages[0].obj.Annots[1].FT
        after = cleaned(document)

    assert "Seen-value" in text(after)
    assert "Signed by" not in text(after)


def test_stream_where_no_stream_belongs_is_refused():
    with pages() as document:
        layer = document.make_stream(NAME.encode())
        layer.Type = Name.OCG
        document.pages[0].obj.Resources.Properties = Dictionary(L=layer)
        assert refusal(saved(document)) is UploadRefusal.DAMAGED


def test_packed_stream_with_a_wrong_byte_is_refused():
    with pages() as document:
        data = saved(document, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    found = re.compile(rb"/FlateDecode[^>]*>>\s*stream\s+").finditer(data)
    turned = [data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :] for at in (one.end() + 12 for one in found)]

    assert len(turned) > 3
    assert {refusal(one) for one in turned} == {UploadRefusal.DAMAGED}


def test_pdf_whose_table_of_objects_would_be_guessed_is_refused():
    with pages() as document:
        data = saved(document)
    at = data.index(b"\n", 20) + 1

    assert refusal(data[:at] + b"% a comment\n" + data[at:]) is UploadRefusal.DAMAGED


def test_object_that_calls_itself_another_is_refused():
    with pages() as document:
        data = saved(document, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    found = re.search(rb"\n(\d) 0 obj", data)
    assert found is not None
    other = b"9" if found[1] != b"9" else b"8"

    assert refusal(data[: found.start(1)] + other + data[found.end(1) :]) is UploadRefusal.DAMAGED


def test_filled_field_becomes_a_part_of_the_page_and_a_signature_does_not():
    with pages() as document:
        form(document, "Seen-value")
        after = cleaned(document)
    with pikepdf.open(io.BytesIO(after)) as made:
        assert "/AcroForm" not in made.Root
        assert "/Annots" not in made.pages[0]

    assert "Seen-value" in text(after)
    assert "Signed by" not in text(after)


def test_drawn_note_is_seen_as_before_without_its_author():
    with pages() as document:
        drawn = document.make_stream(b"1 0 0 rg 0 0 50 50 re f")
        drawn.Type, drawn.Subtype, drawn.BBox = Name.XObject, Name.Form, [0, 0, 50, 50]
        square = Dictionary(
            Type=Name.Annot, Subtype=Name.Square, Rect=[10, 10, 60, 60], F=4, T=String(NAME), AP=Dictionary(N=drawn)
        )
        document.pages[0].obj.Annots = Array([document.make_indirect(square)])
        before = saved(document)
    after = clean(before, Kind.PDF)

    assert traces(before)
    assert traces(after) == []
    with pypdfium2.PdfDocument(after) as made:
        seen = made[0].render(scale=1).to_pil()
        assert seen.getpixel((30, seen.height - 30)) == (255, 0, 0)


def test_photograph_in_a_pdf_is_the_same_to_the_bit():
    with pages() as document:
        in_pictures(document)
        after = cleaned(document)
    with pikepdf.open(io.BytesIO(after)) as made, Image.open(io.BytesIO(photograph())) as source:
        kept = made.pages[0].obj.Resources.XObject.A.read_raw_bytes()
        with Image.open(io.BytesIO(kept)) as image:
            assert image.tobytes() == source.tobytes()
            assert not image.getexif()


def test_picture_in_jpeg_2000_loses_its_boxes_and_comments():
    out = io.BytesIO()
    Image.linear_gradient("L").save(out, "JPEG2000", comment=MAIL)
    jp2 = out.getvalue() + (8 + len(NAME.encode())).to_bytes(4, "big") + b"xml " + NAME.encode()
    with pages() as document:
        image = document.make_stream(b"")
        image.Type, image.Subtype, image.Width, image.Height = Name.XObject, Name.Image, 256, 256
        image.write(jp2, filter=Name.JPXDecode)
        document.pages[0].obj.Resources.XObject = Dictionary(A=image)
        document.pages[0].contents_add(b"q 200 0 0 150 20 20 cm /A Do Q")
        before = saved(document)
    after = clean(before, Kind.PDF)

    assert traces(before)
    assert traces(after) == []
    with pikepdf.open(io.BytesIO(after)) as made:
        kept = made.pages[0].obj.Resources.XObject.A.read_raw_bytes()
    with Image.open(io.BytesIO(kept)) as image, Image.open(io.BytesIO(jp2)) as source:
        assert image.tobytes() == source.tobytes()


def test_objects_that_nothing_leads_to_are_gone():
    """What was deleted in an editor mostly stands in the file still."""
    with pages() as document:
        before = saved(document)
    before += f"\n99 0 obj\n<</Author ({LATIN})>>\nendobj\n% {NAME}\n".encode()

    assert traces(before)
    assert traces(clean(before, Kind.PDF)) == []


def refusal(data):
    began = time.process_time()
    with pytest.raises(UncleanError) as caught:
        clean(data, Kind.PDF)
    assert time.process_time() - began < 5
    return caught.value.code


@pytest.mark.parametrize(("owner", "user"), [("a", "b"), ("a", "")])
def test_locked_pdf_is_refused_even_if_it_opens_without_a_password(owner, user):
    with pages() as document:
        assert refusal(saved(document, encryption=pikepdf.Encryption(owner=owner, user=user))) is UploadRefusal.ENCRYPTED


def test_pdf_that_unpacks_without_end_is_refused():
    with pages() as document:
        document.pages[0].contents_add(document.make_stream(b"0 0 m " * 20_000_000))
        data = saved(document)

    assert len(data) < 1_000_000
    assert refusal(data) in {UploadRefusal.DAMAGED, UploadRefusal.TOO_COMPLEX}


def test_pdf_with_too_much_to_draw_is_refused():
    with pages() as document:
        document.pages[0].contents_add(document.make_stream(b"% x\n" + b"0 0 m " * 3_000_000))
        data = saved(document)

    assert refusal(data) is UploadRefusal.TOO_COMPLEX


def test_pdf_that_leads_in_circles_is_cleaned():
    with pages() as document:
        page = document.pages[0].obj
        made = document.make_stream(b"/A Do")
        made.Type, made.Subtype, made.BBox = Name.XObject, Name.Form, [0, 0, 9, 9]
        made.Resources = Dictionary(XObject=Dictionary(A=made))
        page.Resources.XObject = Dictionary(A=made)
        after = cleaned(document)

    assert SEEN in text(after)


def test_pdf_nested_without_end_is_refused_or_cleaned_in_time():
    deep = b"[" * 100_000 + b"]" * 100_000
    source = (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R/X " + deep + b">>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    )

    assert refusal(source + b"trailer<</Root 1 0 R>>\n%%EOF") is UploadRefusal.DAMAGED
