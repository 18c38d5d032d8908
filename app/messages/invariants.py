"""SELECTs over letters that must find nothing."""

from typing import Any

from sqlalchemy import Select, and_, select

from app.core.jobs import Job
from app.messages.models import Message, Recipient
from app.messages.states import DELIVER, MessageState
from app.modules import Invariant


def _delivered_without_note() -> Select[Any]:
    """A delivery job that is done leaves its letter sent."""
    joined = and_(Job.kind == DELIVER, Job.unique_key == Message.public_id, Job.state == "done")
    return select(Message.id).join(Job, joined).where(Message.state.in_((MessageState.QUEUED, MessageState.FAILED)))


def _letters_of_others() -> Select[Any]:
    """A recipient's letter goes to the recipient's address."""
    return select(Recipient.id).join(Message, Message.id == Recipient.message_id).where(Message.address != Recipient.address)


INVARIANTS = (
    Invariant("a delivered letter is marked as sent", _delivered_without_note),
    Invariant("a mailing's letter goes to its recipient", _letters_of_others),
)
