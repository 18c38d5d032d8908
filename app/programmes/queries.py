"""Every SELECT over organisations, programmes and memberships."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, false, select
from sqlalchemy.orm import InstrumentedAttribute

from app.access.actor import SYSTEM, Actor
from app.access.policies import GRANTED, SILENT, Judgement, Policy, SqlJudgement
from app.core.db import db
from app.people.models import User
from app.people.queries import actor_for
from app.programmes.models import Membership


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
        return {one: programme_id for one, programme_id in db.session.execute(select(model.id, owner).where(model.id.in_(ids)))}

    def judge(permission: StrEnum, actor: Actor, programme_id: int) -> Judgement:
        if actor is SYSTEM:
            return GRANTED
        return GRANTED if actor.has_role(programme_id, *grants.get(permission, ())) else SILENT

    def where(permission: StrEnum, actor: Actor) -> SqlJudgement:
        if actor is SYSTEM:
            return SqlJudgement(granted=model.id == model.id, blocked=false())  # noqa: PLR0124 - all rows
        granted: ColumnElement[bool] = owner.in_(sorted(actor.programmes_with(*grants.get(permission, ()))))
        return SqlJudgement(granted=granted, blocked=false())

    return Policy(model, frozenset(grants), facts, judge, where)
