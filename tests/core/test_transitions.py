"""A state changes along an arrow, at the instant of the act, and the record says from where to where."""

from datetime import UTC, datetime

import pytest

from app.access.actor import COMMAND
from app.core import audit
from app.core.db import db, writing
from app.core.refusals import CoreRefusal, RefusedError
from app.core.transitions import move
from competitions.states import CompetitionState
from tests import factories

AT = datetime(2026, 8, 3, 9, tzinfo=UTC)
NOW = datetime(2026, 8, 4, 9, tzinfo=UTC)


@pytest.fixture
def draft(database, at):
    at(NOW)
    with writing():
        yield factories.competition(state=CompetitionState.DRAFT, announced_at=None)
        db.session.rollback()


def last_act(subject):
    entry = audit.history(subject)[-1]
    return entry.verb, entry.at, entry.details


def test_move_is_recorded_at_its_instant_with_both_ends(draft):
    move(draft, CompetitionState.CANCELLED, by=COMMAND, at=AT, letters=3)

    assert draft.state is CompetitionState.CANCELLED
    assert last_act(draft) == ("cancel", AT, {"source": "draft", "target": "cancelled", "letters": 3})


def test_move_without_an_instant_is_of_now(draft):
    move(draft, CompetitionState.CANCELLED, by=COMMAND)

    assert last_act(draft)[1] == NOW


def test_move_where_no_arrow_leads_leaves_nothing(draft):
    before = audit.history(draft)
    with pytest.raises(RefusedError) as caught:
        move(draft, CompetitionState.PUBLISHED, by=COMMAND, at=AT)

    (refusal,) = caught.value.refusals
    assert (refusal.code, refusal.params) == (CoreRefusal.STATE_CHANGED, {"state": CompetitionState.DRAFT})
    assert (draft.state, audit.history(draft)) == (CompetitionState.DRAFT, before)
