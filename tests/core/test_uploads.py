"""Files from people: what is taken comes out clean, what is not is refused with a reason."""

import io
import time
import zipfile

import pikepdf
import pytest
from PIL import Image
from werkzeug.datastructures import FileStorage

from app.core.cleaning.kinds import DOCUMENTS, IMAGES, MEDIA_TYPES, Kind
from app.core.refusals import RefusedError, UploadRefusal
from app.core.uploads import EXTENSIONS, SIZE_LIMIT, accept_upload

SECRET = b"Togzhan-Canary"
TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/{main}" ContentType="{kind}.main+xml"/></Types>'
)


def upload(data, name):
    return FileStorage(io.BytesIO(data), filename=name)


def picture(kind="JPEG", size=(60, 40), **more):
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, kind, **more)
    return out.getvalue()


def noise():
    out = io.BytesIO()
    Image.effect_noise((400, 400), 90).save(out, "PNG")
    return out.getvalue()


def exif():
    data = Image.Exif()
    data[0x010E] = SECRET.decode()  # description
    data[0x8825] = {1: "N", 2: (43.0, 14.0, 0.0)}  # place
    data[0x0112] = 6  # turned by 90 degrees
    return data


def package(*members, main="word/document.xml", kind=Kind.DOCX, content=b"<document/>", types=TYPES):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types.format(main=main, kind=MEDIA_TYPES[kind]))
        archive.writestr(main, content)
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def document(**more):
    made = pikepdf.new()
    made.add_blank_page()
    made.docinfo["/Author"] = SECRET.decode()
    with made.open_metadata() as metadata:
        metadata["dc:creator"] = [SECRET.decode()]
    made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    made.attachments["a.txt"] = SECRET
    out = io.BytesIO()
    made.save(out, **more)
    return out.getvalue()


def refusal(app, data, name, allowed=DOCUMENTS | IMAGES):
    with app.app_context(), pytest.raises(RefusedError) as caught:
        accept_upload(upload(data, name), allowed=allowed, field="quote")
    (found,) = caught.value.refusals
    assert found.field == "quote"
    return found.code


def accept(app, data, name):
    with app.app_context():
        return accept_upload(upload(data, name))


def test_picture_loses_its_place_and_device_and_stands_upright(app):
    clean = accept(app, picture(exif=exif()), "Сурет.JPG")
    with Image.open(io.BytesIO(clean.data)) as image:
        size, kept = image.size, dict(image.getexif())

    assert (size, kept) == ((40, 60), {})
    assert SECRET not in clean.data
    assert (clean.name, clean.media_type, clean.suffix) == ("Сурет.jpg", "image/jpeg", ".jpg")


@pytest.mark.parametrize(("kind", "name"), [("PNG", "a.png"), ("WEBP", "a.webp"), ("JPEG", "a.jpeg")])
def test_pictures_are_encoded_anew(app, kind, name):
    source = picture(kind) + SECRET
    clean = accept(app, source, name)

    assert SECRET not in clean.data
    assert clean.kind is EXTENSIONS[name[2:]]


def test_pdf_loses_author_scripts_and_attachments(app):
    clean = accept(app, document(), "құжат.pdf")
    with pikepdf.open(io.BytesIO(clean.data)) as made:
        left = (
            len(made.pages),
            "/OpenAction" in made.Root,
            "/Metadata" in made.Root,
            list(made.attachments),
            "/Info" in made.trailer,
        )

    assert left == (1, False, False, [], False)
    assert SECRET not in clean.data


def test_office_file_loses_author_and_keeps_its_text(app):
    core = b"<cp:coreProperties><dc:creator>" + SECRET + b"</dc:creator></cp:coreProperties>"
    space = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    text = b'<w:p xmlns:w="' + space + b'"><w:ins w:author="' + SECRET + b'"><w:t>\xd3\x98</w:t></w:ins></w:p>'
    clean = accept(app, package(("docProps/core.xml", core), content=text), "a.docx")
    with zipfile.ZipFile(io.BytesIO(clean.data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}

    assert parts["word/document.xml"].endswith(b'<w:p xmlns:w="' + space + b'"><w:t>\xd3\x98</w:t></w:p>')
    assert all(SECRET not in part for part in parts.values())


def test_minimal_office_files_are_known_by_their_main_part(app):
    assert accept(app, package(main="xl/workbook.xml", kind=Kind.XLSX), "a.xlsx").kind == "xlsx"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", "<x/>")
        archive.writestr("meta.xml", SECRET)
    clean = accept(app, out.getvalue(), "a.odt")

    assert clean.kind == "odt"
    assert SECRET not in clean.data


def bomb():
    return package(("word/big.xml", b"0" * 60_000_000))


def many():
    return package(*((f"word/{number}.xml", b"x") for number in range(600)))


REFUSED = {
    "nothing": (b"", "a.pdf", UploadRefusal.EMPTY),
    "too large": (b"%PDF-1.7" + b"0" * SIZE_LIMIT, "a.pdf", UploadRefusal.TOO_LARGE),
    "a program": (b"MZ\x90", "a.exe", UploadRefusal.WRONG_KIND),
    "no extension": (picture(), "picture", UploadRefusal.WRONG_KIND),
    "a page": (b"<html><script>alert(1)</script>", "a.html", UploadRefusal.WRONG_KIND),
    "a drawing": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", UploadRefusal.WRONG_KIND),
    "two extensions": (b"<html>", "a.pdf.html", UploadRefusal.WRONG_KIND),
    "a page called PDF": (b"<html><script>alert(1)</script>", "a.pdf", UploadRefusal.NOT_WHAT_IT_SAYS),
    "a program called picture": (b"MZ\x90\x00", "a.png", UploadRefusal.NOT_WHAT_IT_SAYS),
    "a picture called PDF": (picture(), "a.pdf", UploadRefusal.NOT_WHAT_IT_SAYS),
    "a PNG called JPEG": (picture("PNG"), "a.jpg", UploadRefusal.NOT_WHAT_IT_SAYS),
    "PostScript called PNG": (b"%!PS-Adobe-3.0 EPSF-3.0\n", "a.png", UploadRefusal.NOT_WHAT_IT_SAYS),
    "a bare zip": (package(main="x.xml"), "a.docx", UploadRefusal.NOT_WHAT_IT_SAYS),
    "Excel called Word": (package(main="xl/workbook.xml", kind=Kind.XLSX), "a.docx", UploadRefusal.NOT_WHAT_IT_SAYS),
    "a cut picture": (noise()[:2000], "a.png", UploadRefusal.DAMAGED),
    "a cut PDF": (b"%PDF-1.7\n1 0 obj", "a.pdf", UploadRefusal.DAMAGED),
    "a cut zip": (package()[:-30], "a.docx", UploadRefusal.DAMAGED),
    "too many pixels": (picture("PNG", (6000, 5000)), "a.png", UploadRefusal.TOO_MANY_PIXELS),
    "a locked PDF": (document(encryption=pikepdf.Encryption(owner="a", user="b")), "a.pdf", UploadRefusal.ENCRYPTED),
    "macros": (package(("word/vbaProject.bin", b"x")), "a.docx", UploadRefusal.ACTIVE),
    "ActiveX": (package(("word/activeX/activeX1.bin", b"x")), "a.docx", UploadRefusal.ACTIVE),
    "an entity bomb": (package(content=b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'), "a.docx", UploadRefusal.ACTIVE),
    "a way out": (package(("../../evil.xml", b"x")), "a.docx", UploadRefusal.DAMAGED),
    "a way to the root": (package(("/etc/evil.xml", b"x")), "a.docx", UploadRefusal.DAMAGED),
    "a Windows way out": (package(("..\\evil.xml", b"x")), "a.docx", UploadRefusal.DAMAGED),
    "a zip bomb": (bomb(), "a.docx", UploadRefusal.DAMAGED),
    "too many parts": (many(), "a.docx", UploadRefusal.DAMAGED),
}


@pytest.mark.parametrize("what", REFUSED)
def test_file_is_refused_with_its_reason(app, what):
    data, name, code = REFUSED[what]
    began = time.process_time()

    assert refusal(app, data, name) is code
    assert time.process_time() - began < 5


def test_cut_picture_is_refused_after_a_document_was_made_too(app):
    import weasyprint  # noqa: F401 - it lets Pillow read cut pictures, in the whole process

    assert refusal(app, noise()[:2000], "a.png") is UploadRefusal.DAMAGED


def test_field_takes_only_its_kinds(app):
    assert refusal(app, picture(), "a.jpg", allowed=DOCUMENTS) is UploadRefusal.WRONG_KIND


def test_link_in_a_zip_is_refused(app):
    out = io.BytesIO(package())
    with zipfile.ZipFile(out, "a") as archive:
        link = zipfile.ZipInfo("word/link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")

    assert refusal(app, out.getvalue(), "a.docx") is UploadRefusal.DAMAGED


def test_header_that_lies_about_the_size_gains_nothing(app):
    """The unpacked size is counted while reading, not believed."""
    honest = package(*((f"word/{number}.xml", bytes(12_000_000)) for number in range(5)))
    lying = honest.replace((12_000_000).to_bytes(4, "little"), (1000).to_bytes(4, "little"))

    assert refusal(app, lying, "a.docx") is UploadRefusal.DAMAGED
