"""The organisers' view of the certificates of their programmes."""

from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from app.access.door import fetch
from app.access.routes import dangerous, requires
from app.certificates.forms import CorrectForm, RevokeForm
from app.certificates.models import Certificate
from app.certificates.policy import Permission
from app.certificates.queries import issued, whole
from app.certificates.rendering import thawed
from app.certificates.rules import Holder, holder_renamed
from app.certificates.services import replace
from app.certificates.services import revoke as revoke_certificate
from app.certificates.views.download import send_document
from app.core.tables import page_number, paged
from app.kept import named, names_of
from app.request import actor, arrived_at, done, page, records_looks

bp = Blueprint("certificates_organiser", __name__, url_prefix="/manage/certificates")


@bp.get("")
@requires(Permission.CERTIFICATE_LIST)
def certificates() -> Response:
    """All of them, newest first."""
    found = paged(issued(actor()), number=page_number(request.args.get("page")))
    return page("certificates/organiser/certificates.html", certificates=found)


@bp.get("/<public_id>")
@requires(Permission.CERTIFICATE_READ)
def certificate(public_id: str) -> Response:
    """One certificate with its documents."""
    found = whole(fetch(Certificate, public_id, may=Permission.CERTIFICATE_READ))
    return page("certificates/organiser/certificate.html", certificate=found, revocation=Permission.CERTIFICATE_REVOKE)


@bp.get("/<public_id>/<language>.pdf")
@records_looks
@requires(Permission.CERTIFICATE_READ)
def document(public_id: str, language: str) -> Response:
    """The document in one language."""
    return send_document(fetch(Certificate, public_id, may=Permission.CERTIFICATE_READ), language)


@bp.route("/<public_id>/correct", methods=["GET", "POST"])
@requires(Permission.CERTIFICATE_REVOKE)
@dangerous(_l("Issue a corrected certificate"), "Certificate.replace")
@named(lambda **_values: names_of(CorrectForm()))
def correct(public_id: str) -> BaseResponse:
    """Issue a corrected one in its place; its code then answers that it was replaced."""
    found = whole(fetch(Certificate, public_id, may=Permission.CERTIFICATE_REVOKE))
    form = CorrectForm(name=found.name)
    tried = form.attempt(lambda: _corrected(found, form))
    if tried.made is not None:
        return done(
            _("The corrected certificate is issued; its holder gets a letter."),
            url_for(".certificate", public_id=tried.made.public_id),
        )
    return page(
        "certificates/organiser/correct.html", status=tried.status, certificate=found, form=form, refusals=tried.refusals
    )


def _corrected(certificate: Certificate, form: CorrectForm) -> Certificate:
    before = Holder(certificate.name, certificate.public_name, certificate.person_id)
    facts = {name: value for name, value in thawed(certificate).items() if name != "name"}
    return replace(
        certificate,
        holder=holder_renamed(before, (form.name.data or "").strip()),
        facts=facts,
        issued_on=arrived_at().astimezone(ZoneInfo(certificate.programme.timezone)).date(),
        reason=form.reason.data or "",
        by=actor(),
        at=arrived_at(),
    )


@bp.get("/<public_id>/revoke")
@requires(Permission.CERTIFICATE_REVOKE)
def revoke(public_id: str) -> Response:
    """Ask for the reason."""
    found = whole(fetch(Certificate, public_id, may=Permission.CERTIFICATE_REVOKE))
    return page("certificates/organiser/revoke.html", certificate=found, form=RevokeForm())


@bp.post("/<public_id>/revoke")
@requires(Permission.CERTIFICATE_REVOKE)
@dangerous(_l("Revoke the certificate"), "Certificate.revoke")
@named(lambda **_values: names_of(RevokeForm()))
def save_revocation(public_id: str) -> BaseResponse:
    """Revoke it for ever."""
    found, form = whole(fetch(Certificate, public_id, may=Permission.CERTIFICATE_REVOKE)), RevokeForm()
    if not form.validate_on_submit():
        return page("certificates/organiser/revoke.html", status=422, certificate=found, form=form)
    revoke_certificate(found, reason=form.reason.data or "", by=actor(), at=arrived_at())
    return done(_("The certificate is revoked."), url_for("certificates_organiser.certificate", public_id=public_id))
