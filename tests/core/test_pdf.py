"""Documents: Kazakh intact, tagged, the same every time, and deaf to every address but our own."""

import io
import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pikepdf
import pypdfium2
import pytest

from app.core import pdf
from app.core.refusals import CoreRefusal, RefusedError

ALPHABET = "АаӘәБбВвГгҒғДдЕеЁёЖжЗзИиЙйКкҚқЛлМмНнҢңОоӨөПпРрСсТтУуҰұҮүФфХхҺһЦцЧчШшЩщЪъЫыІіЬьЭэЮюЯя ₸ № «»"
PAGE = '<!doctype html><html lang="kk"><head><title>Тақырып</title>{head}</head><body>{body}</body></html>'


def page(body="", head=""):
    return PAGE.format(head=head, body=body)


def text_of(made):
    document = pypdfium2.PdfDocument(made)
    try:
        return " ".join(document[number].get_textpage().get_text_range() for number in range(len(document)))
    finally:
        document.close()


@pytest.mark.parametrize("font", ["Golos Text", "Source Serif 4"])
@pytest.mark.parametrize("variant", ["pdf/ua-1", "pdf/a-3a"])
def test_kazakh_alphabet_comes_out_as_it_went_in(app, font, variant):
    with app.app_context():
        made = pdf.from_html(page(f"<p>{ALPHABET}</p>", f"<style>p {{ font-family: '{font}' }}</style>"), variant=variant)

    assert "".join(text_of(made).split()) == "".join(ALPHABET.split())


def test_document_is_tagged_and_names_its_language_and_title(app):
    with app.app_context():
        made = pdf.from_html(page("<h1>А</h1>"), variant="pdf/a-3a")
    with pikepdf.open(io.BytesIO(made)) as document:
        metadata = document.Root.Metadata.read_bytes().decode()
        facts = (str(document.Root.Lang), bool(document.Root.MarkInfo.Marked), "/StructTreeRoot" in document.Root)

    assert facts == ("kk", True, True)
    assert "<pdfaid:part>3" in metadata or 'pdfaid:part="3"' in metadata
    assert 'pdfuaid:part="1"' in metadata
    assert metadata.count("<rdf:RDF") == 1
    assert "Тақырып" in metadata


def test_same_values_give_the_same_bytes(app):
    with app.app_context():
        first, second = (pdf.from_html(page("<p>Ә</p>"), variant="pdf/a-3a") for _ in range(2))

    assert first == second


@pytest.fixture
def listener():
    """A web server that notes every request."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_args):
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


FOREIGN = [
    '<img src="{}/a.png" alt="">',
    '<link rel="stylesheet" href="{}/a.css">',
    '<style>@import url("{}/b.css");</style>',
    '<style>@font-face {{ font-family: x; src: url("{}/c.woff2") }} p {{ font-family: x }}</style><p>x</p>',
    '<style>p {{ background: url("{}/d.png") }}</style><p>x</p>',
    '<style>p::before {{ content: url("{}/e.png") }}</style><p>x</p>',
    '<style>li {{ list-style-image: url("{}/f.png") }}</style><ul><li>x</ul>',
    '<object data="{}/g.svg"></object>',
    '<embed src="{}/h.svg">',
    '<link rel="attachment" href="{}/i.txt">',
    '<a rel="attachment" href="{}/j.txt">x</a>',
    '<svg xmlns="http://www.w3.org/2000/svg"><image href="{}/k.png" width="9" height="9"/></svg>',
    '<svg xmlns="http://www.w3.org/2000/svg"><use href="{}/l.svg#a"/></svg>',
    '<base href="{}/"><img src="m.png" alt="">',
]
FILES = [
    "file:///etc/passwd",
    "file://localhost/etc/passwd",
    "static:../config.py",
    "static:/../../setup.cfg",
    "static:%2e%2e/config.py",
    "/etc/passwd",
    "data:text/plain,x",
]


@pytest.mark.parametrize("markup", FOREIGN)
def test_no_address_of_the_network_is_opened(app, listener, markup):
    address, asked = listener
    with app.app_context():
        made = pdf.from_html(page(markup.format(address)))
    with pikepdf.open(io.BytesIO(made)) as document:
        attached = list(document.attachments)

    assert (asked, attached) == ([], [])


@pytest.mark.parametrize("address", FILES)
def test_no_file_but_our_own_is_read(app, address):
    markup = f'<link rel="attachment" href="{address}"><img src="{address}" alt=""><link rel="stylesheet" href="{address}">'
    with app.app_context():
        made = pdf.from_html(page(markup))
    with pikepdf.open(io.BytesIO(made)) as document:
        assert list(document.attachments) == []


def test_files_of_ours_are_read(app):
    with app.app_context():
        fetch = pdf._fetcher(pdf._static())

        assert b"@page" in fetch("static:css/pdf/certificate.css").read()
        assert re.match(rb"\x89PNG", fetch(pdf.image(b"\x89PNG", "image/png")).read())
        with pytest.raises(pdf.ForeignAddressError):
            fetch("static:css/../../config.py")


WITHOUT_FONTS = """
import sys
from pathlib import Path
from tests.conftest import make_app, make_settings
app = make_app(make_settings("sqlite://", Path(sys.argv[1]), modules=""))
from app.core import pdf
with app.app_context():
    sys.stdout.buffer.write(pdf.from_html("<html lang=kk><title>x</title><p>Ұ"))
"""


def test_process_without_fonts_of_its_own_uses_ours(tmp_path):
    """Whatever the entry point, and on a machine without any font: fontconfig alone would crash there."""
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    command = [sys.executable, "-c", WITHOUT_FONTS, str(tmp_path)]
    made = subprocess.run(command, env=environment, capture_output=True, check=True).stdout
    with pikepdf.open(io.BytesIO(made)) as document:
        fonts = {str(font.BaseFont) for font in document.pages[0].Resources.Font.values()}

    assert fonts
    assert all("Source-Serif-4" in font or "Golos" in font for font in fonts)


def test_document_made_apart_is_the_same(app):
    with app.app_context():
        assert text_of(pdf.apart(page(f"<p>{ALPHABET}</p>"))) == text_of(pdf.from_html(page(f"<p>{ALPHABET}</p>")))


@pytest.mark.parametrize(
    "hostile", ["<table><tr><td>" * 400 + "x", "<p>" + "сөз " * 3_000_000, "<p style='font-size: 1e9px'>" + "x" * 10_000]
)
def test_hostile_document_ends_its_own_process_only(app, hostile, monkeypatch):
    monkeypatch.setattr(pdf._maker, "_wall_seconds", 5)
    with app.app_context(), pytest.raises(RefusedError) as refused:
        pdf.apart(page(hostile))

    assert refused.value.refusals[0].code is CoreRefusal.DOCUMENT_TOO_LONG
