"""The pages of teams, organisations, programmes and the record of acts."""

import re

import pytest

from app.access.actor import COMMAND
from app.core.db import db, writing
from app.messages.models import Message
from app.people.services.passwords import hash_password
from app.programmes.models import Membership, Organisation, Programme
from app.programmes.services import give_role
from app.programmes.states import Role
from tests import factories
from tests.client import PASSWORD, enter


@pytest.fixture
def people(app):
    """Two programmes with an organiser each, a checker in the first, an administrator, a graduate."""
    with app.app_context(), writing():
        kept = hash_password(PASSWORD)
        ours, theirs = factories.programme("start-app"), factories.programme("jas-qadam")
        for name, programme, role in (
            ("organiser", ours, Role.ORGANISER),
            ("checker", ours, Role.CHECKER),
            ("stranger", theirs, Role.ORGANISER),
        ):
            account = factories.user(f"{name}@example.com", password_hash=kept)
            give_role(programme, account, role=role, by=COMMAND, at=factories.LONG_AGO)
        factories.user("admin@example.com", password_hash=kept, is_administrator=True)
        factories.user("graduate@example.com", password_hash=kept)


def programme_id(app, slug: str) -> str:
    with app.app_context():
        return str(db.session.scalars(db.select(Programme.public_id).where(Programme.slug == slug)).one())


def membership_id(app, role: Role) -> str:
    with app.app_context():
        return str(db.session.scalars(db.select(Membership.public_id).where(Membership.role == role)).first())


def test_organiser_invites_and_the_invited_person_joins_with_a_password_of_her_own(app, people):
    team = f"/manage/programmes/{programme_id(app, 'start-app')}/members"
    organiser = enter(app, "organiser")
    sent = organiser.post(team, data={"email": "New@example.com", "role": "secretary", "language": "ru"})
    assert sent.status_code == 303
    assert "new@example.com" in organiser.get(team).text

    with app.app_context():
        letter = db.session.scalars(db.select(Message)).one()
        assert (letter.address, letter.language) == ("new@example.com", "ru")
        link = re.findall(r"https?://[^/\s]+(/\S+)", letter.text)[0]
    newcomer = app.test_client()
    assert "new@example.com" in newcomer.get(link).text
    assert newcomer.post(link, data={"password": PASSWORD}).location == "/manage/"
    assert newcomer.get("/manage/").status_code == 200
    assert newcomer.get(team).status_code == 404


def test_invitation_is_not_taken_by_another_account(app, people):
    organiser = enter(app, "organiser")
    team = f"/manage/programmes/{programme_id(app, 'start-app')}/members"
    organiser.post(team, data={"email": "graduate@example.com", "role": "checker", "language": "kk"})
    with app.app_context():
        link = re.findall(r"https?://[^/\s]+(/\S+)", db.session.scalars(db.select(Message)).one().text)[0]
    stranger = enter(app, "stranger")
    assert stranger.post(link).status_code == 409

    visitor = app.test_client()
    assert "/sign-in?next=" in visitor.get(link).text
    assert visitor.post(link, data={"password": PASSWORD}).status_code == 409
    assert enter(app, "graduate").post(link).status_code == 303


def test_impossible_address_is_refused_and_kept_on_the_page(app, people):
    team = f"/manage/programmes/{programme_id(app, 'start-app')}/members"
    answer = enter(app, "organiser").post(team, data={"email": "not an address", "role": "checker", "language": "kk"})

    assert answer.status_code == 422
    assert "not an address" in answer.text


def test_member_who_has_the_role_is_not_invited_again(app, people):
    team = f"/manage/programmes/{programme_id(app, 'start-app')}/members"
    answer = enter(app, "organiser").post(team, data={"email": "checker@example.com", "role": "checker", "language": "kk"})

    assert answer.status_code == 409
    assert "checker@example.com" in answer.text


def test_right_of_a_member_is_gone_at_her_next_request(app, people):
    organiser, checker = enter(app, "organiser"), enter(app, "checker")
    assert checker.get("/manage/").status_code == 200

    assert organiser.post(f"/manage/members/{membership_id(app, Role.CHECKER)}/end").status_code == 303

    assert checker.get("/manage/").status_code == 404


def test_last_organiser_cannot_be_removed(app, people):
    organiser = enter(app, "organiser")

    answer = organiser.post(f"/manage/members/{membership_id(app, Role.ORGANISER)}/end")

    assert answer.status_code == 409
    assert organiser.get("/manage/").status_code == 200


@pytest.mark.parametrize("name", ["stranger", "checker", "graduate"])
def test_team_of_another_programme_is_unknown(app, people, name):
    browser = enter(app, name)
    team = f"/manage/programmes/{programme_id(app, 'start-app')}/members"
    nowhere = browser.get(f"/manage/programmes/{'x' * 22}/members")
    known = browser.get(team)

    assert (known.status_code, len(known.data)) == (nowhere.status_code, len(nowhere.data)) == (404, len(known.data))
    assert browser.post(team, data={"email": "x@example.com", "role": "organiser", "language": "kk"}).status_code == 404
    assert browser.post(f"/manage/members/{membership_id(app, Role.CHECKER)}/end").status_code == 404


def test_organiser_reads_the_acts_of_her_own_programme_only(app, people):
    ours = enter(app, "organiser").get("/manage/audit").text
    theirs = enter(app, "stranger").get(f"/manage/audit?programme={programme_id(app, 'start-app')}").text

    assert "start-app" in ours
    assert "jas-qadam" not in ours
    assert "jas-qadam" in theirs
    assert "start-app" not in theirs.replace(f"programme={programme_id(app, 'start-app')}", "")


def test_administrator_reads_all_acts_and_filters_them(app, people):
    admin = enter(app, "admin")
    everything = admin.get("/admin/audit").text
    one = admin.get(f"/admin/audit?programme={programme_id(app, 'jas-qadam')}").text

    assert everything.count("<tr>") > one.count("<tr>") > 1


def test_administrator_enters_and_corrects_organisations_and_programmes(app, people):
    admin = enter(app, "admin")
    facts = {"kind": "customer", "name-kk": "Басқарма", "name-ru": "Управление", "bin": "220640990039"}
    assert admin.post("/admin/organisations/new", data=facts).status_code == 303
    assert admin.post("/admin/organisations/new", data=facts | {"bin": "12"}).status_code == 422
    with app.app_context():
        made = db.session.scalars(db.select(Organisation).where(Organisation.bin == "220640990039")).one()
        holder, address = made.id, f"/admin/organisations/{made.public_id}"
    assert "Басқарма" in admin.get(address).text
    assert admin.post(address, data=facts | {"name-ru": "Новое управление"}).status_code == 303

    programme = {"slug": "zhana", "name-kk": "Жаңа", "name-ru": "Новая", "organisation_id": holder, "timezone": "Asia/Almaty"}
    assert admin.post("/admin/programmes/new", data=programme).status_code == 303
    assert admin.post("/admin/programmes/new", data=programme).status_code == 409
    address = f"/admin/programmes/{programme_id(app, 'zhana')}"
    assert admin.post(address, data=programme | {"name-kk": "Жаңа бағдарлама"}).status_code == 303
    assert admin.post(address, data=programme | {"slug": "start-app"}).status_code == 409
    assert admin.post(address, data=programme | {"slug": "Bad Slug"}).status_code == 422
    assert "Жаңа бағдарлама" in admin.get("/admin/programmes").text


def test_administrator_finds_and_blocks_an_account(app, people):
    admin, graduate = enter(app, "admin"), enter(app, "graduate")
    found = admin.get("/admin/users?q=GRADUATE").text
    assert "graduate@example.com" in found
    assert "checker@example.com" not in found
    assert "graduate@example.com" not in admin.get("/admin/users?q=%25").text

    address = re.findall(r"/admin/users/[\w-]+/block", found)[0]
    assert admin.post(address).status_code == 303
    assert graduate.get("/account/").status_code == 303
    assert admin.post(address).status_code == 409
    assert admin.post(address.replace("/block", "/unblock")).status_code == 303


@pytest.mark.parametrize("name", ["organiser", "checker", "graduate"])
@pytest.mark.parametrize(
    "path",
    [
        "/admin/",
        "/admin/users",
        "/admin/audit",
        "/admin/organisations",
        "/admin/programmes/new",
        "/admin/components",
        "/admin/outbox",
    ],
)
def test_pages_of_administrators_are_absent_for_all_others(app, people, name, path):
    assert enter(app, name).get(path).status_code == 404


def test_list_of_members_costs_the_same_at_one_and_at_thirty(app, people):
    organiser = enter(app, "organiser")
    team = f"/manage/programmes/{programme_id(app, 'start-app')}/members"

    def cost() -> int:
        seen: list[str] = []
        with app.app_context():
            engine = db.engine
        db.event.listen(engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
        assert organiser.get(team).status_code == 200
        return len(seen)

    few = cost()
    with app.app_context(), writing():
        ours = db.session.scalars(db.select(Programme).where(Programme.slug == "start-app")).one()
        for _number in range(30):
            give_role(ours, factories.user(), role=Role.CONSULTANT, by=COMMAND, at=factories.LONG_AGO)
    many = cost()

    assert many == few
