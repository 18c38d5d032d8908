"""Every SELECT of reports: each figure is counted from the rows that prove it; one person counts once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, distinct, func, select, union

from app.access.actor import Actor
from app.access.door import visible_to
from app.core.db import db
from app.people.models import Person
from app.programmes.queries import by_role
from awards.models import Award
from awards.states import AwardKind, AwardState
from competitions.models import Application, Competition
from competitions.states import ApplicationState, CompetitionState
from reports.policy import GRANTS, Permission
from seminars.models import Attendance, Event, Session
from seminars.states import EventKind, EventState

REPORT_POLICY = by_role(Competition, GRANTS)
# Before a call is public there is nothing to report.
REPORTED = (CompetitionState.ANNOUNCED, CompetitionState.DECIDED, CompetitionState.PUBLISHED)


@dataclass(frozen=True, slots=True)
class CompetitionFigures:
    """One competition in numbers. A winner is counted from publication on: a funder reads results when everybody does."""

    competition: Competition
    submitted_count: int
    admitted_count: int
    seminar_count: int
    reached_count: int
    winner_count: int
    awarded: int


def reported_competitions(actor: Actor) -> list[CompetitionFigures]:
    """The figures of all competitions the actor may read of, newest first; the same number of queries for any number."""
    wanted = visible_to(actor, Competition, Permission.REPORT_READ).where(Competition.state.in_(REPORTED))
    found = list(db.session.scalars(wanted.order_by(Competition.announced_at.desc())))
    ids = [one.id for one in found]
    submitted = _counts(_submitted().where(Application.competition_id.in_(ids)))
    admitted = _counts(_submitted().where(Application.competition_id.in_(ids), Application.state == ApplicationState.ADMITTED))
    seminars = _counts(_held_seminars(ids))
    reached = _counts(_reached(ids))
    winners = {one: (count, total) for one, count, total in db.session.execute(_winners(ids))}
    return [
        CompetitionFigures(
            competition=one,
            submitted_count=submitted.get(one.id, 0),
            admitted_count=admitted.get(one.id, 0),
            seminar_count=seminars.get(one.id, 0),
            reached_count=reached.get(one.id, 0),
            winner_count=winners.get(one.id, (0, 0))[0],
            awarded=winners.get(one.id, (0, 0))[1],
        )
        for one in found
    ]


def _counts(wanted: Select[Any, int]) -> dict[int, int]:
    return dict(db.session.execute(wanted).all())


def _submitted() -> Select[int, int]:
    return (
        select(Application.competition_id, func.count(Application.id))
        .where(Application.state != ApplicationState.DRAFT)
        .group_by(Application.competition_id)
    )


def _held_seminars(ids: Sequence[int]) -> Select[Any, int]:
    """Seminars with at least one person marked present."""
    return (
        select(Event.competition_id, func.count(distinct(Event.id)))
        .join(Session, Session.event_id == Event.id)
        .join(Attendance, Attendance.session_id == Session.id)
        .where(Event.competition_id.in_(ids), Event.kind == EventKind.SEMINAR, Event.state == EventState.ANNOUNCED)
        .group_by(Event.competition_id)
    )


def _reached(ids: Sequence[int]) -> Select[int, int]:
    """Different people who applied or were present; merged records are one person."""
    applied = select(Application.competition_id.label("competition_id"), Application.applicant_id.label("person_id")).where(
        Application.competition_id.in_(ids), Application.state != ApplicationState.DRAFT
    )
    present = (
        select(Event.competition_id.label("competition_id"), Attendance.person_id.label("person_id"))
        .join(Session, Session.event_id == Event.id)
        .join(Attendance, Attendance.session_id == Session.id)
        .where(Event.competition_id.in_(ids))
    )
    both = union(applied, present).subquery()
    one = func.coalesce(Person.merged_into_id, Person.id)
    return (
        select(both.c.competition_id, func.count(distinct(one)))
        .join(Person, Person.id == both.c.person_id)
        .group_by(both.c.competition_id)
    )


def _winners(ids: Sequence[int]) -> Select[int, int, int]:
    return (
        select(Award.competition_id, func.count(Award.id), func.sum(Award.amount))
        .where(Award.competition_id.in_(ids), Award.kind == AwardKind.WINNER, Award.state == AwardState.PUBLISHED)
        .group_by(Award.competition_id)
    )
