"""The verbs of an applicant's files: attach and remove."""

from datetime import datetime

from app.core import audit, storage
from app.core.audit import By
from app.core.cleaning.kinds import MEGABYTE
from app.core.db import after_commit, db, use_case
from app.core.refusals import Refusal, RefusedError
from app.core.uploads import KeptFile, let_go
from competitions.models import Application, Document
from competitions.queries.application import all_sizes, documents_of, kept_bytes, versions_of
from competitions.queries.form import question_of
from competitions.rules.application import FILE_LIMIT, ApplicationRefusal
from competitions.states import QuestionKind

SIZE_LIMIT = 50 * MEGABYTE
# Of all her applications together, with what was taken off but stands in a submitted version.
PERSON_LIMIT = 200 * MEGABYTE


def ask_room(application: Application, question_key: str, more: int) -> None:
    """Refuse a file of `more` bytes for which a question, an application or a person has no room."""
    question = question_of(application, question_key)
    if question is None or question.kind is not QuestionKind.FILE:
        raise RefusedError(Refusal(ApplicationRefusal.UNKNOWN_QUESTION))
    mine = [one for one in documents_of(application) if one.question_key == question_key]
    count, size = all_sizes(application)
    limit = int(question.options.get("limit", FILE_LIMIT))
    if len(mine) >= limit or count >= FILE_LIMIT:
        raise RefusedError(Refusal(ApplicationRefusal.TOO_MANY_FILES, {"limit": min(limit, FILE_LIMIT)}, field=question_key))
    if size + more > SIZE_LIMIT:
        raise RefusedError(Refusal(ApplicationRefusal.FILES_TOO_LARGE, {"limit": SIZE_LIMIT // MEGABYTE}, field=question_key))
    if kept_bytes(application) + more > PERSON_LIMIT:
        raise RefusedError(Refusal(ApplicationRefusal.ACCOUNT_FULL, {"limit": PERSON_LIMIT // MEGABYTE}, field=question_key))


@use_case
def attach_document(application: Application, question_key: str, kept: KeptFile, *, by: By, at: datetime) -> Document:
    """Take a kept file as the answer to a question; the same file again is let go. Whoever is refused lets it go too."""
    stored, clean = kept.stored, kept.clean
    ask_room(application, question_key, stored.size)
    mine = [one for one in documents_of(application) if one.question_key == question_key]
    same = next((one for one in mine if one.sha256 == stored.sha256), None)
    if same is not None:
        let_go(kept)
        return same
    document = Document(
        application_id=application.id,
        question_key=question_key,
        name=clean.name,
        media_type=clean.media_type,
        extension=clean.extension,
        size=stored.size,
        sha256=stored.sha256,
        storage_key=stored.key,
        uploaded_at=at,
    )
    db.session.add(document)
    application.edited_at = at
    db.session.flush()
    audit.record(
        "attach", application, by=by, at=at, document=document.public_id, size=stored.size, sha256=stored.sha256
    )  # fmt: skip
    return document


@use_case
def remove_document(application: Application, document: Document, *, by: By, at: datetime) -> None:
    """Take a file out of the application; what a submitted version names stays as it was submitted."""
    named = {one["public_id"] for version in versions_of(application) for one in version.documents}
    if document.public_id in named:
        document.removed_at = at
    else:
        key = document.storage_key
        db.session.delete(document)
        after_commit(lambda: storage.delete(key))
    application.edited_at = at
    audit.record("detach", application, by=by, at=at, document=document.public_id)
