"""Broken, cut and hostile files: refused with a reason or cleaned, in bounded time and memory, whatever they do."""

import io
import itertools
import re
import signal
import subprocess
import sys
import time
import zipfile
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import FileStorage

from app.core import confined
from app.core.cleaning import child, isolation
from app.core.cleaning.kinds import Kind, UncleanError
from app.core.refusals import RefusedError, UploadRefusal
from app.core.uploads import accept_upload
from tests.core.test_cleaning_office import full_word_document, text_document, workbook
from tests.core.test_cleaning_pdf import PLACES, pages, saved
from tests.examples import examples
from tests.traces import photograph, traces


def whole_pdf():
    with pages() as document:
        for plant in PLACES:
            plant(document)
        return saved(document)


MAKERS = {
    Kind.PDF: whole_pdf,
    Kind.DOCX: full_word_document,
    Kind.XLSX: workbook,
    Kind.ODT: text_document,
    Kind.JPEG: photograph,
    Kind.PNG: lambda: photograph("PNG"),
    Kind.WEBP: lambda: photograph("WEBP"),
}


@cache
def source_of(kind):
    """A whole file of a kind, with its maker planted in every place."""
    return MAKERS[kind]()


# A cleaned file is small here; what a fault in a reader would take is far more.
SECONDS = 5


@pytest.mark.parametrize("kind", MAKERS)
def test_file_through_the_door_tells_nothing_of_who_made_it(app, kind):
    with app.app_context():
        taken = accept_upload(FileStorage(io.BytesIO(source_of(kind)), filename=f"a.{kind}"))

    assert traces(source_of(kind))
    assert traces(taken.data) == []


def cleaned_or_refused(data, kind):
    """Any other exception would be a fault; the process apart would answer it with a sentence all the same."""
    try:
        return child.clean(data, kind)
    except UncleanError:
        return b""


def broken(kind):
    """The file with its end cut off, a piece taken out, or bytes of it turned."""
    source = source_of(kind)
    places = st.integers(0, len(source) - 1)

    def turn(changes):
        data = bytearray(source)
        for at, byte in changes:
            data[at] = byte
        return bytes(data)

    return st.one_of(
        places.map(lambda at: source[:at]),
        st.tuples(places, st.integers(1, 400)).map(lambda cut: source[: cut[0]] + source[cut[0] + cut[1] :]),
        st.lists(st.tuples(places, st.integers(0, 255)), min_size=1, max_size=30).map(turn),
    )


@pytest.mark.parametrize("kind", MAKERS)
@settings(max_examples=examples(10), deadline=None, suppress_health_check=list(HealthCheck))
@given(draw=st.data())
def test_broken_file_is_refused_or_cleaned(kind, draw):
    data = draw.draw(broken(kind))
    began = time.process_time()
    assert traces(cleaned_or_refused(data, kind)) == []
    assert time.process_time() - began < SECONDS


@pytest.mark.parametrize(
    "lost", [b"/Filter [ /FlateDecode /DCTDecode ]", b"/Filter /DCTDecode", b"/BitsPerComponent 8", b"/Filter /FlateDecode"]
)
def test_stream_that_lost_what_says_how_to_read_it_tells_nothing(lost):
    source = source_of(Kind.PDF)
    places = [found.start() for found in re.finditer(re.escape(lost), source)]

    assert places
    for at in places:
        assert traces(cleaned_or_refused(source[:at] + source[at + len(lost) :], Kind.PDF)) == []


@pytest.mark.parametrize(
    ("at", "width"), [(6918, 1), (2241, 1), (1572, 40), (3777, 200), (3780, 40), (11103, 200), (11643, 200)]
)
def test_cut_that_once_told_her_name_tells_nothing(at, width):
    source = source_of(Kind.PDF)

    assert traces(cleaned_or_refused(source[:at] + source[at + width :], Kind.PDF)) == []


def test_no_cut_and_no_turned_byte_of_a_pdf_tells_anything():
    """Hypothesis tries a few places of every kind; here are many of the kind with most of them, each with another harm."""
    source = source_of(Kind.PDF)
    harms = itertools.cycle([1, 0, 40, 0, 200])
    told = {}
    for at in range(0, len(source), 17):
        cut = next(harms)
        rest = source[at + cut :] if cut else bytes([source[at] ^ 1]) + source[at + 1 :]
        if found := traces(cleaned_or_refused(source[:at] + rest, Kind.PDF)):
            told[at, cut] = found

    assert told == {}


@pytest.mark.parametrize("cut", [7, 22, 40])
def test_photograph_without_its_end_tells_nothing(cut):
    source = source_of(Kind.PDF)
    end = source.index(b"\xff\xd9aigerim")

    assert traces(cleaned_or_refused(source[: end + 1 - cut] + source[end + 1 :], Kind.PDF)) == []


@pytest.mark.parametrize("part", ["word/document.xml", "[Content_Types].xml", "word/_rels/document.xml.rels"])
@settings(max_examples=examples(4), deadline=None, suppress_health_check=list(HealthCheck))
@given(at=st.floats(0, 1), junk=st.binary(max_size=30))
def test_office_file_with_a_broken_part_is_refused_or_cleaned(part, at, junk):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(source_of(Kind.DOCX))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            cut = int(at * len(content))
            new.writestr(name, content[:cut] + junk + content[cut + len(junk) :] if name == part else content)
    assert traces(cleaned_or_refused(out.getvalue(), Kind.DOCX)) == []


def test_process_apart_gets_no_secret_and_no_surroundings(monkeypatch):
    monkeypatch.setenv("BAIQAU_SECRET_KEY", "do not tell")
    monkeypatch.setenv("BAIQAU_DATABASE_URL", "postgresql://do-not-tell")
    seen: dict[str, str] = {}
    run = subprocess.run

    def watched(*command, **more):
        seen.update(more["env"])
        return run(*command, **more)

    monkeypatch.setattr(subprocess, "run", watched)

    assert isolation.clean(source_of(Kind.PNG), Kind.PNG)
    assert set(seen) == {"PYTHONPATH", "LANG"}


HUNGRY = (
    "import app.core.cleaning.child as c; c.clean = lambda d, k: {}; import sys; sys.argv[1:] = ['pdf']; sys.exit(c.main())"
)


@pytest.mark.parametrize(
    ("deed", "ends"),
    [("bytes(3 * 1024 ** 3)", child.REFUSED), ("open('/tmp/written', 'wb').write(b'x' * 100_000)", 1)],
)
def test_process_apart_can_neither_fill_the_memory_nor_the_disk(deed, ends):
    done = subprocess.run([sys.executable, "-c", HUNGRY.format(deed)], input=b"", capture_output=True, timeout=30, check=False)

    assert done.returncode == ends


def test_process_apart_ends_when_its_time_is_over():
    code = f"import app.core.cleaning.child as c; c.LIMITS = c.Limits(1, 2**30); {HUNGRY.format('[0 for _ in iter(int, 1)]')}"
    done = subprocess.run([sys.executable, "-c", code], input=b"", capture_output=True, timeout=30, check=False)

    assert done.returncode in {-signal.SIGXCPU, -signal.SIGKILL}


@pytest.mark.parametrize(
    ("ends", "code"),
    [(-signal.SIGSEGV, UploadRefusal.DAMAGED), (1, UploadRefusal.DAMAGED), (-signal.SIGXCPU, UploadRefusal.TOO_COMPLEX)],
)
def test_file_that_breaks_its_reader_is_refused_with_a_sentence(app, monkeypatch, ends, code):
    """The process apart is replaced by one that ends as a crash, a fault or the limit would end it."""
    end = f"import os, signal; os.kill(os.getpid(), {-ends})" if ends < 0 else "raise SystemExit(1)"
    run = subprocess.run
    monkeypatch.setattr(subprocess, "run", lambda _command, **more: run([sys.executable, "-c", end], **more))
    with app.app_context(), pytest.raises(RefusedError) as caught:
        accept_upload(FileStorage(io.BytesIO(source_of(Kind.PDF)), filename="a.pdf"))

    assert [one.code for one in caught.value.refusals] == [code]


def test_large_honest_file_is_cleaned_in_time():
    """As heavy as people send them: a drawing of many lines."""
    with pages() as document:
        document.pages[0].contents_add(document.make_stream(b"10 20 m 30 40 l S\n" * 300_000))
        heavy = saved(document)
    began = time.process_time()
    child.clean(heavy, Kind.PDF)

    assert time.process_time() - began < SECONDS


def test_a_file_for_which_there_is_no_place_soon_holds_nobody_up(monkeypatch):
    monkeypatch.setattr(confined, "WAITING_SECONDS", 0)
    monkeypatch.setattr(isolation, "_cleaner", confined.Confined("app.core.cleaning.child", child.LIMITS, places=1))
    with isolation._cleaner._places, pytest.raises(UncleanError) as refused:
        isolation.clean(whole_pdf(), Kind.PDF)

    assert refused.value.code is UploadRefusal.BUSY
