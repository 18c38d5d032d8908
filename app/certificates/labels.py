"""The words of certificates' states, findings and refusals."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.certificates.states import CertificateRefusal, CertificateState, Finding
from app.modules import Label

STATES = {
    CertificateState.VALID: Label(_l("valid"), "success"),
    CertificateState.REVOKED: Label(_l("revoked"), "danger"),
    CertificateState.REPLACED: Label(_l("replaced"), "warning"),
}
FINDINGS = {
    Finding.VALID: Label(_l("This certificate is valid"), "success"),
    Finding.REVOKED: Label(_l("This certificate was revoked"), "danger"),
    Finding.REPLACED: Label(_l("This certificate was replaced by another one"), "warning"),
    Finding.UNKNOWN: Label(_l("There is no certificate with this code"), "danger"),
}
REFUSALS = {
    CertificateRefusal.FACT_MISSING: Label(_l("The certificate cannot be issued: “%(fact)s” is missing.")),
    CertificateRefusal.NAME_MISSING: Label(_l("The certificate cannot be issued: the holder has no name yet.")),
    CertificateRefusal.ANOTHER_STANDS: Label(_l("Another valid certificate for the same stands already. Correct that one.")),
}
LABELS: tuple[Mapping[Any, Label], ...] = (STATES, FINDINGS, REFUSALS)

# Acts as the record of acts names them, by `Noun.verb`.
ACTS: dict[str, Any] = {
    "Certificate.issue": _l("a certificate was issued"),
    "Certificate.print": _l("a document of a certificate was made"),
    "Certificate.replace": _l("a certificate was replaced"),
    "Certificate.revoke": _l("a certificate was revoked"),
    "Certificate.show_name": _l("the name on the page of a certificate was changed as its holder chose"),
    "Certificate.hide_name": _l("the name was taken off the page of a certificate"),
    "Certificate.download": _l("a certificate was downloaded"),
}
