"""What always holds of programmes and their members: SELECTs that must find nothing."""

from sqlalchemy import func, select

from app.core.audit import AuditHead
from app.modules import Invariant
from app.programmes.models import Membership, Programme

INVARIANTS = (
    Invariant(
        "programmes: an audit chain belongs to a programme or to the installation",
        lambda: (
            select(AuditHead.chain)
            .outerjoin(Programme, Programme.id == AuditHead.chain)
            .where(AuditHead.chain != 0, Programme.id.is_(None))
        ),
    ),
    Invariant(
        "programmes: an account holds a role in a programme once",
        lambda: (
            select(Membership.programme_id)
            .where(Membership.ended_at.is_(None))
            .group_by(Membership.programme_id, Membership.user_id, Membership.role)
            .having(func.count() > 1)
        ),
    ),
)
