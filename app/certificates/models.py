"""Tables of certificates and their files."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, relationship

from app.certificates.rules import digest_of, shown_code
from app.certificates.states import CERTIFICATE, CertificateState
from app.core.columns import Privacy, check, choice, column, key, public_id
from app.core.db import Model
from app.core.states import Machine
from app.programmes.models import Programme, ProgrammeOwned


class Certificate(ProgrammeOwned, Model):
    """One document: what it says is frozen when it is issued; an error is cured by another one, never by a change."""

    __tablename__ = "certificates_certificates"
    __table_args__ = (
        UniqueConstraint("series", "letter", "count"),
        Index(
            "ix_certificates_certificates_one_valid",
            "kind", "subject",
            unique=True,
            sqlite_where=text("state = 'valid'"),
            postgresql_where=text("state = 'valid'"),
        ),
        check("ended_is_dated", "(state = 'valid') = (ended_at IS NULL)"),
    )  # fmt: skip
    machine: ClassVar[Machine] = CERTIFICATE
    id: Mapped[int] = key()
    public_id: Mapped[str] = public_id()
    kind: Mapped[str] = column(Privacy.OPEN, String(40))
    subject: Mapped[str] = column(Privacy.INTERNAL, String(64), comment="public id of what it certifies, such as an award")
    series: Mapped[str] = column(Privacy.OPEN, String(20))
    letter: Mapped[str] = column(Privacy.OPEN, String(4))
    count: Mapped[int] = column(Privacy.OPEN, comment="1, 2, 3 ... within series and letter")
    number: Mapped[str] = column(Privacy.OPEN, String(40), unique=True, comment="SA26-Д-0001")
    code: Mapped[str] = column(Privacy.OPEN, String(26), unique=True, comment="128 random bits, printed on the document")
    languages: Mapped[list[str]] = column(Privacy.OPEN, JSON)
    person_id: Mapped[int | None] = column(Privacy.INTERNAL, ForeignKey("people_persons.id"), index=True)
    name: Mapped[str] = column(Privacy.CONTACT, String(320), comment="of the holder, as the document gives it")
    public_name: Mapped[str] = column(Privacy.OPEN, String(320), comment="what strangers may read, by consent; may be empty")
    facts: Mapped[dict[str, Any]] = column(Privacy.PROJECT, JSON, comment="what the sentence says, frozen")
    issued_on: Mapped[date] = column(Privacy.OPEN)
    state: Mapped[CertificateState] = choice(
        Privacy.OPEN, CertificateState, name="certificate_state", default=CertificateState.VALID
    )
    ended_at: Mapped[datetime | None] = column(Privacy.OPEN, comment="revoked or replaced")
    reason: Mapped[str] = column(Privacy.INTERNAL, String(500), default="", comment="why it was revoked or replaced")
    replaced_by_id: Mapped[int | None] = column(Privacy.INTERNAL, ForeignKey("certificates_certificates.id"))
    programme: Mapped[Programme] = relationship(lazy="raise_on_sql")
    files: Mapped[list["CertificateFile"]] = relationship(lazy="raise_on_sql", order_by="CertificateFile.id")

    @property
    def shown_code(self) -> str:
        """The code as paper shows it."""
        return shown_code(self.code)

    @property
    def said(self) -> str:
        """The hash of what the document says, of whom and of what: nothing of it ever changes."""
        holder, day = (self.person_id, self.name), self.issued_on.isoformat()
        return digest_of(self.code, self.number, self.kind, self.subject, *holder, self.facts, self.languages, day)

    @property
    def shown(self) -> str:
        """The hash of the name that strangers read."""
        return digest_of(self.code, self.public_name)


class CertificateFile(Model):
    """The document in one language."""

    __tablename__ = "certificates_files"
    __table_args__ = (UniqueConstraint("certificate_id", "language"),)
    id: Mapped[int] = key()
    certificate_id: Mapped[int] = column(Privacy.INTERNAL, ForeignKey("certificates_certificates.id"))
    language: Mapped[str] = column(Privacy.OPEN, String(2))
    storage_key: Mapped[str] = column(Privacy.INTERNAL, String(60), unique=True)
    size: Mapped[int] = column(Privacy.OPEN)
    sha256: Mapped[str] = column(Privacy.OPEN, String(64), index=True)
    rendered_at: Mapped[datetime] = column(Privacy.INTERNAL)
