"""What both outboxes share: the list by state, and one letter."""

from collections.abc import Mapping

from flask import Response, current_app, request

from app.access.actor import Actor
from app.core.tables import page_number, paged
from app.jinja import label
from app.messages.models import Message
from app.messages.policy import Permission
from app.messages.queries import outbox
from app.messages.rules import blocks_of
from app.messages.services import has_mail_server, shows_text
from app.messages.states import MessageState
from app.request import page


def outbox_page(template: str, actor: Actor, asked: Mapping[str, str]) -> Response:
    """The list, one state or all."""
    state = next((one for one in MessageState if one == asked.get("state")), None)
    found = paged(outbox(actor, state), number=page_number(asked.get("page")))
    views = [
        {"href": f"{request.path}?state={one}", "label": label(one).text, "is_current": one is state} for one in MessageState
    ]
    address = f"{request.path}?state={state}" if state else request.path
    return page(template, letters=found, views=views, state=state, address=address, has_server=has_mail_server())


def letter_page(template: str, letter: Message) -> Response:
    """One letter: its text may hold a single-use link, which is shown to nobody once letters really leave."""
    blocks = blocks_of(letter.text, current_app.config["SETTINGS"].base_url)
    return page(template, letter=letter, blocks=blocks, is_shown=shows_text(letter), sending=Permission.MESSAGE_SEND)
