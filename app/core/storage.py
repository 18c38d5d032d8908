"""Files at rest: written safely before their row, under random names, read and served by key.

`put(data, suffix=".pdf") -> Stored(key, size, sha256)`; keep key, size and sha256 in your row, in the same transaction or
a later one. `read(key)`, `stream(key)`, `delete(key)`, `keys()`; `send(key, name=..., media_type=...)` answers a download.
A crash between file and row leaves a file nobody names, never a row without its file.
"""

import hashlib
import os
import secrets
import shutil
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO
from urllib.parse import parse_qs, quote, urlsplit

import obstore
from flask import Response, current_app
from obstore.exceptions import NotFoundError
from obstore.store import LocalStore, S3Store
from werkzeug.http import dump_options_header

KEY_BYTES = 24
CHUNK = 1 << 20
INCOMING = "incoming"
FREE_BYTES_NEEDED = 500 * 1024 * 1024


class FileMissingError(Exception):
    """The key names no file: the storage was damaged or restored apart from the database."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that is safe: its key, size and hash belong into a row."""

    key: str
    size: int
    sha256: str


def put(data: bytes | IO[bytes], *, suffix: str = "") -> Stored:
    """Keep a file; when this returns it survives a power failure."""
    digest, size = _measure(data)
    stored = Stored(secrets.token_urlsafe(KEY_BYTES) + suffix, size, digest)
    store = _store()
    if isinstance(store, LocalStore):
        _put_locally(store, stored.key, data)
    else:
        obstore.put(store, stored.key, data)
    return stored


def read(key: str) -> bytes:
    """The whole file."""
    return b"".join(stream(key))


def stream(key: str) -> Iterator[bytes]:
    """The file in pieces; raises FileMissingError before the first."""
    try:
        found = obstore.get(_store(), key)
    except (NotFoundError, FileNotFoundError) as error:
        raise FileMissingError(key) from error
    return (bytes(chunk) for chunk in found.stream(min_chunk_size=CHUNK))


def sha256_of(key: str) -> str | None:
    """The hash of the file as it lies there, or None where it is gone."""
    digest = hashlib.sha256()
    try:
        for piece in stream(key):
            digest.update(piece)
    except FileMissingError:
        return None
    return digest.hexdigest()


def delete(key: str) -> None:
    """Drop a file; dropping it twice is no error."""
    try:
        obstore.delete(_store(), key)
    except (NotFoundError, FileNotFoundError):
        return


def keys() -> Iterator[tuple[str, datetime]]:
    """Every file with the instant of its making, to find those that no row names."""
    for page in obstore.list(_store()):
        yield from ((one["path"], one["last_modified"]) for one in page if not one["path"].startswith(f"{INCOMING}/"))


def is_nearly_full() -> bool:
    """Whether uploads must be refused, so that what people type can still be saved."""
    _store()
    folder = _folder()
    return folder is not None and shutil.disk_usage(folder).free < FREE_BYTES_NEEDED


def send(key: str, *, name: str, media_type: str) -> Response:
    """The file as a download that no browser will run: attachment, sandboxed, with our own media type."""
    return as_download(Response(stream(key), mimetype=media_type), name)


def as_download(response: Response, name: str) -> Response:
    """Mark an answer as a download under `name`."""
    response.headers["Content-Disposition"] = _attachment(safe_name(name))
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def safe_name(name: str) -> str:
    """A name for a download: any script survives; separators, control and direction characters do not."""
    visible = "".join(c for c in name if unicodedata.category(c) != "Cf")
    kept = "".join(" " if c in '/\\:*?"<>|' or unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c for c in visible)
    shown = " ".join(unicodedata.normalize("NFC", kept).split()).lstrip(". ")
    stem, dot, extension = shown.rpartition(".")
    return (f"{stem[:100]}{dot}{extension[:10]}" if dot else shown[:100]) or "file"


def _attachment(name: str) -> str:
    """RFC 6266: the name in UTF-8, and one in ASCII for what reads no other."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().strip() or "file"
    return dump_options_header("attachment", {"filename": plain, "filename*": f"UTF-8''{quote(name, safe='')}"})


def _measure(data: bytes | IO[bytes]) -> tuple[str, int]:
    if isinstance(data, bytes):
        return hashlib.sha256(data).hexdigest(), len(data)
    data.seek(0)
    digest = hashlib.file_digest(data, "sha256").hexdigest()  # type: ignore[arg-type]  # real files have readinto
    size = data.seek(0, os.SEEK_END)
    data.seek(0)
    return digest, size


def _put_locally(store: LocalStore, key: str, data: bytes | IO[bytes]) -> None:
    """Temporary file, fsync, rename, fsync of the folder: without the last, rows point at missing files after power fails."""
    folder = _folder()
    assert folder is not None  # noqa: S101 - a LocalStore has one
    obstore.put(store, f"{INCOMING}/{key}", data)
    _sync(folder / INCOMING / key)
    obstore.rename(store, f"{INCOMING}/{key}", key)
    _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _folder() -> Path | None:
    parts = urlsplit(current_app.config["SETTINGS"].storage_url)
    return Path(parts.path) if parts.scheme == "file" else None


def _store() -> LocalStore | S3Store:
    kept: LocalStore | S3Store | None = current_app.extensions.get("baiqau.storage")
    if kept is None:
        kept = current_app.extensions["baiqau.storage"] = _open()
    return kept


def _open() -> LocalStore | S3Store:
    folder = _folder()
    if folder is not None:
        (folder / INCOMING).mkdir(parents=True, exist_ok=True)
        return LocalStore(folder)
    parts = urlsplit(current_app.config["SETTINGS"].storage_url)
    endpoint = parse_qs(parts.query).get("endpoint", [None])[0]
    # Keys come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, as every S3 tool reads them.
    options = {"allow_http": True} if endpoint and endpoint.startswith("http://") else {}
    return S3Store(parts.netloc, endpoint=endpoint, client_options=options)  # type: ignore[arg-type]
