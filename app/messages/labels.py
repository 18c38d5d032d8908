"""The words of letters' states and refusals."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.messages.states import Channel, MessageRefusal, MessageState
from app.modules import Label

STATES = {
    MessageState.QUEUED: Label(_l("waiting"), "neutral"),
    MessageState.SENT: Label(_l("sent"), "success"),
    MessageState.FAILED: Label(_l("will be tried again"), "warning"),
    MessageState.DEAD: Label(_l("not delivered"), "danger"),
}
CHANNELS = {
    Channel.EMAIL: Label(_l("e-mail")),
    Channel.SMS: Label(_l("text message")),
}
REFUSALS = {
    MessageRefusal.BAD_ADDRESS: Label(_l("This is not an e-mail address a letter can be sent to.")),
    MessageRefusal.NOT_DEAD: Label(_l("This letter is on its way or has arrived. Reload the page to see it.")),
}
LABELS: tuple[Mapping[Any, Label], ...] = (STATES, CHANNELS, REFUSALS)
