"""An organiser makes the form in a browser: what is dropped stays there, and conditions answer while one types."""

from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect

from app.core.db import db, writing
from app.people.models import User
from app.programmes.models import Programme
from app.programmes.states import Role
from competitions.models import Competition
from competitions.queries.form import form_in_making, form_text
from tests import factories
from tests.competitions.scene import MADE_AT, open_call, sign_in
from tests.journeys.walker import mark


@pytest.fixture
def desk(app, client, at, page: Page, site: str):
    """The form of a draft call, open in the browser of its organiser."""
    at(MADE_AT)
    with app.app_context():
        with writing():
            call = open_call()
            programme = db.session.get_one(Programme, call.programme_id)
            account = factories.user(member_of=programme, role=Role.ORGANISER, language="ru")
            made = SimpleNamespace(id=call.id, url=f"{site}/manage/competitions/{call.public_id}/form")
        with writing():
            sign_in(client, db.session.get_one(User, account.id), MADE_AT)
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = client.get_cookie(name)
    assert cookie
    page.context.add_cookies([{"name": name, "value": cookie.value, "url": site}])
    page.set_viewport_size({"width": 1280, "height": 3000})  # what is dragged and where it is dropped stand there at once
    page.goto(made.url)
    return made


def order(app, desk, group):
    with app.app_context():
        form = form_in_making(db.session.get_one(Competition, desk.id))
        assert form
        return [one.key for one in form_text(form).of(group)]


def drop(page: Page, desk, dragged: str, on: str) -> None:
    page.goto("about:blank")  # a page that a drop has led to starts no drag at once in a browser that is driven
    page.goto(desk.url)
    with page.expect_navigation():
        page.locator(f"#{dragged} .builder-label").drag_to(page.locator(f"{on} .builder-label"))


def test_question_stays_where_it_is_dropped(app, page, desk):
    before = order(app, desk, "idea")
    assert before[:3] == ["title", "summary", "problem"]

    drop(page, desk, "title", "#summary")
    assert order(app, desk, "idea")[:3] == ["summary", "title", "problem"]
    drop(page, desk, "summary", f"#{before[-1]}")
    assert order(app, desk, "idea")[-1] == "summary"
    drop(page, desk, "summary", "#title")
    assert order(app, desk, "idea")[0] == "summary"
    drop(page, desk, "summary", "#own")
    assert order(app, desk, "money")[-2:] == ["summary", "own"]


def ask(page: Page, desk, group: str, label: str, **condition: str) -> None:
    """A new question of a group, asked only after an answer."""
    page.goto(f"{desk.url}/add?group={group}&kind=short")
    page.locator("details:has([name=condition_question]) summary").click()
    for name, typed in {"label-kk": label, "label-ru": label, **condition}.items():
        field = page.locator(f'[name="{name}"]').first
        if name == "condition_question":
            field.select_option(typed)
        elif name == "condition_answers":
            page.locator(f'input[name="{name}"][value="{typed}"]').check()
        else:
            field.fill(typed)
    with page.expect_navigation():
        page.locator("main form button:visible").filter(has_text="Сохранить").click()
    expect(page).to_have_url(f"{desk.url}#{page.url.partition('#')[2]}")


def test_question_comes_and_goes_with_the_answer_it_depends_on(page, desk):
    ask(page, desk, "impact", "Кто Ваш наставник?", condition_question="mentor", condition_answers="mentor:yes")
    ask(page, desk, "money", "Почему так много?", condition_question="amount", condition_from="500000")

    page.goto(f"{desk.url}/preview/impact")
    mentor = page.get_by_text("Кто Ваш наставник?").first
    expect(mentor).to_be_hidden()
    mark(page.locator("input[name=mentor][value=yes]"))
    expect(mentor).to_be_visible()
    mark(page.locator("input[name=mentor][value=no]"))
    expect(mentor).to_be_hidden()

    page.goto(f"{desk.url}/preview/money")
    why, amount = page.get_by_text("Почему так много?").first, page.locator("[name=amount]")
    for typed, is_asked in (("499 999", False), ("500 000", True), ("-900 000", False), ("900 000 ₸", True), ("", False)):
        amount.fill(typed)
        (expect(why).to_be_visible if is_asked else expect(why).to_be_hidden)()
