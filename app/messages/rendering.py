"""How a letter is written: subject and text of its kind, in the recipient's language, with addresses from the settings.

Its HTML part is the same text in the layout of letters, so that both always say the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import css_inline
from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from app.jinja import shown
from app.messages.rules import Address, blocks_of
from app.modules import MessageKind
from app.request import link_to

LETTER = "messages/email/letter.html"
_inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=False)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as it will be sent."""

    subject: str
    text: str
    html: str


def render(kind: MessageKind, to: Address, context: Mapping[str, Any]) -> Letter:
    """The letter of `kind`; templates also know `subject`, `recipient`, `locale`, `product_name` and `link(endpoint, ...)`."""
    with force_locale(to.language):
        subject = str(kind.subject) % {name: shown(value) for name, value in context.items()}
        known = {"subject": subject, "recipient": to, "locale": to.language, "product_name": _("Baiqau"), "link": link_to}
        text = current_app.jinja_env.get_template(f"{kind.template}.txt").render(**known, **context).strip()
        blocks = blocks_of(text, current_app.config["SETTINGS"].base_url)
        html = current_app.jinja_env.get_template(LETTER).render(**known, blocks=blocks)
        return Letter(subject, text + "\n", _inliner.inline(html))
