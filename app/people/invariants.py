"""What always holds of people and accounts: SELECTs that must find nothing, and accounts as they were made."""

from collections.abc import Iterator

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from app.core.audit import AuditEntry, newest
from app.core.db import db
from app.modules import Invariant, Seal
from app.people.models import Consent, Person, User, UserSession
from app.people.states import ConsentKind, PublicName, UserState

_target = aliased(Person)


def _changed_accounts() -> Iterator[str]:
    """By id: an account that nobody made, that is an administrator's and was not made so, or is of another person."""
    made = newest(User, AuditEntry.verb == "create")
    kept = (
        select(User.public_id)
        .join(Person, Person.id == User.person_id)
        .outerjoin(made, made.c.subject == User.public_id)
        .where(
            or_(
                made.c.details["is_administrator"].as_boolean().is_distinct_from(User.is_administrator),
                made.c.details["person"].as_string().is_distinct_from(Person.public_id),
            )
        )
    )
    yield from db.session.scalars(kept.order_by(User.id))


INVARIANTS = (
    Invariant(
        "people: a record merges into one that is not merged itself",
        lambda: select(Person.id).join(_target, Person.merged_into_id == _target.id).where(_target.merged_into_id.is_not(None)),
    ),
    Invariant(
        "people: letters to the holder of an account go to its confirmed address",
        lambda: select(User.id).join(User.person).where(Person.email.is_distinct_from(User.email)),
    ),
    Invariant(
        "people: a blocked account is signed in nowhere",
        lambda: (
            select(UserSession.id).join(UserSession.user).where(User.state == UserState.BLOCKED, UserSession.ended_at.is_(None))
        ),
    ),
    Invariant(
        "people: what is encrypted can be found, and only that",
        lambda: select(Person.id).where(
            (Person.iin.is_(None) != Person.iin_index.is_(None)) | (Person.phone.is_(None) != Person.phone_index.is_(None))
        ),
    ),
    Invariant(
        "people: a consent to be named says how",
        lambda: select(Consent.id).where(Consent.kind == ConsentKind.NAME, Consent.value.not_in(list(PublicName))),
    ),
)
SEALS = (Seal("accounts as they were made", _changed_accounts),)
