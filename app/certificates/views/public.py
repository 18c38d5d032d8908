"""Verification for everybody: what a QR code opens, thirty look-ups a minute."""

import hashlib
from io import BufferedIOBase
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.access.routes import UPLOAD_LIMIT, public, takes
from app.certificates.forms import CompareForm, LookUpForm
from app.certificates.models import Certificate
from app.certificates.queries import by_code, find, language_of
from app.certificates.rendering import kind_of, purpose
from app.certificates.rules import EXAMPLE_CODE, read_code
from app.core.limits import limiter
from app.request import language, page

bp = Blueprint("certificates_public", __name__, url_prefix="/verify")
limiter.limit("30/minute")(bp)


@bp.get("")
@public
def look_up() -> BaseResponse:
    """Ask for the code, for those who have it on paper."""
    form = LookUpForm(request.args if "code" in request.args else None, code=request.args.get("typed", ""))
    code = request.args.get("code", "").strip()
    if code:
        return redirect(url_for("certificates_public.verify", code=read_code(code) or code), code=303)
    status = 422 if "code" in request.args and not form.validate() else 200
    return page("certificates/public/look_up.html", status=status, form=form, example=EXAMPLE_CODE)


@bp.get("/<code>")
@public
def verify(code: str) -> Response:
    """Valid, revoked, replaced or unknown; with the name only by consent."""
    certificate = by_code(read_code(code))
    return _answer(code, CompareForm(), certificate, status=200 if certificate else 404)


@bp.post("/<code>")
@takes(UPLOAD_LIMIT)
@public
def compare(code: str) -> Response:
    """Whether a file is, byte for byte, the one that was issued."""
    form, certificate = CompareForm(), by_code(read_code(code))
    if certificate is None or not form.validate_on_submit():
        return _answer(code, form, certificate, status=422 if certificate else 404)
    return _answer(code, form, certificate, is_same=_is_issued(certificate, form.document.data.stream))


def _answer(
    code: str, form: CompareForm, certificate: Certificate | None, *, status: int = 200, is_same: bool | None = None
) -> Response:
    shown: dict[str, Any] = {
        "form": form,
        "certificate": certificate,
        "finding": find(certificate),
        "kind": kind_of(certificate).title[language()] if certificate else "",
        "purpose": purpose(certificate, language()) if certificate else "",
        "code": code,
        "is_code": read_code(code) is not None,
        "example": EXAMPLE_CODE,
        "is_same": is_same,
    }
    return page("certificates/public/verify.html", status=status, **shown)


def _is_issued(certificate: Certificate, document: BufferedIOBase) -> bool:
    return language_of(certificate, hashlib.file_digest(document, "sha256").hexdigest()) is not None
