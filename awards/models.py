"""Tables of awards and published results."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, relationship

from app.core.columns import Privacy, check, choice, column, key, public_id
from app.core.db import Model, guard
from app.core.states import Machine
from app.programmes.models import ProgrammeOwned
from awards.states import AWARD, STANDING, AwardKind, AwardState
from competitions.models import Application, Competition
from scoring.models import RankingSnapshot


class Award(ProgrammeOwned, Model):
    """One decision; a trigger keeps the standing sums within the competition's fund and each within its cap."""

    __tablename__ = "awards_awards"
    __table_args__ = (
        Index(
            "ix_awards_awards_one_standing",
            "application_id",
            unique=True,
            sqlite_where=text("state <> 'revoked'"),
            postgresql_where=text("state <> 'revoked'"),
        ),
        Index(
            "ix_awards_awards_one_a_place",
            "competition_id", "place",
            unique=True,
            sqlite_where=text("state <> 'revoked'"),
            postgresql_where=text("state <> 'revoked'"),
        ),
        check("winner_has_sum", "(kind = 'winner' AND amount > 0) OR (kind = 'reserve' AND amount = 0)"),
        check("place_is_positive", "place > 0"),
    )  # fmt: skip
    machine: ClassVar[Machine] = AWARD
    id: Mapped[int] = key()
    public_id: Mapped[str] = public_id()
    competition_id: Mapped[int] = column(Privacy.INTERNAL, ForeignKey("competitions_competitions.id"))
    application_id: Mapped[int] = column(Privacy.INTERNAL, ForeignKey("competitions_applications.id"))
    snapshot_id: Mapped[int | None] = column(
        Privacy.INTERNAL, ForeignKey("scoring_ranking_snapshots.id"), comment="the frozen ranking it follows from"
    )
    kind: Mapped[AwardKind] = choice(Privacy.INTERNAL, AwardKind, name="award_kind")
    state: Mapped[AwardState] = choice(Privacy.INTERNAL, AwardState, name="award_state", default=AwardState.PROPOSED)
    place: Mapped[int] = column(Privacy.INTERNAL)
    amount: Mapped[int] = column(Privacy.INTERNAL, comment="tenge")
    decided_at: Mapped[datetime] = column(Privacy.INTERNAL)
    published_at: Mapped[datetime | None] = column(Privacy.INTERNAL)
    application: Mapped[Application] = relationship(lazy="raise_on_sql")
    competition: Mapped[Competition] = relationship(lazy="raise_on_sql")
    snapshot: Mapped[RankingSnapshot | None] = relationship(lazy="raise_on_sql")

    @property
    def stands(self) -> bool:
        """Made and not revoked, whether or not anybody was told of it."""
        return self.state in STANDING

    @property
    def decided(self) -> dict[str, Any]:
        """The decision as the record of acts keeps it: who gets what."""
        return {"application": self.application_id, "place": self.place, "amount": self.amount, "kind": self.kind.value}


class ResultVersion(ProgrammeOwned, Model):
    """What was published, when, from which ranking; a trigger forbids UPDATE and DELETE. A correction is a new version."""

    __tablename__ = "awards_result_versions"
    __table_args__ = (UniqueConstraint("competition_id", "number"),)
    id: Mapped[int] = key()
    public_id: Mapped[str] = public_id()
    competition_id: Mapped[int] = column(Privacy.INTERNAL, ForeignKey("competitions_competitions.id"))
    number: Mapped[int] = column(Privacy.OPEN)
    content: Mapped[dict[str, Any]] = column(
        Privacy.OPEN, JSON, comment="codes, places, sums, totals; no names: consent decides those"
    )
    ranking_sha256: Mapped[str] = column(Privacy.OPEN, String(64))
    reason: Mapped[str] = column(Privacy.OPEN, String(500), default="")
    published_at: Mapped[datetime] = column(Privacy.OPEN)
    published_by_id: Mapped[int | None] = column(Privacy.INTERNAL, ForeignKey("people_users.id"))


guard(ResultVersion, "result_version_is_immutable", on=("UPDATE", "DELETE"))
guard(
    Award,
    "awards_fit_the_fund",
    on=("INSERT", "UPDATE"),
    locks="PERFORM 1 FROM competitions_competitions WHERE id = NEW.competition_id FOR UPDATE;",
    when="NEW.state IN ('proposed', 'published') AND EXISTS (SELECT 1 FROM competitions_competitions c"
    " WHERE c.id = NEW.competition_id AND (NEW.amount > c.award_cap OR c.fund < NEW.amount + (SELECT COALESCE(SUM(a.amount), 0)"
    " FROM awards_awards a WHERE a.competition_id = NEW.competition_id AND a.state IN ('proposed', 'published')"
    " AND a.id <> COALESCE(NEW.id, 0))))",
)
