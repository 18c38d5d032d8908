"""Sheets: what stands on them, a juror's queue, a chair's desk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.access.actor import Actor
from app.access.door import visible_to
from app.core.db import db
from competitions.models import Application
from competitions.states import ApplicationState
from scoring.models import Assignment, Criterion, Juror, Review, Round, Score, ScoreChange, Stage
from scoring.policy import Permission
from scoring.queries.blind import BlindCard, blind_cards
from scoring.queries.result import ranking_rules
from scoring.ranking.official import sheet_score
from scoring.rules import (
    COMMENT,
    FEEDBACK,
    NOTE,
    CriterionFacts,
    Entry,
    canonical_sheet,
    fair_key,
)
from scoring.states import ReviewState


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that stands on one sheet."""

    review: Review
    stage: Stage
    round: Round
    juror: Juror
    application_id: int
    code: str
    entries: Mapping[str, Entry]
    versions: Mapping[str, int]
    late: Mapping[str, str]
    total: Fraction
    best: Fraction

    @property
    def criteria(self) -> list[Criterion]:
        """What is scored, in order."""
        return self.stage.criteria

    @property
    def field_names(self) -> list[str]:
        """What the form sends."""
        return fields_of(self.stage)

    def value(self, field: str) -> str:
        """What a field of the form holds."""
        if field in {NOTE, FEEDBACK}:
            return self.review.note if field == NOTE else self.review.feedback
        entry = self.entries.get(field.removeprefix(COMMENT), Entry())
        if field.startswith(COMMENT):
            return entry.comment
        return "" if entry.points is None else str(entry.points)

    def content(self) -> bytes:
        """What a signature covers."""
        return canonical_sheet(
            application=self.code,
            juror=self.juror.public_id,
            stage=self.stage.key,
            entries=self.entries,
            feedback=self.review.feedback,
        )


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One application in a juror's queue."""

    review: Review
    card: BlindCard
    total: Fraction | None


@dataclass(frozen=True, slots=True)
class Queue:
    """A juror's sheets of one stage, in her order."""

    stage: Stage
    items: tuple[QueueItem, ...]
    recused_count: int

    @property
    def signed_count(self) -> int:
        """How many are done."""
        return sum(one.review.state is ReviewState.SIGNED for one in self.items)

    @property
    def next(self) -> Review | None:
        """The next sheet to work on."""
        return next((one.review for one in self.items if one.review.state is not ReviewState.SIGNED), None)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sheet stands among the juror's own of its stage, and which to open after it."""

    seat: str
    number: int
    count: int
    signed_count: int
    next: Review | None


@dataclass(frozen=True, slots=True)
class DeskRow:
    """A sheet on the chair's desk: whose, of what, how far; never its scores."""

    review: Review
    juror: Juror
    code: str
    stage: Stage


def facts_of(criterion: Criterion) -> CriterionFacts:
    """A criterion as the rules need it."""
    return CriterionFacts(
        key=criterion.key,
        low=criterion.low,
        high=criterion.high,
        step=criterion.step,
        comment_at_most=criterion.comment_at_most,
        comment_at_least=criterion.comment_at_least,
    )


def fields_of(stage: Stage) -> list[str]:
    """The fields of a stage's sheet, in the order of the page."""
    return [name for one in stage.criteria for name in (one.key, COMMENT + one.key)] + [FEEDBACK, NOTE]


def sheet_of(review: Review) -> Sheet:
    """All that stands on a sheet now, in a fixed number of queries."""
    wanted = (
        select(Review, Application.code)
        .join(Assignment, Assignment.id == Review.assignment_id)
        .join(Application, Application.id == Assignment.application_id)
        .where(Review.id == review.id)
        .options(
            joinedload(Review.stage),
            joinedload(Review.assignment).joinedload(Assignment.juror).joinedload(Juror.round).joinedload(Round.competition),
        )
    )
    found, code = db.session.execute(wanted).unique().one()
    juror = found.assignment.juror
    entries = entries_of(found)
    rules = ranking_rules(juror.round)
    points = {key: entry.points for key, entry in entries.items() if entry.points is not None}
    highest = {one.key: one.high for one in found.stage.criteria}
    return Sheet(
        review=found,
        stage=found.stage,
        round=juror.round,
        juror=juror,
        application_id=found.assignment.application_id,
        code=code or "",
        entries=entries,
        versions=versions_of(found),
        late=late_values(found),
        total=sheet_score(rules, found.stage.key, points),
        best=sheet_score(rules, found.stage.key, highest),
    )


def entries_of(review: Review) -> dict[str, Entry]:
    """Points and comments by the criterion's key."""
    wanted = (
        select(Criterion.key, Score.points, Score.comment)
        .join(Score, Score.criterion_id == Criterion.id)
        .where(Score.review_id == review.id)
        .order_by(Criterion.position)
    )
    return {key: Entry(points, comment) for key, points, comment in db.session.execute(wanted)}


def score_of(review: Review, criterion: Criterion) -> Score | None:
    """The row of one criterion on a sheet."""
    return db.session.scalar(select(Score).where(Score.review_id == review.id, Score.criterion_id == criterion.id))


def versions_of(review: Review) -> dict[str, int]:
    """How often each field was saved."""
    wanted = select(ScoreChange.field, func.max(ScoreChange.version)).where(
        ScoreChange.review_id == review.id, ScoreChange.version.is_not(None)
    )
    found = db.session.execute(wanted.group_by(ScoreChange.field)).all()
    return {field: version or 0 for field, version in found}


def late_values(review: Review) -> dict[str, str]:
    """What came after the stage had closed: kept for its author, never counted."""
    wanted = select(ScoreChange.field, ScoreChange.value).where(ScoreChange.review_id == review.id, ScoreChange.is_late)
    return dict(db.session.execute(wanted.order_by(ScoreChange.id)).all())


def surplus_late_changes(review: Review, field: str, kept: int) -> list[int]:
    """The ids of late strokes of one field but for the latest `kept`."""
    wanted = select(ScoreChange.id).where(ScoreChange.review_id == review.id, ScoreChange.field == field, ScoreChange.is_late)
    return list(db.session.scalars(wanted.order_by(ScoreChange.id.desc()).offset(kept).limit(1000)))


def change_by_id(review: Review, change_id: str) -> ScoreChange | None:
    """The stroke with this id of the client."""
    return db.session.scalar(select(ScoreChange).where(ScoreChange.review_id == review.id, ScoreChange.change_id == change_id))


# --- Queues -------------------------------------------------------------------------------------------------------------


def queues(juror: Juror, actor: Actor) -> list[Queue]:
    """A juror's sheets by stage, only what she may read now."""
    cards = {card.application_id: card for card in blind_cards(juror.round)}
    wanted = (
        visible_to(actor, Review, Permission.REVIEW_READ)
        .join(Assignment, Assignment.id == Review.assignment_id)
        .where(Assignment.juror_id == juror.id)
        .options(joinedload(Review.assignment))
    )
    readable = list(db.session.scalars(wanted).unique())
    counts, rules, recused = review_counts(juror.round), ranking_rules(juror.round), recused_counts(juror)
    found = []
    for stage in juror.round.stages:
        of_stage = [one for one in readable if one.stage_id == stage.id and one.state is not ReviewState.RECUSED]
        ordered = sorted(of_stage, key=lambda one: _place(one, juror, counts, cards))
        keys = {criterion.id: criterion.key for criterion in stage.criteria}
        items = tuple(
            QueueItem(one, cards[one.assignment.application_id], sheet_score(rules, stage.key, _points(one, keys)))
            for one in ordered
        )
        found.append(Queue(stage, items, recused.get(stage.id, 0)))
    return found


def place_in_queue(sheet: Sheet, actor: Actor) -> Place:
    """The sheet's number, and the next unsigned one after it; at the end the first one that was passed over."""
    mine = next((one for one in queues(sheet.juror, actor) if one.stage.id == sheet.stage.id), None)
    reviews = [item.review for item in mine.items] if mine else []
    ids = [one.id for one in reviews]
    here = ids.index(sheet.review.id) if sheet.review.id in ids else -1
    ahead = [one for one in (*reviews[here + 1 :], *reviews[: max(here, 0)]) if one.state is not ReviewState.SIGNED]
    return Place(
        seat=sheet.juror.public_id,
        number=here + 1,
        count=len(reviews),
        signed_count=mine.signed_count if mine else 0,
        next=ahead[0] if ahead else None,
    )


def receipt_of(review: Review) -> bytes | None:
    """What the signature covers, once there is one."""
    return sheet_of(review).content() if review.state is ReviewState.SIGNED else None


def _points(review: Review, keys: Mapping[int, str]) -> dict[str, int]:
    return {keys[one.criterion_id]: one.points for one in review.scores if one.points is not None}


def _place(
    review: Review, juror: Juror, counts: Mapping[tuple[int, int], int], cards: Mapping[int, BlindCard]
) -> tuple[int, int, str]:
    application_id = review.assignment.application_id
    return fair_key(
        state=review.state,
        review_count=counts.get((application_id, review.stage_id), 0),
        seat=juror.public_id,
        application=cards[application_id].code,
    )


def review_counts(round_: Round) -> dict[tuple[int, int], int]:
    """How many sheets of each (application, stage) are signed."""
    wanted = (
        select(Assignment.application_id, Review.stage_id, func.count())
        .join(Review, Review.assignment_id == Assignment.id)
        .join(Stage, Stage.id == Review.stage_id)
        .where(Stage.round_id == round_.id, Review.state == ReviewState.SIGNED)
        .group_by(Assignment.application_id, Review.stage_id)
    )
    return {(application_id, stage_id): count for application_id, stage_id, count in db.session.execute(wanted)}


def recused_counts(juror: Juror) -> dict[int, int]:
    """How many sheets a juror has recused herself from, by stage."""
    wanted = (
        select(Review.stage_id, func.count())
        .join(Assignment, Assignment.id == Review.assignment_id)
        .where(Assignment.juror_id == juror.id, Review.state == ReviewState.RECUSED)
        .group_by(Review.stage_id)
    )
    return dict(db.session.execute(wanted).all())


def desk(round_: Round, actor: Actor) -> Sequence[DeskRow]:
    """The signed sheets that the chair may give back, by code; never those she is in conflict with."""
    wanted = (
        visible_to(actor, Review, Permission.REVIEW_REOPEN)
        .join(Assignment, Assignment.id == Review.assignment_id)
        .join(Juror, Juror.id == Assignment.juror_id)
        .join(Application, Application.id == Assignment.application_id)
        .where(Juror.round_id == round_.id, Application.state == ApplicationState.ADMITTED)
        .options(
            joinedload(Review.stage),
            joinedload(Review.assignment).joinedload(Assignment.juror).joinedload(Juror.person),
        )
        .add_columns(Application.code)
        .order_by(Application.code, Juror.id)
    )
    found = db.session.execute(wanted).unique().all()
    return [DeskRow(one, one.assignment.juror, code or "", one.stage) for one, code in found]
