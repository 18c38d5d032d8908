"""Two people open one page and both save: nobody's words go under without being read, on every page that edits."""

from types import SimpleNamespace

import pytest
from sqlalchemy import select

from app.core.columns import Translation
from app.core.db import db, writing
from app.programmes.models import Organisation, Programme
from app.programmes.states import Role
from tests import factories
from tests.competitions.scene import MADE_AT, open_call, sign_in
from tests.journeys.wrongs import Page

DESK = "/manage/competitions/{competition}"
# Of each page: the input that both write into, what each writes, and another input with another value.
PAGES = {
    "texts": (DESK + "/texts", "description-kk", ("Бірінші сипаттама.", "Екінші сипаттама."), ("tagline-kk", "Қысқа шақыру")),
    "questions": (DESK + "/questions", "pairs-0-answer-kk", ("Бірі.", "Екіншісі."), ("pairs-1-question-kk", "Қашан?")),
    "numbers": (DESK + "/numbers", "pitch_minutes", ("6", "8"), ("check_days", "7")),
    "dates": (DESK + "/dates", "opens", ("2026-07-20T10:00", "2026-07-20T11:00"), ("closes", "2026-08-14T17:00")),
    "section": (DESK + "/rules/1", "articles-0-text-kk", ("Бірінші бап.", "Екінші бап."), ("title-kk", "Жалпы ереже")),
    "event": ("/manage/events/{event}/edit", "title-kk", ("Баға мен шығын", "Баға"), ("capacity", "40")),
    "organisation": (
        "/admin/organisations/{organisation}",
        "address-kk",
        ("Абай, 1", "Абай, 2"),
        ("phone", "+7 700 000 00 09"),
    ),
    "programme": ("/admin/programmes/{programme}", "name-kk", ("Бірінші атау", "Екінші атау"), ("timezone", "Asia/Oral")),
}


@pytest.fixture
def two(app, at):
    """Two organisers who are administrators, and what there is to change."""
    at(MADE_AT)
    with app.app_context(), writing():
        competition = open_call()
        programme = db.session.get_one(Programme, competition.programme_id)
        organisation = db.session.scalars(select(Organisation).where(Organisation.id == programme.organisation_id)).one()
        programme.name = organisation.name = Translation(kk="Атау", ru="Название")
        programme.slug = "baghdarlama"
        names = {
            "competition": competition.public_id,
            "programme": programme.public_id,
            "organisation": organisation.public_id,
            "event": factories.event(programme, title={"kk": "А", "ru": "Б"}, place={"kk": "А", "ru": "Б"}).public_id,
        }
        clients = [app.test_client() for _one in range(2)]
        for client in clients:
            user = factories.user(member_of=programme, role=Role.ORGANISER, language="kk", is_administrator=True)
            sign_in(client, user, MADE_AT)
    return SimpleNamespace(first=clients[0], second=clients[1], names=names)


def read(answer):
    """The page as a browser reads it: what is written in a field begins after the first line break."""
    page = Page(answer.text)
    for name, values in page.fields.lists():
        page.fields.setlist(name, [one.removeprefix("\r\n") for one in values])
    return page


def opened(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return read(answer)


def sent(client, address, page, **typed):
    fields = page.fields.copy()
    for name, value in typed.items():
        fields.setlist(name.replace("__", "-"), [value])
    return client.post(address, data=fields)


@pytest.mark.parametrize("name", PAGES)
def test_what_another_saved_meanwhile_and_this_page_left_alone_stays(two, name):
    path, field, (written, _other), (beside, value) = PAGES[name]
    address = path.format(**two.names)
    pages = [opened(one, address) for one in (two.first, two.second)]
    answers = [
        sent(two.first, address, pages[0], **{field: written}),
        sent(two.second, address, pages[1], **{beside: value}),
    ]
    now = opened(two.first, address)

    assert [one.status_code for one in answers] == [303, 303]
    assert (now.fields[field], now.fields[beside]) == (written, value)


@pytest.mark.parametrize("name", PAGES)
def test_what_both_changed_is_shown_in_both_words_and_saved_when_it_is_sent_once_more(two, name):
    path, field, (written, other), _beside = PAGES[name]
    address = path.format(**two.names)
    pages = [opened(one, address) for one in (two.first, two.second)]
    first = sent(two.first, address, pages[0], **{field: written})
    refused = sent(two.second, address, pages[1], **{field: other})
    shown = read(refused)
    meanwhile = opened(two.first, address).fields[field]
    again = sent(two.second, address, shown)

    assert (first.status_code, refused.status_code, again.status_code) == (303, 409, 303)
    assert meanwhile == written
    assert shown.fields[field] == other
    said = "10:00" if name == "dates" else written
    assert said in shown.text.partition("Басқа жерде сақталған мәтін")[2][:60]
    assert opened(two.first, address).fields[field] == other


def test_what_changed_between_two_refusals_is_shown_again(two):
    address = "/admin/organisations/{organisation}".format(**two.names)
    old = opened(two.second, address)
    sent(two.first, address, opened(two.first, address), address__kk="Бір")
    shown = read(sent(two.second, address, old, address__kk="Менікі"))
    sent(two.first, address, opened(two.first, address), address__kk="Екі")
    later = sent(two.second, address, shown)

    assert later.status_code == 409
    assert "Басқа жерде сақталған мәтін Екі" in read(later).text


def test_two_add_to_one_list_and_both_stay(two):
    address = "/manage/competitions/{competition}/questions".format(**two.names)
    pages = [opened(one, address) for one in (two.first, two.second)]
    place = max(int(one.split("-")[1]) for one in pages[0].fields if one.startswith("pairs-"))
    answers = [
        sent(client, address, page, **{f"pairs-{place}-question-kk": word, f"pairs-{place}-answer-kk": f"{word} жауабы"})
        for client, page, word in zip((two.first, two.second), pages, ("Бірінші", "Екінші"), strict=True)
    ]
    now = opened(two.first, address).fields

    assert [one.status_code for one in answers] == [303, 303]
    assert [now[f"pairs-{place + n}-question-kk"] for n in range(3)] == ["Бірінші", "Екінші", ""]
    assert now[f"pairs-{place + 1}-answer-kk"] == "Екінші жауабы"


def test_a_change_that_is_not_filled_in_well_keeps_what_another_wrote_on_the_page(two):
    address = "/admin/organisations/{organisation}".format(**two.names)
    old = opened(two.second, address)
    sent(two.first, address, opened(two.first, address), address__kk="Бір")
    wrong = sent(two.second, address, old, bin="12")
    right = sent(two.second, address, read(wrong), bin="")

    assert (wrong.status_code, right.status_code) == (422, 303)
    assert opened(two.first, address).fields["address-kk"] == "Бір"
