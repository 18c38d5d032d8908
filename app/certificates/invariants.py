"""SELECTs over certificates that must find nothing."""

from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased

from app.certificates.models import Certificate, CertificateFile
from app.certificates.states import CertificateState
from app.modules import Invariant


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


INVARIANTS = (
    Invariant("certificates: a replaced one names its heir", _without_heir),
    Invariant("certificates: one is replaced by one for the same subject", _heirs_of_others),
    Invariant("certificates: a series has no gaps", _gaps_in_series),
    Invariant("certificates: a document is not empty", _empty_files),
)
