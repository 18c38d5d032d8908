"""Issuing, replacing and revoking certificates; the worker makes their documents.

`issue("winner", subject=award.public_id, programme=programme, series="SA26", holder=Holder(name, public_name, person_id),
facts={"comp": Translation, "project": ..., "amount": 1000000, "organiser": ..., "city": ..., "signatory": ...,
"signatory_post": ...}, issued_on=day, by=actor, at=at)`. The kinds come from `Module.certificate_kinds`; facts are those its
sentence names and those every document shows. The same kind and subject again is the same certificate while it is valid.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask import current_app

from app.access.actor import SYSTEM
from app.certificates.events import HolderRenamed
from app.certificates.models import Certificate, CertificateFile
from app.certificates.notices import tell_replaced, tell_revoked
from app.certificates.queries import by_id, file_in, lock, next_count, valid_one
from app.certificates.rendering import frozen, render
from app.certificates.rules import Holder, check_facts, new_code, number_of
from app.certificates.states import RENDER, CertificateRefusal, CertificateState
from app.core import audit, clock, jobs, storage
from app.core.columns import LANGUAGES, new_public_id
from app.core.db import db, insert_or_nothing, use_case
from app.core.events import emit
from app.core.refusals import Refusal, RefusedError, refuse_if
from app.core.transitions import move
from app.modules import CertificateKind
from app.programmes.models import Programme


@use_case
def issue(
    kind: str,
    *,
    subject: str,
    programme: Programme,
    series: str,
    holder: Holder,
    facts: Mapping[str, Any],
    issued_on: date,
    by: audit.By,
    at: datetime,
    languages: tuple[str, ...] = LANGUAGES,
) -> Certificate:
    """Issue and number a certificate; its documents follow from the worker. Raises RefusedError where a fact is missing."""
    lock(programme)
    standing = valid_one(kind, subject)
    if standing is not None:
        return standing
    certificate = Certificate(
        kind=kind, subject=subject, series=series, languages=list(languages), issued_on=issued_on, programme_id=programme.id
    )  # fmt: skip
    return _number_and_record(certificate, holder, facts, by=by, at=at)


@use_case
def replace(
    certificate: Certificate,
    *,
    holder: Holder,
    facts: Mapping[str, Any],
    issued_on: date,
    reason: str,
    by: audit.By,
    at: datetime,
) -> Certificate:
    """Issue another certificate in place of a wrong one; the old code then answers that it was replaced."""
    lock(certificate.programme)
    if valid_one(certificate.kind, certificate.subject) not in {None, certificate}:
        raise RefusedError(Refusal(CertificateRefusal.ANOTHER_STANDS))
    heir = Certificate(
        public_id=new_public_id(), kind=certificate.kind, subject=certificate.subject, series=certificate.series,
        languages=certificate.languages, issued_on=issued_on, programme_id=certificate.programme_id,
    )  # fmt: skip
    with db.session.no_autoflush:  # a CHECK ties the date to the state: they change together
        certificate.reason, certificate.ended_at = reason, at
        move(certificate, CertificateState.REPLACED, by=by, at=at, heir=heir.public_id)
    certificate.replaced_by_id = _number_and_record(heir, holder, facts, by=by, at=at).id
    if heir.name != certificate.name and not heir.public_name:
        emit(HolderRenamed(heir.id))
    tell_replaced(certificate, heir)
    return heir


@use_case
def revoke(certificate: Certificate, *, reason: str, by: audit.By, at: datetime) -> None:
    """Make the certificate invalid for ever; its code then answers that it was revoked."""
    with db.session.no_autoflush:
        certificate.reason, certificate.ended_at = reason, at
        move(certificate, CertificateState.REVOKED, by=by, at=at)
    tell_revoked(certificate)


@use_case
def hide_name(certificate: Certificate, *, by: audit.By, at: datetime) -> None:
    """Take the name off the page that verifies the certificate; the document itself keeps it."""
    certificate.public_name = ""
    audit.record("hide_name", certificate, by=by, at=at, shown=certificate.shown)


@use_case
def show_name(certificate: Certificate, name: str, *, by: audit.By, at: datetime) -> None:
    """Name the holder otherwise on the page that verifies the certificate; the document itself keeps its name."""
    certificate.public_name = name
    audit.record("show_name", certificate, by=by, at=at, shown=certificate.shown)


@use_case
def note_download(certificate: Certificate, language: str, *, by: audit.By, at: datetime) -> None:
    """Record that somebody took the document."""
    audit.record("download", certificate, by=by, at=at, language=language)


def make_documents(job: jobs.Running, *, certificate: int) -> None:
    """Render what is missing, one language after another; made once however often this is cut off."""
    found = by_id(certificate)
    missing = [language for language in found.languages if file_in(found, language) is None]
    for done, language in enumerate(missing, start=1):
        _keep(found, language, storage.put(render(by_id(certificate), language), suffix=".pdf"))
        jobs.progress(job, done, len(missing))


def _number_and_record(
    certificate: Certificate, holder: Holder, facts: Mapping[str, Any], *, by: audit.By, at: datetime
) -> Certificate:
    kind: CertificateKind = current_app.extensions["baiqau"].certificate_kinds[certificate.kind]
    refuse_if(check_facts(kind.sentence, facts, tuple(certificate.languages), holder.name))
    certificate.letter, certificate.code = kind.letter, new_code()
    certificate.count = next_count(certificate.series, kind.letter)
    certificate.number = number_of(certificate.series, kind.letter, certificate.count)
    certificate.name, certificate.public_name, certificate.person_id = holder.name, holder.public_name, holder.person_id
    certificate.facts = frozen(facts)
    db.session.add(certificate)
    db.session.flush()
    audit.record(
        "issue", certificate, by=by, at=at, kind=certificate.kind, about=certificate.subject, number=certificate.number,
        sha256=certificate.said, shown=certificate.shown,
    )  # fmt: skip
    jobs.enqueue(RENDER, key=certificate.public_id, payload={"certificate": certificate.id})
    return certificate


@use_case
def _keep(certificate: Certificate, language: str, stored: storage.Stored) -> None:
    row = {
        "certificate_id": certificate.id, "language": language, "storage_key": stored.key, "size": stored.size,
        "sha256": stored.sha256, "rendered_at": clock.now(),
    }  # fmt: skip
    if insert_or_nothing(CertificateFile, **row):
        audit.record("print", certificate, by=SYSTEM, language=language, sha256=stored.sha256)
