"""SELECTs over certificates that must find nothing, and the hashes of their documents."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, Subquery, and_, func, or_, select
from sqlalchemy.orm import aliased

from app.certificates.models import Certificate, CertificateFile
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
    """By number and language: the file is gone or is not the one that was made; `/verify` would err about the paper in hand."""
    made = _made_documents()
    both = and_(CertificateFile.certificate_id == Certificate.id, CertificateFile.language == made.c.language)
    wanted = (
        select(Certificate.number, made.c.language, made.c.sha256, CertificateFile)
        .join(made, made.c.subject == Certificate.public_id)
        .outerjoin(CertificateFile, both)
        .order_by(Certificate.id, made.c.language)
    )
    for number, language, sha256, file in db.session.execute(
        wanted.execution_options(populate_existing=True, yield_per=READ_AT_ONCE)
    ):
        if file is None or not storage.sha256_of(file.storage_key) == file.sha256 == sha256:
            yield f"{number} {language}"
    told = select(made.c.subject).where(both, made.c.subject == Certificate.public_id).correlate(Certificate, CertificateFile)
    unknown = select(Certificate.number, CertificateFile.language).join(
        CertificateFile, CertificateFile.certificate_id == Certificate.id
    )
    yield from (f"{number} {language}" for number, language in db.session.execute(unknown.where(~told.exists())))


def _made_documents() -> Subquery:
    entry = audit.AuditEntry
    language, sha256 = entry.details["language"].as_string(), entry.details["sha256"].as_string()
    told = select(entry.subject, language.label("language"), sha256.label("sha256"))
    return told.where(entry.noun == Certificate.__name__, entry.verb == "print").subquery()


def _changed_facts() -> Iterator[str]:
    """By number: it says something else than when it was issued, or shows strangers another name than was agreed."""
    details = audit.AuditEntry.details
    issued = audit.newest(Certificate, audit.AuditEntry.verb == "issue")
    named = audit.newest(Certificate, details["shown"].as_string().is_not(None))
    recorded = (
        select(Certificate, issued.c.details["sha256"].as_string(), named.c.details["shown"].as_string())
        .outerjoin(issued, issued.c.subject == Certificate.public_id)
        .outerjoin(named, named.c.subject == Certificate.public_id)
    )
    wanted = recorded.order_by(Certificate.id).execution_options(populate_existing=True, yield_per=READ_AT_ONCE)
    for one, said, shown in db.session.execute(wanted):
        if (one.said, one.shown) != (said, shown):
            yield one.number


INVARIANTS = (
    Invariant("certificates: a replaced one names its heir", _without_heir),
    Invariant("certificates: one is replaced by one for the same subject", _heirs_of_others),
    Invariant("certificates: a series has no gaps", _gaps_in_series),
    Invariant("certificates: a document is not empty", _empty_files),
)
SEALS = (Seal("documents of certificates", _changed_documents), Seal("what certificates say", _changed_facts))
