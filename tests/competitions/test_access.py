"""Who may do what with an application, and that a list answers as the door does, row by row."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import product
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.access.actor import COMMAND, SYSTEM, VISITOR, Actor
from app.access.door import decide, decide_all, visible_to
from app.core.columns import Translation
from app.core.db import db, writing
from app.people.models import Person, User
from app.programmes.models import Organisation, Programme
from app.programmes.states import OrganisationKind, Role
from competitions.models import Application, Check, Competition
from competitions.policy import APPLICATION_PERMISSIONS, COMPETITION_PERMISSIONS, LISTING, OPENING, Permission
from competitions.queries.competition import call_of
from competitions.queries.starters import starters
from competitions.services.competition import Act, announce, approve_rules, cancel, create_competition
from competitions.states import ApplicationState, CheckOutcome
from tests.kept import Kept

MADE_AT = datetime(2026, 7, 10, 5, 0, tzinfo=UTC)
CLOSES_AT = datetime(2026, 8, 14, 13, 0, tzinfo=UTC)
DUE_AT = datetime(2026, 8, 24, 13, 0, tzinfo=UTC)
FREEZES_AT = datetime(2026, 9, 18, 13, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
INSTANTS = (
    MADE_AT,
    CLOSES_AT - SECOND,
    CLOSES_AT,
    DUE_AT - SECOND,
    DUE_AT,
    FREEZES_AT - SECOND,
    FREEZES_AT,
    datetime(2026, 9, 21, 4, 0, tzinfo=UTC),
)


def make_programme(slug: str) -> Programme:
    organisation = Organisation(kind=OrganisationKind.ASSOCIATION, name=Translation(kk="Қ"), created_at=MADE_AT)
    db.session.add(organisation)
    db.session.flush()
    programme = Programme(slug=slug, name=Translation(kk=slug), organisation_id=organisation.id, created_at=MADE_AT)
    db.session.add(programme)
    db.session.flush()
    return programme


def make_person() -> Person:
    person = Person(family_name="Үлгі", given_name="А", created_at=MADE_AT)
    db.session.add(person)
    db.session.flush()
    return person


def make_competition(programme: Programme, key: str, *, is_announced: bool = True) -> Competition:
    starter = starters()[key]
    made = create_competition(
        programme, starter, name=starter.title(2026), region="KZ-33", opens_on=date(2026, 7, 20), by=COMMAND, at=MADE_AT
    )
    if is_announced:
        approve_rules(made, Act("1", date(2026, 7, 1)), by=COMMAND, at=MADE_AT)
        announce(made, by=COMMAND, at=MADE_AT)
    return made


def make_application(competition: Competition, applicant: Person, state: ApplicationState) -> Application:
    call = call_of(competition)
    assert call.form is not None
    is_draft = state is ApplicationState.DRAFT
    competition.last_number += 1
    made = Application(
        programme_id=competition.programme_id,
        competition_id=competition.id,
        applicant_id=applicant.id,
        code=None if is_draft else f"{competition.code_prefix}-{competition.last_number:03d}",
        state=state,
        language="kk",
        form_id=call.form.id,
        rules_id=call.rules.id,
        created_at=MADE_AT,
        edited_at=MADE_AT,
        submitted_at=None if is_draft else MADE_AT,
    )
    db.session.add(made)
    db.session.flush()
    return made


@pytest.fixture
def world(database: str, app: Flask, kept: Kept) -> list[Actor]:
    return kept(app, everybody)


def everybody() -> list[Actor]:
    """Two programmes, a running and a cancelled competition and one without a freeze, an application in every state."""
    with writing():
        programme, other = make_programme("one"), make_programme("two")
        checker = make_person()
        checker.email = "checker@demo.example"
        user = User(person_id=checker.id, email="checker@demo.example", language="kk", created_at=MADE_AT)
        db.session.add(user)
        db.session.flush()
        owner = make_person()
        running, elsewhere = make_competition(programme, "start_app"), make_competition(other, "jas_qadam")
        ended = make_competition(programme, "start_app")
        cancel(ended, reason="Себеп", by=COMMAND, at=MADE_AT)
        for competition, state in product((running, ended, elsewhere), ApplicationState):
            made = make_application(competition, make_person(), state)
            if state is ApplicationState.RETURNED:
                returned = Check(
                    application_id=made.id, user_id=user.id, outcome=CheckOutcome.RETURNED,
                    reasons='[{"question": null, "text": "x"}]', due_at=DUE_AT, at=CLOSES_AT,
                )  # fmt: skip
                db.session.add(returned)
        make_application(running, checker, ApplicationState.SUBMITTED)
        make_application(running, owner, ApplicationState.DRAFT)
        make_application(elsewhere, owner, ApplicationState.ADMITTED)
        staff = {programme.id: frozenset({Role.CHECKER})}
        return [
            VISITOR,
            SYSTEM,
            Actor("user", user_id=1, person_ids=frozenset({owner.id})),
            Actor("user", user_id=user.id, person_ids=frozenset({checker.id}), roles=staff),
            Actor("user", user_id=3, person_ids=frozenset({owner.id}), roles=staff),
            Actor("user", user_id=4, roles={programme.id: frozenset({Role.ORGANISER}), other.id: frozenset({Role.PRESS})}),
            Actor("user", user_id=5, roles={other.id: frozenset({Role.SECRETARY, Role.FUNDER})}),
            Actor("user", user_id=6, roles=staff),
        ]


@pytest.mark.parametrize("instant", INSTANTS, ids=str)
def test_lists_answer_as_the_door_does_row_by_row(world: list[Actor], at: Callable[[datetime], None], instant: datetime):
    at(instant)
    applications = db.session.query(Application).order_by(Application.id).all()
    competitions = db.session.query(Competition).order_by(Competition.id).all()
    told = 0
    asked: tuple[tuple[type[Any], Sequence[Any], frozenset[StrEnum]], ...] = (
        (Application, applications, APPLICATION_PERMISSIONS),
        (Competition, competitions, COMPETITION_PERMISSIONS),
    )
    for actor, (model, rows, permissions) in product(world, asked):
        for permission in permissions:
            listed = set(db.session.scalars(visible_to(actor, model, permission)).all())
            decided = {
                row for row, one in zip(rows, decide_all(actor, permission, rows), strict=True) if one.is_allowed is True
            }
            assert listed == decided, (actor, permission)
            told += len(listed)
    assert told > 100


def reasons(actor: Actor, permission: StrEnum, row: Any) -> list[str]:
    return [str(one.code) for one in decide(actor, permission, row).reasons]


def own(world: list[Actor], index: int, state: ApplicationState) -> Application:
    ids = sorted(world[index].person_ids)
    return db.session.query(Application).filter(Application.applicant_id.in_(ids), Application.state == state).one()


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        (datetime(2026, 7, 20, 3, 59, 59, tzinfo=UTC), ["not_open_yet"]),
        (datetime(2026, 7, 20, 4, 0, tzinfo=UTC), []),
        (CLOSES_AT - SECOND, []),
        (CLOSES_AT, ["deadline_passed"]),
        (CLOSES_AT + SECOND, ["deadline_passed"]),
    ],
)
def test_a_draft_is_submitted_only_between_opening_and_closing(world, at, instant, expected):
    at(instant)
    assert reasons(world[2], Permission.APPLICATION_SUBMIT, own(world, 2, ApplicationState.DRAFT)) == expected


def test_staff_see_of_a_draft_only_that_it_exists(world):
    draft = own(world, 2, ApplicationState.DRAFT)
    checker = world[7]
    assert decide(checker, Permission.APPLICATION_LIST, draft).is_allowed is True
    assert decide(checker, Permission.APPLICATION_INSPECT, draft).is_granted is False
    assert decide(checker, Permission.APPLICATION_READ, draft).is_granted is False


def test_who_applied_herself_checks_neither_her_own_application_nor_her_rivals(world):
    mine = own(world, 3, ApplicationState.SUBMITTED)
    assert "own_application" in reasons(world[3], Permission.APPLICATION_CHECK, mine)
    assert decide(world[3], Permission.APPLICATION_READ, mine).is_allowed is True
    other = next(
        one for one in db.session.query(Application) if one.id != mine.id and one.programme_id == mine.programme_id and one.code
    )
    assert reasons(world[3], Permission.APPLICATION_CHECK, other) == ["own_interest"]
    assert decide(world[7], Permission.APPLICATION_CHECK, other).is_allowed is True


@pytest.mark.parametrize("permission", sorted((COMPETITION_PERMISSIONS | LISTING) - {Permission.COMPETITION_READ}))
def test_who_applied_herself_does_not_run_the_competition(world, permission):
    mine = own(world, 2, ApplicationState.DRAFT)
    organiser = replace(world[2], roles={mine.programme_id: frozenset({Role.ORGANISER})})
    competition = db.session.get_one(Competition, mine.competition_id)

    assert reasons(organiser, permission, competition) == ["own_interest"]
    assert competition not in db.session.scalars(visible_to(organiser, Competition, permission)).all()


@pytest.mark.parametrize("permission", sorted(OPENING))
def test_who_applied_herself_opens_nothing_of_whom_she_competes_with(world, permission):
    mine = own(world, 2, ApplicationState.DRAFT)
    staff = {mine.programme_id: frozenset({Role.ORGANISER, Role.CHECKER})}
    rivals = select(Application).where(
        Application.competition_id == mine.competition_id, Application.state == ApplicationState.ADMITTED
    )
    rival = db.session.get_one(Person, db.session.scalars(rivals).one().applicant_id)

    assert reasons(replace(world[2], roles=staff), permission, rival) == ["own_interest"]
    assert decide(replace(world[7], roles=staff), permission, rival).is_allowed is True


def test_another_programme_does_not_know_the_application(world):
    elsewhere = own(world, 2, ApplicationState.ADMITTED)
    for permission in APPLICATION_PERMISSIONS:
        assert decide(world[3], permission, elsewhere).is_granted is False


@pytest.mark.parametrize(
    ("state", "instant", "expected"),
    [
        (ApplicationState.RETURNED, DUE_AT - SECOND, []),
        (ApplicationState.RETURNED, DUE_AT, ["return_term_passed"]),
        (ApplicationState.ADMITTED, FREEZES_AT - SECOND, []),
        (ApplicationState.ADMITTED, FREEZES_AT, ["frozen"]),
    ],
)
def test_an_application_takes_new_versions_until_the_very_end_of_its_term(world, at, state, instant, expected):
    at(instant)
    running = own(world, 2, ApplicationState.DRAFT).competition_id
    wanted = select(Application).where(Application.competition_id == running, Application.state == state)
    application = db.session.scalars(wanted).one()
    applicant = replace(world[2], person_ids=frozenset({application.applicant_id}))

    assert reasons(applicant, Permission.APPLICATION_SUBMIT, application) == expected
    listed = db.session.scalars(visible_to(applicant, Application, Permission.APPLICATION_SUBMIT)).all()
    assert (application in listed) is (expected == [])


def test_an_admitted_application_without_a_freeze_takes_no_new_version(world, at):
    at(CLOSES_AT)
    assert reasons(world[2], Permission.APPLICATION_EDIT, own(world, 2, ApplicationState.ADMITTED)) == ["application_ended"]
