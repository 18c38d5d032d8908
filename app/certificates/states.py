"""The life of a certificate, what a look-up answers, and why one is not issued. Pure."""

from enum import StrEnum

from app.core.states import Machine

# The job of this package, as the worker knows it.
RENDER = "certificates.render"


class CertificateState(StrEnum):
    """Whether the document can be trusted."""

    VALID = "valid"
    REVOKED = "revoked"
    REPLACED = "replaced"


class Finding(StrEnum):
    """What `/verify/<code>` answers."""

    VALID = "valid"
    REVOKED = "revoked"
    REPLACED = "replaced"
    UNKNOWN = "unknown"


class CertificateRefusal(StrEnum):
    """Why a certificate is not issued."""

    FACT_MISSING = "fact_missing"
    NAME_MISSING = "name_missing"
    ANOTHER_STANDS = "another_stands"


CERTIFICATE = Machine(
    "certificate",
    CertificateState.VALID,
    [
        (CertificateState.VALID, CertificateState.REVOKED, "revoke"),
        (CertificateState.VALID, CertificateState.REPLACED, "replace"),
        (CertificateState.REVOKED, CertificateState.REPLACED, "replace"),
    ],
)
