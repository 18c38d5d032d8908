"""What a guest may press on the page of an event: with seats, without, and while waiting."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.access.actor import COMMAND
from app.core.db import db, writing
from seminars import queries, services
from seminars.models import Event
from tests import factories
from tests.competitions.scene import OPEN_AT, applicant, sign_in
from tests.meeting import meet_at_their_first_lock

RUSSIAN = {"Accept-Language": "ru"}


@pytest.fixture
def full(app, client, at):
    """The page of an event with one seat, which is taken; another person waits."""
    at(OPEN_AT)
    with app.app_context(), writing():
        event = factories.event(capacity=1)
        first = factories.person(email="first@example.com")
        services.register(event, person_id=first.id, by=COMMAND, at=OPEN_AT)
        return event.public_id


def signed_in(app, client):
    with app.app_context(), writing():
        account, actor = applicant()
        sign_in(client, account)
    return actor


def read(client, path):
    return client.get(path, headers=RUSSIAN).text


def test_visitor_of_a_full_event_is_asked_in_to_the_waiting_list(app, client, full):
    with app.app_context(), writing():
        free = factories.event().public_id

    shown = {one: read(client, f"/events/{one}") for one in (full, free)}
    assert [("Войти и встать в список ожидания" in text, "Войти и занять место" in text) for text in shown.values()] == [
        (True, False),
        (False, True),
    ]


def test_who_waits_leaves_the_list_and_gives_back_no_seat(app, client, full):
    signed_in(app, client)
    client.post(f"/my/events/{full}/register")

    shown = [read(client, path) for path in (f"/events/{full}", "/my/events")]
    assert [("Выйти из списка ожидания" in text, "Освободить место" in text) for text in shown] == [(True, False)] * 2

    left = client.post(leaving(shown[-1]), headers=RUSSIAN)
    assert left.status_code == 303
    assert "Вы вышли из списка ожидания" in read(client, left.location)


def test_who_has_a_seat_gives_it_back(app, client, at):
    at(OPEN_AT)
    with app.app_context(), writing():
        free = factories.event().public_id
    signed_in(app, client)
    client.post(f"/my/events/{free}/register")
    text = read(client, "/my/events")

    assert ("Выйти из списка ожидания" in text, "Освободить место" in text) == (False, True)
    assert "Вы освободили место" in read(client, client.post(leaving(text), headers=RUSSIAN).location)


def test_a_cancelled_event_invites_nobody_and_says_why(app, client, full):
    signed_in(app, client)
    client.post(f"/my/events/{full}/register")
    address = leaving(read(client, "/my/events"))
    with app.app_context(), writing():
        found = queries.announced_event(full)
        assert found is not None
        services.cancel_event(found, reason="Прорвало трубу.", by=COMMAND, at=OPEN_AT)

    for text in (read(client, f"/events/{full}"), read(client, "/my/events")):
        assert "Это мероприятие не состоится" in text
        assert "Прорвало трубу." in text
        assert "Выйти из списка ожидания" not in text
        assert "Вы в списке ожидания" not in text
    assert "мероприятие не объявлено или отменено" in client.post(address, headers=RUSSIAN).text


def leaving(text):
    (address,) = re.findall(r'action="(/my/events/registrations/[^"]+/cancel)"', text)
    return address


@pytest.mark.db("postgresql")
def test_a_seat_given_back_and_a_place_left_do_not_hold_each_other(app, database, at):
    """Who gives the seat back moves the row of who waits. On SQLite writers come one by one anyway."""
    at(OPEN_AT)
    asked = []
    with app.app_context():
        with writing():
            event_id = factories.event(capacity=1).id
        for number in range(2):
            with writing():
                account, actor = applicant(f"guest{number}@example.com")
                event = db.session.get_one(Event, event_id)
                row = services.register(event, person_id=account.person_id, by=actor, at=OPEN_AT)
            one = app.test_client()
            sign_in(one, account)
            asked.append((one, f"/my/events/registrations/{row.public_id}/cancel"))
        meet_at_their_first_lock(db.engine)

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda one: one[0].post(one[1], headers=RUSSIAN), asked))

    assert [one.status_code for one in answers] == [303, 303]
    with app.app_context():
        assert queries.seats(db.session.get_one(Event, event_id)).taken_count == 0
