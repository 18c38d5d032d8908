"""Application, its answers with their history, immutable versions, documents, checks and the thread about it."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, relationship

from app.core.columns import Encrypted, Privacy, check, choice, column, key, public_id
from app.core.db import Model, guard
from app.core.states import Machine
from app.people.models import Person
from app.programmes.models import ProgrammeOwned
from competitions.models.competition import Competition, Form, Rules
from competitions.states import APPLICATION, ApplicationState, CheckOutcome


class Application(ProgrammeOwned, Model):
    """One project of one applicant in one competition."""

    __tablename__ = "competitions_applications"
    __table_args__ = (
        ForeignKeyConstraint(
            ["competition_id", "programme_id"],
            ["competitions_competitions.id", "competitions_competitions.programme_id"],
            name="fk_competitions_applications_competition",
        ),
        UniqueConstraint("competition_id", "code"),
        Index(
            "ix_competitions_applications_one_a_person",
            "competition_id", "applicant_id",
            unique=True,
            sqlite_where=text("state <> 'withdrawn'"),
            postgresql_where=text("state <> 'withdrawn'"),
        ),
        Index("ix_competitions_applications_competition_state", "competition_id", "state"),
        check("submitted_has_code", "(state = 'draft') = (code IS NULL)"),
        check("submitted_has_instant", "state = 'draft' OR submitted_at IS NOT NULL"),
    )  # fmt: skip
    machine: ClassVar[Machine] = APPLICATION
    id: Mapped[int] = key()
    public_id: Mapped[str] = public_id()
    competition_id: Mapped[int] = column(Privacy.INTERNAL)
    applicant_id: Mapped[int] = column(Privacy.CONTACT, ForeignKey("people_persons.id"), index=True)
    code: Mapped[str | None] = column(Privacy.PROJECT, String(20), comment="SA26-001, given at the first submission")
    state: Mapped[ApplicationState] = choice(
        Privacy.INTERNAL, ApplicationState, name="application_state", default=ApplicationState.DRAFT
    )
    language: Mapped[str] = column(Privacy.PROJECT, String(2), comment="in which the project is written")
    form_id: Mapped[int] = column(Privacy.INTERNAL, ForeignKey("competitions_forms.id"))
    rules_id: Mapped[int] = column(Privacy.INTERNAL, ForeignKey("competitions_rules.id"), comment="the version she accepted")
    eligibility: Mapped[dict[str, Any]] = column(Privacy.IDENTITY, JSON, default=dict, comment="{graduate, age, region: bool}")
    created_at: Mapped[datetime] = column(Privacy.INTERNAL)
    edited_at: Mapped[datetime] = column(Privacy.INTERNAL)
    submitted_at: Mapped[datetime | None] = column(Privacy.INTERNAL, comment="arrival of the last submission")
    entered_by_id: Mapped[int | None] = column(
        Privacy.INTERNAL, ForeignKey("people_users.id"), comment="who typed it, if not she"
    )
    applicant: Mapped[Person] = relationship(lazy="raise_on_sql")
    competition: Mapped[Competition] = relationship(lazy="raise_on_sql", viewonly=True)
    form: Mapped[Form] = relationship(lazy="raise_on_sql")
    rules: Mapped[Rules] = relationship(lazy="raise_on_sql")


class Answer(Model):
    """The present answer to one question; `version` counts its saves."""

    __tablename__ = "competitions_answers"
    __table_args__ = (UniqueConstraint("application_id", "question_key"), check("version_is_positive", "version > 0"))
    id: Mapped[int] = key()
    application_id: Mapped[int] = column(Privacy.INTERNAL, ForeignKey("competitions_applications.id"))
    question_key: Mapped[str] = column(Privacy.OPEN, String(40))
    value: Mapped[Any] = column(Privacy.PROJECT, JSON, nullable=True, comment="NULL for private questions")
    sealed: Mapped[str | None] = column(
        Privacy.IDENTITY, Encrypted("competitions_answers.sealed"), comment="JSON of a private answer, encrypted"
    )
    version: Mapped[int] = column(Privacy.INTERNAL, default=1)
    saved_at: Mapped[datetime] = column(Privacy.INTERNAL)


class AnswerChange(Model):
    """One acknowledged save, kept for ever within the retention of drafts; replaying a change id changes nothing."""

    __tablename__ = "competitions_answer_changes"
    __table_args__ = (
        UniqueConstraint("application_id", "change_id"),
        Index("ix_competitions_answer_changes_question", "application_id", "question_key", "version"),
    )
    id: Mapped[int] = key()
    application_id: Mapped[int] = column(Privacy.INTERNAL, ForeignKey("competitions_applications.id"))
    question_key: Mapped[str] = column(Privacy.OPEN, String(40))
    change_id: Mapped[str] = column(Privacy.INTERNAL, String(64), comment="made by the client")
    value: Mapped[Any] = column(Privacy.PROJECT, JSON, nullable=True)
    sealed: Mapped[str | None] = column(Privacy.IDENTITY, Encrypted("competitions_answer_changes.sealed"))
    version: Mapped[int | None] = column(Privacy.INTERNAL, comment="of the answer after it; None when late or in conflict")
    arrived_at: Mapped[datetime] = column(Privacy.INTERNAL)
    user_id: Mapped[int | None] = column(Privacy.INTERNAL)
    is_late: Mapped[bool] = column(
        Privacy.INTERNAL, default=False, comment="kept for its author; never part of the application"
    )


class ApplicationVersion(Model):
    """What was submitted, word for word; a trigger forbids UPDATE. Jurors see the last one before the freeze."""

    __tablename__ = "competitions_application_versions"
    __table_args__ = (UniqueConstraint("application_id", "number"), check("number_is_positive", "number > 0"))
    id: Mapped[int] = key()
    application_id: Mapped[int] = column(Privacy.INTERNAL, ForeignKey("competitions_applications.id"))
    number: Mapped[int] = column(Privacy.INTERNAL)
    content: Mapped[dict[str, Any]] = column(Privacy.PROJECT, JSON, comment="{question key: value} of the project part")
    sealed: Mapped[str] = column(
        Privacy.IDENTITY, Encrypted("competitions_application_versions.sealed"), comment="JSON of the private part, encrypted"
    )
    documents: Mapped[list[Any]] = column(Privacy.PROJECT, JSON, comment="[{public_id, question_key, sha256, ...}]")
    sha256: Mapped[str] = column(Privacy.INTERNAL, String(64), comment="of the canonical JSON of content and documents")
    submitted_at: Mapped[datetime] = column(Privacy.INTERNAL, comment="arrival of the request")
    user_id: Mapped[int | None] = column(Privacy.INTERNAL)


class Document(Model):
    """One uploaded file, re-encoded and without metadata; removed ones stay while a version names them."""

    __tablename__ = "competitions_documents"
    __table_args__ = (check("size_is_positive", "size > 0"),)
    id: Mapped[int] = key()
    public_id: Mapped[str] = public_id()
    application_id: Mapped[int] = column(Privacy.INTERNAL, ForeignKey("competitions_applications.id"), index=True)
    question_key: Mapped[str] = column(Privacy.OPEN, String(40))
    name: Mapped[str] = column(Privacy.CONTACT, String(255), comment="as the applicant named it; jurors get code-1.pdf")
    media_type: Mapped[str] = column(Privacy.PROJECT, String(100))
    extension: Mapped[str] = column(Privacy.PROJECT, String(8))
    size: Mapped[int] = column(Privacy.PROJECT, comment="bytes")
    sha256: Mapped[str] = column(Privacy.INTERNAL, String(64))
    storage_key: Mapped[str] = column(Privacy.INTERNAL, String(200), unique=True)
    uploaded_at: Mapped[datetime] = column(Privacy.INTERNAL)
    removed_at: Mapped[datetime | None] = column(Privacy.INTERNAL)


class Check(Model):
    """What one checker decided of one application, with the reasons the applicant reads."""

    __tablename__ = "competitions_checks"
    __table_args__ = (
        check("reasons_where_due", "outcome = 'admitted' OR reasons <> '[]'"),
        check("term_where_returned", "(outcome = 'returned') = (due_at IS NOT NULL)"),
    )
    id: Mapped[int] = key()
    application_id: Mapped[int] = column(Privacy.INTERNAL, ForeignKey("competitions_applications.id"), index=True)
    user_id: Mapped[int] = column(Privacy.INTERNAL, ForeignKey("people_users.id"))
    outcome: Mapped[CheckOutcome] = choice(Privacy.INTERNAL, CheckOutcome, name="check_outcome")
    reasons: Mapped[str] = column(Privacy.PROJECT, String, default="[]", comment="JSON: [{question: key or null, text}]")
    due_at: Mapped[datetime | None] = column(Privacy.INTERNAL)
    at: Mapped[datetime] = column(Privacy.INTERNAL)
    undone_at: Mapped[datetime | None] = column(Privacy.INTERNAL)


class Note(Model):
    """One note of the thread between an applicant and those who work on her application; its words stand as written."""

    __tablename__ = "competitions_notes"
    id: Mapped[int] = key()
    application_id: Mapped[int] = column(Privacy.INTERNAL, ForeignKey("competitions_applications.id"), index=True)
    user_id: Mapped[int] = column(Privacy.INTERNAL, ForeignKey("people_users.id"))
    is_answer: Mapped[bool] = column(Privacy.INTERNAL, comment="written by the organiser's people, not by the applicant")
    text: Mapped[str] = column(Privacy.CONTACT, String)
    at: Mapped[datetime] = column(Privacy.INTERNAL)
    settled_at: Mapped[datetime | None] = column(Privacy.INTERNAL, comment="when it was found to need no answer")


guard(
    Application,
    "one_person_is_admitted_once",
    on=("INSERT", "UPDATE"),
    # Only an admission waits for others: who writes must not wait for a desk that decides on a hundred at once.
    locks="IF NEW.state = 'admitted' THEN"
    " PERFORM 1 FROM competitions_competitions WHERE id = NEW.competition_id FOR UPDATE; END IF;",
    when="NEW.state = 'admitted' AND EXISTS (SELECT 1 FROM competitions_applications a"
    " JOIN people_persons p ON p.id = a.applicant_id JOIN people_persons q ON q.id = NEW.applicant_id"
    " WHERE a.competition_id = NEW.competition_id AND a.id <> COALESCE(NEW.id, 0) AND a.state = 'admitted'"
    " AND p.iin_index = q.iin_index)",
)
guard(ApplicationVersion, "application_version_is_immutable", on=("UPDATE", "DELETE"))
guard(
    Note,
    "note_keeps_its_words",
    on=("UPDATE",),
    when="NEW.text <> OLD.text OR NEW.user_id <> OLD.user_id OR NEW.is_answer <> OLD.is_answer"
    " OR NEW.application_id <> OLD.application_id OR NEW.at <> OLD.at",
)
guard(Note, "note_is_never_removed", on=("DELETE",))
guard(
    ApplicationVersion,
    "nothing_is_corrected_after_the_freeze",
    on=("INSERT",),
    when="NEW.number > 1 AND EXISTS (SELECT 1 FROM competitions_applications a JOIN competitions_calendar_dates d"
    " ON d.competition_id = a.competition_id WHERE a.id = NEW.application_id AND d.milestone = 'freezes'"
    " AND NEW.submitted_at >= d.at)",
)
