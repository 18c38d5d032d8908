"""She writes on a phone; the network goes, the browser dies, the site restarts, another tab writes too: every word is sent."""

import json
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.house import House, open_house
from tests.journeys.phone import Phone, phone
from tests.journeys.walker import PASSWORD, mark, words
from tests.journeys.wire import Wire, wire
from tests.loaded import Loaded

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600), pytest.mark.lasts(15)]
EMAIL = "jas1@demo.example"
SAY = words("kk")
ON_PHONE = SAY["Saved on this phone; will be sent when there is a connection"]
SAVED = re.compile(re.escape(SAY["Saved %(time)s"] % {"time": ""}) + r"\d\d:\d\d")


@dataclass
class Scene:
    """An installation, the wire that leads to it, and her phone."""

    house: House
    wire: Wire
    phone: Phone
    application: str = ""

    @property
    def form(self) -> str:
        return f"{self.house.address}/my/applications/{self.application}/form/idea"

    def arrive(self) -> Page:
        """Switch the phone on, sign in, and go to the first screen of her application."""
        page = self.phone.start()
        page.goto(f"{self.house.address}/sign-in?next=/my")
        sign_in(page)
        page.goto(f"{self.house.address}/my")
        page.locator("a[href^='/my/applications/']").first.click()
        page.wait_for_url(re.compile("/my/applications/"))
        self.application = page.url.rsplit("/", 1)[1]
        page.goto(self.form)
        return page

    def submitted(self) -> dict[str, Any]:
        """The project part of what was sent last."""
        rows = self.house.rows(
            "SELECT v.content FROM competitions_application_versions v JOIN competitions_applications a "
            "ON a.id = v.application_id WHERE a.public_id = :id ORDER BY v.number DESC LIMIT 1",
            id=self.application,
        )
        return dict(json.loads(str(rows[0][0])))

    def kept(self, key: str) -> list[Any]:
        """Every text of one answer in history."""
        rows = self.house.rows(
            "SELECT c.value FROM competitions_answer_changes c JOIN competitions_applications a ON a.id = c.application_id "
            "WHERE a.public_id = :id AND c.question_key = :key ORDER BY c.id",
            id=self.application,
            key=key,
        )
        return [json.loads(str(value)) for (value,) in rows]


@pytest.fixture
def scene(playwright, browser_type_launch_args, loaded_demo: Loaded, tmp_path: Path) -> Iterator[Scene]:
    """The demo installation; all that the phone says goes through the wire."""
    with ready(playwright, browser_type_launch_args["executable_path"], loaded_demo, tmp_path) as made:
        yield made
        assert made.house.faults() == []


@contextmanager
def ready(playwright: Any, program: str, demo: Loaded, folder: Path) -> Iterator[Scene]:
    listener = socket.create_server(("127.0.0.1", 0))
    door = int(listener.getsockname()[1])
    with (
        open_house(folder / "house", demo, door=door) as house,
        wire(listener, house.port) as line,
        phone(playwright, program, folder / "phone") as hers,
    ):
        yield Scene(house, line, hers)


def sign_in(page: Page) -> None:
    page.locator("[name=email]").fill(EMAIL)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(re.compile(r"/(my|account)"))


def type_into(page: Page, name: str, text: str) -> None:
    """Key by key at the end of what stands there, as a person does."""
    field = page.locator(f"[name={name}]")
    field.focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(text, delay=5)


def status(page: Page) -> Any:
    return expect(page.locator("[data-autosave-status]"))


def send(scene: Scene, page: Page) -> None:
    """Check and send; the receipt is the proof."""
    page.goto(f"{scene.house.address}/my/applications/{scene.application}/check")
    mark(page.locator("input[name=processing]"))
    page.get_by_role("button", name=SAY["Send the application"]).click()
    page.wait_for_url(re.compile("/receipt"))


def test_every_word_is_sent_through_a_cut_network_a_killed_browser_and_a_second_tab(scene: Scene):
    page = scene.arrive()
    type_into(page, "title", " бірінші")
    status(page).to_have_text(SAVED)
    scene.wire.cut()
    type_into(page, "summary", " желі үзілді")
    type_into(page, "title", " екінші")
    status(page).to_have_text(ON_PHONE)
    second = scene.phone.page()
    second.goto(scene.form)
    expect(second.locator("[name=summary]")).to_have_value(re.compile("желі үзілді$"))
    type_into(second, "problem", " екінші бетте")
    status(second).to_have_text(ON_PHONE)

    scene.phone.die()
    page = scene.phone.start()
    page.goto(scene.form)
    expect(page.locator("[name=title]")).to_have_value(re.compile("бірінші екінші$"))
    expect(page.locator("[name=summary]")).to_have_value(re.compile("желі үзілді$"))
    expect(page.locator("[name=problem]")).to_have_value(re.compile("екінші бетте$"))
    type_into(page, "product", " батареядан кейін")
    status(page).to_have_text(ON_PHONE)
    assert scene.wire.refused > 0

    scene.wire.mend()
    page.goto(scene.form)
    if "/sign-in" in page.url:  # a killed browser may have forgotten who she is, not what she wrote
        sign_in(page)
        page.goto(scene.form)
    status(page).to_have_text(SAVED)
    second = scene.phone.page()
    second.goto(scene.form)
    type_into(second, "problem", " және тағы")
    status(second).to_have_text(SAVED)
    expect(page.locator("[name=problem]")).to_have_value(re.compile("екінші бетте және тағы$"))
    send(scene, page)

    sent = scene.submitted()
    assert sent["title"].endswith(" бірінші екінші")
    assert sent["summary"].endswith(" желі үзілді")
    assert sent["problem"].endswith(" екінші бетте және тағы")
    assert sent["product"].endswith(" батареядан кейін")


def test_every_word_is_sent_through_a_restart_of_the_site(scene: Scene):
    page = scene.arrive()
    type_into(page, "title", " бұрын")
    scene.house.stop()
    type_into(page, "title", " үзіліс")
    type_into(page, "summary", " сайт жоқ")
    status(page).to_have_text(ON_PHONE)
    page.get_by_role("button", name=SAY["Save and continue"]).last.click()
    expect(page.locator("[name=title]")).to_have_value(re.compile("бұрын үзіліс$"))
    scene.house.start()
    type_into(page, "problem", " қайта қосылды")
    status(page).to_have_text(SAVED)
    page.get_by_role("button", name=SAY["Save and continue"]).last.click()
    page.wait_for_url(re.compile("/form/plan"))
    send(scene, page)

    sent = scene.submitted()
    assert sent["title"].endswith(" бұрын үзіліс")
    assert sent["summary"].endswith(" сайт жоқ")
    assert sent["problem"].endswith(" қайта қосылды")


def test_one_field_changed_in_two_tabs_shows_both_texts_and_history_keeps_the_other(scene: Scene):
    page = scene.arrive()
    second = scene.phone.page()
    second.goto(scene.form)
    scene.wire.cut()
    for tab, text in ((page, "Бірінші бетте"), (second, "Екінші бетте")):
        tab.locator("[name=title]").fill(text)
        status(tab).to_have_text(ON_PHONE)
    scene.wire.mend()

    box = second.locator(".conflict")
    expect(box).to_contain_text("Бірінші бетте")
    expect(box).to_contain_text("Екінші бетте")
    box.get_by_role("button", name=SAY["Keep my text"]).click()
    status(second).to_have_text(SAVED)
    expect(page.locator("[name=title]")).to_have_value("Екінші бетте")
    second.goto(f"{scene.house.address}/my/applications/{scene.application}/history/title")
    expect(second.locator("main")).to_contain_text("Бірінші бетте")
    send(scene, page)

    assert scene.submitted()["title"] == "Екінші бетте"
    assert {"Бірінші бетте", "Екінші бетте"} <= set(scene.kept("title"))


def test_words_typed_when_the_session_is_over_are_sent_after_signing_in_on_another_page(scene: Scene):
    page = scene.arrive()
    scene.phone.context.clear_cookies()
    type_into(page, "title", " шығып кеттім")
    way_in = page.get_by_role("link", name=SAY["Sign in on a new page, then come back to this one"])
    with scene.phone.context.expect_page() as opened:
        way_in.click()
    sign_in(opened.value)
    opened.value.close()
    page.bring_to_front()
    page.evaluate("dispatchEvent(new Event('online'))")
    status(page).to_have_text(SAVED)
    send(scene, page)

    assert scene.submitted()["title"].endswith(" шығып кеттім")


def test_words_that_waited_past_the_closing_are_kept_and_shown_as_late(scene: Scene):
    page = scene.arrive()
    ((closes_at,),) = scene.house.rows(
        "SELECT d.at FROM competitions_calendar_dates d JOIN competitions_applications a "
        "ON a.competition_id = d.competition_id WHERE d.milestone = 'closes' AND a.public_id = :id",
        id=scene.application,
    )
    scene.wire.cut()
    type_into(page, "title", " үлгермедім")
    status(page).to_have_text(ON_PHONE)
    scene.phone.die()
    scene.house.travel(datetime.fromisoformat(str(closes_at)).replace(tzinfo=UTC))
    scene.wire.mend()

    page = scene.phone.start()
    page.goto(scene.form)
    if "/sign-in" in page.url:
        sign_in(page)  # leads back to the form, which sends what waited and then shows itself again

    late = page.locator(".card", has_text=SAY["Texts that came too late"])
    expect(late).to_contain_text("үлгермедім")
    assert page.locator("[name=title]").count() == 0
    assert [text for text in scene.kept("title") if str(text).endswith(" үлгермедім")]
    assert "үлгермедім" not in json.dumps(scene.submitted(), ensure_ascii=False)


def test_nothing_is_sent_before_the_words_that_wait_and_signing_out_leaves_nothing_to_read(scene: Scene):
    page = scene.arrive()
    second = scene.phone.page()
    second.goto(f"{scene.house.address}/my/applications/{scene.application}/check")
    mark(second.locator("input[name=processing]"))
    scene.wire.cut()
    type_into(page, "title", " асығыс")
    status(page).to_have_text(ON_PHONE)
    second.get_by_role("button", name=SAY["Send the application"]).click()
    expect(second.locator("[data-autosave-status]")).to_have_text(ON_PHONE)
    scene.wire.mend()
    status(page).to_have_text(SAVED)
    send(scene, second)
    second.goto(f"{scene.house.address}/my")
    second.locator(".account summary").first.click()
    second.get_by_role("button", name=SAY["Sign out"]).first.click()
    second.wait_for_url(re.compile(f"{re.escape(scene.house.address)}/(sign-in.*)?$"))

    assert scene.submitted()["title"].endswith(" асығыс")
    assert second.evaluate("caches.has('forms')") is False
    assert second.evaluate(DEVICE) == []


DEVICE = """() => new Promise((resolve) => {
  indexedDB.open("baiqau").onsuccess = (event) => {
    event.target.result.transaction("queues").objectStore("queues").getAll().onsuccess = (all) => resolve(all.target.result);
  };
})"""
