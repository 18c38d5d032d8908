"""How a letter is written: subject and templates of its kind, in the recipient's language, with addresses from the settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import css_inline
from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from jinja2 import TemplateNotFound

from app.jinja import shown
from app.messages.rules import Address
from app.modules import MessageKind
from app.request import link_to

_inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=False)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as it will be sent."""

    subject: str
    text: str
    html: str | None


def render(kind: MessageKind, to: Address, context: Mapping[str, Any]) -> Letter:
    """The letter of `kind`; templates also know `subject`, `recipient`, `locale`, `product_name` and `link(endpoint, ...)`."""
    with force_locale(to.language):
        subject = str(kind.subject) % {name: shown(value) for name, value in context.items()}
        known = {"subject": subject, "recipient": to, "locale": to.language, "product_name": _("Baiqau"), "link": link_to}
        text = current_app.jinja_env.get_template(f"{kind.template}.txt").render(**known, **context)
        return Letter(subject, text.strip() + "\n", _html(f"{kind.template}.html", {**known, **context}))


def _html(template: str, context: Mapping[str, Any]) -> str | None:
    try:
        found = current_app.jinja_env.get_template(template)
    except TemplateNotFound as missing:
        if missing.name != template:
            raise
        return None
    return _inliner.inline(found.render(**context))
