"""What a person typed and a failed request would lose: carried on a page that sends it again with one button."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Response, current_app, request, session
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException
from wtforms import BooleanField

from app.access.door import AbsentError, ForbiddenError
from app.access.routes import FORM_TYPES, danger_of
from app.request import KEEPER, OWNER, SAFE_METHODS, actor, arrived_at, came_from, is_from_here, is_local, nearest_page, page

V = TypeVar("V", bound=Callable[..., Any])
TOKEN = "csrf_token"  # noqa: S105 - the name of a field
KEPT_FOR = timedelta(hours=1)
TICKED = "y"  # as a browser sends a box of a form
PASSWORDS = frozenset({"password", "current"})
# Before a field's name: which of its texts was on the screen. It sends nothing.
SEEN = "version-"


@dataclass(frozen=True, slots=True)
class Typed:
    """One field as it was sent; what was a password is asked for again."""

    name: str
    value: str
    label: str = ""
    choice: str = ""  # what the value is called where it was chosen from a list

    @property
    def is_password(self) -> bool:
        """Whether it must not be shown."""
        return self.name in PASSWORDS

    @property
    def is_prose(self) -> bool:
        """Whether it is words of hers, not a choice or a mark of ours."""
        return not self.is_password and len(self.value.split()) > 1

    @property
    def is_said(self) -> bool:
        """Whether it is something that is sent and may be shown."""
        return bool(self.value.strip()) and not self.is_password and not self.name.startswith(SEEN)

    @property
    def is_hers(self) -> bool:
        """Whether it is shown: an answer under its question, or words that can only be hers."""
        return bool(self.value.strip()) and not self.is_password and (bool(self.label) or self.is_prose)


@dataclass(frozen=True, slots=True)
class Kept:
    """A form that was sent in vain."""

    url: str
    fields: tuple[Typed, ...]
    has_files: bool = False
    is_read: bool = False
    back: str = ""
    is_stale: bool = False
    is_carried: bool = False  # over a sign-in: whoever sat here before may have written it
    is_hers: bool = True  # as far as this browser knows who was signed in when it was written

    @property
    def title(self) -> str:
        """What the button that sends it does, where its route says so."""
        danger = self._danger()
        return str(danger[0]) if danger else _("Send it again")

    @property
    def is_dangerous(self) -> bool:
        """Whether its page shows all that is sent, because another than its reader may have written it."""
        return self._danger() is not None

    @property
    def is_whole(self) -> bool:
        """Whether its page shows all that is sent."""
        return self.is_dangerous or self.is_carried

    @property
    def is_sendable(self) -> bool:
        """Whether its page sends it: not what is old, nor what another may have left for her to send."""
        return self.is_hers and not self.is_stale

    @property
    def shown(self) -> list[Typed]:
        """What the page shows: all that is sent where another may have written it; else the words that can only be hers."""
        return [one for one in self.fields if one.is_hers or (self.is_whole and one.is_said)]

    @property
    def page(self) -> str | None:
        """Where it belongs: the page on which the object of the act is seen."""
        return nearest_page(urlsplit(self.url).path)

    def _danger(self) -> tuple[LazyString, frozenset[str]] | None:
        endpoint, _values = _route(self.url, is_read=self.is_read)
        return danger_of(current_app.view_functions.get(endpoint))

    def pack(self) -> str:
        """As one hidden value, so that it survives a sign-in; passwords stay behind. Nobody but this browser can bring it."""
        pairs = [(field.name, field.value, field.label, field.choice) for field in self.fields if not field.is_password]
        rest = {"has_files": self.has_files, "is_read": self.is_read, "back": self.back}
        keeper = session.setdefault(KEEPER, secrets.token_urlsafe(16))
        bound = {"keeper": keeper, "user": actor().user_id, "was": session.get(OWNER), "at": arrived_at().timestamp()}
        return str(_signer().dumps({"url": self.url, "fields": pairs} | rest | bound))


def kept_form() -> Kept | None:
    """The form of the present request, if one of our own pages sent it; a script that asked for JSON keeps its text itself.

    Others get no page that would send their fields with a fresh token: that would undo the protection.
    """
    is_program = request.accept_mimetypes.best == "application/json"
    if request.method != "POST" or request.mimetype not in FORM_TYPES or is_program or not is_from_here():
        return None
    url = request.full_path if request.query_string else request.path
    typed = [one for one in request.form.items(multi=True) if one[0] != TOKEN]
    has_files = any(upload.filename for upload in request.files.values())
    return Kept(url, _named(url, typed), has_files=has_files)


def kept_act() -> Kept | None:
    """What waits for the password: the form that was sent, or the address of what is only read, such as a download.

    Such an address says nothing after its question mark: a link from elsewhere must not put words on our page.
    """
    if request.method not in SAFE_METHODS:
        return kept_form()
    return Kept(request.path, (), is_read=True, back=came_from() or "")


def named(labels: Callable[..., Mapping[str, str]]) -> Callable[[V], V]:
    """Let `labels(**view_args)` name the fields of a view's form, so that what was typed is shown under its question."""

    def declare(view: V) -> V:
        view.__field_labels__ = labels  # type: ignore[attr-defined]
        return view

    return declare


def names_of(form: FlaskForm) -> dict[str, str]:
    """What the fields of a form are called, and by `name=value` what may be chosen in them."""
    names = {field.name: str(field.label.text) for field in form if field.name != TOKEN and not field.name.startswith(SEEN)}
    ticks = {f"{field.name}={TICKED}": _("Yes") for field in form if isinstance(field, BooleanField)}
    lists = [field for field in form if hasattr(field, "iter_choices")]
    return names | ticks | {f"{field.name}={one[0]}": str(one[1]) for field in lists for one in field.iter_choices()}


def _named(url: str, typed: Sequence[tuple[str, str]]) -> tuple[Typed, ...]:
    """What was typed, under the names that its view gives to fields, or to rows of a field: `name`, or before a dash."""
    endpoint, values = _route(url)
    find = getattr(current_app.view_functions.get(endpoint), "__field_labels__", None)
    names: Mapping[str, str] = {}
    with suppress(SQLAlchemyError, AbsentError, ForbiddenError):
        names = find(**values) if find is not None else {}
    labels = [names.get(name) or names.get(name.partition("-")[0], "") for name, _value in typed]
    pairs = zip(typed, labels, strict=True)
    return tuple(Typed(name, value, one, names.get(f"{name}={value}", "")) for (name, value), one in pairs)


def _route(url: str, *, is_read: bool = False) -> tuple[str, Mapping[str, Any]]:
    """The endpoint that answers there, and what its address says."""
    try:
        found: tuple[str, Mapping[str, Any]] = current_app.url_map.bind("localhost").match(
            urlsplit(url).path, method="GET" if is_read else "POST"
        )
    except HTTPException:
        return "", {}
    return found


def unpack(text: str | None) -> Kept | None:
    """What `Kept.pack` made for this browser and this account, or None for anything else; after an hour it is stale.

    What a visitor sent is carried over her sign-in. Only what was written where the same account was signed in is hers to send.
    """
    try:
        found = _signer().loads(text or "")
    except BadSignature:
        return None
    who = actor()
    if found["user"] not in {None, who.user_id} or found["keeper"] != session.get(KEEPER):
        return None
    is_carried = found["user"] is None and who.is_signed_in
    fields = tuple(Typed(*one) for one in found["fields"])
    kept = Kept(
        found["url"],
        _named(found["url"], [(one.name, one.value) for one in fields]) if is_carried else fields,
        has_files=found["has_files"],
        is_read=found["is_read"],
        back=found["back"],
        is_stale=arrived_at().timestamp() - found["at"] > KEPT_FOR.total_seconds(),
        is_carried=is_carried,
        is_hers=not is_carried or found["was"] == who.user_id,
    )
    return kept if is_local(kept.url) and (not kept.back or is_local(kept.back)) else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="kept form")


def send_again(kept: Kept, *, reason: str, status: int, tone: str = "warning") -> Response:
    """The page that shows what was typed and sends it again."""
    if kept.is_stale:
        tone = "warning"
        reason = _("It has waited for more than an hour, so it was not sent. Copy what you wrote and open the page again.")
    elif not kept.is_hers:
        tone = "warning"
        reason = _(
            "As far as this browser knows, this was not written under your account, so it was not sent. "
            "If it is yours, copy it, open its page and enter it there."
        )
    return page("errors/send_again.html", kept=kept, reason=reason, tone=tone, status=status)
