"""Competition, its calendar, and its versioned rules and form."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, relationship

from app.core.columns import Privacy, Translation, check, choice, column, key, public_id
from app.core.db import Model, guard
from app.core.states import Machine
from app.programmes.models import Programme, ProgrammeOwned
from competitions.states import (
    COMPETITION,
    RULES,
    CompetitionKind,
    CompetitionState,
    Milestone,
    QuestionKind,
    RulesState,
)


class Competition(ProgrammeOwned, Model):
    """One edition of a programme."""

    __tablename__ = "competitions_competitions"
    __table_args__ = (
        UniqueConstraint("id", "programme_id"),
        check("fund_is_not_negative", "fund >= 0"),
        check("award_cap_within_fund", "award_cap >= 0 AND award_cap <= fund"),
        check("announced_has_instant", "state IN ('draft', 'approved', 'cancelled') OR announced_at IS NOT NULL"),
    )
    machine: ClassVar[Machine] = COMPETITION
    id: Mapped[int] = key()
    public_id: Mapped[str] = public_id()
    slug: Mapped[str] = column(Privacy.OPEN, String(60), unique=True, comment="the address /c/<slug>")
    kind: Mapped[CompetitionKind] = choice(
        Privacy.OPEN, CompetitionKind, name="competition_kind", default=CompetitionKind.GRANT
    )
    region: Mapped[str] = column(Privacy.OPEN, String(5), comment="ISO 3166-2, KZ-NN")
    state: Mapped[CompetitionState] = choice(
        Privacy.OPEN, CompetitionState, name="competition_state", default=CompetitionState.DRAFT
    )
    name: Mapped[Translation] = column(Privacy.OPEN)
    tagline: Mapped[Translation] = column(Privacy.OPEN, default=Translation)
    description: Mapped[Translation] = column(Privacy.OPEN, default=Translation, comment="Markdown")
    questions_and_answers: Mapped[list[Any]] = column(
        Privacy.OPEN, JSON, default=list, comment="[{question: {kk, ru, en}, answer: {kk, ru, en}}]"
    )
    languages: Mapped[list[str]] = column(Privacy.OPEN, JSON, default=lambda: ["kk", "ru"], comment="required to publish")
    fund: Mapped[int] = column(Privacy.OPEN, comment="tenge; awards together never exceed it")
    award_cap: Mapped[int] = column(Privacy.OPEN, comment="tenge; the most one award may be")
    award_count: Mapped[int] = column(Privacy.OPEN, default=1)
    code_prefix: Mapped[str] = column(Privacy.OPEN, String(8), unique=True, comment="SA26 in SA26-001")
    last_number: Mapped[int] = column(Privacy.INTERNAL, default=0, comment="of the codes given; never reused")
    helpline: Mapped[str] = column(Privacy.OPEN, String(20), default="", comment="phone shown on every page of the competition")
    contact_email: Mapped[str] = column(Privacy.OPEN, String(254), default="")
    edits: Mapped[dict[str, Any]] = column(
        Privacy.INTERNAL, JSON, default=dict, comment="{text: {language: instant of its last change}}, of rules.parity"
    )
    created_at: Mapped[datetime] = column(Privacy.INTERNAL)
    announced_at: Mapped[datetime | None] = column(Privacy.OPEN)
    published_at: Mapped[datetime | None] = column(Privacy.OPEN, comment="when results were published")
    cancellation: Mapped[str] = column(Privacy.OPEN, String, default="", comment="why it was called off, as applicants read it")
    programme: Mapped[Programme] = relationship(lazy="raise_on_sql")
    dates: Mapped[list["CalendarDate"]] = relationship(
        back_populates="competition", cascade="all, delete-orphan", order_by="CalendarDate.at", lazy="selectin"
    )


class CalendarDate(Model):
    """One instant of a competition's calendar."""

    __tablename__ = "competitions_calendar_dates"
    __table_args__ = (UniqueConstraint("competition_id", "milestone"),)
    id: Mapped[int] = key()
    competition_id: Mapped[int] = column(Privacy.OPEN, ForeignKey("competitions_competitions.id"))
    milestone: Mapped[Milestone] = choice(Privacy.OPEN, Milestone, name="milestone")
    at: Mapped[datetime] = column(Privacy.OPEN, comment="t < at is before, t >= at is after")
    competition: Mapped[Competition] = relationship(back_populates="dates")


class Rules(ProgrammeOwned, Model):
    """One version of the rules; approved ones are locked by a trigger. `settings` is `rules.settings.RulesSettings`."""

    __tablename__ = "competitions_rules"
    __table_args__ = (
        UniqueConstraint("competition_id", "number"),
        Index(
            "ix_competitions_rules_one_approved",
            "competition_id",
            unique=True,
            sqlite_where=text("state = 'approved'"),
            postgresql_where=text("state = 'approved'"),
        ),
        check("approved_has_act", "state = 'draft' OR (approved_at IS NOT NULL AND act_number <> '' AND act_on IS NOT NULL)"),
    )
    machine: ClassVar[Machine] = RULES
    id: Mapped[int] = key()
    public_id: Mapped[str] = public_id()
    competition_id: Mapped[int] = column(Privacy.OPEN, ForeignKey("competitions_competitions.id"), index=True)
    number: Mapped[int] = column(Privacy.OPEN, comment="version 1, 2, ...")
    state: Mapped[RulesState] = choice(Privacy.OPEN, RulesState, name="rules_state", default=RulesState.DRAFT)
    settings: Mapped[dict[str, Any]] = column(Privacy.OPEN, JSON)
    sections: Mapped[list[Any]] = column(
        Privacy.OPEN, JSON, comment="[{title: {kk, ru, en}, articles: [{kk, ru, en}]}] with {placeholders}"
    )
    act_number: Mapped[str] = column(Privacy.OPEN, String(40), default="", comment="of the act of approval")
    act_on: Mapped[date | None] = column(Privacy.OPEN)
    approved_at: Mapped[datetime | None] = column(Privacy.OPEN)
    created_at: Mapped[datetime] = column(Privacy.INTERNAL)
    competition: Mapped[Competition] = relationship(lazy="raise_on_sql")


class Form(ProgrammeOwned, Model):
    """One version of the application form."""

    __tablename__ = "competitions_forms"
    __table_args__ = (UniqueConstraint("competition_id", "number"),)
    id: Mapped[int] = key()
    public_id: Mapped[str] = public_id()
    competition_id: Mapped[int] = column(Privacy.OPEN, ForeignKey("competitions_competitions.id"), index=True)
    number: Mapped[int] = column(Privacy.OPEN, comment="version 1, 2, ...")
    groups: Mapped[list[Any]] = column(Privacy.OPEN, JSON, comment="[{key, title: {kk, ru, en}}] in order; one a screen")
    locked_at: Mapped[datetime | None] = column(
        Privacy.INTERNAL, comment="since when applications are written by it; it does not change any more"
    )
    created_at: Mapped[datetime] = column(Privacy.INTERNAL)
    questions: Mapped[list["Question"]] = relationship(
        back_populates="form", cascade="all, delete-orphan", order_by="Question.position", lazy="selectin"
    )


class Question(Model):
    """One question of one version of a form."""

    __tablename__ = "competitions_questions"
    __table_args__ = (
        UniqueConstraint("form_id", "key"),
        check("max_length_is_positive", "max_length IS NULL OR max_length > 0"),
    )
    id: Mapped[int] = key()
    form_id: Mapped[int] = column(Privacy.OPEN, ForeignKey("competitions_forms.id"))
    position: Mapped[int] = column(Privacy.OPEN)
    group: Mapped[str] = column(Privacy.OPEN, String(40))
    key: Mapped[str] = column(Privacy.OPEN, String(40))
    kind: Mapped[QuestionKind] = choice(Privacy.OPEN, QuestionKind, name="question_kind")
    label: Mapped[Translation] = column(Privacy.OPEN)
    hint: Mapped[Translation] = column(Privacy.OPEN, default=Translation)
    is_required: Mapped[bool] = column(Privacy.OPEN, default=True)
    is_private: Mapped[bool] = column(Privacy.OPEN, default=False, comment="the jury never sees the answer")
    max_length: Mapped[int | None] = column(Privacy.OPEN, comment="in code points")
    options: Mapped[dict[str, Any]] = column(
        Privacy.OPEN, JSON, default=dict, comment="columns of a table, choices of a choice"
    )
    form: Mapped[Form] = relationship(back_populates="questions")


class FormEdit(Model):
    """One change of a form that is being made: what it was before, so that the change can be taken back."""

    __tablename__ = "competitions_form_edits"
    id: Mapped[int] = key()
    form_id: Mapped[int] = column(Privacy.INTERNAL, ForeignKey("competitions_forms.id", ondelete="CASCADE"), index=True)
    before: Mapped[dict[str, Any]] = column(Privacy.OPEN, JSON, comment="as rules.form_json writes it")
    at: Mapped[datetime] = column(Privacy.INTERNAL)
    user_id: Mapped[int | None] = column(Privacy.INTERNAL, ForeignKey("people_users.id"))


guard(
    Form,
    "form_in_use_stays_in_use",
    on=("UPDATE",),
    when="OLD.locked_at IS NOT NULL AND NEW.locked_at IS NULL",
)
guard(
    Question,
    "form_in_use_is_locked",
    on=("UPDATE",),
    when="EXISTS (SELECT 1 FROM competitions_forms f WHERE f.id = OLD.form_id AND f.locked_at IS NOT NULL)",
)
guard(
    Question,
    "form_in_use_asks_no_more",
    on=("INSERT",),
    when="EXISTS (SELECT 1 FROM competitions_forms f WHERE f.id = NEW.form_id AND f.locked_at IS NOT NULL)",
)
guard(
    Question,
    "form_in_use_asks_no_less",
    on=("DELETE",),
    when="EXISTS (SELECT 1 FROM competitions_forms f WHERE f.id = OLD.form_id AND f.locked_at IS NOT NULL)",
)
guard(
    Rules,
    "approved_rules_are_locked",
    on=("UPDATE",),
    when="OLD.state <> 'draft' AND (CAST(NEW.settings AS TEXT) <> CAST(OLD.settings AS TEXT)"
    " OR CAST(NEW.sections AS TEXT) <> CAST(OLD.sections AS TEXT))",
)
