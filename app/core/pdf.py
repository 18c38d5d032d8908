"""Documents: a template or HTML in, a tagged PDF out, with our fonts and nothing fetched from anywhere.

`render("certificates/pdf/winner.html", language="kk", variant="pdf/a-3a", **context) -> bytes`. Templates name files of
`app/static` as `static:css/document.css` and images as `data:`; every other address is refused. They need
`<html lang>`, a `<title>`, `alt` texts and real table headers, so that the document is accessible. Slow: call it in a job.
"""

import base64
import logging
import mimetypes
import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any, Literal, NoReturn

import segno
from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.exceptions import ServiceUnavailable

from app.core.confined import BusyError, Confined
from app.core.pdf_child import LIMITS
from app.core.refusals import CoreRefusal, Refusal, RefusedError

log = logging.getLogger(__name__)
Variant = Literal["pdf/ua-1", "pdf/a-3a", "pdf/a-3b"]

STATIC = "static:"
# A form of thirty questions takes 50 KB: a dozen competitions in three languages.
KEPT_DOCUMENTS = 40
_maker = Confined("app.core.pdf_child", LIMITS, places=1)
# What a document may hold as an address that carries its own content.
DATA = ("data:image/svg+xml", "data:image/png", "data:image/jpeg", "data:image/webp")
# PDF/A-3a says nothing of PDF/UA: this names it, with the schema that PDF/A wants for a name it does not know.
UA_METADATA = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 the document conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
</rdf:RDF>"""


class ForeignAddressError(ValueError):
    """A document asked for something that is not ours."""


def render(template: str, *, language: str, variant: Variant = "pdf/ua-1", **context: Any) -> bytes:
    """The template as a document in `language`. Deterministic: the same values give the same bytes."""
    with force_locale(language):
        known = {"locale": language, "product_name": _("Baiqau")}
        html = current_app.jinja_env.get_template(template).render(**known, **context)
    return from_html(html, variant=variant)


def render_apart(template: str, *, language: str, **context: Any) -> bytes:
    """As `render`, for templates that hold what people wrote: in a process apart, with bounded time and memory.

    Raises RefusedError where the text is too much for a document; the process that serves people goes on.
    """
    return apart(_html(template, language, context))


def render_for_all(template: str, *, language: str, **context: Any) -> bytes:
    """As `render_apart`, for what everybody may ask for: the same document again is taken from memory."""
    return _made_before(_html(template, language, context))


def _html(template: str, language: str, context: Mapping[str, Any]) -> str:
    with force_locale(language):
        return current_app.jinja_env.get_template(template).render(locale=language, product_name=_("Baiqau"), **context)


@lru_cache(maxsize=KEPT_DOCUMENTS)
def _made_before(html: str) -> bytes:
    return apart(html)


def qr_picture(address: str) -> str:
    """The QR code of an address for a document, as a data URI of SVG."""
    return str(segno.make(address, error="m", boost_error=False, micro=False).svg_data_uri(border=2))


def documents_made() -> int:
    """How many documents for all this process has made, those that are kept and those that had to make way."""
    return _made_before.cache_info().misses


def apart(html: str) -> bytes:
    """HTML with words of strangers as a document."""
    use_our_fonts()
    try:
        ended = _maker.run(html.encode(), str(_static()), surroundings={"FONTCONFIG_FILE": os.environ["FONTCONFIG_FILE"]})
    except BusyError as busy:
        raise ServiceUnavailable from busy
    if ended.code != 0:
        log.warning("a document was not made: exit %d", ended.code)
        raise RefusedError(Refusal(CoreRefusal.DOCUMENT_TOO_LONG))
    return ended.output


def from_html(html: str, *, variant: Variant = "pdf/ua-1") -> bytes:
    """HTML of our own making as a document."""
    use_our_fonts()
    return make(html, _static(), variant=variant)


def make(html: str, static: Path, *, variant: Variant = "pdf/ua-1") -> bytes:
    """The document, with files of the folder `static` and no others."""
    from weasyprint import HTML

    document = HTML(string=html, base_url=STATIC, url_fetcher=_fetcher(static))
    finisher = _add_ua_metadata if variant == "pdf/a-3a" else None
    made = document.write_pdf(pdf_variant=variant, pdf_tags=True, presentational_hints=False, finisher=finisher)
    assert isinstance(made, bytes)  # noqa: S101 - without a target it returns them
    return made


def use_our_fonts() -> None:
    """Let fontconfig see the bundled fonts only: without any font at all it would crash the process."""
    os.environ.setdefault("FONTCONFIG_FILE", str(_static() / "fonts" / "fonts.conf"))


def image(data: bytes, media_type: str) -> str:
    """An image as an address that carries it, for `<img src>` in a template."""
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"


def _static() -> Path:
    return Path(current_app.static_folder or "")


def _fetcher(static: Path) -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    root = static.resolve()

    class OwnAssets(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
        """Opens data images and files of `app/static`; no network, no other file, no redirect."""

        def __init__(self) -> None:
            super().__init__(allowed_protocols={"data"}, allow_redirects=False, fail_on_errors=False)

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            """One address."""
            if url.startswith(DATA):
                return super().fetch(url, headers)
            path = _own_file(root, url)
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})

    return OwnAssets()


def _own_file(root: Path, url: str) -> Path:
    if not url.startswith(STATIC):
        _refuse(url)
    name = PurePosixPath(url.removeprefix(STATIC).lstrip("/"))
    path = (root / name).resolve()
    if not path.is_relative_to(root) or not path.is_file():
        _refuse(url)
    return path


def _refuse(url: str) -> NoReturn:
    raise ForeignAddressError(url[:100])


def _add_ua_metadata(_document: object, pdf: Any) -> None:
    """Put the PDF/UA mark into the one RDF element of the metadata."""
    number = int(str(pdf.catalog["Metadata"], "ascii").split()[0])
    stream = pdf.objects[number].stream
    stream[:] = [part.replace(b"</rdf:RDF>", UA_METADATA.strip()) if isinstance(part, bytes) else part for part in stream]
