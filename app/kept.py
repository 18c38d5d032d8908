"""What a person typed and a failed request would lose: carried on a page that sends it again with one button."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Response, current_app, request
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from app.access.routes import FORM_TYPES, danger_of
from app.core.texts import read_json
from app.request import SAFE_METHODS, came_from, is_from_here, is_local, page

V = TypeVar("V", bound=Callable[..., Any])
TOKEN = "csrf_token"  # noqa: S105 - the name of a field
PASSWORDS = frozenset({"password", "current"})


@dataclass(frozen=True, slots=True)
class Typed:
    """One field as it was sent; what was a password is asked for again."""

    name: str
    value: str
    label: str = ""

    @property
    def is_password(self) -> bool:
        """Whether it must not be shown."""
        return self.name in PASSWORDS

    @property
    def is_prose(self) -> bool:
        """Whether it is words of hers, not a choice or a mark of ours."""
        return not self.is_password and len(self.value.split()) > 1

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

    @property
    def title(self) -> str:
        """What the button that sends it does, where its route says so."""
        method = "GET" if self.is_read else "POST"
        try:
            endpoint, _values = current_app.url_map.bind("localhost").match(urlsplit(self.url).path, method=method)
        except HTTPException:
            endpoint = ""
        danger = danger_of(current_app.view_functions.get(endpoint))
        return str(danger[0]) if danger else _("Send it again")

    def pack(self) -> str:
        """As one hidden value, so that it survives a sign-in; passwords stay behind."""
        pairs = [(field.name, field.value, field.label) for field in self.fields if not field.is_password]
        rest = {"has_files": self.has_files, "is_read": self.is_read, "back": self.back}
        return json.dumps({"url": self.url, "fields": pairs} | rest, ensure_ascii=False)


def kept_form() -> Kept | None:
    """The form of the present request, if one of our own pages sent it; a script that asked for JSON keeps its text itself.

    Others get no page that would send their fields with a fresh token: that would undo the protection.
    """
    is_program = request.accept_mimetypes.best == "application/json"
    if request.method != "POST" or request.mimetype not in FORM_TYPES or is_program or not is_from_here():
        return None
    url = request.full_path if request.query_string else request.path
    names = _labels()
    fields = [Typed(name, value, names.get(name, "")) for name, value in request.form.items(multi=True) if name != TOKEN]
    has_files = any(upload.filename for upload in request.files.values())
    return Kept(url, tuple(fields), has_files=has_files)


def kept_act() -> Kept | None:
    """What waits for the password: the form that was sent, or the address of what is only read, such as a download."""
    if request.method not in SAFE_METHODS:
        return kept_form()
    asked = tuple(Typed(name, value) for name, value in request.args.items(multi=True))
    return Kept(request.path, asked, is_read=True, back=came_from() or "")


def named(labels: Callable[..., Mapping[str, str]]) -> Callable[[V], V]:
    """Let `labels(**view_args)` name the fields of a view's form, so that what was typed is shown under its question."""

    def declare(view: V) -> V:
        view.__field_labels__ = labels  # type: ignore[attr-defined]
        return view

    return declare


def _labels() -> Mapping[str, str]:
    view = current_app.view_functions.get(request.endpoint or "")
    find = getattr(view, "__field_labels__", None)
    if find is None:
        return {}
    try:
        found: Mapping[str, str] = find(**(request.view_args or {}))
    except SQLAlchemyError:
        return {}
    return found


def unpack(text: str | None) -> Kept | None:
    """What `Kept.pack` made, or None for anything else."""
    try:
        found = read_json(text)
        fields = tuple(Typed(str(name), str(value), str(label)) for name, value, label in found["fields"])
        kept = Kept(
            str(found["url"]), fields,
            has_files=bool(found["has_files"]), is_read=bool(found["is_read"]), back=str(found["back"]),
        )  # fmt: skip
    except (ValueError, TypeError, KeyError):
        return None
    return kept if is_local(kept.url) and (not kept.back or is_local(kept.back)) else None


def send_again(kept: Kept, *, reason: str, status: int, tone: str = "warning") -> Response:
    """The page that shows what was typed and sends it again."""
    return page("errors/send_again.html", kept=kept, reason=reason, tone=tone, status=status)
