"""Files are safe before their row, named at random, and served as downloads no browser runs."""

import hashlib
import io
import os
import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from app.core import storage

NAMES = [
    ("Өтінім құжаты.pdf", "Өтінім құжаты.pdf"),
    ("../../etc/passwd", "etc passwd"),
    ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie x.pdf"),
    ("fdp.\u202exe.pdf", "fdp.xe.pdf"),
    ("", "file"),
    (".htaccess", "htaccess"),
    ("x" * 300 + ".pdf", "x" * 100 + ".pdf"),
]


def test_file_comes_back_as_it_went(database):
    stored = storage.put("құжат".encode(), suffix=".txt")

    assert storage.read(stored.key).decode() == "құжат"
    assert (stored.size, stored.sha256) == (10, hashlib.sha256("құжат".encode()).hexdigest())
    assert stored.key.endswith(".txt")
    assert len(stored.key) > 30


def test_open_file_is_stored_from_its_beginning(database):
    stream = io.BytesIO(b"x" * 3_000_000)
    stream.read(10)
    stored = storage.put(stream)

    assert stored.size == 3_000_000
    assert sum(len(piece) for piece in storage.stream(stored.key)) == 3_000_000


def test_dropped_file_is_missing_and_may_be_dropped_again(database):
    key = storage.put(b"1").key
    storage.delete(key)
    storage.delete(key)

    with pytest.raises(storage.FileMissingError):
        storage.read(key)
    assert list(storage.keys()) == []


@pytest.mark.parametrize("key", ["../secrets/secret_key", "/etc/passwd", "a/../../x"])
def test_keys_cannot_leave_the_folder(database, key):
    with pytest.raises(Exception) as caught:  # noqa: PT011 - whichever the store answers, it is no file
        storage.read(key)

    assert not isinstance(caught.value, AssertionError)


def test_file_and_folder_are_synced_before_the_name_is_given(database, app, tmp_path):
    """Seen by the kernel's own order: the name appears only after the content was synced, the folder after that."""
    folder = app.config["SETTINGS"].data / "files"
    storage.put(b"0")
    synced, sync = [], os.fsync

    def watch(descriptor):
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        synced.append((str(path.relative_to(folder)), {file.name for file in folder.iterdir()}))
        sync(descriptor)

    os.fsync = watch
    try:
        key = storage.put(b"1").key
    finally:
        os.fsync = sync

    assert [path for path, _names in synced] == [f"incoming/{key}", "."]
    assert key not in synced[0][1]
    assert key in synced[1][1]


@pytest.mark.parametrize(("given", "kept"), NAMES)
def test_names_of_downloads_keep_letters_and_lose_tricks(given, kept):
    assert storage.safe_name(given) == kept


def test_download_is_an_attachment_in_a_sandbox(database, app):
    key = storage.put(b"<script>").key
    with app.test_request_context():
        answer = storage.send(key, name="Өтінім.html", media_type="application/pdf")

    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Disposition"].isascii()
    assert "filename*=UTF-8''%D3%A8%D1%82" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.mimetype == "application/pdf"


def test_uploads_stop_before_the_disk_is_full(database, monkeypatch):
    usage = namedtuple("usage", "total used free")  # noqa: PYI024 - as shutil gives it
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(10**10, 10**10, 10**8))

    assert storage.is_nearly_full()
