"""One whole life of a Start App competition, hop by hop, as the people in it live it: by clicks and keys alone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser

from tests.journeys.house import House
from tests.journeys.walker import PASSWORD, Walker

ALMATY = ZoneInfo("Asia/Almaty")
NAME = "Start App Сынақ"
JURORS = ("juror2@demo.example", "juror3@demo.example", "juror5@demo.example")
LONG = {
    "kk": "Ауылда жастар үшін шеберхана жоқ, әрқайсысы үйде жалғыз жұмыс істейді. Құрал қымбат, ал сатып алушы алыста: "
    "бірге жұмыс істесек, өнімнің сапасы да, табысы да өседі. Ғаламторда тапсырыс қабылдаймыз, дүкендермен келісім бар.",
    "ru": "В селе нет мастерской для молодёжи, каждый работает дома один. Инструмент дорогой, а покупатель далеко: "
    "вместе мы сделаем лучше и продадим дороже. Заказы принимаем в сети, с двумя магазинами уже договорились.",
}
PROJECT = {"kk": "Көкжиек шеберханасы", "ru": "Мастерская «Горизонт»"}
QUOTE = Path(__file__).parent / "quote.pdf"


@dataclass
class Life:
    """Where the journey is."""

    house: House
    browser: Browser
    language: str
    people: dict[str, Walker] = field(default_factory=dict)
    slug_href: str = ""

    def walker(self, email: str, *, width: int = 1280) -> Walker:
        """The browser of one person, signed in if she has an account."""
        if email not in self.people:
            self.people[email] = Walker(self.browser, self.house.address, self.language, width=width)
            if not email.startswith("new"):
                self.people[email].sign_in(email)
        return self.people[email]

    @property
    def organiser(self) -> Walker:
        """Runs the competition."""
        return self.walker("organiser@demo.example")

    def travel(self, *, days: float) -> None:
        """Let days pass."""
        self.house.travel(self.house.now + timedelta(days=days))


def make_competition(life: Life) -> None:
    """From the starter to the public call, with texts and dates edited in both languages."""
    one = life.organiser
    one.follow("Competitions")
    one.follow("New competition")
    one.choose("starter", "start_app")
    one.write("name", NAME)
    one.choose("region", "KZ-33")
    one.write("opens_on", (life.house.now.astimezone(ALMATY) + timedelta(days=1)).strftime("%Y-%m-%d"))
    one.press("Make the draft")
    one.follow("Texts and contacts")
    one.write("tagline-kk", "Ісіңізді бірге бастаймыз")
    one.write("tagline-ru", "Начнём Ваше дело вместе")
    one.press("Save")
    one.follow("Dates")
    one.press("Save")
    approve_and_announce(life, one)


def approve_and_announce(life: Life, one: Walker) -> None:
    """Lock the rules by an act, then make the call public."""
    one.follow_words(re.compile(one.say("Approve the rules")))
    one.write("act_number", "7")
    one.write("act_on", life.house.now.astimezone(ALMATY).strftime("%Y-%m-%d"))
    one.press("Approve and lock")
    one.follow_words(re.compile(one.say("Announce the call")))
    one.press("Announce now")


def visit_call(life: Life) -> str:
    """A stranger reads the call: facts, timeline, rules, blank form. Gives the page's address for the graduate's link."""
    stranger = life.walker("new stranger", width=360)
    stranger.arrive()
    stranger.follow_words(NAME)
    stranger.sees(NAME)
    link = stranger.page.url
    stranger.follow("Rules of the competition")
    stranger.page.go_back()
    stranger.follow("The application form, to read and print")
    stranger.page.go_back()
    return link


def sign_up(life: Life, one: Walker, email: str) -> None:
    """An account by e-mail, confirmed by the letter's link."""
    one.write("email", email)
    one.press("Send me the link")
    one.open_letter(life.house.letter_to(email, "sign-up"))
    one.write("password", PASSWORD + " өз")
    one.press("Save and sign in")


def apply(life: Life, email: str, iin: str, phone: str, born_on: str) -> str:
    """From the call to the receipt; gives the code."""
    one = life.walker(f"new {email}", width=360)
    one.arrive()
    one.follow_words(NAME)
    one.follow("See whether I may apply")
    for question in ("graduate", "age", "region"):
        one.choose(question, "yes")
    one.choose("language", life.language)
    one.press("Continue")
    sign_up(life, one, email)
    if one.page.get_by_role("button", name=one.say("Start my application")).count():
        one.press("Start my application")
    fill_form(life, one, email, iin, phone, born_on)
    one.tick("processing")
    one.tick("name")
    one.choose("public_name", "initial")
    one.press("Send the application")
    code = re.search(r"[A-Z]{2,4}\d\d-\d{3}", one.page.inner_text("main"))
    assert code, one.page.inner_text("main")
    life.house.letter_to(email, code.group())
    return code.group()


def fill_form(life: Life, one: Walker, email: str, iin: str, phone: str, born_on: str) -> None:
    """All groups, one a screen, with tables, budget and one file."""
    language = life.language
    text = LONG[language]
    one.write("title", PROJECT[language])
    one.write("summary", text[:250])
    one.write("problem", text)
    one.write("product", text)
    one.press("Save and continue")
    one.write("clients", text)
    one.press("Save and continue")
    one.write("plan-0-step", text[:60])
    one.write("plan-0-weeks", "2")
    one.press("Save and continue")
    fill_money(one, text)
    one.press("Save and continue")
    one.write("results", text)
    one.write("social", text)
    one.write("place", "Талдықорған қ.")
    one.press("Save and continue")
    for name, value in {
        "name-family": "Сынақова", "name-given": "Айгерім", "iin": iin, "dob": born_on, "contact-phone": phone,
        "contact-email": email, "region-district": "Талдықорған қ.", "status-institution": "Айналайын", "status-year": "2019",
    }.items():  # fmt: skip
        one.write(name, value)
    one.choose("contact-language", language)
    one.choose("region-region", "KZ-33")
    one.press("Save and continue")


def fill_money(one: Walker, text: str) -> None:
    """A forecast, the sum, a budget of two lines of which one needs a quote, and the quote as a file."""
    for name, value in {"item": text[:40], "income": "300000", "expense": "180000"}.items():
        one.write(f"cashflow-0-{name}", value)
    one.write("amount", "400 000")
    lines = [("equip", "Тігін машинасы", "1", "300 000"), ("mat", "Мата", "10", "10 000")]
    for number, (category, item, quantity, price) in enumerate(lines):
        if not one.page.locator(f'[name="budget-{number}-item"]:visible').count():
            one.page.locator("fieldset#budget").get_by_role("button", name=one.say("Add a line")).click()
        one.choose(f"budget-{number}-category", category)
        total = str(int(quantity) * int(price.replace(" ", "")))
        unit = {"kk": "дана", "ru": "шт"}[one.language]
        for name, value in {
            "item": item, "quantity": quantity, "unit": unit, "price": price, "grant": total, "own": "0",
        }.items():  # fmt: skip
            one.write(f"budget-{number}-{name}", value)
    one.page.set_input_files('[name="quotes"]', str(QUOTE))


def check(life: Life, codes: Sequence[str], emails: Sequence[str]) -> None:
    """The first application is returned with a reason, mended and sent again; then all are admitted."""
    checker = life.walker("checker@demo.example")
    open_application(checker, codes[0])
    checker.follow("Return for correction")
    checker.write("reasons-0-text", {"kk": "Жоспарды толықтырыңыз.", "ru": "Дополните, пожалуйста, план."}[life.language])
    checker.press("Return")
    life.travel(days=0.1)
    one = life.walker(f"new {emails[0]}")
    one.open_letter(life.house.letter_to(emails[0], codes[0]))
    one.follow("Check and send")
    one.tick("processing")
    one.press("Send the application")
    for code in codes:
        open_application(checker, code)
        checker.press("Admit")
        checker.page.locator("[data-confirm-yes]").click()
        checker.page.wait_for_load_state()
    life.travel(days=0.1)
    for email in emails:
        life.house.letter_to(email, codes[emails.index(email)])


def open_application(one: Walker, code: str) -> None:
    """From anywhere to the page of one application."""
    one.follow("Competitions")
    one.follow_words(NAME)
    one.follow("Applications")
    one.follow_words(code)
