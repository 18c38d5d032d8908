"""The holder's own certificates."""

from flask import Blueprint, Response

from app.access.door import fetch
from app.access.routes import requires, signed_in
from app.certificates.models import Certificate
from app.certificates.policy import Permission
from app.certificates.queries import held_by
from app.certificates.rendering import kind_of, purpose
from app.certificates.views.download import send_document
from app.request import actor, language, page, records_looks

bp = Blueprint("certificates_account", __name__, url_prefix="/my/certificates")


@bp.get("")
@signed_in
def certificates() -> Response:
    """All of hers, newest first."""
    found = held_by(actor())
    held = [(one, kind_of(one).title[language()], purpose(one, language())) for one in found]
    return page("certificates/account/certificates.html", held=held, numbers={one.id: one.number for one in found})


@bp.get("/<public_id>/<language>.pdf")
@records_looks
@requires(Permission.CERTIFICATE_READ)
def document(public_id: str, language: str) -> Response:
    """The document in one language."""
    return send_document(fetch(Certificate, public_id, may=Permission.CERTIFICATE_READ), language)
