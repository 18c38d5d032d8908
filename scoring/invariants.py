"""What must never be true of scoring; run by `baiqau doctor` and after every database test."""

from collections.abc import Iterator

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.core import audit
from app.core.db import db
from app.modules import Invariant, Seal
from competitions.models import Application, Competition
from scoring.models import Assignment, ConflictOfInterest, Criterion, Juror, RankingSnapshot, Review, Round, Score, Stage
from scoring.rules import Entry, canonical, canonical_sheet, digest
from scoring.states import JurorState, ReviewState

READ_AT_ONCE = 500


def _signed_with_gaps() -> Select[int]:
    """A signed sheet lacks points of a criterion, or a comment where points demand one."""
    score = select(Score.id).where(
        Score.review_id == Review.id,
        Score.criterion_id == Criterion.id,
        Score.points.is_not(None),
        or_(
            Score.comment != "",
            and_(
                func.coalesce(Score.points > Criterion.comment_at_most, True),
                func.coalesce(Score.points < Criterion.comment_at_least, True),
            ),
        ),
    )
    return (
        select(Review.id)
        .join(Criterion, Criterion.stage_id == Review.stage_id)
        .where(Review.state == ReviewState.SIGNED, ~score.exists())
    )


def _live_sheet_in_conflict() -> Select[int]:
    return (
        select(Review.id)
        .join(Assignment, Assignment.id == Review.assignment_id)
        .join(
            ConflictOfInterest,
            and_(
                ConflictOfInterest.juror_id == Assignment.juror_id,
                ConflictOfInterest.application_id == Assignment.application_id,
            ),
        )
        .where(Review.state != ReviewState.RECUSED, ConflictOfInterest.lifted_at.is_(None))
    )


def _own_application() -> Select[int]:
    return (
        select(Assignment.id)
        .join(Juror, Juror.id == Assignment.juror_id)
        .join(Application, Application.id == Assignment.application_id)
        .where(Application.applicant_id == Juror.person_id)
    )


def _of_another_competition() -> Select[int]:
    return (
        select(Assignment.id)
        .join(Juror, Juror.id == Assignment.juror_id)
        .join(Round, Round.id == Juror.round_id)
        .join(Application, Application.id == Assignment.application_id)
        .where(Application.competition_id != Round.competition_id)
    )


def _stage_of_another_round() -> Select[int]:
    return (
        select(Review.id)
        .join(Stage, Stage.id == Review.stage_id)
        .join(Assignment, Assignment.id == Review.assignment_id)
        .join(Juror, Juror.id == Assignment.juror_id)
        .where(Stage.round_id != Juror.round_id)
    )


def _criterion_of_another_stage() -> Select[int]:
    return (
        select(Score.id)
        .join(Review, Review.id == Score.review_id)
        .join(Criterion, Criterion.id == Score.criterion_id)
        .where(Criterion.stage_id != Review.stage_id)
    )


def _scored_before_declaring() -> Select[int]:
    return (
        select(Review.id)
        .join(Assignment, Assignment.id == Review.assignment_id)
        .join(Juror, Juror.id == Assignment.juror_id)
        .where(
            Review.state.in_((ReviewState.DRAFT, ReviewState.SIGNED)),
            or_(Juror.conflicts_declared_at.is_(None), Juror.state.in_((JurorState.INVITED, JurorState.DECLINED))),
        )
    )


def _of_another_programme() -> Select[int]:
    return (
        select(Round.id)
        .join(Competition, Competition.id == Round.competition_id)
        .where(Round.programme_id != Competition.programme_id)
    )


def _changed_sheets() -> Iterator[str]:
    """By application and juror, as the record of acts names her: the sheet is not what was recorded when she signed it."""
    last = audit.newest(Review, audit.AuditEntry.verb == "sign")
    recorded = last.c.details["sha256"].as_string()
    all_sheets = select(Review, recorded).outerjoin(last, last.c.subject == Review.public_id)
    signed = all_sheets.where(Review.state == ReviewState.SIGNED).order_by(Review.id)
    loaded = signed.options(
        joinedload(Review.stage),
        joinedload(Review.assignment).joinedload(Assignment.juror),
        joinedload(Review.assignment).joinedload(Assignment.application),
        selectinload(Review.scores).joinedload(Score.criterion),
    ).execution_options(populate_existing=True, yield_per=READ_AT_ONCE)
    for one, sha256 in db.session.execute(loaded):
        if not _content_digest(one) == one.sha256 == sha256:
            yield f"{one.assignment.application.code} by {one.assignment.juror.public_id}"


def _content_digest(review: Review) -> str:
    content = canonical_sheet(
        application=review.assignment.application.code or "",
        juror=review.assignment.juror.public_id,
        stage=review.stage.key,
        entries={one.criterion.key: Entry(one.points, one.comment) for one in review.scores},
        feedback=review.feedback,
    )
    return digest(content)


def _changed_rankings() -> Iterator[str]:
    """By competition and version: what was frozen is not what the hash says, or not what was recorded when it was frozen."""
    kept = (
        select(RankingSnapshot, Competition.slug)
        .join(Round, Round.id == RankingSnapshot.round_id)
        .join(Competition, Competition.id == Round.competition_id)
        .execution_options(populate_existing=True, yield_per=1)
    )
    for one, slug in db.session.execute(kept):
        recorded = [entry.details for entry in audit.history(one) if entry.verb == "freeze"]
        told = {"number": one.number, "sha256": digest(canonical({"inputs": one.inputs, "outcome": one.outcome}))}
        if one.sha256 != told["sha256"] or recorded != [told]:
            yield f"{slug} {one.number}"


def _changed_rules() -> Iterator[str]:
    """By competition: the jury's stages and criteria are not those that were made of the approved rules."""
    made = audit.newest(Round, audit.AuditEntry.verb == "make")
    kept = (
        select(Round, Competition.slug, made.c.details["sha256"].as_string())
        .join(Competition, Competition.id == Round.competition_id)
        .outerjoin(made, made.c.subject == Round.public_id)
        .order_by(Round.id)
    )
    for one, slug, sha256 in db.session.execute(kept.execution_options(populate_existing=True)):
        if one.fixed != sha256:
            yield slug


def _changed_conflicts() -> Iterator[str]:
    """By id: a conflict that nobody declared so, or that was lifted, or stands, otherwise than was recorded; or it is gone."""
    declared, lifted = (audit.newest(ConflictOfInterest, audit.AuditEntry.verb == verb) for verb in ("declare", "lift"))
    told = declared.c.details
    kept = (
        select(ConflictOfInterest.public_id)
        .join(Juror, Juror.id == ConflictOfInterest.juror_id)
        .join(Application, Application.id == ConflictOfInterest.application_id)
        .outerjoin(declared, declared.c.subject == ConflictOfInterest.public_id)
        .outerjoin(lifted, lifted.c.subject == ConflictOfInterest.public_id)
        .where(
            or_(
                told["juror"].as_string().is_distinct_from(Juror.public_id),
                told["application"].as_string().is_distinct_from(Application.public_id),
                ConflictOfInterest.lifted_at.is_(None) != lifted.c.subject.is_(None),
            )
        )
    )
    yield from db.session.scalars(kept.order_by(ConflictOfInterest.id))
    there = select(ConflictOfInterest.id).where(ConflictOfInterest.public_id == declared.c.subject).correlate(declared)
    yield from db.session.scalars(select(declared.c.subject).where(~there.exists()).order_by(declared.c.subject))


INVARIANTS = (
    Invariant("a signed sheet has all its points and comments", _signed_with_gaps),
    Invariant("no sheet counts while its juror is in conflict", _live_sheet_in_conflict),
    Invariant("nobody reviews her own application", _own_application),
    Invariant("a juror reviews applications of her own competition", _of_another_competition),
    Invariant("a sheet is of a stage of its juror's round", _stage_of_another_round),
    Invariant("a score is of a criterion of its sheet's stage", _criterion_of_another_stage),
    Invariant("nobody scores before accepting and declaring conflicts", _scored_before_declaring),
    Invariant("a round is of its competition's programme", _of_another_programme),
)
SEALS = (
    Seal("signed sheets", _changed_sheets),
    Seal("frozen rankings", _changed_rankings),
    Seal("criteria and weights", _changed_rules),
    Seal("conflicts of interest", _changed_conflicts),
)
