"""Files that arrive piece by piece: going on after a cut, limits before a byte is sent, and what is refused at the end."""

import hashlib
import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace

import pytest
from PIL import Image
from sqlalchemy import func, select, update

from app.core import confined, storage
from app.core.cleaning import isolation
from app.core.db import db, writing
from app.core.uploads import SIZE_LIMIT
from app.people.models import User
from competitions.models import Application, Competition, Document, Upload, UploadPiece
from competitions.services import upload as services
from competitions.states import CompetitionState
from competitions.views import applicant_uploads as views
from tests.competitions.scene import CLOSES_AT, OPEN_AT, announced_call, applicant, draft, sign_in

RUSSIAN = {"Accept": "application/json", "Accept-Language": "ru"}


@pytest.fixture
def hers(app, client, at):
    """A signed-in applicant with a draft."""
    at(OPEN_AT)
    with app.app_context(), writing():
        account, actor = applicant()
        one = draft(announced_call(), actor)
        made = SimpleNamespace(id=one.id, url=f"/my/applications/{one.public_id}", account_id=account.id)
        sign_in(client, account)
    return made


@pytest.fixture
def later(app, client, at, hers):
    """Move the clock; her session of before may have ended, so she signs in again."""

    def move(instant):
        at(instant)
        with app.app_context(), writing():
            sign_in(client, db.session.get_one(User, hers.account_id), instant)

    return move


def photo(size=(600, 400)):
    out = io.BytesIO()
    Image.effect_noise(size, 90).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def begin(client, hers, data, name="баға.jpg", *, question="quotes", **more):
    form = {"question": question, "name": name, "size": str(len(data)), "sha256": hashlib.sha256(data).hexdigest()}
    return client.post(f"{hers.url}/uploads", data=form | more, headers=RUSSIAN)


def send(client, url, data, offset):
    form = {"offset": str(offset), "piece": (io.BytesIO(data), "piece")}
    return client.post(url, data=form, headers=RUSSIAN)


def send_whole(client, hers, data, name):
    begun = begin(client, hers, data, name)
    if begun.status_code != 200:
        return begun
    url = begun.json["url"]
    for offset in range(0, len(data), 256 << 10):
        send(client, url, data[offset : offset + (256 << 10)], offset)
    return client.post(f"{url}/end", headers=RUSSIAN)


def count(app, model):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model))


def kept_files(app):
    with app.app_context():
        return {one[0] for one in storage.keys()}  # noqa: SIM118 - a function of ours


def test_file_in_pieces_is_attached_as_one_and_leaves_no_piece(app, client, hers):
    data = photo()
    url = begin(client, hers, data).json["url"]
    half = len(data) // 2

    first, second = send(client, url, data[:half], 0), send(client, url, data[half:], half)
    ended = client.post(f"{url}/end", headers=RUSSIAN)

    assert [one.json["offset"] for one in (first, second)] == [half, len(data)]
    assert ended.status_code == 200
    with app.app_context():
        (document,) = db.session.scalars(select(Document)).all()
        assert (document.name, document.question_key) == ("баға.jpg", "quotes")
        key = document.storage_key
    assert kept_files(app) == {key}
    assert (count(app, Upload), count(app, UploadPiece)) == (0, 0)
    assert client.get(url).status_code == 404


def test_file_begun_again_goes_on_from_what_is_safe(client, hers):
    data = photo()
    first = begin(client, hers, data).json
    send(client, first["url"], data[:1000], 0)

    again = begin(client, hers, data).json

    assert again == {"url": first["url"], "offset": 1000}
    assert client.get(first["url"]).json == {"offset": 1000}


def test_piece_sent_twice_or_out_of_turn_changes_nothing_and_is_told_where_to_go_on(app, client, hers):
    data = photo()
    url = begin(client, hers, data).json["url"]
    send(client, url, data[:1000], 0)

    twice, beyond = send(client, url, data[:1000], 0), send(client, url, data[5000:6000], 5000)

    assert [(one.status_code, one.json["offset"]) for one in (twice, beyond)] == [(200, 1000), (409, 1000)]
    assert count(app, UploadPiece) == 1


@pytest.mark.parametrize("length", [0, 11])
def test_piece_without_bytes_or_with_too_many_is_refused(app, client, hers, length, monkeypatch):
    monkeypatch.setattr(views, "PIECE_LIMIT", 10)
    url = begin(client, hers, b"%PDF" * 500_000, "a.pdf").json["url"]

    answer = send(client, url, b"x" * length, 0)

    assert (answer.status_code, count(app, UploadPiece)) == (422, 0)


def test_file_that_grows_over_what_was_said_is_refused(app, client, hers):
    url = begin(client, hers, b"%PDF", "a.pdf").json["url"]

    assert send(client, url, b"%PDF-1.7", 0).status_code == 422
    assert count(app, UploadPiece) == 0


def test_file_that_is_not_whole_is_not_attached_and_may_go_on(app, client, hers):
    data = photo()
    url = begin(client, hers, data).json["url"]
    send(client, url, data[:1000], 0)

    early = client.post(f"{url}/end", headers=RUSSIAN)

    assert (early.status_code, count(app, Document), client.get(url).json["offset"]) == (422, 0, 1000)


def test_file_that_arrived_as_another_is_refused_and_forgotten(app, client, hers):
    data = photo()
    url = begin(client, hers, data, sha256="0" * 64).json["url"]
    send(client, url, data, 0)

    ended = client.post(f"{url}/end", headers=RUSSIAN)

    assert (ended.status_code, count(app, Document), count(app, Upload), kept_files(app)) == (422, 0, 0, set())


@pytest.mark.parametrize(
    ("name", "size", "said"),
    [
        ("virus.exe", 10, "Такие файлы"),
        ("a.jpg", SIZE_LIMIT + 1, "10 МБ"),
        ("a.jpg", 0, "пуст"),
        ("a.jpg", "-5", "пуст"),
        ("a.jpg", "9" * 30, "пуст"),
    ],
)
def test_file_is_refused_before_a_byte_of_it_is_sent(app, client, hers, *, name, size, said):
    answer = begin(client, hers, b"", name, size=str(size))

    assert answer.status_code == 422
    assert said in answer.json["message"]
    assert count(app, Upload) == 0


def test_question_that_takes_no_files_is_refused(client, hers):
    assert begin(client, hers, photo(), question="title").status_code == 422
    assert begin(client, hers, photo(), question="nothing").status_code == 422


def test_one_account_begins_so_much_and_no_more(app, client, hers, monkeypatch):
    monkeypatch.setattr(services, "BEGUN_LIMIT", 2)
    answers = [begin(client, hers, b"%PDF" + bytes([number]), "a.pdf").status_code for number in range(3)]

    assert (answers, count(app, Upload)) == ([200, 200, 422], 2)


def test_one_account_begins_so_many_bytes_and_no_more(app, client, hers, monkeypatch):
    monkeypatch.setattr(services, "BEGUN_BYTES", 10)
    answers = [begin(client, hers, b"%PDF" + bytes([number]), "a.pdf").status_code for number in range(3)]

    assert (answers, count(app, Upload)) == ([200, 200, 422], 2)


def test_what_was_begun_a_day_ago_is_forgotten_with_its_pieces(app, client, hers, later):
    data = photo()
    old = begin(client, hers, data).json["url"]
    send(client, old, data[:1000], 0)
    with app.app_context():
        begun_at = db.session.scalars(select(Upload.begun_at)).one()

    later(begun_at + services.KEPT_FOR)
    begin(client, hers, b"%PDF", "a.pdf")
    assert client.get(old).json == {"offset": 1000}
    later(begun_at + services.KEPT_FOR + timedelta(seconds=1))
    begin(client, hers, b"%PDF", "a.pdf")

    assert client.get(old).status_code == 404
    assert kept_files(app) == set()


def test_nothing_is_begun_or_ended_after_the_closing(app, client, hers, later):
    data = photo()
    url = begin(client, hers, data).json["url"]
    send(client, url, data, 0)

    later(CLOSES_AT)

    assert client.post(f"{url}/end", headers=RUSSIAN).status_code == 422
    assert begin(client, hers, data).status_code == 422
    assert send(client, url, b"x", 0).status_code == 422
    assert count(app, Document) == 0


def test_piece_that_was_stored_while_the_call_was_called_off_is_not_left_behind(app, client, hers, monkeypatch):
    data = photo()
    url = begin(client, hers, data).json["url"]
    store = storage.put

    def store_meanwhile(piece):
        with app.app_context(), writing():
            db.session.execute(update(Competition).values(state=CompetitionState.CANCELLED))
        return store(piece)

    monkeypatch.setattr(storage, "put", store_meanwhile)

    assert send(client, url, data, 0).status_code == 422
    assert (kept_files(app), count(app, UploadPiece)) == (set(), 0)


def test_somebody_else_neither_sees_nor_ends_it(app, client, hers):
    data = photo()
    url = begin(client, hers, data).json["url"]
    with app.app_context(), writing():
        account, stranger = applicant()
        own = draft(announced_call("jas_qadam"), stranger)
        mine = f"/my/applications/{own.public_id}"
        sign_in(client, account)

    asked = [client.get(url), send(client, url, data, 0), client.post(f"{url}/end"), begin(client, hers, data)]
    through_mine = client.get(f"{mine}/uploads/{url.rsplit('/', 1)[-1]}")

    assert [one.status_code for one in (*asked, through_mine)] == [404] * 5


def test_photo_has_a_small_picture_and_a_document_has_none(app, client, hers):
    send_whole(client, hers, photo((1200, 900)), "сурет.jpg")
    with app.app_context():
        key = db.session.scalar(select(Document.public_id))

    answer = client.get(f"{hers.url}/documents/{key}/small")
    shown = client.get(f"{hers.url}/form/money").text

    with Image.open(io.BytesIO(answer.data)) as image:
        assert (image.format, image.size) == ("JPEG", (160, 120))
    assert f"/documents/{key}/small" in shown
    with app.app_context(), writing():
        db.session.scalars(select(Document)).one().extension = "pdf"
    assert client.get(f"{hers.url}/documents/{key}/small").status_code == 404


# --- What strangers would send ------------------------------------------------------------------------------------------


def office(*members, main="word/document.xml"):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(main, "<document/>")
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def wide_picture():
    out = io.BytesIO()
    Image.new("1", (6000, 6000)).save(out, "PNG")
    return out.getvalue()


XXE = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><document>&b;</document>'
LAUGHS = "<!DOCTYPE a [" + "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9)) + "]><a>&e9;</a>"
HOSTILE = {
    "program.exe": b"MZ\x90\x00" + b"0" * 200,
    "program.pdf": b"MZ\x90\x00" + b"0" * 200,
    "page.html": b"<script>alert(1)</script>",
    "page.jpg": b"<script>alert(1)</script>",
    "drawing.svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "drawing.png": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "old.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600,
    "old.docx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600,
    "macro.docm": office(("word/vbaProject.bin", b"x")),
    "macro.docx": office(("word/vbaProject.bin", b"x")),
    "bomb.docx": office(("word/big.xml", b"0" * 60_000_000)),
    "many.docx": office(*((f"word/{number}.xml", b"x") for number in range(600))),
    "climbing.docx": office(("../../etc/cron.d/x", b"x")),
    "absolute.docx": office(("/etc/passwd", b"x")),
    "entities.docx": office(("word/a.xml", XXE)),
    "laughs.docx": office(("word/a.xml", LAUGHS)),
    "archive.zip": office(),
    "archive.pdf": office(),
    "cut.docx": office()[:-30],
    "cut.jpg": photo()[:5000],
    "empty.pdf": b"",
    "wide.png": wide_picture(),
    "words.pdf": b"%PDF-1.7 no document",
    "nothing": b"%PDF-1.7",
    "null.pdf\x00.exe": b"MZ",
    "turned\u202efdp.exe": b"MZ",
    "../../../etc/passwd": b"root",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_is_refused_with_a_sentence_in_pieces_and_as_a_whole(app, client, hers, name):
    data = HOSTILE[name]

    in_pieces = send_whole(client, hers, data, name)
    form = {"quotes": (io.BytesIO(data), name), "upload": "quotes"}
    as_whole = client.post(f"{hers.url}/form/money", data=form, headers={"Accept-Language": "ru"})

    assert (in_pieces.status_code, as_whole.status_code) == (422, 422)
    assert in_pieces.json["message"] in as_whole.text
    assert count(app, Document) == 0
    assert kept_files(app) == set()
    with app.app_context():
        assert db.session.get_one(Application, hers.id).state == "draft"


def test_file_that_is_ended_many_times_at_once_leaves_nothing_that_no_row_names(app, client, hers):
    data = photo((1200, 900))
    url = begin(client, hers, data).json["url"]
    for offset in range(0, len(data), 256 << 10):
        send(client, url, data[offset : offset + (256 << 10)], offset)
    files = app.config["SETTINGS"].data / "files"

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _number: client.post(f"{url}/end", headers=RUSSIAN), range(4)))

    with app.app_context():
        named = set(db.session.scalars(select(Document.storage_key)))
    assert len(named) == 1
    assert {str(one.relative_to(files)) for one in files.rglob("*") if one.is_file()} == named


def test_file_that_finds_the_readers_busy_keeps_its_pieces_and_is_asked_again(app, client, hers, monkeypatch):
    data = photo()
    url = begin(client, hers, data).json["url"]
    send(client, url, data, 0)
    monkeypatch.setattr(confined, "WAITING_SECONDS", 0)
    places = [isolation._cleaner._places.acquire(blocking=False) for _place in range(99)]
    try:
        busy = client.post(f"{url}/end", headers=RUSSIAN)
    finally:
        for is_taken in places:
            if is_taken:
                isolation._cleaner._places.release()

    assert busy.status_code == 503
    assert client.get(url).json["offset"] == len(data)
    assert client.post(f"{url}/end", headers=RUSSIAN).status_code == 200
    assert count(app, Document) == 1
