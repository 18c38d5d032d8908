"""What always holds of people and accounts: SELECTs that must find nothing."""

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.modules import Invariant
from app.people.models import Consent, Person, User, UserSession
from app.people.states import ConsentKind, PublicName, UserState

_target = aliased(Person)

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
