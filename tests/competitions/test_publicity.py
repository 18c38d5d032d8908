"""What is sent round about a call: ready texts, posters, and what other sites and search engines read of its page."""

import json
import re
from html import unescape
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as ET

import pypdfium2
import pytest
import zxingcpp

from app.core.db import db, writing
from app.people.models import User
from app.programmes.models import Programme
from app.programmes.states import Role
from competitions.models import Competition
from tests import factories
from tests.competitions.scene import CLOSES_AT, OPEN_AT, announced_call, open_call, sign_in

NAMES = {"kk": "Start App 2026", "ru": "Start App 2026"}
CLOSES = {"kk": "14.08.2026, 18:00", "ru": "14.08.2026, 18:00"}


@pytest.fixture
def desk(app, client, at, kept):
    """The press officer of an announced call, signed in while it is open."""
    at(OPEN_AT)
    found = kept(app, spread)
    enter(app, client, found.press_id)
    return found


def enter(app, client, account_id, instant=OPEN_AT):
    with app.app_context(), writing():
        sign_in(client, db.session.get_one(User, account_id), instant)


def spread():
    with writing():
        competition = announced_call()
        programme = db.session.get_one(Programme, competition.programme_id)
        press = factories.user(member_of=programme, role=Role.PRESS, language="en")
        stranger = factories.user(member_of=factories.programme(), role=Role.ORGANISER, language="en")
        here = f"/manage/competitions/{competition.public_id}"
        return SimpleNamespace(press_id=press.id, stranger_id=stranger.id, here=here, slug=competition.slug)


def texts(page):
    """The ready texts by their field."""
    return {
        name: unescape(text)
        for name, text in re.findall(r'<textarea[^>]* id="([a-z-]+)"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    }


def test_texts_of_each_language_say_what_the_call_says(app, client, desk):
    page = client.get(f"{desk.here}/publicity")
    found = texts(page.text)

    assert page.status_code == 200
    assert set(found) == {f"{one}-{place}" for one in NAMES for place in ("telegram", "whatsapp", "instagram")}
    for name, text in found.items():
        one = name.partition("-")[0]
        assert NAMES[one] in text, name
        assert CLOSES[one] in text, name
        assert f"/c/{desk.slug}" in text, name
        assert "+7 700 000 01 00" in text.replace("\u00a0", " "), name
        assert "{" not in text, name
    assert "Кто может участвовать:" in found["ru-telegram"]
    assert "Кім қатыса алады:" in found["kk-telegram"]
    assert "Сілтеме аккаунттың басында:" in found["kk-instagram"]
    assert found["ru-whatsapp"].startswith("*Start App 2026*")


def test_links_carry_the_texts_to_where_they_are_sent(client, desk):
    page = client.get(f"{desk.here}/publicity").text
    shared = [urlsplit(unescape(one)) for one in re.findall(r'href="(https://(?:t\.me|wa\.me)/[^"]*)"', page)]
    found = texts(page)

    assert [one.hostname for one in shared] == ["t.me", "wa.me"] * 2
    sent = [parse_qs(one.query)["text"][0] for one in shared]
    assert sent == [found[f"{one}-{place}"] for one in NAMES for place in ("telegram", "whatsapp")]
    assert parse_qs(shared[0].query)["url"][0].endswith(f"/c/{desk.slug}?lang=kk")


@pytest.mark.parametrize("language", NAMES)
def test_poster_is_one_sheet_whose_code_opens_the_call(app, client, desk, language):
    answer = client.get(f"{desk.here}/poster/{language}.pdf")
    document = pypdfium2.PdfDocument(answer.data)
    text = " ".join(document[0].get_textpage().get_text_range().split())
    codes = zxingcpp.read_barcodes(document[0].render(scale=2).to_pil())
    base = app.config["SETTINGS"].base_url

    assert (answer.status_code, answer.mimetype, len(document)) == (200, "application/pdf", 1)
    assert NAMES[language] in text
    assert CLOSES[language] in text
    assert [one.text for one in codes] == [f"{base}/c/{desk.slug}?lang={language}"]


def test_poster_of_a_long_call_is_one_sheet_too(app, client, desk):
    with app.app_context(), writing():
        one = db.session.query(Competition).one()
        one.name = type(one.name)(dict.fromkeys(one.name, "Балалар үйі түлектерінің шағын кәсіпкерлік жобалары байқауы " * 3))
        one.tagline = type(one.tagline)(dict.fromkeys(one.tagline, "Алғашқы ісіңді бастауға көмектесеміз, өтінім бер. " * 6))
    document = pypdfium2.PdfDocument(client.get(f"{desk.here}/poster/kk.pdf").data)

    assert len(document) == 1
    assert zxingcpp.read_barcodes(document[0].render(scale=2).to_pil())


def test_nobody_else_gets_them_and_no_language_is_made_up(app, client, desk):
    assert client.get(f"{desk.here}/poster/de.pdf").status_code == 404
    enter(app, client, desk.stranger_id)
    assert [client.get(f"{desk.here}/{path}").status_code for path in ("publicity", "poster/kk.pdf")] == [404, 404]
    client.post("/sign-out")
    assert client.get(f"{desk.here}/publicity").status_code == 303


def test_page_says_when_it_is_too_early_and_when_too_late(app, client, desk, at):
    assert f"{desk.here}/publicity" in client.get(desk.here).text
    assert "can no longer apply" not in client.get(f"{desk.here}/publicity").text
    at(CLOSES_AT)
    enter(app, client, desk.press_id, CLOSES_AT)
    assert "can no longer apply" in client.get(f"{desk.here}/publicity").text
    assert "/publicity" not in client.get(desk.here).text


def test_page_of_the_call_introduces_itself_to_messengers_and_search_engines(app, client, desk):
    page = client.get(f"/c/{desk.slug}?lang=ru").text
    told = dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)"', page))
    data = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[0])

    assert told["title"] == "Start App 2026"
    assert told["url"].endswith(f"/c/{desk.slug}")
    assert told["description"] == data["description"] != ""
    assert data["amount"] == {"@type": "MonetaryAmount", "currency": "KZT", "value": 4_000_000}


def test_words_of_a_call_end_no_script(app, client, desk):
    with app.app_context(), writing():
        one = db.session.query(Competition).one()
        one.tagline = type(one.tagline)(dict.fromkeys(one.tagline, "</script><script>alert(1)</script>"))
    page = client.get(f"/c/{desk.slug}").text

    assert "<script>alert" not in page
    assert json.loads(re.findall(r'ld\+json">(.*?)</script>', page, re.DOTALL)[0])["description"].startswith("</script>")


def test_what_does_not_fit_and_what_is_not_announced_yet_is_said(app, client, at):
    at(OPEN_AT)
    with app.app_context(), writing():
        one = open_call()
        programme = db.session.get_one(Programme, one.programme_id)
        one.tagline = type(one.tagline)(dict.fromkeys(one.tagline, "Алғашқы ісіңді бастауға көмектесеміз. " * 20))
        here, account = (
            f"/manage/competitions/{one.public_id}",
            factories.user(member_of=programme, role=Role.PRESS, language="en"),
        )
        db.session.flush()
        account_id = account.id
    enter(app, client, account_id)
    page = client.get(f"{here}/publicity").text

    assert "Strangers who open the address find nothing there" in page
    assert page.count("This is longer than fits there") == 2  # WhatsApp, in both languages


ATOM = "{http://www.w3.org/2005/Atom}"


def entries(answer):
    """What a reader of feeds shows: id, title, address and summary of each, in the feed's order."""
    root = ET.fromstring(answer.data)
    assert root.findtext(f"{ATOM}updated")
    return [
        (one.findtext(f"{ATOM}id"), one.findtext(f"{ATOM}title"), link.get("href"), one.findtext(f"{ATOM}summary"))
        for one in root.iter(f"{ATOM}entry")
        if (link := one.find(f"{ATOM}link")) is not None
    ]


def test_feed_tells_what_was_announced_and_what_was_published(app, client, desk):
    answer = client.get("/feed.xml?lang=ru")
    ((key, title, address, text),) = entries(answer)
    base = app.config["SETTINGS"].base_url

    assert answer.mimetype == "application/atom+xml"
    assert (title, address) == ("Start App 2026", f"{base}/c/{desk.slug}")
    assert CLOSES["ru"] in text
    assert "/feed.xml" in client.get("/").text
    with app.app_context(), writing():
        db.session.query(Competition).one().published_at = CLOSES_AT
    results, same = entries(client.get("/feed.xml?lang=kk"))

    assert (results[2], same[0]) == (f"{base}/results/{desk.slug}", key)
    assert results[1] == "Start App 2026: қорытынды"


def test_feed_says_nothing_of_what_is_not_announced(app, client, at):
    at(OPEN_AT)
    with app.app_context(), writing():
        open_call()

    assert entries(client.get("/feed.xml")) == []
