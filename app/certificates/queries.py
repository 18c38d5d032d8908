"""Every SELECT over certificates."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, false, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from app.access.actor import SYSTEM, Actor
from app.access.door import visible_to
from app.access.policies import GRANTED, SILENT, Judgement, Policy, SqlJudgement
from app.certificates.models import Certificate, CertificateFile
from app.certificates.policy import GRANTS, HOLDER, CertificateFacts, Permission, grants_certificate
from app.certificates.states import CertificateState, Finding
from app.core.db import db
from app.programmes.models import Programme


def _facts(_actor: Actor, ids: Sequence[int]) -> Mapping[int, CertificateFacts]:
    rows = select(Certificate.id, Certificate.programme_id, Certificate.person_id).where(Certificate.id.in_(ids))
    return {one: CertificateFacts(programme_id, person_id) for one, programme_id, person_id in db.session.execute(rows)}


def _judge(permission: StrEnum, actor: Actor, facts: CertificateFacts) -> Judgement:
    return GRANTED if grants_certificate(permission, actor, facts) else SILENT


def _where(permission: StrEnum, actor: Actor) -> SqlJudgement:
    if actor is SYSTEM:
        return SqlJudgement(granted=true(), blocked=false())
    granted: ColumnElement[bool] = Certificate.programme_id.in_(sorted(actor.programmes_with(*GRANTS[permission])))
    if permission in HOLDER:
        granted = or_(granted, Certificate.person_id.in_(sorted(actor.person_ids)))
    return SqlJudgement(granted=granted, blocked=false())


POLICY = Policy(Certificate, frozenset(Permission), _facts, _judge, _where)

WHOLE = (joinedload(Certificate.programme).joinedload(Programme.organisation), selectinload(Certificate.files))


def held_by(actor: Actor) -> Sequence[Certificate]:
    """The actor's own certificates, newest first."""
    own = select(Certificate).where(Certificate.person_id.in_(sorted(actor.person_ids))).options(*WHOLE)
    return db.session.scalars(own.order_by(Certificate.issued_on.desc(), Certificate.id.desc())).all()


def issued(actor: Actor) -> Select[Certificate]:
    """Those of the actor's programmes, newest first."""
    found = visible_to(actor, Certificate, Permission.CERTIFICATE_LIST).options(*WHOLE)
    return found.order_by(Certificate.issued_on.desc(), Certificate.id.desc())


def by_code(code: str | None) -> Certificate | None:
    """The certificate with this printed code."""
    return db.session.scalar(select(Certificate).where(Certificate.code == code).options(*WHOLE)) if code else None


def by_id(certificate_id: int) -> Certificate:
    """One certificate with its files."""
    return db.session.scalars(select(Certificate).where(Certificate.id == certificate_id).options(*WHOLE)).one()


def whole(certificate: Certificate) -> Certificate:
    """The same certificate with its programme and files at hand."""
    return by_id(certificate.id)


def valid_one(kind: str, subject: str) -> Certificate | None:
    """The standing certificate of this kind for this subject: an award, a seat at a seminar."""
    wanted = select(Certificate).where(
        Certificate.kind == kind, Certificate.subject == subject, Certificate.state == CertificateState.VALID
    )
    return db.session.scalar(wanted.options(*WHOLE))


def file_in(certificate: Certificate, language: str) -> CertificateFile | None:
    """The document in one language, once it is made."""
    wanted = select(CertificateFile).where(
        CertificateFile.certificate_id == certificate.id, CertificateFile.language == language
    )
    return db.session.scalar(wanted)


def lock(programme: Programme) -> None:
    """Let the programme's certificates be numbered one after another."""
    db.session.execute(select(Programme.id).where(Programme.id == programme.id).with_for_update())


def next_count(series: str, letter: str) -> int:
    """The next number of a series; the unique constraint holds it against parallel writers."""
    last = select(func.max(Certificate.count)).where(Certificate.series == series, Certificate.letter == letter)
    return (db.session.scalar(last) or 0) + 1


def find(certificate: Certificate | None) -> Finding:
    """What a look-up answers."""
    return Finding.UNKNOWN if certificate is None else Finding(certificate.state.value)


def language_of(certificate: Certificate, sha256: str) -> str | None:
    """The language of the issued document with this hash, None where no issued one has it."""
    same = select(CertificateFile.language).where(
        CertificateFile.certificate_id == certificate.id, CertificateFile.sha256 == sha256
    )
    return db.session.scalar(same)
