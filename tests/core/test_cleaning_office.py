"""Word, Excel and OpenDocument files come out of the cleaning with their words and pictures, and without their makers."""

import io
import re
import zipfile

import docx
import openpyxl
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from lxml import etree
from openpyxl.styles import Font, NamedStyle
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table
from PIL import Image

from app.core.cleaning.bookmarks import Places
from app.core.cleaning.child import clean
from app.core.cleaning.kinds import Kind, UncleanError
from app.core.cleaning.names import Names
from app.core.cleaning.office_words import clean_words
from app.core.refusals import UploadRefusal
from tests.traces import LATIN, MAIL, NAME, photograph, traces

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SEEN = "Жоба: 12 балаға арналған шеберхана"
HYPER = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"


def repacked(data, parts):
    """The package with parts replaced, added (`bytes`) or rewritten (a function)."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            value = parts.get(name)
            content = old.read(name)
            new.writestr(name, content if value is None else value(content) if callable(value) else value)
        for name in set(parts) - set(old.namelist()):
            new.writestr(name, parts[name])
    return out.getvalue()


def members(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def word_document():
    """Written by a real library, with everything Word itself would add about its user."""

    made = docx.Document()
    core = made.core_properties
    core.author, core.last_modified_by, core.comments, core.keywords = NAME, NAME, MAIL, LATIN
    made.add_heading("Сипаттама", 1)
    told = made.add_paragraph(SEEN)
    made.add_comment(told.runs, text=f"{NAME}: {MAIL}", author=NAME, initials="АБ")
    made.add_picture(io.BytesIO(photograph("JPEG")), width=docx.shared.Cm(4))
    made.add_picture(io.BytesIO(photograph("PNG")), width=docx.shared.Cm(4))
    for shown in made.element.body.iter("{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"):
        shown.set("name", f"{LATIN}.jpg")
        shown.set("descr", f"C:\\Users\\{LATIN}\\photo.jpg")
    link = made.part.relate_to(f"mailto:{MAIL}", HYPER, is_external=True)
    made.add_paragraph()._p.append(word(f'<w:hyperlink r:id="{link}"><w:r><w:t>Хат жазу</w:t></w:r></w:hyperlink>'))
    body = made.add_paragraph()._p
    for piece in CHANGES:
        body.append(word(piece))
    made.settings.element.append(word(f'<w:docVars><w:docVar w:name="who" w:val="{NAME}"/></w:docVars>'))
    made.settings.element.append(word(f'<w:attachedTemplate r:id="{link}"/>'))
    made.add_table(2, 2).cell(0, 0).text = "Ұяшық"
    made.sections[0].header.paragraphs[0].text = "Үстіңгі жол"
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def word(xml):
    """A piece of Word's own XML."""

    spaces = f'xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    return parse_xml(f"<w:p {spaces}>{xml}</w:p>")[0]


DATED = f'w:id="1" w:author="{NAME}" w:date="2026-01-01T00:00:00Z"'
CHANGES = [
    f"<w:ins {DATED}><w:r><w:t>Қосылған сөз</w:t></w:r></w:ins>",
    f"<w:del {DATED}><w:r><w:delText>{NAME}</w:delText></w:r></w:del>",
    f"<w:moveFrom {DATED}><w:r><w:t>{MAIL}</w:t></w:r></w:moveFrom>",
    f"<w:moveTo {DATED}><w:r><w:t>Жылжыған сөз</w:t></w:r></w:moveTo>",
    f"<w:r><w:rPr><w:b/><w:rPrChange {DATED}><w:rPr/></w:rPrChange></w:rPr><w:t>Қалың сөз</w:t></w:r>",
    f'<w:fldSimple w:instr=" AUTHOR "><w:r><w:t>{NAME}</w:t></w:r></w:fldSimple>',
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r>',
    f'<w:r><w:instrText> HYPERLINK "mailto:{MAIL[:5]}</w:instrText></w:r>',
    f'<w:r><w:instrText>{MAIL[5:]}" </w:instrText></w:r>',
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r>',
    "<w:r><w:t>Сілтеме сөзі</w:t></w:r>",
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
    (
        f'<w:sdt><w:sdtPr><w:alias w:val="{NAME}"/><w:tag w:val="{MAIL}"/></w:sdtPr>'
        "<w:sdtContent><w:r><w:t>Өріс сөзі</w:t></w:r></w:sdtContent></w:sdt>"
    ),
]
PEOPLE = (
    '<w15:people xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml">'
    f'<w15:person w15:author="{NAME}"/></w15:people>'
)
CUSTOM = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"><property name="who">'
    f"{NAME}</property></Properties>"
)


def related(kind, target):
    """Adds a relationship to a list of them."""
    entry = f'<Relationship Id="rX{len(target)}" Type="http://schemas.openxmlformats.org/x/{kind}" Target="{target}"/>'
    return lambda content: content.replace(b"</Relationships>", entry.encode() + b"</Relationships>")


def full_word_document():
    made = word_document()
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="application/x+xml"/>'
        for name in ("word/people.xml", "word/commentsExtended.xml", "docProps/custom.xml", "customXml/item1.xml")
    )
    return repacked(
        made,
        {
            "[Content_Types].xml": lambda content: content.replace(b"</Types>", overrides.encode() + b"</Types>"),
            "word/_rels/document.xml.rels": related("people", "people.xml"),
            "word/people.xml": PEOPLE.encode(),
            "word/commentsExtended.xml": PEOPLE.encode("utf-16"),
            "docProps/custom.xml": CUSTOM.encode(),
            "docProps/thumbnail.jpeg": photograph(),
            "customXml/item1.xml": CUSTOM.encode(),
            "word/printerSettings1.bin": LATIN.encode("utf-16-le"),
            "word/media/unused.jpg": photograph(),
            # Word takes either quotation mark.
            "word/document.xml": lambda content: content.replace(f'w:author="{NAME}"'.encode(), f"w:author='{NAME}'".encode()),
        },
    )


def words_of(data):

    made = docx.Document(io.BytesIO(data))
    return "\n".join(node.text or "" for node in made.element.body.iter(f"{{{W}}}t"))


def test_word_document_tells_nothing_of_who_made_it():
    before = full_word_document()
    after = clean(before, Kind.DOCX)

    assert traces(before)
    assert traces(after) == []
    assert set(members(after)) <= {
        "[Content_Types].xml", "_rels/.rels", "word/document.xml", "word/_rels/document.xml.rels", "word/styles.xml",
        "word/settings.xml", "word/numbering.xml", "word/fontTable.xml", "word/theme/theme1.xml", "word/header1.xml",
        "word/media/image1.jpg", "word/media/image2.png",
    }  # fmt: skip


def test_word_document_keeps_its_words_pictures_and_accepted_changes():

    after = clean(full_word_document(), Kind.DOCX)
    made = docx.Document(io.BytesIO(after))

    for shown in (SEEN, "Сипаттама", "Қосылған сөз", "Жылжыған сөз", "Қалың сөз", "Хат жазу", "Сілтеме сөзі", "Өріс сөзі"):
        assert shown in words_of(after)
    assert (made.tables[0].cell(0, 0).text, made.sections[0].header.paragraphs[0].text) == ("Ұяшық", "Үстіңгі жол")
    assert len(made.inline_shapes) == 2
    for name in ("word/media/image1.jpg", "word/media/image2.png"):
        with Image.open(io.BytesIO(members(after)[name])) as image:
            assert (image.size, dict(image.getexif())) == ((64, 48), {})


def test_cleaning_twice_changes_nothing():
    for before, kind in ((full_word_document(), Kind.DOCX), (workbook(), Kind.XLSX), (text_document(), Kind.ODT)):
        once = clean(before, kind)
        assert members(clean(once, kind)).keys() == members(once).keys()


def test_every_relationship_left_leads_to_a_part_that_is_there():
    for before, kind in ((full_word_document(), Kind.DOCX), (workbook(), Kind.XLSX)):
        left = members(clean(before, kind))
        for name, content in left.items():
            if name.endswith(".rels"):
                assert b"External" not in content
            elif name.endswith(".xml") and name != "[Content_Types].xml":
                rels = left.get(f"{name.rpartition('/')[0]}/_rels/{name.rpartition('/')[2]}.rels", b"<x/>")
                known = {one.get("Id") for one in etree.fromstring(rels)}
                used = {
                    value
                    for one in etree.fromstring(content).iter()
                    for key, value in one.attrib.items()
                    if "officeDocument/2006/relationships" in key
                }
                assert used <= known, name


def workbook():
    """Written by a real library, with everything Excel itself would add about its user."""
    import xlsxwriter

    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True})
    made.set_properties({"author": NAME, "company": LATIN, "comments": MAIL, "manager": NAME})
    made.set_custom_property("who", NAME)
    sheet = made.add_worksheet("Смета")
    sheet.write("A1", SEEN)
    sheet.write_formula("B1", "=SUM(B2:B3)", None, 240000)
    sheet.write("B2", 240000)
    sheet.write_comment("A1", f"{NAME} {MAIL}", {"author": NAME})
    sheet.write_url("A2", f"mailto:{MAIL}", string="Хат")
    sheet.write_url("A3", "internal:'Смета'!A1", string="Басына")
    sheet.write_formula("C1", f'=HYPERLINK("mailto:{MAIL}","Хат")', None, "Хат")
    sheet.insert_image("D1", f"{LATIN}.jpg", {"image_data": io.BytesIO(photograph()), "description": f"C:\\{LATIN}\\a.jpg"})
    chart = made.add_chart({"type": "column"})
    chart.add_series({"values": "='Смета'!$B$2:$B$3"})
    sheet.insert_chart("D9", chart)
    sheet.set_header(f"&L{SEEN[:4]}")
    made.close()
    path = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice Requires="x15">'
        f'<x15ac:absPath url="C:\\Users\\{LATIN}\\" xmlns:x15ac="http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac"/>'
        "</mc:Choice></mc:AlternateContent>"
    )
    head = b'<workbook xmlns:x15="http://schemas.microsoft.com/office/spreadsheetml/2010/11/main" '
    return repacked(
        out.getvalue(),
        {
            "xl/workbook.xml": lambda content: content.replace(b"<workbook ", head)
            .replace(b"<bookViews>", f'<fileSharing userName="{NAME}"/>{path}<bookViews>'.encode()),
            "xl/persons/person.xml": f'<personList><person displayName="{NAME}"/></personList>'.encode(),
            "xl/threadedComments/threadedComment1.xml": f"<ThreadedComments><text>{MAIL}</text></ThreadedComments>".encode(),
        },
    )  # fmt: skip


def test_workbook_tells_nothing_of_who_made_it():
    before = workbook()
    after = clean(before, Kind.XLSX)

    assert traces(before)
    assert traces(after) == []
    assert not [name for name in members(after) if "comment" in name.lower() or "docProps" in name or "vml" in name]


def test_workbook_keeps_its_cells_formulas_charts_and_pictures():
    after = clean(workbook(), Kind.XLSX)
    values = openpyxl.load_workbook(io.BytesIO(after), data_only=True)["Смета"]
    formulas = openpyxl.load_workbook(io.BytesIO(after))["Смета"]

    assert [values[cell].value for cell in ("A1", "B1", "B2", "A2", "C1")] == [SEEN, 240000, 240000, "Хат", "Хат"]
    assert (formulas["B1"].value, formulas["C1"].value) == ("=SUM(B2:B3)", "Хат")
    assert len(formulas._images) == 1  # type: ignore[attr-defined]  # the only place openpyxl tells
    assert len(formulas._charts) == 1  # type: ignore[attr-defined]


ODF = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{space}"'
    for name, space in {
        "office": "office:1.0", "text": "text:1.0", "draw": "drawing:1.0", "svg": "svg-compatible:1.0", "table": "table:1.0",
    }.items()
)  # fmt: skip
CONTENT = f"""<?xml version="1.0"?><office:document-content {ODF} xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.3"><office:scripts/><office:body><office:text>
<text:tracked-changes><text:changed-region text:id="c"><text:deletion><office:change-info><dc:creator>{NAME}</dc:creator>
</office:change-info><text:p>{MAIL}</text:p></text:deletion></text:changed-region></text:tracked-changes>
<!-- {NAME} --><text:p>{SEEN}<text:change text:change-id="c"/><office:annotation office:name="1"><dc:creator>{NAME}</dc:creator>
<text:p>{MAIL}</text:p></office:annotation> соңына дейін</text:p>
<text:p>Кім: <text:author-name>{NAME}</text:author-name><text:a xlink:href="mailto:{MAIL}">Хат жазу</text:a>.</text:p>
<text:p><draw:frame draw:name="{LATIN}.jpg" svg:width="4cm" svg:height="3cm"><draw:image xlink:href="Pictures/a.jpg"/>
<svg:desc>C:\\Users\\{LATIN}\\a.jpg</svg:desc></draw:frame></text:p>
<text:p><draw:frame><draw:image xlink:href="https://example.kz/{MAIL}.png"/></draw:frame></text:p>
</office:text></office:body></office:document-content>"""


def text_document(content=CONTENT, **more):
    out = io.BytesIO()
    meta = f"<office:document-meta {ODF}><office:meta><who>{NAME}</who></office:meta></office:document-meta>"
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text", zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
        archive.writestr("styles.xml", f"<office:document-styles {ODF}/>")
        archive.writestr("meta.xml", meta)
        archive.writestr("settings.xml", meta)
        archive.writestr("manifest.rdf", f"<rdf>{NAME}</rdf>")
        archive.writestr("Thumbnails/thumbnail.png", photograph("PNG"))
        archive.writestr("Pictures/a.jpg", photograph())
        archive.writestr("Configurations2/accelerator/current.xml", NAME)
        for name, data in more.items():
            archive.writestr(name.replace("__", "/"), data)
    return out.getvalue()


def test_text_document_tells_nothing_of_who_made_it():
    before = text_document()
    after = clean(before, Kind.ODT)

    assert traces(before)
    assert traces(after) == []
    assert set(members(after)) == {"mimetype", "content.xml", "styles.xml", "Pictures/a.jpg", "META-INF/manifest.xml"}


def test_text_document_keeps_its_words_and_pictures():
    left = members(clean(text_document(), Kind.ODT))
    said = "".join(etree.fromstring(left["content.xml"]).itertext())

    assert SEEN in said
    assert "соңына дейін" in said
    assert "Хат жазу." in said
    assert b'xlink:href="Pictures/a.jpg"' in left["content.xml"]
    with Image.open(io.BytesIO(left["Pictures/a.jpg"])) as image:
        assert (image.size, dict(image.getexif())) == ((64, 48), {})


BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]><x>&b;&c;</x>'
MACRO = b"application/vnd.ms-word.document.macroEnabled.main+xml"
MAIN_TYPE = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def refusal(data, kind=Kind.DOCX):
    with pytest.raises(UncleanError) as caught:
        clean(data, kind)
    return caught.value.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
def test_document_type_is_refused_in_every_encoding(encoding):
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    bomb = mark + f'<?xml version="1.0" encoding="{encoding[:6]}"?>{BOMB}'.encode(encoding)

    assert refusal(repacked(word_document(), {"word/document.xml": bomb})) is UploadRefusal.ACTIVE
    assert refusal(text_document(bomb), Kind.ODT) is UploadRefusal.ACTIVE


def test_bomb_of_entities_is_refused():
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE x [<!ENTITY l0 "ha">{levels}]><x a="&l11;">&l11;</x>'

    assert refusal(repacked(word_document(), {"word/styles.xml": bomb})) is UploadRefusal.ACTIVE


def test_macros_and_embedded_programs_are_refused():
    made = word_document()
    as_macro = repacked(made, {"[Content_Types].xml": lambda content: content.replace(MAIN_TYPE, MACRO)})
    hidden = repacked(made, {"word/a.bin": b"x", "word/_rels/document.xml.rels": related("oleObject", "a.bin")})

    assert refusal(as_macro) is UploadRefusal.ACTIVE
    assert refusal(hidden) is UploadRefusal.ACTIVE
    assert refusal(repacked(made, {"word/vbaProject.bin": b"x"})) is UploadRefusal.ACTIVE
    assert refusal(repacked(made, {"word/embeddings/oleObject1.bin": b"x"})) is UploadRefusal.ACTIVE
    assert refusal(text_document(Basic__Standard__Module1_xml="x"), Kind.ODT) is UploadRefusal.ACTIVE


def quarters(kind):
    """A picture of four colours, one a quarter: red, green above; blue, yellow below."""
    made = Image.new("RGB", (80, 80), "yellow")
    for colour, place in (("red", (0, 0)), ("lime", (40, 0)), ("blue", (0, 40))):
        made.paste(colour, (*place, place[0] + 40, place[1] + 40))
    made.save(out := io.BytesIO(), kind)
    return out.getvalue()


def colours(data, name):
    """What the four quarters of a picture in a package look like, roughly: for JPEG changes colours a little."""
    with Image.open(io.BytesIO(members(data)[name])) as image:
        pixels = image.convert("RGB")
        seen = [pixels.crop((x, y, x + 1, y + 1)).tobytes() for x, y in ((20, 20), (60, 20), (20, 60), (60, 60))]
    return ["".join("1" if part > 127 else "0" for part in one) for one in seen]


@pytest.mark.parametrize(
    ("cuts", "left"),
    [
        (['t="50000"'], ["111", "111", "001", "110"]),
        (['r="50%" b="50%"'], ["100", "111", "111", "111"]),
        (['r="50000" b="50000"', 'l="50000" t="50000"'], ["100", "111", "111", "110"]),
        (['t="50000"', ""], ["100", "010", "001", "110"]),
        (['l="-10000" b="-5000"'], ["100", "010", "001", "110"]),
        (['l="100000"'], ["111"] * 4),
    ],
)
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_what_a_document_crops_away_of_a_picture_is_painted_over(cuts, left, kind):
    made = docx.Document()
    for cut in cuts:
        shape = made.add_picture(io.BytesIO(quarters(kind)))
        filled = next(one for one in shape._inline.iter() if one.tag.endswith("}blipFill"))
        frame = f'<a:srcRect xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" {cut}/>'
        filled.insert(1, parse_xml(frame))
    made.save(out := io.BytesIO())
    (name,) = (one for one in members(out.getvalue()) if one.startswith("word/media/"))

    assert colours(out.getvalue(), name) == ["100", "010", "001", "110"]
    assert colours(clean(out.getvalue(), Kind.DOCX), name) == left


def test_picture_that_cannot_be_judged_is_refused_by_its_kind():
    emf = b'<Default Extension="emf" ContentType="image/x-emf"/><Default'
    parts = {
        "word/media/image1.emf": b"\x01\x00\x00\x00",
        "word/_rels/document.xml.rels": related("image", "media/image1.emf"),
        "[Content_Types].xml": lambda content: content.replace(b"<Default", emf, 1),
    }
    with pytest.raises(UncleanError) as caught:
        clean(repacked(word_document(), parts), Kind.DOCX)

    assert (caught.value.code, caught.value.params) == (UploadRefusal.UNKNOWN_PICTURE, {"kind": "EMF"})


def test_xml_nested_without_end_is_refused():
    deep = f'<w:document xmlns:w="{W}">' + "<w:p>" * 100_000 + "</w:p>" * 100_000 + "</w:document>"

    assert refusal(repacked(word_document(), {"word/document.xml": deep})) is UploadRefusal.DAMAGED


def test_locked_text_document_is_refused():
    manifest = '<m:manifest xmlns:m="urn:x"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>'

    assert refusal(text_document(**{"META-INF__manifest.xml": manifest}), Kind.ODT) is UploadRefusal.ENCRYPTED


SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"


def run(inside):
    return f"<w:r>{inside}</w:r>"


def mark(kind):
    return run(f'<w:fldChar w:fldCharType="{kind}"/>')


def field_of_runs(asked, shown):
    return (
        mark("begin") + run(f"<w:instrText>{asked}</w:instrText>") + mark("separate") + run(f"<w:t>{shown}</w:t>") + mark("end")
    )


def control(bound):
    content = f"<w:sdtContent>{run(f'<w:t>{NAME}</w:t>')}</w:sdtContent>"
    return f'<w:sdt><w:sdtPr><w:dataBinding w:xpath="/c:p/d:{bound}"/></w:sdtPr>{content}</w:sdt>'


@pytest.mark.parametrize(
    ("inside", "is_kept"),
    [
        (field_of_runs(" AUTHOR ", NAME), False),
        (field_of_runs(" FILENAME \\p ", NAME), False),
        (field_of_runs(" LASTSAVEDBY ", field_of_runs(" PAGE ", NAME)), False),
        (field_of_runs(" PAGE ", NAME), True),
        (field_of_runs(f' XE "{NAME}" ', ""), False),
        (f"<w:fldSimple w:instr='XE &quot;{NAME}&quot;'/>", False),
        (field_of_runs(f' TC "{NAME}" ', ""), False),
        (field_of_runs(f' HYPERLINK \\l "x" \\o "{NAME}" ', "x"), False),
        (f"<w:fldSimple w:instr='HYPERLINK \\l &quot;x&quot; \\o &quot;{NAME}&quot;'/>", False),
        (f'<w:hyperlink w:anchor="x" w:tooltip="{NAME}"><w:r><w:t>x</w:t></w:r></w:hyperlink>', False),
        (f'<hyperlink xmlns="{SHEET}" ref="A1" location="S!A2" tooltip="{NAME}"/>', False),
        (control("creator"), False),
        (control("title"), True),
        (f'<definedName xmlns="{SHEET}" name="_xlnm.Print_Area" comment="{NAME}">Sheet1!$A$1</definedName>', False),
        (f"<definedName xmlns=\"{SHEET}\" name=\"_xlnm.Print_Area\">'C:\\Users\\{NAME}\\[b.xlsx]S'!$A$1</definedName>", False),
        (f"<f xmlns=\"{SHEET}\">'C:\\Users\\{NAME}\\[b.xlsx]S'!$A$1</f>", False),
        (f'<f xmlns="{SHEET}">SUM({NAME}[Sum])</f>', True),
        (f"<w:r><w:rPr><w:vanish/></w:rPr><w:t>{NAME}</w:t></w:r>", False),
        (f'<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>{NAME}</w:t></w:r>', True),
        (f"<f xmlns=\"{CHART}\">'[{NAME}.xlsx]S'!$A$1</f>", False),
    ],
)  # fmt: skip
def test_what_shows_the_maker_inside_the_text_goes_too(inside, is_kept):
    root = etree.fromstring(f'<w:body xmlns:w="{W}"><w:p>{inside}</w:p></w:body>')

    clean_words(root, frozenset(), Places(), Names())

    assert (NAME in etree.tostring(root, encoding="unicode")) is is_kept


PLACED = "Асель_Бекова"


@pytest.mark.parametrize(
    "link",
    [
        f'<w:hyperlink w:anchor="{PLACED.upper()}" w:tooltip="C:\\{PLACED}">{run("<w:t>x</w:t>")}</w:hyperlink>',
        f'<w:fldSimple w:instr=" REF {PLACED} \\h ">{run("<w:t>x</w:t>")}</w:fldSimple>',
        field_of_runs(f" PAGEREF {PLACED} \\h ", "7"),
        mark("begin") + run(f'<w:instrText> HYPERLINK \\l "{PLACED[:5]}</w:instrText>')
        + run(f'<w:instrText>{PLACED[5:]}" </w:instrText>') + mark("separate") + mark("end"),
        field_of_runs(f' TOC \\o "1-3" \\b {PLACED} ', "x"),
    ],
)  # fmt: skip
def test_bookmark_gets_a_name_that_tells_nothing_and_its_links_lead_on(link):
    place = f'<w:bookmarkStart w:id="0" w:name="{PLACED}"/><w:bookmarkStart w:id="1" w:name="_Toc1234"/>'
    root = etree.fromstring(f'<w:body xmlns:w="{W}"><w:p>{place}{link}</w:p></w:body>')

    clean_words(root, frozenset(), Places(), Names())

    written = etree.tostring(root, encoding="unicode")
    assert PLACED[:5].casefold() not in written.casefold()
    assert written.count("place1") == 2
    assert 'w:name="_Toc1234"' in written
    assert "1-3" in written or "1-3" not in link


def test_bookmark_has_one_name_in_all_parts_of_a_file():
    places = Places()
    parts = [etree.fromstring(f'<w:body xmlns:w="{W}"><w:bookmarkStart w:name="{name}"/></w:body>') for name in "абА"]
    for part in parts:
        clean_words(part, frozenset(), places, Names())

    assert [part[0].get(f"{{{W}}}name") for part in parts] == ["place1", "place2", "place1"]


def test_bookmark_of_an_open_document_gets_such_a_name_too():
    link = f'<text:a xlink:href="#{PLACED}" office:name="{PLACED}">x</text:a>'
    heading = '<text:bookmark-start text:name="__RefHeading___Toc12_34"/><text:a xlink:href="#1.Бизнес|outline">y</text:a>'
    place = f'<text:bookmark-start text:name="{PLACED}"/>{SEEN}<text:bookmark-end text:name="{PLACED}"/>'
    told = f'<text:bookmark-ref text:ref-name="{PLACED}">{SEEN}</text:bookmark-ref>'
    content = CONTENT.replace("</office:text>", f"<text:p>{place}{told}{link}{heading}</text:p></office:text>")

    left = members(clean(text_document(content), Kind.ODT))["content.xml"].decode()

    assert PLACED not in left
    assert left.count('"place1"') == 3
    assert '"#place1"' in left
    assert "__RefHeading___Toc12_34" in left
    assert "#1.Бизнес|outline" in left


@pytest.mark.parametrize(
    "attribute", ["author", "initials", "userId", "providerId", "userName", "lastModifiedBy", "refreshedBy", "user"]
)
def test_element_that_stays_says_nobodys_name(attribute):
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    root = etree.fromstring(f'<w:p xmlns:w="{space}" w:{attribute}="{NAME}"><w:r><w:t>{SEEN}</w:t></w:r></w:p>')
    clean_words(root, set(), Places(), Names())
    cleaned = etree.tostring(root, encoding="unicode")

    assert (NAME in cleaned, SEEN in cleaned) == (False, True)


def saved(made):
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def hide_sheet(made, state):
    made.create_sheet("Тізім").append([NAME])
    made["Тізім"].sheet_state = state


def hide_row(made):
    made["Sheet"].append([NAME])
    made["Sheet"].row_dimensions[2].hidden = True


def flatten_row(made):
    made["Sheet"].append([NAME])
    made["Sheet"].row_dimensions[2].height = 0.1


def hide_column(made):
    made["Sheet"].append([None, None, None, NAME])
    made["Sheet"].column_dimensions.group("C", "E", hidden=True)


def hide_by_format(made):
    made["Sheet"]["A2"], made["Sheet"]["A2"].number_format = NAME, ";;;"


def hide_number_by_format(made):
    made["Sheet"]["A2"], made["Sheet"]["A2"].number_format = 7011234567, '[Red]"";;0'


def flatten_every_row(made):
    made["Sheet"]["A9"], made["Sheet"].sheet_format.defaultRowHeight = NAME, 0


def flatten_other_columns(made):
    made["Sheet"]["C9"], made["Sheet"].sheet_format.defaultColWidth = NAME, 0
    made["Sheet"].column_dimensions["A"].width = 20


@pytest.mark.parametrize(
    "hide",
    [
        hide_by_format,
        hide_number_by_format,
        flatten_every_row,
        flatten_other_columns,
        lambda made: hide_sheet(made, "hidden"),
        lambda made: hide_sheet(made, "veryHidden"),
        hide_row,
        flatten_row,
        hide_column,
    ],
)
def test_workbook_that_hides_words_is_refused(hide):
    made = openpyxl.Workbook()
    made["Sheet"].append([SEEN])
    hide(made)

    assert refusal(saved(made), Kind.XLSX) is UploadRefusal.HIDDEN


def test_workbook_whose_hidden_rows_and_columns_are_empty_is_kept():
    made = openpyxl.Workbook()
    made["Sheet"].append([SEEN])
    made["Sheet"].row_dimensions[9].hidden = True
    made["Sheet"].column_dimensions.group("F", "XFD", hidden=True)

    assert openpyxl.load_workbook(io.BytesIO(clean(saved(made), Kind.XLSX)))["Sheet"]["A1"].value == SEEN


def test_workbook_that_hides_noughts_and_empty_places_is_kept():
    made = openpyxl.Workbook()
    sheet = made["Sheet"]
    sheet.append([SEEN, 5, 0, -3])
    for cell in sheet[1]:
        cell.number_format = "#,##0;-#,##0;;@"
    sheet["A2"], sheet["A2"].number_format = 1.5, "[h]"
    sheet.sheet_format.defaultColWidth, sheet.sheet_format.zeroHeight = 0, True
    for column in "ABCD":
        sheet.column_dimensions[column].width = 20
    left = openpyxl.load_workbook(io.BytesIO(clean(saved(made), Kind.XLSX)))["Sheet"]

    assert [cell.value for cell in left[1]] == [SEEN, 5, 0, -3]
    assert [cell.number_format for cell in left[1]] == ["#,##0;-#,##0;;@"] * 4
    assert not left.sheet_format.zeroHeight


def test_workbook_keeps_nothing_that_no_sheet_shows():
    def told(content):
        content = content.replace(b"</si>", f'<rPh sb="0" eb="1"><t>{NAME}</t></rPh></si>'.encode(), 1)
        return content.replace(b"</sst>", f"<si><t>{NAME}</t></si></sst>".encode())

    def coded(content):
        filtered = f'<autoFilter ref="A1:A2"><filterColumn colId="0"><filters><filter val="{NAME}"/></filters></filterColumn>'
        asked = f'<dataValidations count="1"><dataValidation sqref="B1" promptTitle="{NAME}" prompt="{NAME}" error="{NAME}"/>'
        more = f"</sheetData>{filtered}</autoFilter>{asked}</dataValidations>"
        below = f"<evenHeader>{NAME}</evenHeader><firstFooter>{NAME}</firstFooter></headerFooter>"
        content = content.replace(b"<sheetFormatPr", f'<sheetPr codeName="{NAME}"/><sheetFormatPr'.encode())
        return content.replace(b"</sheetData>", more.encode()).replace(b"</headerFooter>", below.encode())

    def formatted(content):
        given = f'<numFmts count="1"><numFmt numFmtId="180" formatCode="0&quot;{NAME}&quot;"/></numFmts><fonts'
        return content.replace(b"<fonts", given.encode(), 1)

    made = {"xl/sharedStrings.xml": told, "xl/worksheets/sheet1.xml": coded, "xl/styles.xml": formatted}
    before = repacked(clean(workbook(), Kind.XLSX), made)
    after = clean(before, Kind.XLSX)

    assert all(NAME.encode() in members(before)[name] for name in made)
    assert not [name for name, content in members(after).items() if NAME.encode() in content]
    assert b"<t/>" in members(after)["xl/sharedStrings.xml"]
    assert [openpyxl.load_workbook(io.BytesIO(after))["Смета"][cell].value for cell in ("A1", "A2")] == [SEEN, "Хат"]


@pytest.mark.parametrize("kind", ["inlineStr", "n"])
def test_cell_under_a_merged_one_keeps_nothing(kind):
    made = openpyxl.Workbook()
    made["Sheet"]["B2"], made["Sheet"]["D4"] = SEEN, "Хат"
    made["Sheet"].merge_cells("B2:C3")

    def plant(content):
        told = {"inlineStr": f"<is><t>{NAME}</t></is>", "n": "<f>1+1</f><v>87011234567</v>"}[kind]
        row = f'<row r="3"><c r="C3" t="{kind}">{told}</c></row><row r="4"'.encode()
        return re.sub(rb'(?:<row r="3"[^>]*/>|<row r="3".*?</row>)?<row r="4"', row, content)

    before = repacked(saved(made), {"xl/worksheets/sheet1.xml": plant})
    after = clean(before, Kind.XLSX)

    told = (NAME.encode(), b"87011234567", b"1+1")
    assert any(one in members(before)["xl/worksheets/sheet1.xml"] for one in told)
    assert not [name for name, content in members(after).items() if any(one in content for one in told)]
    sheet = openpyxl.load_workbook(io.BytesIO(after))["Sheet"]
    assert [sheet[cell].value for cell in ("B2", "D4")] == [SEEN, "Хат"]


def test_cell_of_a_text_under_a_merged_one_keeps_nothing():
    made = docx.Document()
    table = made.add_table(2, 2)
    table.cell(0, 0).text, table.cell(1, 1).text = SEEN, "Хат"
    table.cell(0, 0).merge(table.cell(1, 0))
    covered = made.element.findall(f".//{{{W}}}tc")[2]
    covered.find(f"{{{W}}}p").add_r().text = NAME
    before = saved(made)
    under = f"<table:table-row><table:covered-table-cell><text:p>{NAME}</text:p></table:covered-table-cell></table:table-row>"
    opened = text_document(CONTENT.replace("</office:text>", f"<table:table>{under}</table:table></office:text>"))

    assert NAME.encode() in members(before)["word/document.xml"]
    after = [members(clean(before, Kind.DOCX))["word/document.xml"], members(clean(opened, Kind.ODT))["content.xml"]]
    assert not [one for one in after if NAME.encode() in one]
    assert SEEN.encode() in after[0]
    assert "Хат".encode() in after[0]


def test_names_of_cells_tables_and_their_styles_tell_nothing():
    made = openpyxl.Workbook()
    sheet = made["Sheet"]
    for line in (["Не", "Қанша"], [SEEN, 5], ["Тағы", 6]):
        sheet.append(line)
    given = LATIN.replace(" ", "_").replace("-", "_")
    made.defined_names[given] = DefinedName(given, attr_text="Sheet!$B$2")
    sheet["C1"], sheet["D1"], sheet["E1"] = f"={given}*2", f"=SUM({given}s[Қанша])", "=SUM(B2:B3)"
    sheet.add_table(Table(displayName=f"{given}s", ref="A1:B3"))
    own = NamedStyle(NAME, font=Font(bold=True))
    sheet["A2"].style = own
    sheet.print_area = "A1:B3"
    choice = DataValidation(type="list", formula1=given)
    choice.add("B2")
    sheet.add_data_validation(choice)
    before = saved(made)
    after = clean(before, Kind.XLSX)
    left = openpyxl.load_workbook(io.BytesIO(after))["Sheet"]

    assert any(given.encode() in content for content in members(before).values())
    assert any(NAME.encode() in content for content in members(before).values())
    assert not [name for name, content in members(after).items() if given.encode() in content or NAME.encode() in content]
    assert (left["E1"].value, left["A2"].value, left["A2"].font.b) == ("=SUM(B2:B3)", SEEN, True)
    assert (left["C1"].value, left["D1"].value) == (None, None)
    assert [table.ref for table in left.tables.values()] == ["A1:B3"]
    assert left.print_area == "'Sheet'!$A$1:$B$3"


def test_names_of_own_styles_of_a_text_tell_nothing_and_lead_on():
    made = docx.Document()
    own = made.styles.add_style(NAME, WD_STYLE_TYPE.PARAGRAPH)
    own.font.bold = True
    own.style_id = LATIN
    made.styles.add_style("Екінші", WD_STYLE_TYPE.PARAGRAPH).base_style = own
    made.add_paragraph(SEEN, style=own)
    made.add_heading("Сипаттама", 1)
    body = made.add_paragraph()._p
    for piece in (field_of_runs(f' STYLEREF "{NAME}" ', "Бар"), field_of_runs(' TOC \\o "1-3" ', "Мазмұны")):
        for one in parse_xml(f'<w:p xmlns:w="{W}">{piece}</w:p>'):
            body.append(one)
    before = saved(made)
    after = clean(before, Kind.DOCX)
    left = docx.Document(io.BytesIO(after))

    assert any(NAME.encode() in content and LATIN.encode() in content for content in members(before).values())
    assert not [name for name, content in members(after).items() if NAME.encode() in content or LATIN.encode() in content]
    assert [(one.text, left.styles[str(one.style and one.style.name)].font.bold) for one in left.paragraphs[:2]] == [
        (SEEN, True),
        ("Сипаттама", True),
    ]
    assert left.paragraphs[1].style == left.styles["Heading 1"]
    assert left.paragraphs[2].text == "БарМазмұны"
    assert "TOC" in members(after)["word/document.xml"].decode()


def hide_by_style(made, kind):
    own = made.styles.add_style("Жасырын", kind)
    own.font.hidden = True
    heir = made.styles.add_style("Мұрагер", kind)
    heir.base_style = own
    return heir


def hide_words_by_style(made):
    made.add_paragraph(SEEN).add_run(NAME, style=hide_by_style(made, WD_STYLE_TYPE.CHARACTER))


def hide_paragraph_by_style(made):
    made.add_paragraph(NAME, style=hide_by_style(made, WD_STYLE_TYPE.PARAGRAPH))


def leave_first_header(made):
    made.sections[0].different_first_page_header_footer = True
    made.sections[0].first_page_header.paragraphs[0].text = NAME
    made.sections[0].different_first_page_header_footer = False


def leave_even_footer(made):
    made.settings.odd_and_even_pages_header_footer = True
    made.sections[0].even_page_footer.paragraphs[0].text = NAME
    made.settings.odd_and_even_pages_header_footer = False


def form_field(made):
    told = f'<w:name w:val="{NAME}"/><w:statusText w:val="{NAME}"/><w:textInput><w:default w:val="{NAME}"/></w:textInput>'
    asked = f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{told}</w:ffData></w:fldChar></w:r>'
    for one in list(parse_xml(f'<w:p xmlns:w="{W}">{asked}{field_of_runs(" FORMTEXT ", SEEN)}{mark("end")}</w:p>')):
        made.paragraphs[0]._p.append(one)


def choices(made):
    listed = f'<w:dropDownList><w:listItem w:displayText="{NAME}" w:value="1"/></w:dropDownList>'
    shown = f"<w:sdtContent>{run('<w:t>Таңдау</w:t>')}</w:sdtContent>"
    made.paragraphs[0]._p.append(word(f"<w:sdt><w:sdtPr>{listed}</w:sdtPr>{shown}</w:sdt>"))


@pytest.mark.parametrize(
    "hide",
    [
        hide_words_by_style,
        hide_paragraph_by_style,
        leave_first_header,
        leave_even_footer,
        form_field,
        choices,
        lambda made: made.paragraphs[0]._p.append(word(f"<w:r><w:rPr><w:specVanish/></w:rPr><w:t>{NAME}</w:t></w:r>")),
        lambda made: made.add_table(1, 1)._tbl.tblPr.append(word(f'<w:tblCaption w:val="{NAME}"/>')),
    ],
)
def test_text_keeps_no_words_that_it_does_not_show(hide):
    made = docx.Document()
    made.add_paragraph(SEEN)
    hide(made)
    before = saved(made)
    after = clean(before, Kind.DOCX)

    assert [name for name, content in members(before).items() if NAME.encode() in content]
    assert not [name for name, content in members(after).items() if NAME.encode() in content]
    assert SEEN in words_of(after)
    assert docx.Document(io.BytesIO(after)).paragraphs[0].text.startswith(SEEN)


def test_text_keeps_its_headers_and_words_that_are_shown():
    made = docx.Document()
    hidden = hide_by_style(made, WD_STYLE_TYPE.CHARACTER)
    shown = made.styles.add_style("Көрінетін", WD_STYLE_TYPE.CHARACTER)
    shown.base_style, shown.font.hidden = hidden, False
    made.add_paragraph().add_run(SEEN, style=shown)
    made.settings.odd_and_even_pages_header_footer = True
    made.sections[0].even_page_header.paragraphs[0].text = "Жұп бет"
    made.sections[0].first_page_header.paragraphs[0].text = "Бірінші бет"
    made.add_section().different_first_page_header_footer = True
    left = docx.Document(io.BytesIO(clean(saved(made), Kind.DOCX)))

    assert left.paragraphs[0].text == SEEN
    assert left.sections[0].even_page_header.paragraphs[0].text == "Жұп бет"
    assert left.sections[1].first_page_header.paragraphs[0].text == "Бірінші бет"


def test_choice_in_a_form_stays_alone_of_its_list():
    listed = "".join(f'<w:listEntry w:val="{one}"/>' for one in (NAME, SEEN, MAIL))
    told = f'<w:ffData><w:ddList><w:result w:val="1"/>{listed}</w:ddList></w:ffData>'
    made = docx.Document()
    made.add_paragraph()._p.append(word(run(f'<w:fldChar w:fldCharType="begin">{told}</w:fldChar>')))
    left = members(clean(saved(made), Kind.DOCX))["word/document.xml"].decode()

    assert [one in left for one in (NAME, SEEN, MAIL)] == [False, True, False]
    assert "result" not in left


OPEN_STYLE = 'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'


def open_text(inside, styles=""):
    """A text with one paragraph more and its own styles."""
    head = f'<office:document-content {ODF} {OPEN_STYLE} office:version="1.3">'
    body = f"<office:body><office:text><text:p>{SEEN}</text:p>{inside}</office:text></office:body>"
    return f"{head}<office:automatic-styles>{styles}</office:automatic-styles>{body}</office:document-content>"


HIDING = (
    '<style:style style:name="T0" style:family="text"><style:text-properties text:display="none"/></style:style>'
    '<style:style style:name="T1" style:family="text" style:parent-style-name="T0"/>'
)


@pytest.mark.parametrize(
    ("inside", "styles"),
    [
        (f'<text:p><text:hidden-text text:is-hidden="true" text:string-value="{NAME}">{NAME}</text:hidden-text></text:p>', ""),
        (f'<text:p><text:hidden-paragraph text:is-hidden="true"/>{NAME}</text:p>', ""),
        (f'<text:section text:name="Section1" text:display="none"><text:p>{NAME}</text:p></text:section>', ""),
        (f'<text:p><text:span text:style-name="T1">{NAME}</text:span></text:p>', HIDING),
        ("", f'<style:style style:name="P1" style:display-name="{NAME}" style:family="paragraph"/>'),
        (f'<text:user-field-decls><text:user-field-decl text:name="{NAME}"/></text:user-field-decls>', ""),
        (f'<table:table table:name="{NAME}"><table:table-row><table:table-cell/></table:table-row></table:table>', ""),
        (f'<text:section text:name="{NAME}"><text:p>Бөлім</text:p></text:section>', ""),
    ],
)
def test_open_text_keeps_no_words_that_it_does_not_show(inside, styles):
    left = members(clean(text_document(open_text(inside, styles)), Kind.ODT))["content.xml"].decode()

    assert (NAME in left, SEEN in left) == (False, True)


def test_open_text_keeps_the_words_of_its_fields_and_plain_names():
    shown = f'<text:user-field-get text:name="{NAME}">Алматы</text:user-field-get>'
    table = '<table:table table:name="Таблица1"><table:table-row><table:table-cell/></table:table-row></table:table>'
    inside = f'<text:p text:style-name="P_20_1">{shown}<text:hidden-paragraph text:is-hidden="false"/> қаласы</text:p>{table}'
    style = '<style:style style:name="P_20_1" style:display-name="P 1" style:family="paragraph"/>'
    left = members(clean(text_document(open_text(inside, style)), Kind.ODT))["content.xml"].decode()

    assert "Алматы қаласы" in left
    assert all(kept in left for kept in ('"Таблица1"', 'display-name="P 1"'))
    assert NAME not in left
