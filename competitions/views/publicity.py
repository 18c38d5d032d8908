"""What is sent round about a call: ready texts for messengers and networks, and a poster, in each of its languages."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from flask import Response, g
from flask_babel import force_locale
from flask_babel import gettext as _

from app.access.door import AbsentError, fetch
from app.access.routes import requires
from app.core import pdf
from app.jinja import moment
from app.request import arrived_at, link_to, page
from competitions.models import Competition
from competitions.policy import Permission
from competitions.queries.competition import Call, call_of
from competitions.rules.settings import LANGUAGE_NAMES
from competitions.states import Milestone
from competitions.views.call import CallPage, call_page
from competitions.views.organiser import blueprint

__all__ = ["blueprint"]  # with all that is bound to it

MAY = Permission.COMPETITION_READ
# Characters that fit. Sources: core.telegram.org/bots/api#sendmessage; help.instagram.com. WhatsApp folds longer ones.
TELEGRAM_LENGTH, WHATSAPP_LENGTH, INSTAGRAM_LENGTH = 4096, 700, 2200


@dataclass(frozen=True, slots=True)
class Notice:
    """A text for one place; `share_url` opens that place with the text in it, where it can be opened so."""

    place: str
    text: str
    most: int
    share_url: str = ""

    @property
    def is_too_long(self) -> bool:
        """Whether the place would cut it."""
        return len(self.text) > self.most


@dataclass(frozen=True, slots=True)
class Kit:
    """All that is sent round in one language."""

    language: str
    name: str
    address: str
    notices: tuple[Notice, ...]


@blueprint.get("/<public_id>/publicity")
@requires(MAY)
def publicity(public_id: str) -> Response:
    """Texts to copy, and posters to print."""
    call = _call(public_id)
    return page(
        "competitions/organiser/publicity.html",
        call=call,
        kits=[_kit(call, one, arrived_at()) for one in call.competition.languages],
        is_over=not call.calendar.is_before(Milestone.CLOSES, arrived_at()),
    )


@blueprint.get("/<public_id>/poster/<language>.pdf")
@requires(MAY)
def poster(public_id: str, language: str) -> Response:
    """One sheet for a wall: what, for whom, how much, until when, and the code of the address."""
    call = _call(public_id)
    if language not in call.competition.languages:
        raise AbsentError
    address = _address(call, language)
    with force_locale(language):
        shown = call_page(call, arrived_at())
    known = {"call": call, "shown": shown, "address": address, "qr": pdf.qr_picture(address)}
    body = pdf.render_for_all("competitions/pdf/poster.html", language=language, **known)
    name = f"{call.competition.slug}-{language}.pdf"
    return Response(body, mimetype="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'})


def _call(public_id: str) -> Call:
    call = call_of(fetch(Competition, public_id, may=MAY))
    g.timezone = call.programme.timezone
    return call


def _address(call: Call, language: str) -> str:
    """The public page, in the language of what names it."""
    return f"{link_to('competitions_public.call', slug=call.competition.slug)}?lang={language}"


def _kit(call: Call, language: str, at: datetime) -> Kit:
    address = _address(call, language)
    with force_locale(language):
        shown = call_page(call, at)
        whole, short, caption = ("\n\n".join(filter(None, made(call, shown, address))) for made in (_whole, _short, _caption))
    return Kit(
        language,
        LANGUAGE_NAMES[language],
        address,
        (
            Notice("Telegram", whole, TELEGRAM_LENGTH, "https://t.me/share/url?" + urlencode({"url": address, "text": whole})),
            Notice("WhatsApp", short, WHATSAPP_LENGTH, "https://wa.me/?" + urlencode({"text": short})),
            Notice("Instagram", caption, INSTAGRAM_LENGTH),
        ),
    )


def _whole(call: Call, shown: CallPage, address: str) -> Iterator[str]:
    yield shown.name
    yield shown.tagline
    yield "\n".join((_("Who may apply:"), *(f"– {one}" for one in shown.conditions)))
    yield "\n".join(f"{label}: {value}" for label, value in (*shown.facts, *shown.prizes))
    yield _until(shown)
    yield _("Rules, questions and application: %(address)s", address=address)
    yield _contacts(call)


def _short(call: Call, shown: CallPage, address: str) -> Iterator[str]:
    """WhatsApp makes bold what stands between asterisks."""
    yield f"*{shown.name}*"
    yield shown.tagline
    yield _until(shown)
    yield address
    yield _contacts(call)


def _caption(call: Call, shown: CallPage, address: str) -> Iterator[str]:
    """No link can be pressed in a caption: it stands at the top of the account."""
    yield shown.name
    yield shown.tagline
    yield "\n".join((_("Who may apply:"), *(f"– {one}" for one in shown.conditions)))
    yield _until(shown)
    yield _("The link stands at the top of this account: %(address)s", address=address.partition("//")[2].partition("?")[0])
    yield _contacts(call)
    yield _("#grant #competition #startup")


def _until(shown: CallPage) -> str:
    return str(_("Applications are taken until %(when)s.", when=moment(shown.closes_at))) if shown.closes_at else ""


def _contacts(call: Call) -> str:
    contacts = ", ".join(filter(None, (call.competition.helpline, call.competition.contact_email)))
    return str(_("Questions: %(contacts)s", contacts=contacts)) if contacts else ""
