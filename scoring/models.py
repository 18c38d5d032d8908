"""Tables of rounds, stages, criteria, jurors, conflicts, assignments, reviews, scores and frozen rankings."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, relationship

from app.core.columns import Privacy, Translation, check, choice, column, key, public_id
from app.core.db import Model, guard
from app.core.states import Machine
from app.people.models import Person
from app.programmes.models import ProgrammeOwned
from competitions.models import Application, Competition
from scoring.rules import canonical, digest
from scoring.states import JUROR, REVIEW, ConflictKind, JurorState, ReviewState, StageMode


class Round(ProgrammeOwned, Model):
    """The scoring of one competition, made from its approved rules when the call is announced."""

    __tablename__ = "scoring_rounds"
    id: Mapped[int] = key()
    public_id: Mapped[str] = public_id()
    competition_id: Mapped[int] = column(Privacy.OPEN, ForeignKey("competitions_competitions.id"), unique=True)
    pass_total: Mapped[int | None] = column(Privacy.OPEN, comment="points a winner needs in all")
    ties: Mapped[list[str]] = column(Privacy.OPEN, JSON, comment="criterion keys in the order they break ties")
    method: Mapped[str] = column(Privacy.OPEN, String(20), default="mean")
    created_at: Mapped[datetime] = column(Privacy.INTERNAL)
    competition: Mapped[Competition] = relationship(lazy="raise_on_sql")
    stages: Mapped[list["Stage"]] = relationship(
        back_populates="round", cascade="all, delete-orphan", order_by="Stage.position", lazy="selectin"
    )

    @property
    def fixed(self) -> str:
        """The hash of what the approved rules fix for ever: marks, weights, scales, anchors; not when a stage opens."""
        stages = [
            [one.key, one.position, one.name, one.mode, one.is_blind, one.pass_mark, [each.fixed for each in one.criteria]]
            for one in self.stages
        ]
        return digest(canonical([self.pass_total, self.ties, self.method, stages]))


class Stage(ProgrammeOwned, Model):
    """One stage of a round: blind sheets, then the pitch."""

    __tablename__ = "scoring_stages"
    __table_args__ = (
        UniqueConstraint("round_id", "key"),
        UniqueConstraint("round_id", "position"),
        check("closes_after_it_opens", "closes_at > opens_at"),
    )
    id: Mapped[int] = key()
    public_id: Mapped[str] = public_id()
    round_id: Mapped[int] = column(Privacy.OPEN, ForeignKey("scoring_rounds.id"))
    key: Mapped[str] = column(Privacy.OPEN, String(20), comment="blind, pitch")
    position: Mapped[int] = column(Privacy.OPEN)
    name: Mapped[Translation] = column(Privacy.OPEN)
    mode: Mapped[StageMode] = choice(Privacy.OPEN, StageMode, name="stage_mode", default=StageMode.POINTS)
    is_blind: Mapped[bool] = column(Privacy.OPEN, default=True)
    pass_mark: Mapped[int | None] = column(Privacy.OPEN, comment="points; below it an application goes no further")
    opens_at: Mapped[datetime] = column(Privacy.OPEN)
    closes_at: Mapped[datetime] = column(Privacy.OPEN)
    round: Mapped[Round] = relationship(back_populates="stages")
    criteria: Mapped[list["Criterion"]] = relationship(
        back_populates="stage", cascade="all, delete-orphan", order_by="Criterion.position", lazy="selectin"
    )


class Criterion(Model):
    """One thing jurors score, with its scale, weight and anchors."""

    __tablename__ = "scoring_criteria"
    __table_args__ = (
        UniqueConstraint("stage_id", "key"),
        check("scale_has_width", "high > low"),
        check("weight_is_positive", "weight > 0"),
        check("step_is_positive", "step > 0"),
    )
    id: Mapped[int] = key()
    stage_id: Mapped[int] = column(Privacy.OPEN, ForeignKey("scoring_stages.id"))
    key: Mapped[str] = column(Privacy.OPEN, String(20), comment="C1")
    position: Mapped[int] = column(Privacy.OPEN)
    name: Mapped[Translation] = column(Privacy.OPEN)
    weight: Mapped[int] = column(Privacy.OPEN)
    low: Mapped[int] = column(Privacy.OPEN, default=0)
    high: Mapped[int] = column(Privacy.OPEN, default=10)
    step: Mapped[int] = column(Privacy.OPEN, default=1)
    anchors: Mapped[list[Any]] = column(Privacy.OPEN, JSON, comment="[{from, to, text: {kk, ru, en}}]")
    comment_at_most: Mapped[int | None] = column(Privacy.OPEN, comment="a score up to this needs a comment")
    comment_at_least: Mapped[int | None] = column(Privacy.OPEN, comment="a score from this on needs a comment")
    stage: Mapped[Stage] = relationship(back_populates="criteria")

    @property
    def fixed(self) -> list[object]:
        """All that it is, as the hash of its round covers it."""
        scale = [self.weight, self.low, self.high, self.step, self.comment_at_most, self.comment_at_least]
        return [self.key, self.position, self.name, scale, self.anchors]


class Juror(ProgrammeOwned, Model):
    """One seat on the jury of one round."""

    __tablename__ = "scoring_jurors"
    __table_args__ = (
        UniqueConstraint("round_id", "person_id"),
        Index(
            "ix_scoring_jurors_one_chair",
            "round_id",
            unique=True,
            sqlite_where=text("is_chair AND state <> 'removed'"),
            postgresql_where=text("is_chair AND state <> 'removed'"),
        ),
    )
    machine: ClassVar[Machine] = JUROR
    id: Mapped[int] = key()
    public_id: Mapped[str] = public_id()
    round_id: Mapped[int] = column(Privacy.INTERNAL, ForeignKey("scoring_rounds.id"))
    person_id: Mapped[int] = column(Privacy.SCORE, ForeignKey("people_persons.id"), index=True)
    state: Mapped[JurorState] = choice(Privacy.INTERNAL, JurorState, name="juror_state", default=JurorState.INVITED)
    is_chair: Mapped[bool] = column(Privacy.INTERNAL, default=False)
    languages: Mapped[list[str]] = column(Privacy.INTERNAL, JSON, comment="the languages the juror reads")
    email: Mapped[str] = column(Privacy.CONTACT, String(254), comment="contact for this jury; apart from the account")
    invited_at: Mapped[datetime] = column(Privacy.INTERNAL)
    answered_at: Mapped[datetime | None] = column(Privacy.INTERNAL)
    conflicts_declared_at: Mapped[datetime | None] = column(Privacy.INTERNAL, comment="nothing is readable before it")
    round: Mapped[Round] = relationship(lazy="raise_on_sql")
    person: Mapped[Person] = relationship(lazy="raise_on_sql")


class ConflictOfInterest(ProgrammeOwned, Model):
    """A tie between a juror and an application: hides it and blocks every act on it."""

    __tablename__ = "scoring_conflicts"
    __table_args__ = (
        Index(
            "ix_scoring_conflicts_one_standing",
            "juror_id", "application_id",
            unique=True,
            sqlite_where=text("lifted_at IS NULL"),
            postgresql_where=text("lifted_at IS NULL"),
        ),
    )  # fmt: skip
    id: Mapped[int] = key()
    public_id: Mapped[str] = public_id()
    juror_id: Mapped[int] = column(Privacy.INTERNAL, ForeignKey("scoring_jurors.id"))
    application_id: Mapped[int] = column(Privacy.INTERNAL, ForeignKey("competitions_applications.id"), index=True)
    kind: Mapped[ConflictKind] = choice(Privacy.INTERNAL, ConflictKind, name="conflict_kind")
    note: Mapped[str] = column(Privacy.INTERNAL, String(500), default="")
    declared_at: Mapped[datetime] = column(Privacy.INTERNAL)
    declared_by_id: Mapped[int | None] = column(Privacy.INTERNAL, ForeignKey("people_users.id"))
    lifted_at: Mapped[datetime | None] = column(Privacy.INTERNAL)


class Assignment(ProgrammeOwned, Model):
    """A juror is to review an application, in every stage it reaches."""

    __tablename__ = "scoring_assignments"
    __table_args__ = (UniqueConstraint("juror_id", "application_id"),)
    id: Mapped[int] = key()
    public_id: Mapped[str] = public_id()
    juror_id: Mapped[int] = column(Privacy.INTERNAL, ForeignKey("scoring_jurors.id"))
    application_id: Mapped[int] = column(Privacy.INTERNAL, ForeignKey("competitions_applications.id"), index=True)
    assigned_at: Mapped[datetime] = column(Privacy.INTERNAL)
    assigned_by_id: Mapped[int | None] = column(Privacy.INTERNAL, ForeignKey("people_users.id"))
    juror: Mapped[Juror] = relationship(lazy="raise_on_sql")
    application: Mapped[Application] = relationship(lazy="raise_on_sql")


class Review(ProgrammeOwned, Model):
    """One juror's score sheet of one application in one stage; signing freezes and hashes it."""

    __tablename__ = "scoring_reviews"
    __table_args__ = (
        UniqueConstraint("assignment_id", "stage_id"),
        check("signed_has_hash", "(state = 'signed') = (sha256 IS NOT NULL AND signed_at IS NOT NULL)"),
    )
    machine: ClassVar[Machine] = REVIEW
    id: Mapped[int] = key()
    public_id: Mapped[str] = public_id()
    assignment_id: Mapped[int] = column(Privacy.INTERNAL, ForeignKey("scoring_assignments.id"))
    stage_id: Mapped[int] = column(Privacy.INTERNAL, ForeignKey("scoring_stages.id"), index=True)
    state: Mapped[ReviewState] = choice(Privacy.SCORE, ReviewState, name="review_state", default=ReviewState.ASSIGNED)
    note: Mapped[str] = column(Privacy.SCORE, String(4000), default="", comment="the juror's own, read by nobody else")
    feedback: Mapped[str] = column(Privacy.SCORE, String(4000), default="", comment="to the applicant, after publication")
    reopen_reason: Mapped[str] = column(Privacy.SCORE, String(500), default="", comment="why the chair gave it back last")
    signed_at: Mapped[datetime | None] = column(Privacy.SCORE)
    sha256: Mapped[str | None] = column(Privacy.SCORE, String(64), comment="of the canonical JSON of the signed sheet")
    assignment: Mapped[Assignment] = relationship(lazy="raise_on_sql")
    stage: Mapped[Stage] = relationship(lazy="raise_on_sql")
    scores: Mapped[list["Score"]] = relationship(back_populates="review", cascade="all, delete-orphan", lazy="selectin")


class Score(Model):
    """Points of one criterion on one sheet; a trigger forbids changes while the sheet is signed."""

    __tablename__ = "scoring_scores"
    __table_args__ = (UniqueConstraint("review_id", "criterion_id"),)
    id: Mapped[int] = key()
    review_id: Mapped[int] = column(Privacy.INTERNAL, ForeignKey("scoring_reviews.id"))
    criterion_id: Mapped[int] = column(Privacy.INTERNAL, ForeignKey("scoring_criteria.id"))
    points: Mapped[int | None] = column(Privacy.SCORE, comment="None while only a comment is written")
    comment: Mapped[str] = column(Privacy.SCORE, String(2000), default="")
    saved_at: Mapped[datetime] = column(Privacy.SCORE)
    review: Mapped[Review] = relationship(back_populates="scores")
    criterion: Mapped[Criterion] = relationship(lazy="raise_on_sql")


class ScoreChange(Model):
    """One stroke on a sheet, kept as it came; the last accepted one of a field is its version. A change id counts once."""

    __tablename__ = "scoring_score_changes"
    __table_args__ = (UniqueConstraint("review_id", "change_id"), UniqueConstraint("review_id", "field", "version"))
    id: Mapped[int] = key()
    review_id: Mapped[int] = column(Privacy.INTERNAL, ForeignKey("scoring_reviews.id"))
    field: Mapped[str] = column(Privacy.INTERNAL, String(40), comment="C1, comment-C1, note or feedback")
    change_id: Mapped[str] = column(Privacy.INTERNAL, String(64), comment="made by the client")
    value: Mapped[str] = column(Privacy.SCORE, String(4000), default="")
    version: Mapped[int | None] = column(Privacy.INTERNAL, comment="of the field after it; None when late or in conflict")
    is_late: Mapped[bool] = column(Privacy.INTERNAL, default=False, comment="kept for its author; never counted")
    at: Mapped[datetime] = column(Privacy.SCORE)


class RankingSnapshot(ProgrammeOwned, Model):
    """A frozen ranking: its inputs and outcome, hashed; a trigger forbids UPDATE and DELETE. Only one can be decided on."""

    __tablename__ = "scoring_ranking_snapshots"
    __table_args__ = (UniqueConstraint("round_id", "number"),)
    id: Mapped[int] = key()
    public_id: Mapped[str] = public_id()
    round_id: Mapped[int] = column(Privacy.INTERNAL, ForeignKey("scoring_rounds.id"))
    number: Mapped[int] = column(Privacy.INTERNAL, comment="version 1, 2, ...")
    inputs: Mapped[dict[str, Any]] = column(Privacy.SCORE, JSON, comment="rules and sheets, as `scoring.ranking` reads them")
    outcome: Mapped[dict[str, Any]] = column(Privacy.SCORE, JSON, comment="standings in order")
    sha256: Mapped[str] = column(Privacy.INTERNAL, String(64), comment="of the canonical JSON of inputs and outcome")
    reason: Mapped[str] = column(Privacy.INTERNAL, String(500), default="", comment="why a later version was made")
    frozen_at: Mapped[datetime] = column(Privacy.INTERNAL)
    frozen_by_id: Mapped[int | None] = column(Privacy.INTERNAL, ForeignKey("people_users.id"))
    round: Mapped[Round] = relationship(lazy="raise_on_sql")


guard(RankingSnapshot, "ranking_snapshot_is_immutable", on=("UPDATE", "DELETE"))
guard(
    Score,
    "signed_scores_are_frozen",
    on=("UPDATE", "DELETE"),
    when="EXISTS (SELECT 1 FROM scoring_reviews r WHERE r.id = OLD.review_id AND r.state = 'signed')",
)
guard(
    Review,
    "signed_sheet_is_frozen",
    on=("UPDATE",),
    when="OLD.state = 'signed' AND NEW.state = 'signed'"
    " AND (NEW.feedback <> OLD.feedback OR NEW.sha256 <> OLD.sha256 OR NEW.signed_at <> OLD.signed_at)",
)
guard(
    Review,
    "signed_sheet_is_reopened_with_a_reason",
    on=("UPDATE",),
    when="OLD.state = 'signed' AND NEW.state = 'draft' AND NEW.reopen_reason = ''",
)
guard(
    Score,
    "signed_sheets_get_no_scores",
    on=("INSERT",),
    when="EXISTS (SELECT 1 FROM scoring_reviews r WHERE r.id = NEW.review_id AND r.state = 'signed')",
)
guard(
    Score,
    "score_is_on_the_scale",
    on=("INSERT", "UPDATE"),
    when="NEW.points IS NOT NULL AND NOT EXISTS (SELECT 1 FROM scoring_criteria c WHERE c.id = NEW.criterion_id"
    " AND NEW.points BETWEEN c.low AND c.high AND (NEW.points - c.low) % c.step = 0)",
)
guard(
    Assignment,
    "nobody_reviews_in_conflict",
    on=("INSERT",),
    when="EXISTS (SELECT 1 FROM scoring_conflicts c WHERE c.juror_id = NEW.juror_id"
    " AND c.application_id = NEW.application_id AND c.lifted_at IS NULL)",
)
