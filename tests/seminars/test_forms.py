"""The form of events takes only links that a browser opens as pages, and times to come; its pages tell what is past."""

from datetime import UTC, datetime

import pytest

from app.access.actor import COMMAND, Actor
from app.core.db import writing
from app.programmes.states import STAFF, Role
from seminars import services
from seminars.forms import EventForm
from seminars.states import EventState
from tests import factories
from tests.competitions.scene import sign_in
from tests.journeys.wrongs import Page

NOW = datetime(2026, 9, 10, 9, tzinfo=UTC)
BEFORE, AFTER = datetime(2026, 9, 4, 9, tzinfo=UTC), datetime(2026, 9, 20, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("link", "is_taken"),
    [
        ("https://meet.example/abc", True),
        ("http://meet.example", True),
        ("", True),
        ("javascript:alert(1)", False),
        ("JavaScript:alert(1)//https://meet.example", False),
        ("data:text/html,<script>alert(1)</script>", False),
        (" javascript:alert(1)", False),
        ("//meet.example", False),
        ("ftp://meet.example", False),
    ],
)
def test_link_of_an_event_leads_to_a_page(app, link, is_taken):
    with app.test_request_context("/", method="POST", data={"online_url": link}):
        form = EventForm()
        form.validate()

        assert ("online_url" not in form.errors) is is_taken


@pytest.mark.parametrize(
    ("was", "typed", "is_taken"),
    [
        (None, "2026-09-04T14:00", False),
        (None, "2026-09-20T14:00", True),
        (AFTER, "2026-09-04T14:00", False),
        (BEFORE, "2026-09-04T14:00", True),
    ],
)
def test_an_event_is_planned_for_a_time_to_come(app, at, was, typed, is_taken):
    at(NOW)
    with app.test_request_context("/", method="POST", data={"starts_at": typed}):
        form = EventForm(starts_at=was)
        form.validate()

        assert ("starts_at" not in form.errors) is is_taken


@pytest.mark.parametrize(("state", "badge"), [(EventState.ANNOUNCED, "past"), (EventState.DRAFT, "draft")])
def test_an_event_that_has_ended_is_past_and_a_late_draft_cannot_be_announced(app, client, at, state, badge):
    at(NOW)
    with app.app_context(), writing():
        owner = factories.programme()
        event = factories.event(owner, state=state)
        sign_in(client, factories.user(member_of=owner, role=Role.ORGANISER, language="en"), NOW)
        address = f"/manage/events/{event.public_id}"
    pages = [client.get(one).get_data(as_text=True) for one in (address, "/manage/events")]

    assert [f">{badge}<" in one for one in pages] == [True, True]
    assert ("The time of this event has passed. Change it first." in pages[0]) is (state is EventState.DRAFT)


@pytest.mark.parametrize("role", sorted(STAFF))
def test_names_of_guests_are_shown_to_those_who_work_with_them(app, client, at, role):
    at(NOW)
    with app.app_context(), writing():
        owner = factories.programme()
        event = factories.event(owner)
        guest = factories.person(family_name="Құпиябаева", email="guest@example.com")
        himself = Actor(label="user", user_id=guest.id, person_ids=frozenset({guest.id}))
        services.register(event, person_id=guest.id, by=himself, at=BEFORE)
        sign_in(client, factories.user(member_of=owner, role=role, language="en"), NOW)
        address = f"/manage/events/{event.public_id}"
    answer = client.get(address)
    body = answer.get_data(as_text=True)

    assert answer.status_code == 200
    assert "1 / 30" in body
    assert ("Құпиябаева" in body) is (role in {Role.ORGANISER, Role.SECRETARY, Role.CONSULTANT})


def test_a_list_opened_before_another_saved_takes_nobody_off_it(app, at):
    at(NOW)
    with app.app_context(), writing():
        owner = factories.programme()
        event = factories.event(owner)
        people = [factories.person(email=f"guest{n}@example.com") for n in range(4)]
        guests = [one.public_id for one in people]
        for one in people:
            himself = Actor(label="user", user_id=one.id, person_ids=frozenset({one.id}))
            services.register(event, person_id=one.id, by=himself, at=BEFORE)
        services.mark_attendance(event.sessions[0], came_ids=[people[0].id], by=COMMAND, at=NOW)
        clients = [app.test_client() for _one in range(2)]
        for client in clients:
            sign_in(client, factories.user(member_of=owner, role=Role.CONSULTANT), NOW)
        address = f"/manage/events/{event.public_id}/sessions/{event.sessions[0].public_id}/attendance"

    def send(client, page, *, tick=(), untick=()):
        sent = page.fields.copy()
        sent.setlist("present", [*(one for one in sent.getlist("present") if one not in untick), *tick])
        return client.post(address, data=sent)

    pages = [Page(client.get(address).text) for client in clients]
    sent = [
        send(clients[0], pages[0], tick=guests[1:3]),
        send(clients[1], pages[1], tick=guests[3:], untick=guests[:1]),
    ]
    marked = set(Page(clients[0].get(address).text).fields.getlist("present"))

    assert [one.status_code for one in sent] == [303, 303]
    assert marked == set(guests[1:])
