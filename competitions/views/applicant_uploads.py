"""Sending a file in pieces over a weak network: the contract of `static/js/uploads.js`. A form sends it whole without it.

POST .../uploads {question, name, size, sha256} -> {url, offset}; POST url {offset, piece} -> {offset}, 409 where it does not
begin at what is safe; GET url -> {offset}; POST url/end cleans and attaches. Small pictures of her own photos are here too.
"""

import hashlib
from io import BytesIO

from flask import Response, jsonify, request, url_for
from flask_babel import gettext as _
from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as BaseResponse

from app.access.door import AbsentError, decide, fetch
from app.access.routes import WRITING_LIMIT, requires, takes
from app.core import storage
from app.core.cleaning.kinds import IMAGES
from app.core.refusals import Refusal, RefusedError, UploadRefusal
from app.core.uploads import KeptFile, accept_upload, keep, let_go
from app.jinja import sentence
from app.request import actor, arrived_at, before_writing, prepared
from competitions.models import Application, Upload
from competitions.policy import Permission
from competitions.queries.application import own_document
from competitions.queries.upload import arrived_bytes, own_upload, pieces_of
from competitions.rules.application import ApplicationRefusal
from competitions.services.document import attach_document
from competitions.services.upload import PIECE_LIMIT, Promise, begin_upload, drop_piece, drop_upload, take_piece
from competitions.views.applicant_history import bp

__all__ = ["bp"]

HASH_LENGTH = 64
THUMBNAIL = (160, 160)
PICTURES = frozenset(kind.value for kind in IMAGES)


@bp.post("/applications/<public_id>/uploads")
@requires(Permission.APPLICATION_SAVE)
def begin(public_id: str) -> BaseResponse:
    """Where to send the pieces, and from which byte on."""
    own = fetch(Application, public_id, may=Permission.APPLICATION_SAVE)
    if (closed := _closed(own)) is not None:
        return closed
    sha256 = request.form.get("sha256", "")
    promise = Promise(
        question_key=request.form.get("question", "")[:40],
        name=request.form.get("name", ""),
        size=_number("size"),
        sha256=sha256 if len(sha256) == HASH_LENGTH and sha256.isascii() and sha256.isalnum() else "",
    )
    try:
        made = begin_upload(own, promise, by=actor(), at=arrived_at())
    except RefusedError as refused:
        return _refused(refused.refusals[0])
    return jsonify(url=url_for(".progress", public_id=public_id, upload_id=made.public_id), offset=arrived_bytes(made))


@bp.get("/applications/<public_id>/uploads/<upload_id>")
@requires(Permission.APPLICATION_SAVE)
def progress(public_id: str, upload_id: str) -> Response:
    """How much of it is safe here."""
    _own, upload = _fetch(public_id, upload_id)
    return jsonify(offset=arrived_bytes(upload))


def _stored_piece(public_id: str, upload_id: str) -> storage.Stored | None:
    """Store a piece before the transaction opens; None where it is no piece, or nothing is taken any more."""
    own, _upload = _fetch(public_id, upload_id)
    sent = request.files.get("piece")
    if sent is None or not decide(actor(), Permission.APPLICATION_EDIT, own).is_allowed:
        return None
    with sent.stream:
        data = sent.stream.read(PIECE_LIMIT + 1)
    return storage.put(data) if 0 < len(data) <= PIECE_LIMIT else None


@bp.post("/applications/<public_id>/uploads/<upload_id>")
@takes(WRITING_LIMIT)
@before_writing(_stored_piece)
@requires(Permission.APPLICATION_SAVE)
def piece(public_id: str, upload_id: str) -> BaseResponse:
    """Keep the next piece."""
    stored: storage.Stored | None = prepared()
    own, upload = _fetch_locked(public_id, upload_id, stored)
    if (closed := _closed(own, stored)) is not None:
        return closed
    if stored is None:
        return _refused(Refusal(ApplicationRefusal.PIECE_WRONG))
    offset = _number("offset")
    try:
        safe = take_piece(upload, stored, offset=offset)
    except RefusedError as refused:
        drop_piece(stored)
        return _refused(refused.refusals[0])
    response = jsonify(offset=safe)
    response.status_code = 200 if safe == offset + stored.size else 409
    return response


def _whole(public_id: str, upload_id: str) -> KeptFile | Refusal | None:
    """Put together and clean before the transaction opens; None where something is still to come."""
    own, upload = _fetch(public_id, upload_id)
    if not decide(actor(), Permission.APPLICATION_EDIT, own).is_allowed or arrived_bytes(upload) != upload.size:
        return None
    data = b"".join(storage.read(one.storage_key) for one in pieces_of(upload))
    if upload.sha256 and hashlib.sha256(data).hexdigest() != upload.sha256:
        return Refusal(UploadRefusal.DAMAGED, field=upload.question_key)
    try:
        return keep(accept_upload(FileStorage(BytesIO(data), filename=upload.name), field=upload.question_key))
    except RefusedError as refused:
        return refused.refusals[0]


@bp.post("/applications/<public_id>/uploads/<upload_id>/end")
@before_writing(_whole)
@requires(Permission.APPLICATION_SAVE)
def end(public_id: str, upload_id: str) -> BaseResponse:
    """Attach the file that is whole, or say why not; either way its pieces go, unless it is only to be asked again later."""
    found: KeptFile | Refusal | None = prepared()
    own, upload = _fetch_locked(public_id, upload_id, found.stored if isinstance(found, KeptFile) else None)
    if (closed := _closed(own, found.stored if isinstance(found, KeptFile) else None)) is not None:
        return closed
    if found is None:
        return _refused(Refusal(ApplicationRefusal.PIECE_WRONG))
    refusal = found if isinstance(found, Refusal) else _attach(own, upload, found)
    if refusal is not None and refusal.code is UploadRefusal.BUSY:
        return _said(sentence(refusal), 503)
    drop_upload(upload)
    return _refused(refusal) if refusal is not None else jsonify(message=_("Attached."))


@bp.get("/applications/<public_id>/documents/<document_id>/small")
@requires(Permission.APPLICATION_SAVE)
def small(public_id: str, document_id: str) -> BaseResponse:
    """A small picture of one of her photos; it was made anew when it came, so nothing of a stranger is read here."""
    own = fetch(Application, public_id, may=Permission.APPLICATION_SAVE)
    document = own_document(own, document_id)
    if document is None or document.extension not in PICTURES:
        raise AbsentError
    out = BytesIO()
    with Image.open(BytesIO(storage.read(document.storage_key)), formats=["JPEG", "PNG", "WEBP"]) as image:
        image.draft("RGB", THUMBNAIL)
        image.thumbnail(THUMBNAIL)
        image.convert("RGB").save(out, "JPEG", quality=75)
    response = Response(out.getvalue(), mimetype="image/jpeg")
    response.headers["Cache-Control"] = "private, max-age=86400"
    return response


def _attach(own: Application, upload: Upload, kept: KeptFile) -> Refusal | None:
    try:
        attach_document(own, upload.question_key, kept, by=actor(), at=arrived_at())
    except RefusedError as refused:
        let_go(kept)
        return refused.refusals[0]
    return None


def _fetch(public_id: str, upload_id: str, *, lock: bool = False) -> tuple[Application, Upload]:
    own = fetch(Application, public_id, may=Permission.APPLICATION_SAVE)
    upload = own_upload(own, upload_id, actor(), lock=lock)
    if upload is None:
        raise AbsentError
    return own, upload


def _fetch_locked(public_id: str, upload_id: str, stored: storage.Stored | None) -> tuple[Application, Upload]:
    """The upload for who writes on it; what was stored for it goes where another request has ended it meanwhile."""
    try:
        return _fetch(public_id, upload_id, lock=True)
    except AbsentError:
        if stored is not None:
            storage.delete(stored.key)
        raise


def _closed(own: Application, stored: storage.Stored | None = None) -> BaseResponse | None:
    """Why nothing can be attached now, or None; what was stored for it goes."""
    may = decide(actor(), Permission.APPLICATION_EDIT, own)
    if may.is_allowed:
        return None
    if stored is not None:
        drop_piece(stored)
    return _said(" ".join(map(sentence, may.reasons)), 422)


def _refused(refusal: Refusal) -> BaseResponse:
    return _said(sentence(refusal), 422)


def _said(message: str, status: int) -> BaseResponse:
    response = jsonify(message=message)
    response.status_code = status
    return response


def _number(name: str) -> int:
    """A whole number of bytes; what is none is -1."""
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else -1  # noqa: PLR2004
