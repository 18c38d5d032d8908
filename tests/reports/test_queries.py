"""Figures are counted from the rows that prove them."""

from datetime import UTC, datetime

from sqlalchemy import event

from app.access.actor import COMMAND
from app.core.db import db, writing
from app.programmes.models import Programme
from app.programmes.states import Role
from reports.queries import reported_competitions
from seminars import services
from tests import factories

AT = datetime(2026, 9, 4, 9, tzinfo=UTC)


def attend(competition, people):
    made = factories.event(None, competition_id=competition.id)
    made.programme_id = competition.programme_id
    ids = [one.id for one in people]
    for one in people:
        services.register(made, person_id=one.id, by=COMMAND, at=AT)
    services.mark_attendance(made.sessions[0], came_ids=ids, by=COMMAND, at=AT)


def test_one_person_at_three_events_counts_once(database):
    with writing():
        owner = factories.programme()
        competition = factories.called(owner)
        applicant, guest = factories.person(), factories.person()
        same_guest = factories.person(merged_into_id=guest.id)
        factories.application(competition, 1, applicant=applicant)
        attend(competition, [applicant, guest])
        attend(competition, [applicant, same_guest])
        funder = factories.actor(member_of=owner, role=Role.FUNDER)

    [row] = reported_competitions(funder)

    assert (row.reached_count, row.seminar_count, row.submitted_count, row.winner_count) == (2, 2, 1, 0)


def test_another_programmes_funder_reads_nothing(database):
    with writing():
        factories.called(factories.programme())
        stranger = factories.actor(member_of=factories.programme(), role=Role.FUNDER)

    assert reported_competitions(stranger) == []


def test_more_competitions_cost_no_more_queries(database):
    with writing():
        owner = factories.programme()
        owner_id = owner.id
        funder = factories.actor(member_of=owner, role=Role.FUNDER)
        factories.called(owner)
    statements = []

    def note(*args):
        statements.append(args[2])

    event.listen(db.engine, "before_cursor_execute", note)
    counts = []
    for _round in range(2):
        db.session.rollback()
        db.session.expunge_all()
        statements.clear()
        rows = reported_competitions(funder)
        counts.append((len(rows), sum("PRAGMA" not in one and "BEGIN" not in one for one in statements)))
        with writing():
            owner = db.session.get_one(Programme, owner_id)
            factories.called(owner)
            factories.called(owner)
    event.remove(db.engine, "before_cursor_execute", note)

    assert [rows for rows, _queries in counts] == [1, 3]
    assert counts[0][1] == counts[1][1] > 3
