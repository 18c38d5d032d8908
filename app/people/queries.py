"""Every SELECT over people, accounts, sessions and consents."""

import hashlib
from collections import defaultdict
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from app.access.actor import Actor
from app.core.db import db
from app.people.models import Person, User, UserSession
from app.people.states import UserState


def session_digest(secret: str) -> str:
    """What is kept of a session's cookie."""
    return hashlib.sha256(secret.encode()).hexdigest()


def live_session(secret: str, at: datetime) -> UserSession | None:
    """The session this cookie opens, with its account and person, unless ended, expired or blocked."""
    wanted = (
        select(UserSession)
        .join(UserSession.user)
        .options(joinedload(UserSession.user).joinedload(User.person))
        .where(
            UserSession.token == session_digest(secret),
            UserSession.ended_at.is_(None),
            UserSession.expires_at > at,
            User.state == UserState.ACTIVE,
        )
    )
    return db.session.scalar(wanted)


def same_person_ids(person: Person) -> frozenset[int]:
    """The ids of all records that are this human being, linked by merging in either direction."""
    root = person.merged_into_id or person.id
    found = db.session.scalars(select(Person.id).where(or_(Person.id == root, Person.merged_into_id == root)))
    return frozenset(found) | {person.id}


def actor_for(user: User, roles: list[tuple[int, str]], *, session_id: int | None = None) -> Actor:
    """The actor of an account, given its (programme, role) pairs."""
    held: defaultdict[int, set[str]] = defaultdict(set)
    for programme_id, role in roles:
        held[programme_id].add(str(role))
    return Actor(
        label="user",
        user_id=user.id,
        session_id=session_id,
        person_ids=same_person_ids(user.person),
        name=user.person.full_name or user.email,
        email=user.email,
        language=user.language,
        roles={programme_id: frozenset(names) for programme_id, names in held.items()},
        is_administrator=user.is_administrator,
    )


def user_by_email(canonical: str) -> User | None:
    """The account with this canonical address."""
    return db.session.scalar(select(User).where(User.email == canonical))
