"""Writing an application together: by a link that works once, with the right that was given, and never judged by who wrote."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from app.access.actor import COMMAND
from app.access.door import decide, visible_to
from app.core import audit
from app.core.cleaning.kinds import Kind
from app.core.db import db, writing
from app.core.refusals import CoreRefusal, RefusedError
from app.core.uploads import CleanFile, keep
from app.programmes.queries import actor_of
from app.programmes.states import Role
from competitions.models import Application, CoApplicant
from competitions.policy import APPLICATION_PERMISSIONS, CO_READER, CO_WRITER, LISTING, Obstacle, Permission
from competitions.queries.application import contents
from competitions.queries.check import inspection
from competitions.queries.competition import programme_of
from competitions.queries.together import together_with
from competitions.rules.application import TOGETHER_LIMIT, ApplicationRefusal
from competitions.services.application import submit_application
from competitions.services.document import attach_document
from competitions.services.together import invite, join, leave, leave_by_herself
from competitions.states import ApplicationState
from scoring.queries.access import in_conflict
from tests import factories
from tests.competitions.scene import CLOSES_AT, CONSENT, OPEN_AT, announced_call, applicant, draft, sign_in, write
from tests.competitions.test_uploads import photo

HOUR = timedelta(hours=1)


@pytest.fixture
def scene(database, at):
    """A draft, its author, and two who were let in: one reads, one writes."""
    at(OPEN_AT)
    with writing():
        _account, author = applicant()
        competition = announced_call()
        one = draft(competition, author)
        people = {right: applicant()[1] for right in ("reader", "writer")}
        for right, who in people.items():
            join(invite(one, may_edit=right == "writer", by=author, at=OPEN_AT), by=who, at=OPEN_AT)
        yield SimpleNamespace(one=one, competition=competition, author=author, **people)


def codes(refused):
    return [one.code for one in refused.value.refusals]


def allowed(who, one):
    """What the door allows, asked row by row and by list: the two must agree."""
    found = {permission for permission in APPLICATION_PERMISSIONS if decide(who, permission, one).is_allowed}
    listed = {
        permission
        for permission in APPLICATION_PERMISSIONS
        if one in db.session.scalars(visible_to(who, Application, permission))
    }
    assert found == listed
    return found


def test_each_has_the_right_that_was_given_and_no_other(scene):
    assert allowed(scene.reader, scene.one) == CO_READER
    assert allowed(scene.writer, scene.one) == CO_WRITER
    assert {Permission.APPLICATION_SHARE, Permission.APPLICATION_SUBMIT} <= allowed(scene.author, scene.one)
    assert allowed(applicant()[1], scene.one) == set()


def test_who_left_or_was_taken_off_opens_nothing_any_more(scene):
    reader, writer = together_with(scene.one)

    leave(scene.one, writer, by=scene.author, at=OPEN_AT)
    leave_by_herself(scene.one, by=scene.reader, at=OPEN_AT)

    assert (allowed(scene.reader, scene.one), allowed(scene.writer, scene.one)) == (set(), set())
    assert reader.left_at == OPEN_AT
    assert [entry.verb for entry in audit.history(scene.one)] == ["start", "share", "join", "share", "join", "leave", "leave"]


@pytest.mark.parametrize("has_left", [False, True])
def test_a_co_applicant_has_the_interest_of_an_applicant_also_after_leaving(scene, has_left):
    """As staff she works neither on it, nor on its rivals, nor on the competition; as a juror she is in conflict."""
    programme = programme_of(scene.competition)
    account = factories.user(member_of=programme, role=Role.ORGANISER)
    clean = actor_of(account)
    rival = factories.application(scene.competition, 7)
    before = decide(clean, Permission.APPLICATION_CHECK, rival).is_allowed
    join(invite(scene.one, may_edit=True, by=scene.author, at=OPEN_AT), by=clean, at=OPEN_AT)
    if has_left:
        leave_by_herself(scene.one, by=clean, at=OPEN_AT)

    staff = actor_of(account)
    on_rival = {str(one) for one in APPLICATION_PERMISSIONS if decide(staff, one, rival).is_allowed}
    on_hers = {one for one in APPLICATION_PERMISSIONS if decide(staff, one, scene.one).is_allowed}
    wanted = select(Application.id).where(in_conflict(staff, Application.id, Application.applicant_id))
    assert before is True
    assert on_rival == set()
    assert on_hers == (set() if has_left else CO_WRITER)
    assert not any(decide(staff, permission, scene.competition).is_allowed for permission in LISTING)
    assert set(db.session.scalars(wanted)) == {scene.one.id}


def test_a_link_works_once_and_gives_way_to_the_next(scene):
    first = invite(scene.one, may_edit=False, by=scene.author, at=OPEN_AT)
    second = invite(scene.one, may_edit=False, by=scene.author, at=OPEN_AT)
    join(second, by=applicant()[1], at=OPEN_AT)

    for secret in (first, second, "made-up"):
        with pytest.raises(RefusedError) as refused:
            join(secret, by=applicant()[1], at=OPEN_AT)
        assert codes(refused) == [CoreRefusal.LINK_USED]
    assert len(together_with(scene.one)) == 3


def test_nobody_takes_part_twice(scene):
    """Neither the applicant herself, nor who is in already, nor who applied here; and who is in starts none of her own."""
    _account, rival = applicant()
    draft(scene.competition, rival)
    for who in (scene.author, scene.reader, rival):
        with pytest.raises(RefusedError) as refused:
            join(invite(scene.one, may_edit=True, by=scene.author, at=OPEN_AT), by=who, at=OPEN_AT)
        assert codes(refused) == [ApplicationRefusal.HAS_HER_OWN]

    with pytest.raises(RefusedError) as refused:
        draft(scene.competition, scene.writer)
    assert codes(refused) == [ApplicationRefusal.WRITES_WITH_ANOTHER]


def test_links_are_made_and_used_only_while_applications_are_open_and_for_few(scene):
    secret = invite(scene.one, may_edit=True, by=scene.author, at=CLOSES_AT - HOUR)
    for act in (
        lambda: join(secret, by=applicant()[1], at=CLOSES_AT),
        lambda: invite(scene.one, may_edit=True, by=scene.author, at=CLOSES_AT),
    ):
        with pytest.raises(RefusedError) as refused:
            act()
        assert codes(refused) == [Obstacle.APPLICATIONS_CLOSED]
    while len(together_with(scene.one)) < TOGETHER_LIMIT:
        join(invite(scene.one, may_edit=False, by=scene.author, at=OPEN_AT), by=applicant()[1], at=OPEN_AT)

    with pytest.raises(RefusedError) as refused:
        invite(scene.one, may_edit=False, by=scene.author, at=OPEN_AT)
    assert codes(refused) == [ApplicationRefusal.TOO_MANY_TOGETHER]


@pytest.mark.parametrize("state", [ApplicationState.ADMITTED, ApplicationState.NOT_ADMITTED, ApplicationState.WITHDRAWN])
def test_nobody_joins_what_is_decided_or_withdrawn(scene, state):
    write(scene.one, scene.author)
    submit_application(scene.one, by=scene.author, at=OPEN_AT, declarations=CONSENT)
    secret = invite(scene.one, may_edit=True, by=scene.author, at=OPEN_AT)
    scene.one.state = state
    db.session.flush()
    for act in (
        lambda: join(secret, by=applicant()[1], at=OPEN_AT),
        lambda: invite(scene.one, may_edit=True, by=scene.author, at=OPEN_AT),
    ):
        with pytest.raises(RefusedError) as refused:
            act()
        assert codes(refused) == [ApplicationRefusal.TOGETHER_CLOSED]


def test_who_checks_sees_who_wrote_with_the_applicant(scene):
    write(scene.one, scene.author)
    submit_application(scene.one, by=scene.author, at=OPEN_AT, declarations=CONSENT)
    leave_by_herself(scene.one, by=scene.reader, at=OPEN_AT)

    seen = inspection(scene.one, CLOSES_AT)

    assert seen is not None
    assert [(one.person_id, one.may_edit) for one in seen.co_applicants] == [(scene.writer.person_id, True)]


# --- Pages --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def pages(app, database, at):
    """The author, who has written everything, and a friend, each in a browser of her own."""
    at(OPEN_AT)
    found = SimpleNamespace(author=app.test_client(), friend=app.test_client(), nobody=app.test_client())
    with app.app_context(), writing():
        account, author = applicant()
        one = draft(announced_call(), author)
        write(one, author)
        sign_in(found.author, account)
        sign_in(found.friend, applicant()[0])
        found.id, found.url = one.id, f"/my/applications/{one.public_id}"
    return found


def let_in(pages, right):
    """The friend opens the link the author was shown, and presses the button."""
    shown = pages.author.post(f"{pages.url}/together", data={"right": right}).text
    path = "/my/invitations/" + shown.split("/my/invitations/")[1].split("<")[0].split('"')[0]
    return path, pages.friend.post(path)


def test_a_friend_joins_by_the_link_and_writes_but_does_not_send(app, client, pages):
    path, joined = let_in(pages, "writes")
    saved = pages.friend.post(
        f"{pages.url}/answers", data={"field": "title", "value": "Бірге", "change_id": "f", "base_version": "1"},
        headers={"Accept": "application/json"},
    )  # fmt: skip
    checked, sent = pages.friend.get(f"{pages.url}/check"), pages.friend.post(f"{pages.url}/submit", data={"processing": "y"})

    assert (joined.status_code, joined.location, saved.status_code) == (303, pages.url, 200)
    assert (checked.status_code, f'action="{pages.url}/submit"' in checked.text, sent.status_code) == (200, False, 403)
    assert pages.nobody.get(path).status_code == 410
    with app.app_context():
        one = db.session.get_one(Application, pages.id)
        assert (contents(one, OPEN_AT).values["title"], one.code) == ("Бірге", None)


def test_who_only_reads_changes_nothing(app, client, pages):
    let_in(pages, "reads")
    before = pages.friend.get(f"{pages.url}/form/idea")
    told = pages.friend.get(pages.url).text
    data = {"field": "title", "value": "Бөтен", "change_id": "f", "base_version": "1"}
    tried = [
        pages.friend.post(f"{pages.url}{act}", data=data).status_code
        for act in ("/answers", "/form/idea", "/thread", "/together", "/withdraw", "/undo", "/copy", "/submit")
    ]

    assert (before.status_code, 'name="title"' in before.text) == (200, False)
    assert ("Сіз бұл өтінімді өтінім берушімен бірге оқисыз" in told, "қазір өзгертуге болмайды" in told) == (True, False)
    assert "Сіз мұнда тең өтінім берушісіз" in before.text
    assert set(tried) == {403}
    with app.app_context():
        assert "Бөтен" not in str(contents(db.session.get_one(Application, pages.id), OPEN_AT).values)


@pytest.mark.parametrize("right", ["reads", "writes"])
def test_who_reads_with_her_sees_her_photos_and_leaves_when_she_wants(app, client, pages, right):
    let_in(pages, right)
    with app.app_context(), writing():
        one = db.session.get_one(Application, pages.id)
        kept = keep(CleanFile(photo(), Kind.JPEG, "a.jpg"))
        made = attach_document(one, "quotes", kept, by=COMMAND, at=OPEN_AT)
        small = f"{pages.url}/documents/{made.public_id}/small"
    seen = pages.friend.get(small).status_code

    left = pages.friend.post(f"{pages.url}/leave")

    assert (seen, left.status_code, left.location) == (200, 303, "/my")
    assert {pages.friend.get(address).status_code for address in (pages.url, small)} == {404}


def test_the_author_sees_who_is_in_and_takes_her_off(app, client, pages):
    let_in(pages, "reads")
    with app.app_context():
        one = db.session.scalars(select(CoApplicant)).one()
        path = f"{pages.url}/together/{one.public_id}/remove"
    page = pages.author.get(f"{pages.url}/together").text

    stranger = pages.friend.post(path).status_code
    pages.author.post(path)

    assert (path in page, stranger) == (True, 403)
    assert pages.friend.get(pages.url).status_code == 404
