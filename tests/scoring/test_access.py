"""The door asks and lists the same: `decide` and `visible_to` agree row by row, at every instant and for everybody."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import pytest
from sqlalchemy import select, update

from app.access.actor import SYSTEM, VISITOR
from app.access.door import decide, decide_all, visible_to
from app.core.db import db, writing
from app.programmes.models import Membership
from app.programmes.queries import actor_of
from app.programmes.states import Role
from competitions.models import Application, Competition
from competitions.states import CompetitionState
from scoring.models import Juror, Review, Round
from scoring.policy import (
    IN_CONFLICT,
    READABLE_AFTER_RESULTS,
    REVIEW_PERMISSIONS,
    ROUND_PERMISSIONS,
    SEAT_PERMISSIONS,
    Permission,
)
from scoring.queries.access import hidden_ids
from scoring.queries.jury import assignments_to, conflicts_of
from scoring.services import assigning, seats
from tests import factories
from tests.scoring.scenario import SCORED_AT, make_jury

SUBJECTS: list[tuple[type[Any], Iterable[StrEnum]]] = [
    (Review, REVIEW_PERMISSIONS),
    (Round, ROUND_PERMISSIONS),
    (Juror, SEAT_PERMISSIONS),
    (Application, IN_CONFLICT),
]
INSTANTS = [
    datetime(2026, 9, 15, 12, tzinfo=factories.ALMATY),
    SCORED_AT,
    datetime(2026, 10, 12, 12, tzinfo=factories.ALMATY),
    datetime(2026, 10, 20, 12, tzinfo=factories.ALMATY),
    datetime(2026, 12, 20, 12, tzinfo=factories.ALMATY),
]


def a_busy_world():
    """Two juries of two programmes with sheets in every state, a conflict, a removed juror, one who has not declared."""
    with writing():
        one, other = make_jury(jurors=4, applications=4), make_jury(jurors=2, applications=2, is_declared=False)
        one.sign(0, 0)
        one.fill(0, 1)
        one.sign(1, 0)
        one.conflict(1, 1)
        one.conflict(2, 2)
        one.sign(3, 3)
        seats.remove_juror(one.jurors[3], by=one.manager(), at=SCORED_AT)
        one.applications[3].edited_at = SCORED_AT
        # A juror who is also an organiser, and one who applied herself.
        db.session.add(
            Membership(
                programme_id=one.programme.id, user_id=one.users[2].id, role=Role.ORGANISER, started_at=factories.LONG_AGO
            )
        )
        one.applications[2].applicant_id = one.users[0].person_id
        own = next(row for row in assignments_to(one.jurors[0]) if row.application_id == one.applications[2].id)
        seats.drop_assignment(own)
        secretary = factories.user(member_of=one.programme, role=Role.SECRETARY)
        checker = factories.user(member_of=one.programme, role=Role.CHECKER)
        db.session.flush()
    users = [*one.users, *other.users, one.organiser, other.organiser, secretary, checker]
    return [actor_of(user) for user in users] + [VISITOR, SYSTEM]


@pytest.mark.db(long="sqlite")
def test_lists_answer_as_the_door_does(database, at):
    at("2026-09-10 12:00")
    actors = a_busy_world()
    allowed = dict.fromkeys(INSTANTS, 0)
    for instant in INSTANTS:
        at(instant)
        for model, permissions in SUBJECTS:
            rows = db.session.scalars(select(model).order_by(model.id)).unique().all()
            for actor in actors:
                for permission in permissions:
                    said = zip(rows, decide_all(actor, permission, rows), strict=True)
                    asked = {one.id for one, decision in said if decision.is_allowed}
                    listed = {one.id for one in db.session.scalars(visible_to(actor, model, permission)).unique()}
                    assert listed == asked, (model.__name__, permission, actor, instant)
                    allowed[instant] += len(listed)

    assert all(allowed.values())


def test_nobody_declares_conflicts_once_winners_are_decided(database, at):
    at(SCORED_AT)
    with writing():
        jury = make_jury()
    who, found = jury.by(1), []
    for state in (CompetitionState.ANNOUNCED, CompetitionState.DECIDED):
        with writing():
            db.session.execute(update(Competition).where(Competition.id == jury.round.competition_id).values(state=state))
        listed = db.session.scalars(visible_to(who, Juror, Permission.SEAT_DECLARE)).all()
        found.append(([one.id for one in listed], decide(who, Permission.SEAT_DECLARE, jury.jurors[1]).is_allowed))

    assert found == [([jury.jurors[1].id], True), ([], False)]


def test_a_removed_juror_loses_everything_at_once(database, at):
    at(SCORED_AT)
    with writing():
        jury = make_jury()
        jury.sign(1, 0)
        who = jury.by(1)
        before = len(db.session.scalars(visible_to(who, Review, Permission.REVIEW_READ)).unique().all())
        seats.remove_juror(jury.jurors[1], by=jury.manager(), at=SCORED_AT + timedelta(hours=1))

    assert before == 3
    assert db.session.scalars(visible_to(who, Review, Permission.REVIEW_READ)).unique().all() == []
    assert db.session.scalars(visible_to(who, Juror, Permission.SEAT_READ)).all() == []


def test_conflict_outlives_the_seat_it_was_declared_in(database, at):
    """Whoever was removed from the jury meets the application again in another role."""
    at(SCORED_AT)
    with writing():
        jury = make_jury()
        jury.conflict(1, 1)
        seats.remove_juror(jury.jurors[1], by=jury.manager(), at=SCORED_AT)

    assert hidden_ids(jury.round, jury.by(1)) == {jury.applications[1].id}


def test_lifted_conflict_shuts_nothing(database, at):
    at(SCORED_AT)
    with writing():
        jury = make_jury()
        jury.conflict(1, 1)
        seats.remove_juror(jury.jurors[1], by=jury.manager(), at=SCORED_AT)
        own = Membership(
            programme_id=jury.programme.id, user_id=jury.users[1].id, role=Role.ORGANISER, started_at=factories.LONG_AGO
        )
        db.session.add(own)
    tied = decide_all(jury.by(1), Permission.ROUND_FREEZE, [jury.round])[0]
    with writing():
        assigning.lift_conflict(standing(jury), by=jury.manager(), at=SCORED_AT)
    free = decide_all(jury.by(1), Permission.ROUND_FREEZE, [jury.round])[0]

    assert (tied.is_allowed, free.is_allowed) == (False, True)


def standing(jury):
    (conflict, _juror, _application), *_others = conflicts_of(jury.round)
    return conflict


def test_jurors_stop_reading_thirty_days_after_results_to_the_second(database, at):
    at(SCORED_AT)
    with writing():
        jury = make_jury()
        jury.competition.published_at = SCORED_AT
    last = SCORED_AT + READABLE_AFTER_RESULTS
    for instant, is_read in ((last - timedelta(seconds=1), True), (last, False)):
        at(instant)
        reading: list[tuple[type[Any], Permission]] = [(Review, Permission.REVIEW_READ), (Juror, Permission.SEAT_READ)]
        for model, permission in reading:
            rows = db.session.scalars(select(model)).unique().all()
            asked = {
                one.id for one, said in zip(rows, decide_all(jury.by(1), permission, rows), strict=True) if said.is_allowed
            }
            listed = {one.id for one in db.session.scalars(visible_to(jury.by(1), model, permission)).unique()}

            assert (asked == listed, bool(listed)) == (True, is_read)
