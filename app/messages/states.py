"""Closed sets of letters: where one is, by which channel it goes, why one is refused. Pure."""

from enum import StrEnum

# The jobs of this package, as the worker knows them.
DELIVER = "messages.deliver"
WRITE_LETTERS = "messages.write_letters"


class MessageState(StrEnum):
    """Where a letter is. The worker's bookkeeping, written by compare-and-set; `failed` will be tried again."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    DEAD = "dead"


class Channel(StrEnum):
    """How a message travels."""

    EMAIL = "email"
    SMS = "sms"


class MessageRefusal(StrEnum):
    """Why a letter does not leave."""

    BAD_ADDRESS = "bad_address"
    NOT_DEAD = "not_dead"
