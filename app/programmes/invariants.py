"""What always holds of programmes: SELECTs that must find nothing."""

from sqlalchemy import select

from app.core.audit import INSTALLATION, AuditHead
from app.modules import Invariant
from app.programmes.models import Programme

INVARIANTS = (
    Invariant(
        "programmes: an audit chain belongs to a programme or to the installation",
        lambda: (
            select(AuditHead.chain)
            .outerjoin(Programme, Programme.id == AuditHead.chain)
            .where(AuditHead.chain != INSTALLATION, Programme.id.is_(None))
        ),
    ),
)
