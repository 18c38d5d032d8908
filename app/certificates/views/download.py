"""Sending a certificate's document, and the trace it leaves."""

from flask import Response

from app.access.door import AbsentError
from app.certificates.models import Certificate
from app.certificates.queries import file_in
from app.certificates.services import note_download
from app.core import storage
from app.request import actor, arrived_at


def send_document(certificate: Certificate, language: str) -> Response:
    """The PDF as a download; the act is recorded before the body is sent."""
    found = file_in(certificate, language)
    if found is None:
        raise AbsentError
    key, name = found.storage_key, f"{certificate.number}-{language}.pdf"
    note_download(certificate, language, by=actor(), at=arrived_at())
    return storage.send(key, name=name, media_type="application/pdf")
