"""What a person typed and a failed request would lose: carried on a page that sends it again with one button."""

import json
from dataclasses import dataclass

from flask import Response, request

from app.request import is_from_here, is_local, page

FORM_TYPES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
TOKEN = "csrf_token"  # noqa: S105 - the name of a field
PASSWORDS = frozenset({"password", "current"})


@dataclass(frozen=True, slots=True)
class Typed:
    """One field as it was sent; what was a password is asked for again."""

    name: str
    value: str

    @property
    def is_password(self) -> bool:
        """Whether it must not be shown."""
        return self.name in PASSWORDS

    @property
    def is_prose(self) -> bool:
        """Whether it is words of hers, not a choice or a mark of ours."""
        return not self.is_password and len(self.value.split()) > 1


@dataclass(frozen=True, slots=True)
class Kept:
    """A form that was sent in vain."""

    url: str
    fields: tuple[Typed, ...]
    has_files: bool = False

    def pack(self) -> str:
        """As one hidden value, so that it survives a sign-in; passwords stay behind."""
        pairs = [(field.name, field.value) for field in self.fields if not field.is_password]
        return json.dumps({"url": self.url, "fields": pairs, "has_files": self.has_files}, ensure_ascii=False)


def kept_form() -> Kept | None:
    """The form of the present request, if one of our own pages sent it; a script that asked for JSON keeps its text itself.

    Others get no page that would send their fields with a fresh token: that would undo the protection.
    """
    is_program = request.accept_mimetypes.best == "application/json"
    if request.method != "POST" or request.mimetype not in FORM_TYPES or is_program or not is_from_here():
        return None
    url = request.full_path if request.query_string else request.path
    fields = [Typed(name, value) for name, value in request.form.items(multi=True) if name != TOKEN]
    has_files = any(upload.filename for upload in request.files.values())
    return Kept(url, tuple(fields), has_files=has_files)


def unpack(text: str | None) -> Kept | None:
    """What `Kept.pack` made, or None for anything else."""
    try:
        found = json.loads(text or "")
        fields = tuple(Typed(str(name), str(value)) for name, value in found["fields"])
        kept = Kept(str(found["url"]), fields, has_files=bool(found["has_files"]))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return kept if is_local(kept.url) else None


def send_again(kept: Kept, *, reason: str, status: int) -> Response:
    """The page that shows what was typed and sends it again."""
    return page("errors/send_again.html", kept=kept, reason=reason, status=status)
