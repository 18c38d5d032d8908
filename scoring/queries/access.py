"""The facts behind the policies of this package, and the policies again as SQL for lists."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, not_, or_, select
from sqlalchemy.orm import aliased

from app.access.actor import Actor
from app.access.policies import Judgement, Policy, SqlJudgement
from app.core.db import db
from competitions.models import Application, Competition
from competitions.queries.access import applied, present
from competitions.states import ApplicationState, CompetitionState
from scoring.models import Assignment, ConflictOfInterest, Juror, Review, Round, Stage
from scoring.policy import (
    CHAIR,
    CHANGING,
    GRANTS,
    OWN_SHEET,
    READABLE_AFTER_RESULTS,
    RESULTS,
    REVIEW_PERMISSIONS,
    ROUND_PERMISSIONS,
    SEAT_PERMISSIONS,
    Permission,
    ReviewFacts,
    RoundFacts,
    SeatFacts,
    grants_review,
    grants_round,
    is_over,
    review_obstacles,
    round_obstacles,
    seat_obstacles,
)
from scoring.states import JurorState, ReviewState

SITTING = (JurorState.INVITED, JurorState.ACCEPTED)
# The actor's own seat, its stage and what it is tied to, beside those that are asked about.
_SEAT, _STAGE, _TIED = aliased(Juror), aliased(Stage), aliased(Application)
UNFINISHED = (ReviewState.ASSIGNED, ReviewState.DRAFT)


def open_sheets() -> Select[int]:
    """The sheets that somebody still has to sign: of sitting jurors, on applications that take part."""
    return (
        select(Review.id)
        .join(Assignment, Assignment.id == Review.assignment_id)
        .join(Juror, Juror.id == Assignment.juror_id)
        .join(Application, Application.id == Assignment.application_id)
        .where(Review.state.in_(UNFINISHED), Juror.state.in_(SITTING), Application.state == ApplicationState.ADMITTED)
    )


def sits(actor: Actor, seat: Any = Juror) -> ColumnElement[bool]:
    """Whether an accepted seat is the actor's."""
    return and_(seat.person_id.in_(sorted(actor.person_ids)), seat.state == JurorState.ACCEPTED)


def _chairs(actor: Actor, round_id: Any) -> ColumnElement[bool]:
    return select(_SEAT.id).where(_SEAT.round_id == round_id, _SEAT.is_chair, sits(actor, _SEAT)).exists()


def in_conflict(actor: Actor, application_id: Any, applicant_id: Any) -> ColumnElement[bool]:
    """Whether a standing conflict of the actor, by any seat of hers, or her own name is on the application."""
    conflicts = (
        select(ConflictOfInterest.id)
        .join(_SEAT, _SEAT.id == ConflictOfInterest.juror_id)
        .where(
            ConflictOfInterest.application_id == application_id,
            ConflictOfInterest.lifted_at.is_(None),
            _SEAT.person_id.in_(sorted(actor.person_ids)),
        )
    )
    return or_(conflicts.exists(), applicant_id.in_(sorted(actor.person_ids)))


def tied(actor: Actor, competition_id: Any) -> ColumnElement[bool]:
    """Whether the actor has a standing conflict, by any seat of hers, with any application of a competition."""
    ties = (
        select(_TIED.competition_id)
        .join(ConflictOfInterest, ConflictOfInterest.application_id == _TIED.id)
        .join(_SEAT, _SEAT.id == ConflictOfInterest.juror_id)
        .where(ConflictOfInterest.lifted_at.is_(None), _SEAT.person_id.in_(sorted(actor.person_ids)))
    )
    is_among: ColumnElement[bool] = competition_id.in_(ties)
    return is_among


def has_unsigned(actor: Actor, competition_id: Any) -> ColumnElement[bool]:
    """Whether the actor can still sign sheets of her own in a competition: then others' points would guide hers."""
    mine = (
        select(Application.competition_id)
        .select_from(Review)
        .join(Assignment, Assignment.id == Review.assignment_id)
        .join(Juror, Juror.id == Assignment.juror_id)
        .join(Application, Application.id == Assignment.application_id)
        .join(_STAGE, _STAGE.id == Review.stage_id)
        .where(sits(actor), Review.id.in_(open_sheets()), _STAGE.closes_at > present())
    )
    is_among: ColumnElement[bool] = competition_id.in_(mine.correlate(None))
    return is_among


def hidden_ids(round_: Round, actor: Actor) -> frozenset[int]:
    """The applications of a round this person is in conflict with: nothing shown to her may count them."""
    wanted = select(Application.id).where(
        Application.competition_id == round_.competition_id,
        Application.state == ApplicationState.ADMITTED,
        in_conflict(actor, Application.id, Application.applicant_id),
    )
    return frozenset(db.session.scalars(wanted))


def _ended(at: datetime) -> ColumnElement[bool]:
    published = and_(Competition.published_at.is_not(None), Competition.published_at <= at - READABLE_AFTER_RESULTS)
    return or_(Competition.state == CompetitionState.CANCELLED, published)


# --- Rounds -------------------------------------------------------------------------------------------------------------


def _finished(at: datetime) -> ColumnElement[bool]:
    """Every stage has closed, or has sheets and all of them are signed or recused."""
    sheets = select(Review.id).where(Review.stage_id == Stage.id).correlate(Stage)
    waiting = open_sheets().where(Review.stage_id == Stage.id).correlate(Stage)
    running = select(Stage.id).where(
        Stage.round_id == Round.id, Stage.closes_at > at, or_(waiting.exists(), not_(sheets.exists()))
    )
    return not_(running.correlate(Round).exists())


def _round_facts(actor: Actor, ids: Sequence[int]) -> dict[int, RoundFacts]:
    wanted = (
        select(
            Round.id,
            Round.programme_id,
            Competition.state,
            _chairs(actor, Round.id),
            _finished(present()),
            applied(actor, Round.competition_id),
            _is_seated(actor),
            tied(actor, Round.competition_id),
            has_unsigned(actor, Round.competition_id),
        )
        .join(Competition, Competition.id == Round.competition_id)
        .where(Round.id.in_(ids))
    )
    return {
        one: RoundFacts(programme_id, state, *(bool(fact) for fact in facts))
        for one, programme_id, state, *facts in db.session.execute(wanted)
    }


def _is_seated(actor: Actor) -> ColumnElement[bool]:
    return Round.id.in_(select(_SEAT.round_id).where(sits(actor, _SEAT)))


def _judge_round(permission: StrEnum, actor: Actor, facts: RoundFacts) -> Judgement:
    return Judgement(grants_round(permission, actor, facts), round_obstacles(permission, facts))


def _where_round(permission: StrEnum, actor: Actor) -> SqlJudgement:
    granted: ColumnElement[bool] = Round.programme_id.in_(sorted(actor.programmes_with(*GRANTS.get(permission, ()))))
    if permission in CHAIR:
        granted = or_(granted, _chairs(actor, Round.id))
    blocked = [applied(actor, Round.competition_id)]
    if permission in RESULTS:
        blocked.append(has_unsigned(actor, Round.competition_id))
    if permission in CHANGING:
        standing = select(Competition.id).where(Competition.state == CompetitionState.ANNOUNCED)
        blocked += [_is_seated(actor), tied(actor, Round.competition_id), Round.competition_id.not_in(standing)]
    elif permission == Permission.ROUND_SHEETS:
        blocked.append(not_(_finished(present())))
    return SqlJudgement(granted, or_(*blocked))


# --- Seats --------------------------------------------------------------------------------------------------------------


def _seat_facts(actor: Actor, ids: Sequence[int]) -> dict[int, SeatFacts]:
    at = present()
    wanted = (
        select(Juror.id, sits(actor), Competition.state, Competition.published_at, applied(actor, Round.competition_id))
        .join(Round, Round.id == Juror.round_id)
        .join(Competition, Competition.id == Round.competition_id)
        .where(Juror.id.in_(ids))
    )
    return {
        one: SeatFacts(bool(is_own), is_over(state, published_at, at), bool(is_applicant), state)
        for one, is_own, state, published_at, is_applicant in db.session.execute(wanted)
    }


def _judge_seat(permission: StrEnum, _actor: Actor, facts: SeatFacts) -> Judgement:
    return Judgement(facts.is_own, seat_obstacles(permission, facts))


def _where_seat(permission: StrEnum, actor: Actor) -> SqlJudgement:
    is_decided = Competition.state != CompetitionState.ANNOUNCED if permission == Permission.SEAT_DECLARE else false()
    shut = (
        select(Round.id)
        .join(Competition, Competition.id == Round.competition_id)
        .where(or_(_ended(present()), applied(actor, Round.competition_id), is_decided))
    )
    return SqlJudgement(sits(actor), Juror.round_id.in_(shut))


# --- Sheets -------------------------------------------------------------------------------------------------------------


def _sheets(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Review)
        .join(Stage, Stage.id == Review.stage_id)
        .join(Assignment, Assignment.id == Review.assignment_id)
        .join(Juror, Juror.id == Assignment.juror_id)
        .join(Application, Application.id == Assignment.application_id)
        .join(Competition, Competition.id == Application.competition_id)
    )


def _review_facts(actor: Actor, ids: Sequence[int]) -> dict[int, ReviewFacts]:
    wanted = _sheets(
        Review.id,
        sits(actor).label("is_own"),
        _chairs(actor, Juror.round_id).label("is_chair"),
        in_conflict(actor, Application.id, Application.applicant_id).label("in_conflict"),
        applied(actor, Application.competition_id).label("is_applicant"),
        Juror.conflicts_declared_at,
        Review.state.label("state"),
        Application.state.label("application_state"),
        Competition.state.label("competition_state"),
        Stage.opens_at,
        Stage.closes_at,
        Competition.published_at,
    ).where(Review.id.in_(ids))
    at = present()
    return {
        row.id: ReviewFacts(
            is_own=bool(row.is_own),
            is_chair=bool(row.is_chair),
            in_conflict=bool(row.in_conflict),
            is_applicant=bool(row.is_applicant),
            has_declared=row.conflicts_declared_at is not None,
            state=row.state,
            application_state=row.application_state,
            competition_state=row.competition_state,
            opens_at=row.opens_at,
            closes_at=row.closes_at,
            published_at=row.published_at,
            at=at,
        )
        for row in db.session.execute(wanted)
    }


def _judge_review(permission: StrEnum, _actor: Actor, facts: ReviewFacts) -> Judgement:
    return Judgement(grants_review(permission, facts), review_obstacles(permission, facts))


def _where_review(permission: StrEnum, actor: Actor) -> SqlJudgement:
    is_chairs = permission == Permission.REVIEW_REOPEN
    gives_back = and_(_chairs(actor, Juror.round_id), not_(sits(actor)))
    granted = _sheets(Review.id).where(gives_back if is_chairs else sits(actor))
    obstacles = [
        in_conflict(actor, Application.id, Application.applicant_id),
        applied(actor, Application.competition_id),
        Application.state != ApplicationState.ADMITTED,
        _ended(present()),
        *_sheet_obstacles(permission, present()),
    ]
    blocked = _sheets(Review.id).where(or_(*obstacles))
    return SqlJudgement(Review.id.in_(granted), Review.id.in_(blocked))


def _sheet_obstacles(permission: StrEnum, at: datetime) -> list[ColumnElement[bool]]:
    """As `policy.review_obstacles`, line by line."""
    found: list[ColumnElement[bool]] = []
    if permission in OWN_SHEET:
        found.append(Juror.conflicts_declared_at.is_(None))
    if permission in {Permission.REVIEW_READ, Permission.REVIEW_SAVE, Permission.REVIEW_WRITE}:
        found.append(Stage.opens_at > at)
    if permission == Permission.REVIEW_READ:
        return found
    found.append(Review.state == ReviewState.RECUSED)
    if permission == Permission.REVIEW_REOPEN:
        found.append(Review.state != ReviewState.SIGNED)
    if permission == Permission.REVIEW_WRITE:
        found.append(Review.state == ReviewState.SIGNED)
    if permission in {Permission.REVIEW_WRITE, Permission.REVIEW_REOPEN}:
        found.append(Stage.closes_at <= at)
    if permission != Permission.REVIEW_SAVE:
        found.append(Competition.state != CompetitionState.ANNOUNCED)
    return found


POLICIES = (
    Policy(Round, ROUND_PERMISSIONS, _round_facts, _judge_round, _where_round),
    Policy(Juror, SEAT_PERMISSIONS, _seat_facts, _judge_seat, _where_seat),
    Policy(Review, REVIEW_PERMISSIONS, _review_facts, _judge_review, _where_review),
)
