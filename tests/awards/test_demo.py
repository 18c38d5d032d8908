"""What the demo shows of results: last year's winners by project only, and each of them with her diploma."""

from html import unescape

import pytest

from app import demo
from app.core.db import db
from app.people.models import User
from awards.queries import public_names
from competitions.models import Competition
from tests.conftest import settings_of_copy


@pytest.fixture
def settings(loaded_demo, tmp_path):
    return settings_of_copy(loaded_demo, tmp_path / "data")


def competition(slug):
    return db.session.query(Competition).filter(Competition.slug == slug).one()


def test_winner_of_last_year_signs_in_to_her_diploma_and_her_page_names_her_to_nobody_else(app, client):
    with app.app_context():
        names = [
            user.person.full_name for user in db.session.query(User).filter(User.email.like("winner%")).order_by(User.email)
        ]
    results = unescape(client.get("/results/start-app-previous?lang=kk").text)
    client.post("/sign-in", data={"email": "winner1@demo.example", "password": demo.PASSWORD})
    held = unescape(client.get("/my/certificates").text)

    assert names == ["Баптаева Ару", "Сынақов Тимур", "Үлгібек Жансая", "Примерная София"]
    assert "Quetilon" in results
    assert [name for name in names if name.partition(" ")[0] in results] == []
    assert "SA25-Д-" in held
    assert "жеңімпазы" in held


def test_finalists_of_this_year_are_named_as_they_agreed_to(app):
    with app.app_context():
        people = [demo.person(f"graduate{number}@demo.example") for number in (1, 3, 7, 9)]
        names = public_names(competition("start-app").public_id, people)

        assert [names.get(one.id) for one in people] == ["Үлгібаева Томирис", "Сынақбай Арлан", "Примерова А.", None]
