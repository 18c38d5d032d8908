"""Organisations, programmes, invitations and roles: the verbs, on both databases."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from app.access.actor import COMMAND, VISITOR
from app.access.door import decide, visible_to
from app.core import audit
from app.core.columns import Translation
from app.core.db import db, writing
from app.core.refusals import CoreRefusal, RefusedError
from app.messages.models import Message
from app.people.models import User
from app.people.queries import user_by_email
from app.programmes import services
from app.programmes.invariants import INVARIANTS
from app.programmes.models import Membership, Organisation, Programme
from app.programmes.policy import Permission
from app.programmes.queries import actor_of, members, open_invitations, standing_roles
from app.programmes.states import OrganisationKind, ProgrammeRefusal, Role
from tests import factories

NOW = datetime(2026, 8, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _written(database, at):
    at(NOW)
    with writing():
        yield
        db.session.rollback()


def refused(act) -> list[object]:
    with pytest.raises(RefusedError) as caught:
        act()
    return [refusal.code for refusal in caught.value.refusals]


def invited(programme: Programme, email: str = "aida@example.com", role: Role = Role.CHECKER) -> str:
    services.invite(programme, email=email, role=role, language="kk", address="192.0.2.1", by=COMMAND, at=NOW)
    letter = db.session.scalars(db.select(Message).where(Message.address == email).order_by(Message.id)).all()[-1]
    return re.findall(r"https?://\S+/([\w-]{20,})", letter.text)[-1]


def member(programme: Programme, role: Role = Role.CHECKER) -> User:
    account = factories.user()
    services.give_role(programme, account, role=role, by=COMMAND, at=NOW)
    return account


def test_programme_has_an_audit_chain_of_its_own():
    holder = services.enter_organisation(
        kind=OrganisationKind.CENTRE, name=Translation({"kk": "Орталық", "ru": "Центр"}), by=COMMAND, at=NOW
    )
    first, second = (
        services.found_programme(slug=slug, name=Translation({"kk": slug}), organisation_id=holder.id, by=COMMAND, at=NOW)
        for slug in ("start-app", "jas-qadam")
    )
    services.edit_programme(
        first,
        slug="start-app",
        name=Translation({"kk": "Start App"}),
        organisation_id=holder.id,
        timezone="Asia/Almaty",
        by=COMMAND,
        at=NOW,
    )

    assert [entry.verb for entry in audit.history(first)] == ["found", "edit"]
    assert [entry.verb for entry in audit.history(second)] == ["found"]
    assert first.audit_chain != second.audit_chain
    assert audit.verify().is_intact


def test_address_of_a_programme_is_taken_once():
    programme, other = factories.programme("start-app"), factories.programme("jas-qadam")

    def found():
        services.found_programme(
            slug="start-app", name=programme.name, organisation_id=programme.organisation_id, by=COMMAND, at=NOW
        )

    def edit():
        services.edit_programme(
            other,
            slug="start-app",
            name=other.name,
            organisation_id=other.organisation_id,
            timezone="Asia/Almaty",
            by=COMMAND,
            at=NOW,
        )

    assert refused(found) == refused(edit) == [ProgrammeRefusal.SLUG_TAKEN]


def test_invitation_makes_an_account_with_the_role_for_a_new_address():
    programme = factories.programme()
    secret = invited(programme)
    assert [token.payload["email"] for token in open_invitations(programme, NOW)] == ["aida@example.com"]
    assert user_by_email("aida@example.com") is None

    account, membership = services.accept_invitation_anew(secret, password_hash="x", by=VISITOR, at=NOW)

    assert standing_roles(account.id) == [(programme.id, "checker")]
    assert (membership.role, open_invitations(programme, NOW)) == (Role.CHECKER, [])
    assert refused(lambda: services.accept_invitation(secret, user=account, by=VISITOR, at=NOW)) == [CoreRefusal.LINK_USED]


def test_invitation_is_bound_to_its_address():
    programme, stranger = factories.programme(), factories.user()
    secret = invited(programme)

    assert refused(lambda: services.accept_invitation(secret, user=stranger, by=VISITOR, at=NOW)) == [
        ProgrammeRefusal.OTHER_ACCOUNT
    ]
    assert standing_roles(stranger.id) == []


def test_invitation_of_somebody_with_an_account_never_sets_her_password():
    programme, account = factories.programme(), factories.user("aida@example.com", password_hash="hers")
    secret = invited(programme)

    codes = refused(lambda: services.accept_invitation_anew(secret, password_hash="theirs", by=VISITOR, at=NOW))

    assert (codes, account.password_hash) == ([CoreRefusal.LINK_USED], "hers")
    services.accept_invitation(secret, user=account, by=VISITOR, at=NOW)
    assert standing_roles(account.id) == [(programme.id, "checker")]


def test_invitation_expires_after_seven_days(at):
    programme = factories.programme()
    secret = invited(programme)
    at(NOW + timedelta(days=7, seconds=1))

    codes = refused(lambda: services.accept_invitation_anew(secret, password_hash="x", by=VISITOR, at=NOW))

    assert codes == [CoreRefusal.LINK_USED]


def test_newer_invitation_to_a_role_kills_the_earlier_link():
    programme = factories.programme()
    other_role = invited(programme, role=Role.SECRETARY)
    earlier, newer = invited(programme), invited(programme)
    account = factories.user("aida@example.com")

    assert refused(lambda: services.accept_invitation(earlier, user=account, by=VISITOR, at=NOW)) == [CoreRefusal.LINK_USED]
    services.accept_invitation(newer, user=account, by=VISITOR, at=NOW)
    services.accept_invitation(other_role, user=account, by=VISITOR, at=NOW)
    assert {role for _programme, role in standing_roles(account.id)} == {"checker", "secretary"}


def test_ended_role_kills_the_links_that_would_give_it_back(at):
    programme, account = factories.programme(), factories.user("aida@example.com")
    first, membership = invited(programme), services.give_role(programme, account, role=Role.CHECKER, by=COMMAND, at=NOW)

    services.end_role(membership, by=COMMAND, at=NOW)

    assert open_invitations(programme, NOW) == []
    assert refused(lambda: services.accept_invitation(first, user=account, by=VISITOR, at=NOW)) == [CoreRefusal.LINK_USED]
    at(NOW + timedelta(hours=1))
    later = NOW + timedelta(hours=1)
    services.invite(programme, email=account.email, role=Role.CHECKER, language="kk", address="192.0.2.1", by=COMMAND, at=later)
    assert [token.payload["role"] for token in open_invitations(programme, later)] == ["checker"]


def test_ended_role_is_not_given_back_by_a_link_to_an_address_she_had_then():
    programme, account = factories.programme(), factories.user("aida@example.com")
    link, membership = invited(programme), services.give_role(programme, account, role=Role.CHECKER, by=COMMAND, at=NOW)
    account.email = "elsewhere@example.com"
    services.end_role(membership, by=COMMAND, at=NOW)
    account.email = "aida@example.com"

    assert refused(lambda: services.accept_invitation(link, user=account, by=VISITOR, at=NOW)) == [CoreRefusal.LINK_USED]


def test_withdrawn_invitation_opens_nothing():
    programme, account = factories.programme(), factories.user("aida@example.com")
    link, kept = invited(programme), invited(programme, "bota@example.com")

    services.withdraw_invitation(programme, email="aida@example.com", role=Role.CHECKER, by=COMMAND, at=NOW)

    assert refused(lambda: services.accept_invitation(link, user=account, by=VISITOR, at=NOW)) == [CoreRefusal.LINK_USED]
    services.accept_invitation(kept, user=factories.user("bota@example.com"), by=VISITOR, at=NOW)


def test_invitation_accepted_twice_is_one_role():
    programme, account = factories.programme(), factories.user("aida@example.com")
    link = invited(programme)
    membership = services.accept_invitation(link, user=account, by=VISITOR, at=NOW)

    assert refused(lambda: services.accept_invitation(link, user=account, by=VISITOR, at=NOW)) == [CoreRefusal.LINK_USED]
    assert standing_roles(account.id) == [(programme.id, "checker")]
    assert membership.ended_at is None


def test_one_address_is_invited_three_times_an_hour_at_most():
    programme = factories.programme()
    for _time in range(3):
        invited(programme)

    assert refused(lambda: invited(programme)) == [CoreRefusal.TOO_MANY]


def test_member_is_not_invited_to_the_role_she_has():
    programme = factories.programme()
    account = member(programme)

    assert refused(lambda: invited(programme, account.email)) == [ProgrammeRefusal.ALREADY_MEMBER]
    invited(programme, account.email, Role.SECRETARY)


def test_role_given_twice_is_one_and_can_be_given_again_after_it_ended():
    programme = factories.programme()
    account = member(programme)
    membership = services.give_role(programme, account, role=Role.CHECKER, by=COMMAND, at=NOW)
    assert len(members(programme.id)) == 1

    services.end_role(membership, by=COMMAND, at=NOW)
    services.end_role(membership, by=COMMAND, at=NOW)
    assert (standing_roles(account.id), members(programme.id)) == ([], [])
    services.give_role(programme, account, role=Role.CHECKER, by=COMMAND, at=NOW)
    assert standing_roles(account.id) == [(programme.id, "checker")]


def test_last_organiser_stays():
    programme = factories.programme()
    first, second = (member(programme, Role.ORGANISER) for _time in range(2))
    memberships = {one.user_id: one for one in members(programme.id)}
    services.end_role(memberships[first.id], by=COMMAND, at=NOW)

    assert refused(lambda: services.end_role(memberships[second.id], by=COMMAND, at=NOW)) == [ProgrammeRefusal.LAST_ORGANISER]


def crowd() -> list[User]:
    ours, theirs = factories.programme(), factories.programme()
    staff = [member(programme, role) for programme in (ours, theirs) for role in Role]
    return [*staff, factories.user(), factories.user(is_administrator=True)]


@pytest.mark.parametrize(
    ("model", "permission"),
    [
        (Programme, Permission.PROGRAMME_READ),
        (Programme, Permission.PROGRAMME_MEMBERS),
        (Programme, Permission.PROGRAMME_AUDIT),
        (Programme, Permission.PROGRAMME_EDIT),
        (Membership, Permission.PROGRAMME_MEMBERS),
        (Organisation, Permission.ORGANISATION_EDIT),
    ],
)
def test_list_shows_exactly_what_the_door_opens(model, permission):
    people = [actor_of(account) for account in crowd()]
    rows = db.session.scalars(db.select(model)).all()
    opened = 0
    for who in people:
        listed = {row.id for row in db.session.scalars(visible_to(who, model, permission))}
        decided = {row.id for row in rows if decide(who, permission, row).is_allowed}
        assert listed == decided
        opened += len(decided)

    assert 0 < opened < len(rows) * len(people)


MATRIX = {
    Permission.PROGRAMME_READ: set(Role),
    Permission.PROGRAMME_MEMBERS: {Role.ORGANISER},
    Permission.PROGRAMME_AUDIT: {Role.ORGANISER},
    Permission.PROGRAMME_EDIT: set(),
}


@pytest.mark.parametrize("permission", MATRIX)
def test_role_opens_her_own_programme_and_no_other(permission):
    ours, theirs = factories.programme(), factories.programme()
    for role in Role:
        who = actor_of(member(ours, role))
        assert decide(who, permission, ours).is_allowed is (role in MATRIX[permission])
        assert decide(who, permission, theirs).is_granted is False


def test_administrator_appoints_but_does_not_read_applications():
    who = actor_of(factories.user(is_administrator=True))
    programme = factories.programme()

    allowed = {
        permission for permission in Permission if permission in MATRIX and decide(who, permission, programme).is_allowed
    }

    assert allowed == {Permission.PROGRAMME_MEMBERS, Permission.PROGRAMME_AUDIT, Permission.PROGRAMME_EDIT}


BREAKS = (
    (
        "programmes: an audit chain belongs to a programme or to the installation",
        "INSERT INTO core_audit_heads (chain, count, digest) VALUES (999999, 0, 'x')",
    ),
)


@pytest.mark.parametrize(("name", "damage"), BREAKS)
def test_invariant_finds_what_it_names(name, damage):
    member(factories.programme())
    invariant = next(one for one in INVARIANTS if one.name == name)
    assert db.session.execute(invariant.violations()).all() == []

    db.session.execute(text(damage))

    assert len(db.session.execute(invariant.violations()).all()) == 1


def test_every_invariant_of_programmes_has_a_test():
    assert {name for name, _damage in BREAKS} == {one.name for one in INVARIANTS}


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE programmes_memberships SET ended_at = '2000-01-01 00:00:00'",
        "UPDATE programmes_memberships SET role = 'king'",
        """INSERT INTO programmes_memberships (public_id, programme_id, user_id, role, started_at)
           SELECT 'x', programme_id, user_id, role, started_at FROM programmes_memberships""",
    ],
)
def test_database_refuses_roles_that_make_no_sense(damage):
    member(factories.programme())

    with pytest.raises(Exception, match=r"(?i)constraint"), db.session.begin_nested():
        db.session.execute(text(damage))
