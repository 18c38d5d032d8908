"""Verbs of events on real databases."""

import re
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
from flask_babel import force_locale
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app.access.actor import COMMAND, Actor
from app.access.door import decide, visible_to
from app.core.audit import AuditEntry
from app.core.db import db, writing
from app.core.refusals import RefusedError
from app.messages.models import Message
from app.programmes.models import Programme
from app.programmes.states import Role
from competitions.services.competition import cancel
from seminars import queries, services
from seminars.invariants import INVARIANTS
from seminars.models import Event, Registration
from seminars.policy import ON_EVENTS, ON_REGISTRATIONS, Permission
from seminars.rules import EventRefusal
from seminars.states import EventState, RegistrationState
from seminars.views import panels
from tests import factories

AT = datetime(2026, 8, 20, 9, tzinfo=UTC)
BEGUN = datetime(2026, 9, 4, 5, tzinfo=UTC)


def himself(person):
    return Actor(label="user", user_id=person.id, person_ids=frozenset({person.id}))


def take_seats(event, count):
    people = [factories.person(email=f"guest{n}@example.com") for n in range(count)]
    return [services.register(event, person_id=one.id, by=himself(one), at=AT) for one in people]


def test_seats_are_given_in_order_and_the_rest_wait(database):
    with writing():
        event = factories.event(capacity=2)
        made = take_seats(event, 4)

    assert [one.state for one in made] == [RegistrationState.REGISTERED] * 2 + [RegistrationState.WAITING] * 2
    assert [queries.place_in_line(one) for one in made[2:]] == [1, 2]


def test_guests_are_listed_as_the_kazakh_alphabet_goes(database):
    with writing():
        event = factories.event()
        for name in ("Өтеген", "Яковлев", "Әлиев", "Бек", "Ықылас", "Ілияс"):
            one = factories.person(family_name=name, email=f"{len(name)}{ord(name[0])}@example.com")
            services.register(event, person_id=one.id, by=himself(one), at=AT)

    assert [one.person.family_name for one in queries.guests(event)] == [
        "Әлиев", "Бек", "Өтеген", "Ықылас", "Ілияс", "Яковлев",
    ]  # fmt: skip


def test_second_click_takes_no_second_seat(database):
    with writing():
        event = factories.event()
        person = factories.person()
        made = [services.register(event, person_id=person.id, by=himself(person), at=AT) for _click in range(2)]

    assert made[0].id == made[1].id


def test_seat_given_back_goes_to_the_first_who_waits(database):
    with writing():
        event = factories.event(capacity=1)
        first, second, third = take_seats(event, 3)
        services.cancel_registration(first, by=COMMAND, at=AT)

    states = [one.state for one in (first, second, third)]
    letters = sorted(db.session.scalars(select(Message.kind)))

    assert states == [RegistrationState.CANCELLED, RegistrationState.REGISTERED, RegistrationState.WAITING]
    assert letters == ["seminars.registered", "seminars.seat_given", "seminars.waiting", "seminars.waiting"]


def test_cancelling_tells_everyone_once(database):
    with writing():
        event = factories.event(capacity=1)
        take_seats(event, 3)
        services.cancel_event(event, reason="Жарық жоқ", by=COMMAND, at=AT)
        with pytest.raises(RefusedError):
            services.cancel_event(event, reason="Жарық жоқ", by=COMMAND, at=AT)

    assert len(db.session.scalars(select(Message).where(Message.kind == "seminars.cancelled")).all()) == 3


def test_seats_of_a_cancelled_event_move_no_more(database):
    with writing():
        event = factories.event(capacity=1)
        first, waiting = take_seats(event, 2)
        services.cancel_event(event, reason="Жарық жоқ", by=COMMAND, at=AT)
        late = factories.person()
        for move_seats in (
            lambda: services.cancel_registration(first, by=COMMAND, at=AT),
            lambda: services.register(event, person_id=late.id, by=himself(late), at=AT),
        ):
            with pytest.raises(RefusedError):
                move_seats()

    assert [one.state for one in (first, waiting)] == [RegistrationState.REGISTERED, RegistrationState.WAITING]
    assert "seminars.seat_given" not in set(db.session.scalars(select(Message.kind)))


def test_letter_of_a_cancelled_event_says_which_it_was(database):
    with writing():
        event = factories.event(capacity=1)
        take_seats(event, 1)
        services.cancel_event(event, reason="Жарық жоқ", by=COMMAND, at=AT)

    (text,) = db.session.scalars(select(Message.text).where(Message.kind == "seminars.cancelled"))
    assert event.place["kk"] in text
    assert f"{event.sessions[0].starts_at.astimezone(ZoneInfo('Asia/Almaty')):%H:%M}" in text


def test_room_does_not_shrink_below_seats_taken(database):
    with writing():
        event = factories.event(capacity=3)
        take_seats(event, 2)
        names = ("kind", "title", "description", "place", "academic_hours", "online_url")
        facts = {name: getattr(event, name) for name in names}
        session = event.sessions[0]
        facts |= {"starts_at": session.starts_at, "ends_at": session.ends_at}
        with pytest.raises(RefusedError) as refused:
            services.edit_event(event, capacity=1, by=COMMAND, at=AT, **facts)

    assert [one.code for one in refused.value.refusals] == [EventRefusal.CAPACITY_BELOW_SEATS]


def test_more_seats_go_to_the_head_of_the_waiting_list(database):
    with writing():
        event = factories.event(capacity=1)
        made = take_seats(event, 4)
        facts = {
            name: getattr(event, name) for name in ("kind", "title", "description", "place", "academic_hours", "online_url")
        }
        session = event.sessions[0]
        facts |= {"starts_at": session.starts_at, "ends_at": session.ends_at}
        services.edit_event(event, capacity=3, by=COMMAND, at=AT, **facts)

    seat, waits = RegistrationState.REGISTERED, RegistrationState.WAITING
    assert [one.state for one in made] == [seat, seat, seat, waits]


def test_one_person_under_two_records_has_one_seat(database):
    with writing():
        event = factories.event(capacity=5)
        first, second = (factories.person(email=f"twin{n}@example.com") for n in range(2))
        both = Actor(label="user", user_id=first.id, person_ids=frozenset({first.id, second.id}))
        made = [services.register(event, person_id=one.id, by=both, at=AT) for one in (first, second)]

    assert made[0].id == made[1].id
    assert queries.seats(event).taken_count == 1


def test_presence_is_marked_and_taken_back(database):
    with writing():
        event = factories.event()
        made = take_seats(event, 3)
        ids = [one.person_id for one in made]
        session = event.sessions[0]
        first = services.mark_attendance(session, came_ids=ids[:2], by=COMMAND, at=BEGUN)
        second = services.mark_attendance(session, came_ids=ids[1:], absent_ids=ids[:1], by=COMMAND, at=BEGUN)

    assert (first, second) == ((2, 0), (1, 1))
    assert set(queries.attended_sessions(event)) == set(ids[1:])


def test_presence_is_not_marked_before_the_beginning(database):
    with writing():
        event = factories.event()
        ids = [one.person_id for one in take_seats(event, 1)]
        early = BEGUN - timedelta(seconds=1)
        with pytest.raises(RefusedError) as refused:
            services.mark_attendance(event.sessions[0], came_ids=ids, by=COMMAND, at=early)

    assert [one.code for one in refused.value.refusals] == [EventRefusal.NOT_BEGUN]


def before(event):
    return event.sessions[0].starts_at - timedelta(seconds=1)


def test_event_that_has_begun_is_not_announced(database):
    with writing():
        event = factories.event(state=EventState.DRAFT)
        with pytest.raises(RefusedError) as refused:
            services.announce_event(event, languages=("kk",), by=COMMAND, at=event.sessions[0].starts_at)

    assert [one.code for one in refused.value.refusals] == [EventRefusal.BEGUN_ALREADY]
    assert event.state is EventState.DRAFT


def test_event_is_announced_in_every_required_language(database):
    with writing():
        event = factories.event(state=EventState.DRAFT, title={"kk": "Атау"})
        with pytest.raises(RefusedError) as refused:
            services.announce_event(event, languages=("kk", "ru"), by=COMMAND, at=before(event))

        services.announce_event(event, languages=("kk",), by=COMMAND, at=before(event))

    assert [one.params["language"] for one in refused.value.refusals] == ["ru"]
    assert event.state is EventState.ANNOUNCED


def test_every_act_on_an_event_happens_at_the_instant_it_was_asked_for(database):
    with writing():
        event = factories.event(state=EventState.DRAFT, capacity=1)
        facts = {
            name: getattr(event, name) for name in ("kind", "title", "description", "place", "academic_hours", "online_url")
        }
        facts |= {"starts_at": event.sessions[0].starts_at, "ends_at": event.sessions[0].ends_at, "by": COMMAND, "at": AT}
        services.create_event(event.programme_id, capacity=1, **facts)
        services.announce_event(event, languages=("kk",), by=COMMAND, at=AT)
        first, *_waiting = take_seats(event, 3)
        services.cancel_registration(first, by=COMMAND, at=AT)
        services.edit_event(event, capacity=2, **facts)
        services.cancel_event(event, reason="Жарық жоқ", by=COMMAND, at=AT)

    acts = db.session.execute(
        select(AuditEntry.verb, AuditEntry.at).where(AuditEntry.noun.in_(("Event", "Registration")))
    ).all()
    assert {verb for verb, _at in acts} == {"create", "announce", "register", "give_seat", "cancel", "edit"}
    assert {at for _verb, at in acts} == {AT}


def test_event_that_nobody_knows_of_is_called_off_without_letters(database):
    with writing():
        event = factories.event(state=EventState.DRAFT)
        services.cancel_event(event, reason="Жарық жоқ", by=COMMAND, at=AT)

    assert event.state is EventState.CANCELLED
    assert db.session.scalars(select(Message)).all() == []


def test_place_in_the_waiting_list_can_be_given_back(database):
    with writing():
        event = factories.event(capacity=1)
        _seated, first, second = take_seats(event, 3)
        services.cancel_registration(first, by=COMMAND, at=AT)

    assert (first.state, queries.place_in_line(second)) == (RegistrationState.CANCELLED, 1)


def test_thirty_seats_for_sixty_at_once(database, app):
    """Exactly as many in as there are seats, the rest in line with unique numbers."""
    with writing():
        event_id = factories.event(capacity=30).id
        people = [factories.person().id for _one in range(60)]
    gate, errors = Barrier(6), []

    def hurry(ids):
        with app.app_context():
            gate.wait()
            for one in ids:
                try:
                    with writing():
                        who = Actor(label="user", user_id=one, person_ids=frozenset({one}))
                        services.register(db.session.get_one(Event, event_id), person_id=one, by=who, at=AT)
                except Exception as error:  # noqa: BLE001 - whatever went wrong belongs into the assertion
                    errors.append(error)
            db.session.remove()

    threads = [Thread(target=hurry, args=(people[n::6],)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows = db.session.execute(select(Registration.state, Registration.number)).all()

    assert errors == []
    assert sum(state is RegistrationState.REGISTERED for state, _number in rows) == 30
    assert sorted(number for _state, number in rows) == list(range(1, 61))


def test_visible_events_and_registrations_are_those_that_may_be_seen(database, at):
    """`visible_to` and `decide` agree row by row, for everyone who differs."""
    with writing():
        ours, theirs = factories.programme(), factories.programme()
        past = datetime(2026, 5, 1, tzinfo=UTC)
        events = [
            factories.event(owner, starts_at=starts_at, state=state)
            for owner in (ours, theirs)
            for starts_at in (None, past)
            for state in EventState
        ]
        guest = factories.actor()
        rows = [
            db.session.merge(
                Registration(
                    programme_id=one.programme_id, event_id=one.id, number=1, registered_at=past,
                    person_id=guest.person_id, state=RegistrationState.REGISTERED,
                )
            )
            for one in events
        ]  # fmt: skip
        db.session.flush()
        people = [guest, factories.actor(), *(factories.actor(member_of=ours, role=role) for role in Role)]
    at("2026-08-20 09:00")
    seen = 0
    for model, permissions, objects in ((Event, ON_EVENTS, events), (Registration, ON_REGISTRATIONS, rows)):
        for who in people:
            for permission in permissions:
                listed = set(db.session.scalars(visible_to(who, model, permission)))
                assert listed == {one for one in objects if decide(who, permission, one).is_allowed}
                seen += len(listed)

    assert seen > 50


BREAKS = {
    "no event has more seats taken than it has": "UPDATE seminars_events SET capacity = 1",
    "nobody waits beside a free seat": "UPDATE seminars_registrations SET state = 'waiting'",
    "an announced event has a session": "DELETE FROM seminars_sessions",
    "a registration is of its event's programme": "UPDATE seminars_registrations SET programme_id = :other",
    "presence is marked only at announced events": "UPDATE seminars_events SET state = 'draft'",
}


@pytest.mark.parametrize("name", [one.name for one in INVARIANTS])
def test_invariant_notices_when_it_is_broken(database, name):
    with writing():
        event = factories.event(capacity=2)
        made = take_seats(event, 2)
        other = factories.programme().id
        if "presence" in name:
            services.mark_attendance(event.sessions[0], came_ids=[made[0].person_id], by=COMMAND, at=BEGUN)
    violations = {one.name: one.violations for one in INVARIANTS}[name]
    before = db.session.execute(violations()).all()
    db.session.rollback()
    with pytest.raises(ZeroDivisionError), writing():  # noqa: PT012 - raised on purpose, after looking
        db.session.execute(text(BREAKS[name]), {"other": other} if ":other" in BREAKS[name] else {})
        after = db.session.execute(violations()).all()
        raise ZeroDivisionError  # the fixture checks that nothing stays broken

    assert (before, len(after) > 0) == ([], True)


def test_database_refuses_a_second_standing_seat(database):
    with writing():
        event = factories.event()
        [made] = take_seats(event, 1)
    with pytest.raises(IntegrityError), writing():
        db.session.add(
            Registration(
                programme_id=made.programme_id, event_id=made.event_id, person_id=made.person_id, number=2, registered_at=AT
            )
        )


def test_events_of_a_cancelled_competition_are_called_off_with_it(app, database, at):
    at(AT)
    with writing():
        competition = factories.called()
        owner = db.session.get_one(Programme, competition.programme_id)
        coming, past, foreign = (factories.event(owner, competition_id=one) for one in (competition.id, competition.id, None))
        drafted = factories.event(owner, competition_id=competition.id, state=EventState.DRAFT)
        past.sessions[0].starts_at, past.sessions[0].ends_at = AT - timedelta(hours=2), AT - timedelta(hours=1)
        take_seats(coming, 3)
    with app.test_request_context(), force_locale("en"):
        told = panels.cancel(competition, COMMAND)
    with writing():
        cancel(competition, reason="Қаржы бөлінбеді.", by=COMMAND, at=AT)

    assert [one.state for one in (coming, drafted, past, foreign)] == [
        EventState.CANCELLED, EventState.CANCELLED, EventState.ANNOUNCED, EventState.ANNOUNCED,
    ]  # fmt: skip
    letters = db.session.scalars(select(Message).where(Message.kind == "seminars.cancelled")).all()
    assert [("Қаржы бөлінбеді." in one.text) for one in letters] == [True] * 3
    # What was told beforehand: only what people know of is called off before them.
    assert re.findall(r"(called off too|get a letter): (\d+)", told) == [("called off too", "1"), ("get a letter", "3")]


def test_an_event_that_has_begun_is_called_off_by_nobody(database, at):
    with writing():
        owner = factories.programme()
        organiser = factories.actor(member_of=owner, role=Role.ORGANISER)
        event = factories.event(owner)
    begins_at = event.sessions[0].starts_at
    found = []
    for instant in (begins_at - timedelta(seconds=1), begins_at):
        at(instant)
        listed = db.session.scalars(visible_to(organiser, Event, Permission.EVENT_CANCEL)).all()
        found.append((decide(organiser, Permission.EVENT_CANCEL, event).is_allowed, listed == [event]))

    assert found == [(True, True), (False, False)]
