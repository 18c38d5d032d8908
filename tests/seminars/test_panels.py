"""What seminars show on pages and letters of lower modules."""

from datetime import timedelta

from flask_babel import force_locale

from app.access.actor import COMMAND
from app.core import clock
from app.core.db import writing
from seminars.states import EventKind
from seminars.views import panels
from tests import factories


def test_letter_to_the_admitted_names_the_next_event_outside_a_request(database):
    with writing():
        owner = factories.programme()
        competition = factories.called(owner)
        application = factories.application(competition, 1)
        factories.event(owner, competition_id=competition.id, starts_at=clock.now() + timedelta(days=3))
    with force_locale("kk"):
        said = panels.admitted_letter(application, COMMAND)

    assert "Семинар (қаз)" in said
    assert "Зал (қаз)" in said


def test_letter_to_the_admitted_calls_nobody_to_the_pitch(database):
    with writing():
        owner = factories.programme()
        competition = factories.called(owner)
        application = factories.application(competition, 1)
        for kind in (EventKind.PITCH, EventKind.FORUM, EventKind.MEETING):
            factories.event(owner, competition_id=competition.id, kind=kind, starts_at=clock.now() + timedelta(days=3))
    with force_locale("kk"):
        assert panels.admitted_letter(application, COMMAND) == ""
