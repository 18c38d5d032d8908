"""decide, can, visible_to, fetch: the only ways to learn what an actor may do and to get objects for a view."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from flask import current_app, g, has_request_context
from sqlalchemy import Select, and_, false, not_, or_, select

from app.access.actor import VISITOR, Actor
from app.access.policies import Judgement, Policy
from app.core.db import db, is_looking, is_writing
from app.core.refusals import CoreRefusal, Refusal

M = TypeVar("M")
# Of what a policy has no facts; the facts themselves may be None.
UNKNOWN = object()


class AbsentError(Exception):
    """The object does not exist, or must stay unknown to the actor: answered as 404 in either case."""


class ForbiddenError(Exception):
    """The actor knows the object but may not do this now: answered as 403 with the reasons."""

    def __init__(self, reasons: tuple[Refusal, ...]) -> None:
        self.reasons = reasons
        super().__init__(", ".join(str(reason.code) for reason in reasons))


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether an act is allowed, and if not, why. Deliberately not a boolean: read `is_allowed`."""

    is_allowed: bool
    is_granted: bool
    reasons: tuple[Refusal, ...] = ()

    def __bool__(self) -> bool:
        message = "read Decision.is_allowed; a decision itself is never true or false"
        raise TypeError(message)


def current_actor() -> Actor:
    """The actor of the present request; a visitor where nobody is signed in."""
    actor = g.get("actor", VISITOR) if has_request_context() else VISITOR
    return actor if isinstance(actor, Actor) else VISITOR


def decide(actor: Actor, permission: StrEnum, obj: Any) -> Decision:
    """Join what all modules say of `permission` on `obj`: roles unite, any obstacle wins, silence is no."""
    return decide_all(actor, permission, (obj,))[0]


def decide_all(actor: Actor, permission: StrEnum, objects: Sequence[Any]) -> list[Decision]:
    """`decide` for a page of objects of one class, with one query per policy."""
    if not objects:
        return []
    _note(permission)
    ids = [obj.id for obj in objects]
    found = [(policy, _facts(policy, actor, ids)) for policy in _policies(type(objects[0]), permission)]
    return [_join(policy.judge(permission, actor, facts[one]) for policy, facts in found if one in facts) for one in ids]


def _facts(policy: Policy, actor: Actor, ids: Sequence[int]) -> Mapping[int, Any]:
    """What the policy knows of these ids. Nothing changes under somebody who only looks: then each is asked for once."""
    if not is_looking() or actor is not current_actor():
        return policy.facts(actor, ids)
    known: dict[int, Any] = g.setdefault("facts", {}).setdefault(policy, {})
    if unknown := [one for one in ids if one not in known]:
        known.update(dict.fromkeys(unknown, UNKNOWN) | dict(policy.facts(actor, unknown)))
    return {one: known[one] for one in ids if known[one] is not UNKNOWN}


def can(permission: StrEnum, obj: Any) -> bool:
    """Whether the present actor may do this: the same question as the endpoint asks, for buttons and links."""
    return decide(current_actor(), permission, obj).is_allowed


def visible_to(actor: Actor, model: type[M], permission: StrEnum) -> Select[M]:
    """The rows of `model` on which `actor` holds `permission`; the same answer as `decide`, row by row."""
    _note(permission)
    said = [policy.where(permission, actor) for policy in _policies(model, permission)]
    if not said:
        return select(model).where(false())
    granted = or_(*(one.granted for one in said))
    blocked = or_(*(one.blocked for one in said))
    return select(model).where(and_(granted, not_(blocked)))


def fetch(model: type[M], public_id: str, *, may: StrEnum) -> M:
    """The object with this public id on which the present actor may do `may`; locked when writing.

    Raises AbsentError or ForbiddenError.
    """
    actor = current_actor()
    wanted = select(model).where(model.public_id == public_id)  # type: ignore[attr-defined]
    obj = db.session.scalar(wanted.with_for_update() if is_writing() else wanted)
    if obj is None:
        _note(may)
        raise AbsentError
    return admit(obj, may=may, actor=actor)


def admit(obj: M, *, may: StrEnum, actor: Actor | None = None) -> M:
    """`obj` itself if the actor may do `may` with it; else AbsentError, or ForbiddenError where it is known to her."""
    decision = decide(actor or current_actor(), may, obj)
    if decision.is_allowed is True:
        return obj
    if decision.is_granted is True:
        raise ForbiddenError(decision.reasons)
    raise AbsentError


def _join(judgements: Iterable[Judgement]) -> Decision:
    said = tuple(judgements)
    is_granted = any(one.is_granted is True for one in said)
    reasons = tuple(obstacle for one in said for obstacle in one.obstacles)
    if not is_granted:
        return Decision(is_allowed=False, is_granted=False, reasons=(Refusal(CoreRefusal.NOT_ALLOWED),))
    return Decision(is_allowed=not reasons, is_granted=True, reasons=reasons)


def _policies(model: type[Any], permission: StrEnum) -> tuple[Policy, ...]:
    registry = current_app.extensions["baiqau"]
    found: tuple[Policy, ...] = registry.policies.get((model, permission), ())
    return found


def _note(permission: StrEnum) -> None:
    """Remember that this request asked: a route that declares a permission and never asks it is an error."""
    if has_request_context():
        g.setdefault("asked", set()).add(permission)
