"""Nobody decides in her own cause, and the blind stays blind whoever one is: at the door, in seats and roles, in counts."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.access.actor import COMMAND, Actor
from app.access.door import decide, visible_to
from app.core.db import db, writing
from app.core.refusals import CoreRefusal, RefusedError
from app.messages.models import Message
from app.messages.policy import Permission as MessagePermission
from app.people.models import Person
from app.people.policy import Permission as PersonPermission
from app.people.services.persons import merge_persons
from app.programmes.models import Membership
from app.programmes.policy import Permission as ProgrammePermission
from app.programmes.queries import actor_of
from app.programmes.services import end_role, give_role
from app.programmes.services import invite as invite_member
from app.programmes.states import Role
from awards.policy import Permission as AwardPermission
from competitions.policy import COMPETITION_PERMISSIONS, IMPARTIAL, LISTING
from competitions.policy import Obstacle as CompetitionObstacle
from competitions.policy import Permission as CompetitionPermission
from competitions.queries.thread import waiting_counts
from competitions.services.thread import ask
from scoring.policy import ROUND_PERMISSIONS, Obstacle, Permission
from scoring.queries import jury, result
from scoring.rules import ScoringRefusal
from scoring.services import seats
from scoring.states import JurorState
from seminars.policy import Permission as EventPermission
from tests import factories
from tests.scoring.scenario import INVITED_AT, SCORED_AT, jury_at_work, sign_in

# Who reads applications, and who reads the list of guests, which is that of the applicants on the day of the pitch.
READERS = [Role.ORGANISER, Role.SECRETARY, Role.CHECKER, Role.CONSULTANT]
AFTER_BLIND = SCORED_AT.replace(month=10, day=12)


@pytest.fixture
def world(database, app, at, kept):
    at(SCORED_AT)
    return kept(app, jury_at_work)


def why(actor: Actor, permission: Any, row: Any) -> list[str]:
    """What stands in the way; the list of rows must say the same."""
    decision = decide(actor, permission, row)
    listed = db.session.scalar(visible_to(actor, type(row), permission).where(type(row).id == row.id))
    assert (listed is not None) is decision.is_allowed
    return [one.code for one in decision.reasons]


def member(world, user, role):
    db.session.add(Membership(programme_id=world.programme.id, user_id=user.id, role=role, started_at=factories.LONG_AGO))
    db.session.flush()
    return actor_of(user)


def refusals(refused):
    return [one.code for one in refused.value.refusals]


# --- Others' points -----------------------------------------------------------------------------------------------------


def test_a_chair_who_scores_sees_others_points_after_her_own_are_signed(world, at):
    before = why(world.by(0), Permission.ROUND_RANKING, world.round), why(world.by(0), Permission.ROUND_SHEETS, world.round)
    with writing():
        for place in range(3):
            world.sign(0, place)
    after = why(world.by(0), Permission.ROUND_RANKING, world.round)

    assert [one[0] for one in before] == [Obstacle.OWN_SHEETS_UNSIGNED] * 2
    assert after == []


def test_unsigned_sheets_bar_nobody_once_their_stage_has_closed(world, at):
    at(AFTER_BLIND)

    assert why(world.by(0), Permission.ROUND_RANKING, world.round) == []


def test_a_juror_of_the_team_sees_no_ranking_and_no_decision_before_she_has_signed(world):
    with writing():
        both = member(world, world.users[1], Role.ORGANISER)

    assert why(both, Permission.ROUND_RANKING, world.round) == [Obstacle.OWN_SHEETS_UNSIGNED]
    assert Obstacle.OWN_SHEETS_UNSIGNED in why(both, AwardPermission.AWARD_READ, world.competition)


# --- Her own cause ------------------------------------------------------------------------------------------------------


@pytest.fixture
def applicant(world):
    """The organiser and checker of the scene, who applied under another record of hers."""
    with writing():
        member(world, world.organiser, Role.CHECKER)
        world.applications[2].applicant_id = factories.person().id
        duplicate = db.session.get_one(Person, world.applications[2].applicant_id)
        merge_persons(duplicate, into=world.organiser.person, by=COMMAND, at=INVITED_AT)
        db.session.flush()
    return actor_of(world.organiser)


@pytest.mark.parametrize("permission", sorted(ROUND_PERMISSIONS - {Permission.ROUND_CHAIR}))
def test_an_applicant_holds_nothing_of_the_round(world, applicant, permission):
    assert CompetitionObstacle.OWN_INTEREST in why(applicant, permission, world.round)


@pytest.mark.parametrize(
    "permission",
    sorted((COMPETITION_PERMISSIONS | LISTING | set(AwardPermission)) - {CompetitionPermission.COMPETITION_READ}),
)
def test_an_applicant_neither_runs_nor_decides_her_competition(world, applicant, permission):
    assert CompetitionObstacle.OWN_INTEREST in why(applicant, permission, world.competition)


@pytest.mark.parametrize("permission", sorted(IMPARTIAL))
def test_an_applicant_reads_and_checks_no_application_she_competes_with(world, applicant, permission):
    assert why(applicant, permission, world.applications[0]) == [CompetitionObstacle.OWN_INTEREST]


def test_an_applicant_reads_neither_letters_nor_the_record_nor_numbers_of_others(world, applicant):
    letter = db.session.scalars(select(Message).where(Message.programme_id == world.programme.id)).first()
    rival = db.session.get_one(Person, world.applications[0].applicant_id)
    shut = [
        why(applicant, MessagePermission.MESSAGE_READ, letter),
        why(applicant, ProgrammePermission.PROGRAMME_AUDIT, world.programme),
        why(applicant, PersonPermission.PERSON_IDENTITY, rival),
    ]

    assert shut == [[CompetitionObstacle.OWN_INTEREST]] * 3
    assert why(applicant, PersonPermission.PERSON_IDENTITY, world.organiser.person) == []


def test_an_applicant_judges_nobody_she_competes_with(world):
    with writing():
        own = next(row for row in jury.assignments_to(world.jurors[1]) if row.application_id == world.applications[2].id)
        seats.drop_assignment(own)
        world.applications[2].applicant_id = world.users[1].person_id
        db.session.flush()

    assert why(world.by(1), Permission.REVIEW_READ, world.review(1, 0)) == [CompetitionObstacle.OWN_INTEREST]
    assert why(world.by(1), Permission.SEAT_READ, world.jurors[1]) == [CompetitionObstacle.OWN_INTEREST]


def test_nobody_lifts_her_own_conflict_nor_decides_with_one(world):
    """Neither from a seat she has, nor from one she has had."""
    with writing():
        world.conflict(1, 0)
        both = member(world, world.users[1], Role.ORGANISER)
    seated = why(both, Permission.ROUND_MANAGE, world.round)
    with writing():
        seats.remove_juror(world.jurors[1], by=world.manager(), at=SCORED_AT)
    left = why(both, Permission.ROUND_MANAGE, world.round)

    assert (seated, left) == ([Obstacle.SITS_ON_JURY, Obstacle.TIED], [Obstacle.TIED])
    assert all(Obstacle.TIED in why(both, one, world.competition) for one in AwardPermission)
    assert why(world.manager(), Permission.ROUND_MANAGE, world.round) == []


# --- The blind ----------------------------------------------------------------------------------------------------------


def test_whoever_scores_without_names_reads_none_in_another_role_until_the_blind_ends(world, at):
    with writing():
        member(world, world.users[1], Role.ORGANISER)
        member(world, world.users[1], Role.CONSULTANT)
        both = member(world, world.users[1], Role.CHECKER)
        event = factories.event(world.programme)
    letter = db.session.scalars(select(Message).where(Message.programme_id == world.programme.id)).first()
    person = db.session.get_one(Person, world.applications[0].applicant_id)
    shut: list[tuple[Any, Any]] = [
        *((one, world.applications[0]) for one in sorted(IMPARTIAL | {CompetitionPermission.APPLICATION_READ})),
        *((one, world.competition) for one in sorted(LISTING)),
        *((one, letter) for one in MessagePermission),
        (EventPermission.EVENT_GUESTS, event),
        (EventPermission.EVENT_ATTENDANCE, event),
        (ProgrammePermission.PROGRAMME_AUDIT, world.programme),
        (PersonPermission.PERSON_IDENTITY, person),
    ]
    during = [why(both, *asked) for asked in shut]
    at(AFTER_BLIND)
    after = [why(both, *asked) for asked in shut]

    assert during == [[Obstacle.NAMES_HIDDEN]] * len(shut)
    assert after == [[]] * len(shut)


def test_what_an_applicant_asks_reaches_nobody_on_the_jury(app, world):
    """Neither a juror, nor the chair, nor a checker who scores without names: no page, no list, no count."""
    asked, home = world.applications[0], f"/manage/competitions/{world.competition.public_id}/threads"
    with writing():
        checker = actor_of(factories.user(member_of=world.programme, role=Role.CHECKER))
        both = member(world, world.users[1], Role.CHECKER)
        ask(asked, "Сұрақ", by=world.manager(), at=SCORED_AT)

    reached = {
        name: (decide(who, CompetitionPermission.APPLICATION_REPLY, asked).is_allowed, waiting_counts(who))
        for name, who in {"checker": checker, "chair": world.by(0), "juror": world.by(2), "both": both}.items()
    }
    pages = (home, f"/manage/applications/{asked.public_id}/thread")
    with writing():
        clients = [sign_in(app.test_client(), user) for user in world.users[:3]]
    statuses = {one.get(path).status_code for one in clients for path in pages}

    assert reached.pop("checker") == (True, {world.competition.id: 1})
    assert reached == dict.fromkeys(("chair", "juror", "both"), (False, {}))
    assert statuses == {404}


def test_the_blind_of_one_competition_hides_no_other(world):
    with writing():
        other = factories.called(world.programme)
        application = factories.application(other, 1)
        both = member(world, world.users[1], Role.CHECKER)

    assert why(both, CompetitionPermission.APPLICATION_INSPECT, application) == []
    assert why(both, CompetitionPermission.APPLICATION_LIST, other) == []


def test_a_conflict_keeps_an_identity_number_closed(world, at):
    at(AFTER_BLIND)
    with writing():
        world.conflict(1, 0)
        both = member(world, world.users[1], Role.CHECKER)
    person = db.session.get_one(Person, world.applications[0].applicant_id)

    assert why(both, PersonPermission.PERSON_IDENTITY, person) == [Obstacle.CONFLICT]


# --- Seats and roles ----------------------------------------------------------------------------------------------------


def invited(world, email, **changes):
    facts: dict[str, Any] = {
        "family_name": "Сарапшина",
        "given_name": "Гүлнәр",
        "network": "192.0.2.1",
        "at": SCORED_AT,
    } | changes
    return seats.invite_juror(
        world.round, email=email, languages=["kk"], language="kk", is_chair=False, by=world.manager(), **facts
    )


@pytest.mark.parametrize("role", READERS)
def test_no_seat_without_names_for_whoever_reads_them(world, role):
    with writing():
        reader = factories.user(member_of=world.programme, role=role)
    with pytest.raises(RefusedError) as now, writing():
        invited(world, reader.email)
    with writing():
        membership = db.session.scalars(select(Membership).where(Membership.user_id == reader.id)).one()
        factories.user(member_of=world.programme, role=Role.ORGANISER)
        end_role(membership, by=COMMAND, at=SCORED_AT)
    with pytest.raises(RefusedError) as later, writing():
        invited(world, reader.email)

    assert refusals(now) == refusals(later) == [ScoringRefusal.READS_NAMES]


def test_a_reader_of_names_takes_no_seat_that_was_offered_to_another_address(world):
    with writing():
        reader = factories.user(member_of=world.programme, role=Role.CHECKER)
        juror = factories.person(email="x@example.com")
        secret = seats.offer_seat(
            world.round, juror, email="x@example.com", languages=[], is_chair=False, by=COMMAND, at=SCORED_AT
        )
    with pytest.raises(RefusedError) as refused, writing():
        seats.accept_seat(secret, by=actor_of(reader), at=SCORED_AT)

    assert refusals(refused) == [ScoringRefusal.READS_NAMES]


def test_an_administrator_whose_pages_tell_who_did_what_takes_no_seat_without_names(world):
    with writing():
        administrator = factories.user(is_administrator=True)
        secret = seats.offer_seat(
            world.round, factories.person(), email="x@example.com", languages=[], is_chair=False, by=COMMAND, at=SCORED_AT
        )
    with pytest.raises(RefusedError) as offered, writing():
        invited(world, administrator.email)
    with pytest.raises(RefusedError) as taken, writing():
        seats.accept_seat(secret, by=actor_of(administrator), at=SCORED_AT)
    with writing():
        after = invited(world, administrator.email, at=AFTER_BLIND)

    assert refusals(offered) == refusals(taken) == [ScoringRefusal.READS_NAMES]
    assert after.state is JurorState.INVITED


def test_a_seat_is_asked_once_more_when_a_new_account_takes_it(world):
    with writing():
        person = factories.person(email="x@example.com")
        secret = seats.offer_seat(
            world.round, person, email="x@example.com", languages=[], is_chair=False, by=COMMAND, at=SCORED_AT
        )
        world.applications[0].applicant_id = person.id
        db.session.flush()
    with pytest.raises(RefusedError) as refused, writing():
        seats.accept_seat_with_new_account(secret, password_hash="x", language="kk", by=COMMAND, at=SCORED_AT)

    assert refusals(refused) == [ScoringRefusal.HAS_APPLIED]


def test_a_reader_of_names_may_sit_where_the_blind_is_over(world):
    with writing():
        reader = factories.user(member_of=world.programme, role=Role.CHECKER)
        juror = invited(world, reader.email, at=AFTER_BLIND)

    assert juror.state is JurorState.INVITED


def test_no_seat_for_an_applicant(world):
    with writing():
        user = factories.user()
        world.applications[0].applicant_id = user.person_id
        db.session.flush()
    with pytest.raises(RefusedError) as refused, writing():
        invited(world, user.email)

    assert refusals(refused) == [ScoringRefusal.HAS_APPLIED]


@pytest.mark.parametrize("role", READERS)
def test_whoever_scores_without_names_is_given_no_role_that_shows_them(world, at, role):
    user = world.users[1]
    with pytest.raises(RefusedError) as offered, writing():
        invite_member(world.programme, email=user.email, role=role, language="kk", address="", by=world.manager(), at=SCORED_AT)
    with pytest.raises(RefusedError) as given, writing():
        give_role(world.programme, user, role=role, by=world.manager(), at=SCORED_AT)
    at(AFTER_BLIND)
    with writing():
        after = give_role(world.programme, user, role=role, by=world.manager(), at=AFTER_BLIND)

    assert refusals(offered) == refusals(given) == [ScoringRefusal.SCORES_BLIND]
    assert after.role is role


def test_a_role_without_names_goes_to_a_juror_too(world):
    with writing():
        given = give_role(world.programme, world.users[1], role=Role.PRESS, by=world.manager(), at=SCORED_AT)

    assert given.role is Role.PRESS


# --- What an invitation tells the inviter -------------------------------------------------------------------------------


def test_an_inviter_reads_the_name_she_wrote_until_the_invited_accepts(world):
    with writing():
        user = factories.user("x@example.com")
        user.person.family_name = "Құпиябаева"
        juror = invited(world, "X@example.com")
    shown = [one.juror.person.full_name for one in jury.panel(world.round, world.manager())]
    with writing():
        secret = db.session.scalars(select(Message).where(Message.kind == "scoring.jury_invite")).one().text
        link = secret.split("/jury/invitations/")[1].split()[0]
        seats.accept_seat(link, by=actor_of(user), at=SCORED_AT)

    assert "Сарапшина Гүлнәр" in shown
    assert not any("Құпиябаева" in name for name in shown)
    assert juror.person_id == user.person_id
    assert user.person.family_name == "Құпиябаева"


def test_an_account_is_invited_once_under_whatever_name(world):
    with writing():
        factories.user("x@example.com")
        invited(world, "x@example.com")
    with pytest.raises(RefusedError) as refused, writing():
        invited(world, "x@example.com", family_name="Басқа")

    assert refusals(refused) == [ScoringRefusal.JUROR_INVITED_ALREADY]


def test_letters_of_invitation_to_one_address_are_counted(world):
    with writing():
        juror = invited(world, "x@example.com")
        for minutes in (1, 2):
            seats.invite_again(juror, network="192.0.2.1", by=world.manager(), at=SCORED_AT + timedelta(minutes=minutes))
    with pytest.raises(RefusedError) as refused, writing():
        seats.invite_again(juror, network="192.0.2.1", by=world.manager(), at=SCORED_AT + timedelta(minutes=3))

    assert refusals(refused) == [CoreRefusal.TOO_MANY]


# --- Counts -------------------------------------------------------------------------------------------------------------


def test_what_a_conflict_hides_is_in_no_count(world):
    """Three jurors, three applications: the chair is in conflict with the first, which only the second juror signed."""
    with writing():
        world.conflict(0, 0)
        world.sign(1, 0)
        world.sign(2, 1)
    chair = world.by(0)
    seen, whole = jury.panel(world.round, chair), jury.panel(world.round, world.manager())
    matrix = result.matrix_for(world.round, chair)

    assert [one.progress.total_count for one in seen] == [2, 2, 2]
    assert [one.progress.total_count for one in whole] == [2, 3, 3]
    assert [one.conflict_count for one in seen] == [0, 0, 0]
    assert [one.progress.signed_count for one in seen] == [0, 0, 1]
    assert result.result_for(world.round, chair).unsigned_count == 5
    assert result.result_for(world.round, world.manager()).unsigned_count == 6
    assert [one.id for one in matrix.jurors] == [world.jurors[2].id]
