"""Every SELECT over people, accounts, sessions and consents."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, Select, and_, bindparam, false, func, or_, select
from sqlalchemy.orm import joinedload

from app.access.actor import SYSTEM, Actor
from app.access.door import visible_to
from app.access.policies import GRANTED, SILENT, Judgement, Policy, SqlJudgement
from app.core.columns import blind_index
from app.core.db import Model, db, in_kazakh_order, is_writing
from app.core.limits import one_by_one
from app.people.models import Attempt, Consent, Person, User, UserSession
from app.people.policy import ADMINISTRATOR, INSTALLATION, PERSONAL, Permission, judge_own_account, judge_own_person
from app.people.rules import LIMITS, Limit, canonical_email, network_of
from app.people.states import AttemptKind, ConsentKind, UserState

# --- Sessions and actors ------------------------------------------------------------------------------------------------


def session_digest(secret: str) -> str:
    """What is kept of a session's cookie."""
    return hashlib.sha256(secret.encode()).hexdigest()


# Put together once: every request asks this, and putting it together takes longer than the answer.
_LIVE_SESSION = (
    select(UserSession)
    .join(UserSession.user)
    .options(joinedload(UserSession.user).joinedload(User.person))
    .where(
        UserSession.token == bindparam("token"),
        UserSession.ended_at.is_(None),
        UserSession.expires_at > bindparam("at"),
        User.state == UserState.ACTIVE,
    )
)


def live_session(secret: str, at: datetime) -> UserSession | None:
    """The session this cookie opens, with its account and person, unless ended, expired or blocked."""
    return db.session.scalar(_LIVE_SESSION, {"token": session_digest(secret), "at": at})


def live_sessions(user_id: int, at: datetime) -> Sequence[UserSession]:
    """The devices on which an account is signed in, the latest used first."""
    wanted = select(UserSession).where(
        UserSession.user_id == user_id, UserSession.ended_at.is_(None), UserSession.expires_at > at
    )
    return db.session.scalars(wanted.order_by(UserSession.seen_at.desc(), UserSession.id.desc())).all()


def own_session(user_id: int, public_id: str) -> UserSession | None:
    """One of the account's own sessions."""
    return db.session.scalar(select(UserSession).where(UserSession.user_id == user_id, UserSession.public_id == public_id))


def own_session_row(actor: Actor) -> UserSession:
    """The session the actor acts in."""
    return db.session.scalars(select(UserSession).where(UserSession.id == actor.session_id)).one()


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


# --- Accounts -----------------------------------------------------------------------------------------------------------


def user_by_email(canonical: str) -> User | None:
    """The account with this canonical address."""
    return db.session.scalar(select(User).where(User.email == canonical))


def user_by_public_id(public_id: str) -> User | None:
    """The account a single-use link is for."""
    return db.session.scalar(select(User).where(User.public_id == public_id))


def own_user(actor: Actor) -> User:
    """The account of the actor."""
    return db.session.scalars(select(User).where(User.id == actor.user_id)).one()


def password_hash_of(canonical: str | None) -> str | None:
    """What a password of this address is compared with; None where there is nothing."""
    return db.session.scalar(select(User.password_hash).where(User.email == canonical))


def users_found(actor: Actor, text: str) -> Select[User]:
    """The accounts an administrator sees whose name or address holds `text`, by name."""
    wanted = visible_to(actor, User, Permission.USER_LIST).join(User.person)
    for word in text.split():
        pattern = f"%{_escaped(word.casefold())}%"
        names = (User.email, Person.family_name, Person.given_name)
        wanted = wanted.where(or_(*(_folded(name).like(pattern, escape="\\") for name in names)))
    return wanted.order_by(*in_kazakh_order(Person.family_name, Person.given_name), User.id)


def _folded(text: Any) -> ColumnElement[str]:
    """Lower case in every alphabet: SQLite's own `lower` knows only the Latin one."""
    return func.casefold(text) if db.engine.dialect.name == "sqlite" else func.lower(text)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def blocking_attempt(
    kind: AttemptKind, *, email: str, address: str, at: datetime, is_known_device: bool = False
) -> datetime | None:
    """Until when no more attempts of this kind are taken, or None; others cannot lock out a device the account knows.

    Who is about to count one waits for all that come before: as many pass as the limit says, however many ask at once.
    """
    account, network = account_index(email), network_index(address)
    if is_writing():
        one_by_one(f"{kind}:{account}", f"{kind}:{network}")
    until: list[datetime] = []
    for limit in _limits(kind):
        if is_known_device and not limit.per_network:
            continue
        wanted = select(Attempt.at).where(Attempt.kind == kind, Attempt.at > at - limit.lasts)
        if limit.per_account:
            wanted = wanted.where(Attempt.account == account)
        if limit.per_network:
            wanted = wanted.where(Attempt.address == network)
        times = db.session.scalars(wanted.order_by(Attempt.at.desc()).limit(limit.count)).all()
        if len(times) == limit.count:
            until.append(times[-1] + limit.lasts)
    return _whole_minute(max(until)) if until else None


def _whole_minute(at: datetime) -> datetime:
    """The next whole minute: people wait by clocks without seconds."""
    begun = at.replace(second=0, microsecond=0)
    return at if begun == at else begun + timedelta(minutes=1)


def _limits(kind: AttemptKind) -> tuple[Limit, ...]:
    if kind is not AttemptKind.SIGN_UP:
        return LIMITS[kind]
    # A hall or a school signs up from one network: the installation says how many an hour.
    per_network = Limit(
        current_app.config["SETTINGS"].sign_ups_per_hour, timedelta(hours=1), per_account=False, per_network=True
    )
    return (*LIMITS[kind], per_network)


def account_index(email: str) -> str:
    """How an address that was tried is counted, whether or not an account has it."""
    return blind_index("attempt.account", canonical_email(email) or email.strip().casefold()[:320])


def network_index(address: str) -> str:
    """How the network an attempt came from is counted."""
    return blind_index("attempt.address", network_of(address))


# --- Persons ------------------------------------------------------------------------------------------------------------


def person_by_iin(iin: str) -> Person | None:
    """The oldest record with this identity number that was not merged into another."""
    wanted = select(Person).where(Person.iin_index == iin_index(iin), Person.merged_into_id.is_(None))
    return db.session.scalar(wanted.order_by(Person.id).limit(1))


def person_without_account(canonical: str) -> Person | None:
    """Somebody entered by an organiser with this address, who has not signed up yet."""
    wanted = (
        select(Person)
        .outerjoin(User, User.person_id == Person.id)
        .where(Person.email == canonical, Person.merged_into_id.is_(None), User.id.is_(None))
    )
    return db.session.scalar(wanted.order_by(Person.id).limit(1))


def account_address(person: Person) -> str | None:
    """The address of the account of a person, or the one she is reached at without an account."""
    return db.session.scalar(select(User.email).where(User.person_id == person.id)) or person.email


def language_of(person: Person) -> str:
    """The language a person's account speaks, or the one entered for her; what her application says of its letters is apart."""
    return db.session.scalar(select(User.language).where(User.person_id == person.id)) or person.language


def merged_into(person_id: int) -> Sequence[Person]:
    """The records linked to this one."""
    return db.session.scalars(select(Person).where(Person.merged_into_id == person_id)).all()


def iin_index(iin: str) -> str:
    """By which an identity number is found without being readable."""
    return blind_index("people_persons.iin", iin)


def name_index(person: Person) -> str:
    """By which the record of acts tells names apart without holding them."""
    return blind_index("people_persons.name", person.full_name)


def phone_index(phone: str) -> str:
    """By which a phone number is found without being readable."""
    return blind_index("people_persons.phone", phone)


# --- Consents -----------------------------------------------------------------------------------------------------------


def standing_consents(person_ids: Iterable[int], scope: str) -> dict[ConsentKind, Consent]:
    """What a human being (all her records) agrees to in one scope: a competition's public id, or `installation`."""
    wanted = select(Consent).where(
        Consent.person_id.in_(sorted(person_ids)), Consent.scope == scope, Consent.withdrawn_at.is_(None)
    )
    return {consent.kind: consent for consent in db.session.scalars(wanted.order_by(Consent.given_at))}


def withdrawn_consents(person_ids: Iterable[int], scope: str) -> dict[ConsentKind, Consent]:
    """What a human being took back in one scope and has not given again: the last of each kind."""
    wanted = select(Consent).where(Consent.person_id.in_(sorted(person_ids)), Consent.scope == scope)
    given = db.session.scalars(wanted.order_by(Consent.withdrawn_at, Consent.id)).all()
    standing = {one.kind for one in given if one.withdrawn_at is None}
    return {one.kind: one for one in given if one.kind not in standing}


def withdrawn_by(scope: str, kind: ConsentKind) -> frozenset[int]:
    """Who took a consent of one scope back and has not given it again, by the record all hers are linked to."""
    whose = func.coalesce(Person.merged_into_id, Person.id)
    wanted = (
        select(whose)
        .select_from(Consent)
        .join(Person, Person.id == Consent.person_id)
        .where(Consent.scope == scope, Consent.kind == kind)
        .group_by(whose)
        .having(func.count() == func.count(Consent.withdrawn_at))
    )
    return frozenset(db.session.scalars(wanted))


def own_consents(actor: Actor) -> Sequence[Consent]:
    """All consents a person ever gave, the latest first."""
    wanted = select(Consent).where(Consent.person_id.in_(sorted(actor.person_ids)))
    return db.session.scalars(wanted.order_by(Consent.given_at.desc(), Consent.id.desc())).all()


def own_consent(actor: Actor, public_id: str) -> Consent | None:
    """One of the person's own consents."""
    wanted = select(Consent).where(Consent.public_id == public_id, Consent.person_id.in_(sorted(actor.person_ids)))
    return db.session.scalar(wanted)


# --- Policies -----------------------------------------------------------------------------------------------------------


def by_administrator(model: type[Model], permissions: Iterable[StrEnum]) -> Policy:
    """The policy of what administrators do with any row of `model`."""
    granted_ones = frozenset(permissions)

    def facts(_actor: Actor, ids: Sequence[int]) -> dict[int, None]:
        return dict.fromkeys(ids)

    def judge(_permission: StrEnum, actor: Actor, _facts: None) -> Judgement:
        return GRANTED if actor.is_administrator or actor is SYSTEM else SILENT

    def where(_permission: StrEnum, actor: Actor) -> SqlJudgement:
        is_allowed = actor.is_administrator or actor is SYSTEM
        table: type = model
        return SqlJudgement(granted=table.id.is_not(None) if is_allowed else false(), blocked=false())  # type: ignore[attr-defined]

    return Policy(model, granted_ones, facts, judge, where)


def _ids(_actor: Actor, ids: Sequence[int]) -> dict[int, int]:
    return {one: one for one in ids}


def _own_person(_permission: StrEnum, actor: Actor) -> SqlJudgement:
    return SqlJudgement(granted=Person.id.in_(sorted(actor.person_ids)), blocked=false())


def _own_account(_permission: StrEnum, actor: Actor) -> SqlJudgement:
    granted = and_(User.id == actor.user_id, User.is_administrator.is_(True)) if actor.is_administrator else false()
    return SqlJudgement(granted=granted, blocked=false())


POLICIES = (
    by_administrator(User, ADMINISTRATOR),
    Policy(Person, PERSONAL, _ids, judge_own_person, _own_person),
    Policy(User, INSTALLATION, _ids, judge_own_account, _own_account),
)
