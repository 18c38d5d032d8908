"""Outbox on the organisers' pages: the letters of their programmes."""

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from app.access.door import fetch
from app.access.routes import requires
from app.messages.models import Message
from app.messages.policy import Permission
from app.messages.services import send_again
from app.messages.views.pages import letter_page, outbox_page
from app.request import actor, done

bp = Blueprint("messages_organiser", __name__, url_prefix="/manage/outbox")


@bp.get("")
@requires(Permission.MESSAGE_READ)
def outbox() -> Response:
    """The list, newest first."""
    return outbox_page("messages/organiser/outbox.html", actor(), request.args)


@bp.get("/<public_id>")
@requires(Permission.MESSAGE_READ)
def letter(public_id: str) -> Response:
    """One letter as it goes out."""
    return letter_page("messages/organiser/letter.html", fetch(Message, public_id, may=Permission.MESSAGE_READ))


@bp.post("/<public_id>/send-again")
@requires(Permission.MESSAGE_SEND)
def send(public_id: str) -> BaseResponse:
    """Try a letter that was not delivered once more."""
    send_again(fetch(Message, public_id, may=Permission.MESSAGE_SEND))
    return done(_("The letter will be sent again."), url_for("messages_organiser.letter", public_id=public_id))
