"""SELECTs over certificates that must find nothing, and the hashes of their documents."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased

from app.certificates.models import Certificate, CertificateFile
from app.certificates.rules import digest_of
from app.certificates.states import CertificateState
from app.core import audit, storage
from app.core.db import db
from app.modules import Invariant, Seal

READ_AT_ONCE = 500


def _heirs_of_others() -> Select[Any]:
    heir = aliased(Certificate)
    pairs = select(Certificate.id).join(heir, heir.id == Certificate.replaced_by_id)
    return pairs.where(or_(heir.subject != Certificate.subject, heir.programme_id != Certificate.programme_id))


def _without_heir() -> Select[Any]:
    return select(Certificate.id).where(Certificate.state == CertificateState.REPLACED, Certificate.replaced_by_id.is_(None))


def _gaps_in_series() -> Select[Any]:
    series: Select[Any] = select(Certificate.series).group_by(Certificate.series, Certificate.letter)
    return series.having(func.max(Certificate.count) != func.count(Certificate.id))


def _empty_files() -> Select[Any]:
    return select(CertificateFile.id).where(CertificateFile.size <= 0)


def _changed_documents() -> Iterator[str]:
    """By number and language: the file is gone or is another, so that `/verify` would call the paper in hand a forgery."""
    wanted = select(CertificateFile, Certificate.number).join(Certificate, Certificate.id == CertificateFile.certificate_id)
    for file, number in db.session.execute(wanted.execution_options(yield_per=READ_AT_ONCE)):
        if storage.sha256_of(file.storage_key) != file.sha256:
            yield f"{number} {file.language}"


def _changed_facts() -> Iterator[str]:
    """By number: it says something else than when it was issued."""
    last = audit.newest(Certificate, audit.AuditEntry.verb == "issue")
    issued = select(Certificate, last.c.details["sha256"].as_string()).outerjoin(last, last.c.subject == Certificate.public_id)
    wanted = issued.order_by(Certificate.id).execution_options(populate_existing=True, yield_per=READ_AT_ONCE)
    for one, sha256 in db.session.execute(wanted):
        if digest_of(one.code, one.number, one.name, one.facts) != sha256:
            yield one.number


INVARIANTS = (
    Invariant("certificates: a replaced one names its heir", _without_heir),
    Invariant("certificates: one is replaced by one for the same subject", _heirs_of_others),
    Invariant("certificates: a series has no gaps", _gaps_in_series),
    Invariant("certificates: a document is not empty", _empty_files),
)
SEALS = (Seal("documents of certificates", _changed_documents), Seal("what certificates say", _changed_facts))
