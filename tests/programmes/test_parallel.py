"""Two people act on one programme at the same moment."""

from datetime import UTC, datetime
from threading import Event, Thread

from app.access.actor import COMMAND
from app.core.db import db, writing
from app.core.refusals import RefusedError
from app.programmes import services
from app.programmes.models import Membership
from app.programmes.queries import members, organiser_count
from app.programmes.states import ProgrammeRefusal, Role
from tests import factories

NOW = datetime(2026, 8, 1, 9, tzinfo=UTC)
PATIENCE = 1.0  # seconds in which the second would be through, if nothing held her


def test_two_organisers_who_are_ended_at_once_leave_one(database, app, at):
    at(NOW)
    with writing():
        programme = factories.programme()
        for _time in range(2):
            services.give_role(programme, factories.user(), role=Role.ORGANISER, by=COMMAND, at=NOW)
        key, ids = programme.id, [one.id for one in members(programme.id)]
    has_begun, is_through = Event(), Event()
    refused: list[object] = []

    def second():
        with app.app_context():
            has_begun.wait()
            try:
                with writing():
                    services.end_role(db.session.get_one(Membership, ids[1]), by=COMMAND, at=NOW)
            except RefusedError as error:
                refused.extend(one.code for one in error.refusals)
            db.session.remove()
        is_through.set()

    thread = Thread(target=second)
    thread.start()
    with writing():
        services.end_role(db.session.get_one(Membership, ids[0]), by=COMMAND, at=NOW)
        has_begun.set()
        assert not is_through.wait(PATIENCE)
    thread.join()

    assert refused == [ProgrammeRefusal.LAST_ORGANISER]
    assert organiser_count(key) == 1
