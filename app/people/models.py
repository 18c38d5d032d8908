"""Tables of people, accounts, sessions and consents."""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, relationship

from app.core import audit
from app.core.columns import Encrypted, EncryptedDate, Privacy, check, choice, column, key, public_id
from app.core.db import Model
from app.core.states import Machine
from app.people.states import USER, AttemptKind, ConsentKind, PublicName, UserState


class Person(Model):
    """A human being, with or without an account. Two records of one person merge by link, never by rewriting keys."""

    __tablename__ = "people_persons"
    __table_args__ = (check("not_merged_into_itself", "merged_into_id IS NULL OR merged_into_id <> id"),)
    id: Mapped[int] = key()
    public_id: Mapped[str] = public_id()
    family_name: Mapped[str] = column(Privacy.CONTACT, String(100), default="")
    given_name: Mapped[str] = column(Privacy.CONTACT, String(100), default="")
    patronymic: Mapped[str] = column(Privacy.CONTACT, String(100), default="", comment="may be absent")
    email: Mapped[str | None] = column(Privacy.CONTACT, String(254), comment="where letters go; the account has its own")
    phone: Mapped[str | None] = column(Privacy.CONTACT, Encrypted("people_persons.phone"), comment="+77XXXXXXXXX, encrypted")
    phone_index: Mapped[str | None] = column(Privacy.CONTACT, String(43), index=True, comment="blind index of phone")
    iin: Mapped[str | None] = column(Privacy.IDENTITY, Encrypted("people_persons.iin"), comment="identity number, encrypted")
    iin_index: Mapped[str | None] = column(Privacy.IDENTITY, String(43), index=True, comment="blind index of iin")
    born_on: Mapped[date | None] = column(Privacy.IDENTITY, EncryptedDate("people_persons.born_on"))
    region: Mapped[str | None] = column(Privacy.CONTACT, String(5), comment="ISO 3166-2, KZ-NN")
    district: Mapped[str] = column(Privacy.CONTACT, String(120), default="")
    language: Mapped[str] = column(Privacy.CONTACT, String(2), default="kk")
    merged_into_id: Mapped[int | None] = column(Privacy.INTERNAL, ForeignKey("people_persons.id"), index=True)
    created_at: Mapped[datetime] = column(Privacy.INTERNAL)

    @property
    def audit_chain(self) -> int:
        """Persons belong to no programme."""
        return audit.INSTALLATION

    @property
    def full_name(self) -> str:
        """Family Given Patronymic, as documents write it."""
        return " ".join(part for part in (self.family_name, self.given_name, self.patronymic) if part)

    @property
    def short_name(self) -> str:
        """Family and initial: «Үлгібаева Т.»."""
        return f"{self.family_name} {self.given_name[:1]}." if self.given_name else self.family_name


class User(Model):
    """An account: how a person signs in."""

    __tablename__ = "people_users"
    __table_args__ = (check("active_only_when_verified", "state <> 'active' OR verified_at IS NOT NULL"),)
    machine: ClassVar[Machine] = USER
    id: Mapped[int] = key()
    public_id: Mapped[str] = public_id()
    person_id: Mapped[int] = column(Privacy.INTERNAL, ForeignKey("people_persons.id"), unique=True)
    email: Mapped[str] = column(
        Privacy.CONTACT, String(254), unique=True, comment="canonical: stripped, NFKC, casefolded, IDNA"
    )
    password_hash: Mapped[str | None] = column(Privacy.SECRET, String(200), comment="argon2id; None until a password is set")
    state: Mapped[UserState] = choice(Privacy.INTERNAL, UserState, name="user_state", default=UserState.UNVERIFIED)
    language: Mapped[str | None] = column(Privacy.CONTACT, String(2), comment="chosen language; None follows the browser")
    is_administrator: Mapped[bool] = column(Privacy.INTERNAL, default=False)
    created_at: Mapped[datetime] = column(Privacy.INTERNAL)
    verified_at: Mapped[datetime | None] = column(Privacy.INTERNAL)
    person: Mapped[Person] = relationship(lazy="joined")

    @property
    def audit_chain(self) -> int:
        """Accounts belong to no programme."""
        return audit.INSTALLATION


class UserSession(Model):
    """One signed-in device; a copied cookie dies with its row."""

    __tablename__ = "people_user_sessions"
    __table_args__ = (check("ends_after_it_began", "ended_at IS NULL OR ended_at >= created_at"),)
    id: Mapped[int] = key()
    public_id: Mapped[str] = public_id()
    token: Mapped[str] = column(Privacy.SECRET, String(64), unique=True, comment="SHA-256 of what the cookie holds")
    user_id: Mapped[int] = column(Privacy.INTERNAL, ForeignKey("people_users.id"), index=True)
    created_at: Mapped[datetime] = column(Privacy.INTERNAL)
    confirmed_at: Mapped[datetime] = column(
        Privacy.INTERNAL, comment="the password was typed: to sign in, or again before a dangerous act"
    )
    seen_at: Mapped[datetime] = column(Privacy.INTERNAL, comment="written at most once a minute")
    expires_at: Mapped[datetime] = column(Privacy.INTERNAL, comment="whatever happens; idle sessions end before")
    is_remembered: Mapped[bool] = column(Privacy.INTERNAL, default=False, comment="asked to stay signed in; staff never are")
    ended_at: Mapped[datetime | None] = column(Privacy.INTERNAL)
    device: Mapped[str] = column(
        Privacy.CONTACT, String(200), default="", comment="browser and system, for the list of devices"
    )
    user: Mapped[User] = relationship(lazy="raise")


class Consent(Model):
    """One consent given or withdrawn, with the exact version of the text."""

    __tablename__ = "people_consents"
    __table_args__ = (
        Index(
            "ix_people_consents_one_standing",
            "person_id", "kind", "scope",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        check("withdrawn_after_given", "withdrawn_at IS NULL OR withdrawn_at >= given_at"),
    )  # fmt: skip
    id: Mapped[int] = key()
    public_id: Mapped[str] = public_id()
    person_id: Mapped[int] = column(Privacy.INTERNAL, ForeignKey("people_persons.id"))
    kind: Mapped[ConsentKind] = choice(Privacy.CONTACT, ConsentKind, name="consent_kind")
    scope: Mapped[str] = column(Privacy.INTERNAL, String(64), comment="public id of the competition, or 'installation'")
    value: Mapped[str] = column(Privacy.CONTACT, String(40), default="", comment="for `name`: how to be named (PublicName)")
    text_version: Mapped[str] = column(Privacy.INTERNAL, String(64), comment="SHA-256 of the text agreed to")
    language: Mapped[str] = column(Privacy.INTERNAL, String(2))
    given_at: Mapped[datetime] = column(Privacy.INTERNAL)
    withdrawn_at: Mapped[datetime | None] = column(Privacy.INTERNAL)
    network: Mapped[str] = column(
        Privacy.SECRET, String(43), default="", comment="blind index of the network it was given from"
    )

    @property
    def audit_chain(self) -> int:
        """Consents are recorded with persons."""
        return audit.INSTALLATION

    @property
    def public_name(self) -> PublicName | None:
        """How the person agreed to be named; None where the consent is about something else."""
        return PublicName(self.value) if self.kind is ConsentKind.NAME and self.value else None


class Attempt(Model):
    """One failed sign-in or one letter asked for, counted in the database because memory counters double with every process."""

    __tablename__ = "people_attempts"
    id: Mapped[int] = key()
    kind: Mapped[AttemptKind] = choice(Privacy.INTERNAL, AttemptKind, name="attempt_kind")
    account: Mapped[str] = column(Privacy.SECRET, String(43), index=True, comment="blind index of the e-mail address tried")
    address: Mapped[str] = column(Privacy.SECRET, String(43), index=True, comment="blind index of the network")
    at: Mapped[datetime] = column(Privacy.INTERNAL, index=True)
