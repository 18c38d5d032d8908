"""What always holds of programmes: SELECTs that must find nothing, and roles as they were given."""

from collections.abc import Iterator

from sqlalchemy import Select, String, and_, cast, or_, select

from app.core.audit import INSTALLATION, AuditEntry, AuditHead, newest
from app.core.db import db
from app.modules import Invariant, Seal
from app.people.models import User
from app.programmes.models import Membership, Programme


def _changed_roles() -> Iterator[str]:
    """By id: a role that nobody gave, that is another than was given, or that stands after it was ended; or its row is gone."""
    given, ended = (newest(Membership, AuditEntry.verb == verb) for verb in ("give_role", "end_role"))
    told = given.c.details
    kept: Select[str] = (
        select(Membership.public_id)
        .join(User, User.id == Membership.user_id)
        .outerjoin(given, and_(given.c.subject == Membership.public_id, given.c.chain == Membership.programme_id))
        .outerjoin(ended, ended.c.subject == Membership.public_id)
        .where(
            or_(
                told["user"].as_string().is_distinct_from(User.public_id),
                told["role"].as_string().is_distinct_from(cast(Membership.role, String)),
                Membership.ended_at.is_(None) != ended.c.subject.is_(None),
            )
        )
    )
    yield from db.session.scalars(kept.order_by(Membership.id))
    there = select(Membership.id).where(Membership.public_id == given.c.subject).correlate(given)
    yield from db.session.scalars(select(given.c.subject).where(~there.exists()).order_by(given.c.subject))


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
SEALS = (Seal("roles as they were given", _changed_roles),)
