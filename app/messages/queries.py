"""Every SELECT over letters and mailings."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Select, false, func, select

from app.access.actor import Actor
from app.access.door import visible_to
from app.access.policies import GRANTED, SILENT, Judgement, Policy, SqlJudgement
from app.core.db import db
from app.messages.models import Mailing, Message, Recipient
from app.messages.policy import GRANTS, Permission, grants_message
from app.messages.rules import LETTERS_AT_ONCE
from app.messages.states import MessageState


def _facts(_actor: Actor, ids: Sequence[int]) -> Mapping[int, int | None]:
    found = db.session.execute(select(Message.id, Message.programme_id).where(Message.id.in_(ids)))
    return {row.id: row.programme_id for row in found}


def _judge(permission: StrEnum, actor: Actor, programme_id: int | None) -> Judgement:
    return GRANTED if grants_message(permission, actor, programme_id) else SILENT


def _where(permission: StrEnum, actor: Actor) -> SqlJudgement:
    if actor.is_administrator:
        return SqlJudgement(granted=Message.id == Message.id, blocked=false())
    programmes = sorted(actor.programmes_with(*GRANTS[permission]))
    return SqlJudgement(granted=Message.programme_id.in_(programmes), blocked=false())


POLICY = Policy(Message, frozenset(Permission), _facts, _judge, _where)


def outbox(actor: Actor, state: MessageState | None) -> Select[Message]:
    """The letters the actor may see, newest first."""
    found = visible_to(actor, Message, Permission.MESSAGE_READ)
    if state is not None:
        found = found.where(Message.state == state)
    return found.order_by(Message.created_at.desc(), Message.id.desc())


def undelivered(message_id: int) -> Message | None:
    """The letter if it still has to leave."""
    waits = (MessageState.QUEUED, MessageState.FAILED)
    return db.session.scalar(select(Message).where(Message.id == message_id, Message.state.in_(waits)))


def turn(address: str) -> datetime | None:
    """When the earliest of the last `LETTERS_AT_ONCE` letters to this address leaves; None if there are fewer."""
    wanted = select(Message.leaves_at).where(Message.address == address).order_by(Message.leaves_at.desc())
    return db.session.scalar(wanted.offset(LETTERS_AT_ONCE - 1).limit(1))


def mailing(mailing_id: int) -> Mailing:
    """One mailing."""
    return db.session.scalars(select(Mailing).where(Mailing.id == mailing_id)).one()


def unwritten(mailing: Mailing, limit: int) -> Sequence[Recipient]:
    """The next recipients without a letter."""
    wanted = select(Recipient).where(Recipient.mailing_id == mailing.id, Recipient.message_id.is_(None))
    return db.session.scalars(wanted.order_by(Recipient.id).limit(limit)).all()


def recipient_count(mailing: Mailing) -> int:
    """To how many the mailing goes."""
    return db.session.scalar(select(func.count()).where(Recipient.mailing_id == mailing.id)) or 0
