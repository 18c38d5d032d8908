"""People who walk through the site: they read words in their language, click and type; they know no address but the first."""

import re
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "baiqau-demo-2026"
TIMEOUT_MS = 30_000


@cache
def words(language: str) -> dict[str, str]:
    """The committed catalogue of one language: what the test must find on the page is what people read there."""
    with (ROOT / "app" / "translations" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file)
    return {one.id: str(one.string) for one in catalogue if isinstance(one.id, str) and one.string}


def mark(box: Locator) -> None:
    """Press the words beside a radio button or tick box, as a thumb does, unless it is on already."""
    if not box.is_checked():
        beside = box.locator(f'xpath=ancestor::label | //label[@for="{box.get_attribute("id")}"]')
        beside.first.click(position={"x": 5, "y": 5})  # further right a link to read may stand in the words
    expect(box).to_be_checked()


class Walker:
    """One person with a browser of her own."""

    def __init__(self, browser: Browser, address: str, language: str, *, width: int = 1280, has_script: bool = True) -> None:
        self.address, self.language = address, language
        self.email, self.password = "", PASSWORD
        context = browser.new_context(
            base_url=address, viewport={"width": width, "height": 800}, locale={"kk": "kk-KZ", "ru": "ru-RU"}[language],
            timezone_id="Asia/Almaty", accept_downloads=True, java_script_enabled=has_script,
        )  # fmt: skip
        context.set_default_timeout(TIMEOUT_MS)
        self.page: Page = context.new_page()
        self.faults: list[str] = []
        self.page.on("response", lambda answer: self.faults.append(answer.url) if answer.status >= 500 else None)
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))

    def _note(self, line: ConsoleMessage) -> None:
        """Errors of our scripts and of the content policy; an answer such as 422 is a page like any other."""
        if line.type == "error" and not line.text.startswith("Failed to load resource"):
            self.faults.append(line.text)

    def say(self, sentence: str, **values: object) -> str:
        """The sentence as it stands on the page in her language."""
        said = words(self.language)[sentence]
        return said % values if values else said

    def arrive(self, address: str = "/") -> None:
        """Open her first page, by its address or a QR code's; every other one is reached by clicks."""
        assert self.page.url == "about:blank", f"typed {address} on {self.page.url}"
        self.page.goto(address)

    def go_home(self) -> None:
        """Back to the first page of the site, by the mark at the top of every page."""
        self.follow("Baiqau: to the first page")
        expect(self.page).to_have_url(f"{self.address}/")

    def open_letter(self, text: str) -> None:
        """Follow the first link of a letter, as a mail program does."""
        found = re.search(re.escape(self.address) + r"\S+", text)
        assert found, text
        self.page.goto(found.group())
        self._sign_in_again()

    def press(self, sentence: str, *, nth: int = 0, **values: object) -> None:
        """Press the button with these words."""
        self.press_words(self.say(sentence, **values), nth=nth)

    def press_words(self, name: str | re.Pattern[str], *, nth: int = 0) -> None:
        """Press a button whose words hold a name, say yes where the site asks once more, and wait for the page that answers."""
        with self.page.expect_event("load", timeout=TIMEOUT_MS):  # of another document: a scroll or an anchor has none
            self.page.get_by_role("button", name=name, exact=isinstance(name, str)).nth(nth).click()
            sure = self.page.locator("dialog[open] [data-confirm-yes]")
            if sure.count():
                sure.click()
        self._type_password_again()

    def _type_password_again(self) -> None:
        """Long after signing in a dangerous act waits for the password: she types it, and presses the button once more."""
        if self.page.locator('form[action="/account/confirm"]').count():
            self.write("current", self.password)
            self.press("Go on")
            self.sees_sentence("Your password is confirmed. Nothing was done yet: press the button to do it.")
            self.press_words(self.page.locator("main form button:visible").last.inner_text())

    def follow(self, sentence: str, *, nth: int = 0, **values: object) -> None:
        """Follow the link with these words."""
        self.follow_words(self.say(sentence, **values), nth=nth)

    def follow_words(self, name: str | re.Pattern[str], *, nth: int = 0) -> None:
        """Follow the link whose words are not ours but people's, such as a project's title."""
        self.page.get_by_role("link", name=name, exact=isinstance(name, str)).nth(nth).click()
        self.page.wait_for_load_state()
        self._sign_in_again()

    def _sign_in_again(self) -> None:
        """Days later a session is over: the page asks her to sign in and then leads on to where she was going."""
        if self.email and self.page.url.startswith(f"{self.address}/sign-in"):
            self.write("email", self.email)
            self.write("password", self.password)
            self.press("Sign in")
            self._speak()

    def _speak(self) -> None:
        """Switch the site to her language where the account had another."""
        if self.page.locator("html").get_attribute("lang") != self.language:
            self.page.locator(f'form.languages button[value="{self.language}"]:visible').first.click()
            self.page.wait_for_load_state()

    def write(self, name: str, text: object) -> None:
        """Type into the input of this name."""
        self.page.locator(f'[name="{name}"]:visible').first.fill(str(text))

    def choose(self, name: str, value: str) -> None:
        """Choose a value of a select, or press the radio button or tick box that has it."""
        one = self.page.locator(f'select[name="{name}"]')
        expect(one.or_(self.page.locator(f'input[name="{name}"]')).first).to_be_attached(timeout=TIMEOUT_MS)
        if one.count():
            one.select_option(value)
        else:
            mark(self.page.locator(f'input[name="{name}"][value="{value}"]'))

    def tick(self, name: str) -> None:
        """Tick the box of this name."""
        mark(self.page.locator(f'input[type=checkbox][name="{name}"]').first)

    def sees(self, text: str | re.Pattern[str]) -> None:
        """Fails unless the text is on the page."""
        expect(self.page.get_by_text(text).first).to_be_visible()

    def sees_sentence(self, sentence: str, **values: object) -> None:
        """Fails unless the sentence is on the page in her language."""
        self.sees(self.say(sentence, **values))

    def sign_in(self, email: str) -> None:
        """Sign in from the front page."""
        self.email = email
        self.arrive()
        self.follow("Sign in")

    def local(self, instant: datetime) -> str:
        """An instant as the browser's input for local time takes it."""
        from zoneinfo import ZoneInfo  # noqa: PLC0415

        return instant.astimezone(ZoneInfo("Asia/Almaty")).strftime("%Y-%m-%dT%H:%M")

    def title(self) -> Any:
        """What the page is called."""
        return self.page.title()
