"""Every SELECT over organisations, programmes and memberships."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from app.access.actor import SYSTEM, Actor
from app.access.door import visible_to
from app.access.policies import GRANTED, SILENT, Judgement, Policy, SqlJudgement
from app.core import tokens
from app.core.audit import INSTALLATION, AuditEntry
from app.core.db import db, in_kazakh_order
from app.core.tokens import Token
from app.people.models import Person, User
from app.people.queries import actor_for, by_administrator, user_by_email
from app.people.states import UserState
from app.programmes.models import Membership, Organisation, Programme
from app.programmes.policy import ADMINISTRATOR, GRANTS, MEMBER_GRANTS, Permission
from app.programmes.states import InvitationPurpose, Role


def standing_roles(user_id: int) -> list[tuple[int, str]]:
    """The (programme, role) pairs an account holds now."""
    wanted = select(Membership.programme_id, Membership.role).where(
        Membership.user_id == user_id, Membership.ended_at.is_(None)
    )
    return [(programme_id, role.value) for programme_id, role in db.session.execute(wanted)]


def actor_of(user: User, session_id: int | None = None) -> Actor:
    """The actor of an account with its present roles."""
    return actor_for(user, standing_roles(user.id), session_id=session_id)


def by_role(
    model: type[Any], grants: Mapping[StrEnum, frozenset[str]], *, programme: InstrumentedAttribute[int] | None = None
) -> Policy:
    """The common policy of what a programme owns: its members' roles grant; see each module's `policy.GRANTS`.

    `programme` is the column that holds the programme's id, `model.programme_id` unless told.
    """
    owner: Any = programme if programme is not None else model.programme_id

    def facts(_actor: Actor, ids: Sequence[int]) -> dict[int, int]:
        return {row[0]: row[1] for row in db.session.execute(select(model.id, owner).where(model.id.in_(ids)))}

    def judge(permission: StrEnum, actor: Actor, programme_id: int) -> Judgement:
        if actor is SYSTEM:
            return GRANTED
        return GRANTED if actor.has_role(programme_id, *grants.get(permission, ())) else SILENT

    def where(permission: StrEnum, actor: Actor) -> SqlJudgement:
        if actor is SYSTEM:
            return SqlJudgement(granted=model.id == model.id, blocked=false())
        granted: ColumnElement[bool] = owner.in_(sorted(actor.programmes_with(*grants.get(permission, ()))))
        return SqlJudgement(granted=granted, blocked=false())

    return Policy(model, frozenset(grants), facts, judge, where)


# --- Programmes and organisations ---------------------------------------------------------------------------------------


def readable_programmes(actor: Actor) -> Sequence[Programme]:
    """The programmes an actor has a role in."""
    return _by_name(visible_to(actor, Programme, Permission.PROGRAMME_READ))


def member_programmes(actor: Actor) -> Sequence[Programme]:
    """The programmes whose members an actor looks after."""
    return _by_name(visible_to(actor, Programme, Permission.PROGRAMME_MEMBERS))


def editable_programmes(actor: Actor) -> Sequence[Programme]:
    """All programmes, for administrators."""
    return _by_name(visible_to(actor, Programme, Permission.PROGRAMME_EDIT))


def _by_name(wanted: Select[Any]) -> Sequence[Programme]:
    rows: Sequence[Any] = db.session.scalars(wanted.options(joinedload(Programme.organisation)).order_by(Programme.slug)).all()
    return rows


def programme_by_slug(slug: str) -> Programme | None:
    """The programme with this address."""
    return db.session.scalar(select(Programme).where(Programme.slug == slug))


def programme_of(membership: Membership) -> Programme:
    """The programme of a role."""
    return db.session.scalars(select(Programme).where(Programme.id == membership.programme_id)).one()


def programme_by_public_id(public_id: str) -> Programme | None:
    """The programme an invitation is to."""
    wanted = select(Programme).where(Programme.public_id == public_id).options(joinedload(Programme.organisation))
    return db.session.scalar(wanted)


def organisations(actor: Actor) -> Sequence[Organisation]:
    """All organisations, for administrators."""
    wanted = visible_to(actor, Organisation, Permission.ORGANISATION_EDIT)
    rows: Sequence[Any] = db.session.scalars(wanted.order_by(Organisation.kind, Organisation.id)).all()
    return rows


def organisation_choices() -> list[tuple[int, Organisation]]:
    """Who may hold a programme, for the form of programmes."""
    return [(one.id, one) for one in db.session.scalars(select(Organisation).order_by(Organisation.id))]


# --- Members ------------------------------------------------------------------------------------------------------------


def members(programme_id: int) -> Sequence[Membership]:
    """Who has a role now, by name."""
    wanted = (
        select(Membership)
        .join(Membership.user)
        .join(User.person)
        .options(joinedload(Membership.user).joinedload(User.person))
        .where(Membership.programme_id == programme_id, Membership.ended_at.is_(None))
    )
    return db.session.scalars(wanted.order_by(*in_kazakh_order(Person.family_name, Person.given_name), Membership.role)).all()


def standing_membership(programme_id: int, user_id: int, role: Role) -> Membership | None:
    """The role an account holds now, if it does."""
    wanted = select(Membership).where(
        Membership.programme_id == programme_id,
        Membership.user_id == user_id,
        Membership.role == role,
        Membership.ended_at.is_(None),
    )
    return db.session.scalar(wanted)


def has_ended_since(programme_id: int, user_id: int, role: Role, instant: datetime) -> bool:
    """Whether this role of the account was taken away after an instant."""
    wanted = select(Membership.id).where(
        Membership.programme_id == programme_id,
        Membership.user_id == user_id,
        Membership.role == role,
        Membership.ended_at >= instant,
    )
    return db.session.scalar(wanted.limit(1)) is not None


def holder_of(membership: Membership) -> User:
    """The account that holds a role."""
    return db.session.scalars(select(User).where(User.id == membership.user_id)).one()


def organisers(programme_id: int) -> Sequence[User]:
    """The accounts of the organisers a programme has now."""
    return accounts_with(programme_id, {Role.ORGANISER})


def accounts_with(programme_id: int, roles: Collection[Role]) -> Sequence[User]:
    """The accounts that have one of these roles in a programme now, each once."""
    wanted = select(User).join(Membership, Membership.user_id == User.id).order_by(User.id)
    standing = (Membership.programme_id == programme_id, Membership.role.in_(sorted(roles)), Membership.ended_at.is_(None))
    return db.session.scalars(wanted.where(*standing)).unique().all()


def organiser_count(programme_id: int) -> int:
    """How many organisers a programme has now."""
    wanted = select(func.count(Membership.id)).where(
        Membership.programme_id == programme_id, Membership.role == Role.ORGANISER, Membership.ended_at.is_(None)
    )
    return db.session.scalar(wanted) or 0


def open_invitations(programme: Programme, at: datetime) -> Sequence[Token]:
    """Invitations that nobody has accepted yet."""
    wanted = select(Token).where(
        Token.purpose == InvitationPurpose.MEMBERSHIP,
        Token.subject == programme.public_id,
        Token.used_at.is_(None),
        Token.expires_at > at,
    )
    return db.session.scalars(wanted.order_by(Token.id.desc())).all()


# --- Audit --------------------------------------------------------------------------------------------------------------


def audited_programmes(actor: Actor) -> Sequence[Programme]:
    """The programmes whose record of acts an actor may read."""
    return _by_name(visible_to(actor, Programme, Permission.PROGRAMME_AUDIT))


def audit_log(chains: Sequence[int]) -> Select[Any]:
    """The acts recorded in these chains, the latest first."""
    return select(AuditEntry).where(AuditEntry.chain.in_(chains)).order_by(AuditEntry.id.desc())


def audit_chains(actor: Actor) -> dict[int, Programme | None]:
    """The chains an actor may read, with their programmes; the installation's own has none."""
    chains: dict[int, Programme | None] = {programme.id: programme for programme in audited_programmes(actor)}
    return chains | ({INSTALLATION: None} if actor.is_administrator else {})


def names_of(user_ids: Sequence[int | None]) -> dict[int, str]:
    """The names behind account ids, for the record of acts: the chain itself holds none."""
    wanted = select(User).where(User.id.in_({one for one in user_ids if one is not None})).options(joinedload(User.person))
    return {user.id: user.person.full_name or user.email for user in db.session.scalars(wanted)}


POLICIES = (
    by_role(Programme, GRANTS, programme=Programme.id),
    by_role(Membership, MEMBER_GRANTS),
    by_administrator(Programme, ADMINISTRATOR),
    by_administrator(Membership, MEMBER_GRANTS),
    by_administrator(Organisation, {Permission.ORGANISATION_EDIT}),
)


@dataclass(frozen=True, slots=True)
class Invited:
    """What an invitation offers, and to whom."""

    programme: Programme
    role: Role
    email: str
    has_account: bool


def invitation_of(secret: str) -> Invited | None:
    """The invitation behind a link, while it can be taken."""
    claim = tokens.peek(InvitationPurpose.MEMBERSHIP, secret)
    programme = programme_by_public_id(claim.subject) if claim else None
    if claim is None or programme is None:
        return None
    email = claim.payload["email"]
    holder = user_by_email(email)
    return Invited(
        programme, Role(claim.payload["role"]), email, has_account=holder is not None and holder.state != UserState.UNVERIFIED
    )
