"""A certificate as a document: its sentence, number, date and QR code, in one language."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from flask import current_app
from flask_babel import force_locale

from app.certificates.models import Certificate
from app.certificates.rules import fill
from app.core import pdf
from app.core.columns import Translation
from app.jinja import long_date, money
from app.modules import CertificateKind
from app.request import link_to

TEMPLATE = "certificates/pdf/certificate.html"


@dataclass(frozen=True, slots=True)
class Document:
    """All that the template needs, finished; `body` is the whole sentence with the recipient's name in it."""

    lang: str
    title: str
    recipient: str
    body: str
    number: str
    issued_on: str
    place: str
    organisation: str
    signatory: str
    code: str
    verify_url: str
    qr: str


def render(certificate: Certificate, language: str) -> bytes:
    """The PDF: archival and accessible (PDF/A-3a with the mark of PDF/UA-1)."""
    return pdf.render(TEMPLATE, language=language, variant="pdf/a-3a", **asdict(describe(certificate, language)))


def describe(certificate: Certificate, language: str) -> Document:
    """The words of the document in one language."""
    kind = kind_of(certificate)
    facts = thawed(certificate)
    url = link_to("certificates_public.verify", code=certificate.code)
    signatory = (_in(facts.get("signatory_post"), language), _in(facts.get("signatory"), language))
    with force_locale(language):
        return Document(
            lang=language,
            title=kind.title[language],
            recipient=certificate.name,
            body=fill(kind.sentence[language], facts, language, money=money, day=lambda day: long_date(day, language)),
            number=certificate.number,
            issued_on=long_date(certificate.issued_on, language),
            place=_in(facts.get("city"), language),
            organisation=_in(facts.get("organiser") or certificate.programme.name, language),
            signatory=" ".join(filter(None, signatory)),
            code=certificate.shown_code,
            verify_url=url,
            qr=pdf.qr_picture(url),
        )


def purpose(certificate: Certificate, language: str) -> str:
    """What it is given for, as far as strangers may read it."""
    kind, facts = kind_of(certificate), thawed(certificate)
    return fill(kind.purpose[language], facts, language, money=money, day=lambda day: long_date(day, language))


def kind_of(certificate: Certificate) -> CertificateKind:
    """The kind a module supplied."""
    kind: CertificateKind = current_app.extensions["baiqau"].certificate_kinds[certificate.kind]
    return kind


def frozen(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as JSON; dates keep their kind."""
    return {name: {"$on": value.isoformat()} if isinstance(value, date) else value for name, value in facts.items()}


def thawed(certificate: Certificate) -> dict[str, Any]:
    """The facts as they were given, with the name."""
    facts = {"name": certificate.name, **certificate.facts}
    return {name: date.fromisoformat(value["$on"]) if _is_date(value) else value for name, value in facts.items()}


def _is_date(value: object) -> bool:
    return isinstance(value, dict) and value.keys() == {"$on"}


def _in(value: Any, language: str) -> str:
    return Translation(value).best(language)[0] if isinstance(value, dict) else str(value or "")
