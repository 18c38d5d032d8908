"""The outbox: administrators see all letters, organisers those of their programmes, and nobody a live link."""

import pytest

from app.access.actor import COMMAND
from app.core.db import writing
from app.messages.services import Address, post
from app.people.services.passwords import hash_password
from app.programmes.services import give_role
from app.programmes.states import Role
from tests import factories
from tests.client import PASSWORD, enter

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def letters(app):
    """Public ids by name: a letter of each programme, and one of none."""
    with app.app_context(), writing():
        kept = hash_password(PASSWORD)
        ours, theirs = factories.programme("start-app"), factories.programme("jas-qadam")
        for name, programme in (("organiser", ours), ("stranger", theirs)):
            account = factories.user(f"{name}@example.com", password_hash=kept)
            give_role(programme, account, role=Role.ORGANISER, by=COMMAND, at=factories.LONG_AGO)
        factories.user("admin@example.com", password_hash=kept, is_administrator=True)
        made = {
            "ours": post("test.plain", to=Address("a@b.kz", "kk", "Әлия"), key="1", programme_id=ours.id, word="біздікі"),
            "theirs": post("test.plain", to=Address("c@d.kz"), key="2", programme_id=theirs.id, word="олардікі"),
            "secret": post("test.secret", to=Address("e@f.kz"), key="3", word="ешкімдікі"),
        }
        return {name: letter.public_id for name, letter in made.items()}


def test_organiser_sees_her_programmes_letters_only(app, client, letters):
    organiser = enter(app, "organiser")
    listed = organiser.get("/manage/outbox").text

    assert "біздікі" in listed
    assert "олардікі" not in listed
    assert "Әлия, біздікі kk" in organiser.get(f"/manage/outbox/{letters['ours']}").text
    assert organiser.get(f"/manage/outbox/{letters['theirs']}").status_code == 404
    assert organiser.get(f"/admin/outbox/{letters['theirs']}").status_code == 404


def test_only_addresses_of_the_site_are_links_in_a_letter_of_the_outbox(app, client, letters):
    with app.app_context(), writing():
        ours = post("test.secret", to=Address("g@h.kz"), key="4", word="https://evil.example/win")
        address = f"/admin/outbox/{ours.public_id}"
    shown = enter(app, "admin").get(address).text.split('class="letter"')[1]

    assert "https://evil.example/win" in shown
    assert 'href="https://evil.example' not in shown
    assert f'href="{app.config["SETTINGS"].base_url}/admin/outbox"' in shown


def test_outbox_says_that_letters_reach_nobody_until_a_mail_server_is_set(app, client, letters):
    said, desk = "these letters wait here and reach nobody", "/manage/outbox"
    organiser, admin = enter(app, "organiser"), enter(app, "admin")
    without = [said in organiser.get(desk, headers=ENGLISH).text, said in admin.get("/admin/outbox", headers=ENGLISH).text]
    app.config["SETTINGS"].smtp_url = "smtp://127.0.0.1:9"

    assert without == [True, True]
    assert said not in organiser.get(desk, headers=ENGLISH).text


def test_administrator_sees_all_letters_by_state(app, client, letters):
    admin = enter(app, "admin")

    assert all(word in admin.get("/admin/outbox").text for word in ("біздікі", "олардікі", "ешкімдікі"))
    assert "біздікі" not in admin.get("/admin/outbox?state=sent").text
    assert admin.get("/admin/outbox?state=%27&page=-1").status_code == 200


def test_visitor_must_sign_in(client, letters):
    assert client.get("/admin/outbox").status_code in {302, 303}


def test_live_link_is_shown_to_nobody_once_letters_leave(app, client, letters):
    admin, address = enter(app, "admin"), f"/admin/outbox/{letters['secret']}"
    in_development = admin.get(address).text
    app.config["SETTINGS"].smtp_url = "smtp://127.0.0.1:9"
    when_sent = admin.get(address).text

    assert "/admin/outbox" in in_development
    assert "ешкімдікі kk" in in_development
    assert "ешкімдікі kk" not in when_sent
