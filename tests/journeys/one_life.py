"""One whole life of a Start App competition, hop by hop, as the people in it live it: by clicks and keys alone."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pypdfium2
import zxingcpp
from playwright.sync_api import Browser, Locator, expect

from tests.journeys.house import House
from tests.journeys.walker import PASSWORD, Walker, mark

ALMATY = ZoneInfo("Asia/Almaty")
NAME = "Start App Сынақ"
JURORS = ("juror2@demo.example", "juror3@demo.example", "juror5@demo.example")
LONG = {
    "kk": "Ауылда жастар үшін шеберхана жоқ, әрқайсысы үйде жалғыз жұмыс істейді. Құрал қымбат, ал сатып алушы алыста: "
    "бірге жұмыс істесек, өнімнің сапасы да, табысы да өседі. Ғаламторда тапсырыс қабылдаймыз, дүкендермен келісім бар.",
    "ru": "В селе нет мастерской для молодёжи, каждый работает дома один. Инструмент дорогой, а покупатель далеко: "
    "вместе мы сделаем лучше и продадим дороже. Заказы принимаем в сети, с двумя магазинами уже договорились.",
}
TAGLINE = {"kk": "Ісіңізді бірге бастаймыз", "ru": "Начнём Ваше дело вместе"}
OTHER = {"kk": "ru", "ru": "kk"}
QUOTE = Path(__file__).parent / "quote.pdf"


@dataclass(frozen=True)
class Graduate:
    """Who applies, with what, and the points every juror gives her in the two stages."""

    email: str
    family: str
    given: str
    iin: str
    phone: str
    born_on: str
    project: Mapping[str, str]
    points: tuple[Mapping[str, int], Mapping[str, int]]
    totals: tuple[str, str]
    """What her sheets say, by pencil and paper."""


# The title holds, in Russian too, the Kazakh letters that no sentence of a diploma has.
WINNER = Graduate(
    "aigerim@example.com", "Сынақова", "Айгерім", "000418599113", "8 701 000 11 22", "18.04.2000",
    {"kk": "Жаһан әуені шеберханасы", "ru": "Мастерская Жаһан әуені"},
    ({"C1": 8, "C2": 7, "C3": 8, "C4": 7, "C5": 8}, {"C6": 8, "C7": 7}),
    ("56.50", "19.00"),
)  # fmt: skip
SECOND = Graduate(
    "daniyar@example.com", "Тәжірибеұлы", "Данияр", "990704399020", "8 701 000 11 33", "04.07.1999",
    {"kk": "Бал арасы", "ru": "Пасека у реки"},
    ({"C1": 7, "C2": 7, "C3": 6, "C4": 7, "C5": 6}, {"C6": 7, "C7": 6}),
    ("50.00", "16.50"),
)  # fmt: skip
GRADUATES = (WINNER, SECOND)


@dataclass
class Life:
    """Where the journey is."""

    house: House
    browser: Browser
    language: str
    has_script: bool = True
    people: dict[str, Walker] = field(default_factory=dict)
    opens_on: date = field(init=False)

    def __post_init__(self) -> None:
        self.opens_on = self.house.now.astimezone(ALMATY).date() + timedelta(days=1)

    def walker(self, email: str, *, width: int = 1280) -> Walker:
        """The browser of one person, signed in if she has an account."""
        if email not in self.people:
            self.people[email] = Walker(
                self.browser, self.house.address, self.language, width=width, has_script=self.has_script
            )
            if not email.startswith("new"):
                self.people[email].sign_in(email)
        return self.people[email]

    @property
    def organiser(self) -> Walker:
        """Runs the competition."""
        return self.walker("organiser@demo.example")

    def local(self, *, day: int, hour: int) -> datetime:
        """An hour of a day in Almaty, the opening of the call being day 0: the same at whatever hour the test is started."""
        return datetime.combine(self.opens_on + timedelta(days=day), time(hour), ALMATY)

    def travel(self, *, day: int, hour: int) -> None:
        """Let time pass until then."""
        self.house.travel(self.local(day=day, hour=hour))

    def wait(self, *, hours: float) -> None:
        """Let hours pass."""
        self.house.travel(self.house.now + timedelta(hours=hours))


def reports_at(life: Life) -> datetime:
    """When reports are due, as the organiser types it: next to last day of the year after next, at noon."""
    return datetime(life.opens_on.year + 2, 12, 30, 12, tzinfo=ALMATY)


def make_competition(life: Life) -> None:
    """From the starter to the public call, with texts and dates edited in both languages."""
    one = life.organiser
    one.follow("Competitions")
    one.follow("New competition")
    one.choose("starter", "start_app")
    one.write("name", NAME)
    one.choose("region", "KZ-33")
    one.write("opens_on", life.opens_on.isoformat())
    one.press("Make the draft")
    one.follow("Texts and contacts")
    for language, text in TAGLINE.items():
        one.write(f"tagline-{language}", text)
    one.press("Save")
    one.follow("Dates")
    one.write("reports", one.local(reports_at(life)))
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
    read_call(life, stranger)
    other = Walker(life.browser, life.house.address, OTHER[life.language], width=360, has_script=life.has_script)
    life.people["new stranger of the other language"] = other
    other.arrive()
    other.follow_words(NAME)
    read_call(life, other)
    link = stranger.page.url
    stranger.follow("Rules of the competition")
    stranger.page.go_back()
    stranger.follow("The application form, to read and print")
    stranger.page.go_back()
    return link


def read_call(life: Life, one: Walker) -> None:
    """What the organiser typed stands on the call's page in the reader's language: invitation, facts, and every date."""
    one.sees(TAGLINE[one.language])
    expect(one.page.get_by_text(TAGLINE[OTHER[one.language]])).to_have_count(0)
    expect(one.page.locator("dl.facts").first).to_have_text(re.compile(r"4\s000\s000.*1\s000\s000", re.DOTALL))
    dates = one.page.locator("ol.timeline time")
    instants = [datetime.fromisoformat(one) for one in dates.evaluate_all("all => all.map((one) => one.dateTime)")]
    assert instants == sorted(instants)
    assert len(instants) > 8
    assert instants[-1] == reports_at(life)
    expect(dates.last).to_contain_text(str(reports_at(life).year))
    expect(one.page.locator('ol.timeline [aria-current="step"]')).to_have_count(1)


def sign_up(life: Life, one: Walker, email: str) -> None:
    """An account by e-mail, confirmed by the letter's link."""
    one.write("email", email)
    one.press("Send me the link")
    one.open_letter(life.house.letter_to(email, "sign-up"))
    one.email, one.password = email, PASSWORD + " өз"
    one.write("password", one.password)
    one.press("Save and sign in")


def apply(life: Life, who: Graduate) -> str:
    """From the call to the receipt; gives the code."""
    one, email = life.walker(f"new {who.email}", width=360), who.email
    one.arrive()
    one.follow_words(NAME)
    one.follow("See whether I may apply")
    for question in ("graduate", "age", "region"):
        one.choose(question, "yes")
    one.choose("language", life.language)
    one.press("Continue")
    one.follow("Sign up")
    sign_up(life, one, email)
    one.press("Start my application")
    fill_form(one, who)
    one.tick("processing")
    one.tick("name")
    one.choose("public_name", "initial")
    one.press("Send the application")
    code = re.search(r"[A-Z]{2,4}\d\d[A-Z]?-\d{3}", one.page.inner_text("main"))
    assert code, one.page.inner_text("main")
    life.house.letter_to(email, code.group())
    return code.group()


def fill_form(one: Walker, who: Graduate) -> None:
    """All groups, one a screen, with tables, budget and one file."""
    language = one.language
    text = LONG[language]
    one.write("title", who.project[language])
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
        "name-family": who.family, "name-given": who.given, "iin": who.iin, "dob": who.born_on, "contact-phone": who.phone,
        "contact-email": who.email, "region-district": "Талдықорған қ.", "status-institution": "Айналайын",
        "status-year": "2019",
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
    """The first application is returned with a reason, mended and sent again; all are admitted."""
    checker = life.walker("checker@demo.example")
    open_application(checker, codes[0])
    checker.follow("Return for correction")
    checker.write("reasons-0-text", {"kk": "Жоспарды толықтырыңыз.", "ru": "Дополните, пожалуйста, план."}[life.language])
    checker.press("Return")
    life.wait(hours=2)
    for code in codes[1:]:
        open_application(checker, code)
        checker.press("Admit")
    one = life.walker(f"new {emails[0]}")
    one.open_letter(life.house.letter_to(emails[0], {"kk": "Жоспарды", "ru": "Дополните"}[life.language]))
    one.follow("Check and send")
    one.tick("processing")
    one.press("Send the application")
    open_application(checker, codes[0])
    checker.press("Admit")
    life.wait(hours=2)


def read_admissions(life: Life, codes: Sequence[str], emails: Sequence[str]) -> None:
    """Each has the letter that says so."""
    say = life.organiser.say
    for code, email in zip(codes, emails, strict=True):
        life.house.letter_to(email, say("Good news: your application %(code)s is admitted to the competition.", code=code))


def open_application(one: Walker, code: str) -> None:
    """From anywhere to the page of one application."""
    one.follow("Competitions")
    one.follow_words(NAME)
    one.follow("Applications")
    one.follow_words(code)


def hold_seminar(life: Life, email: str, name: str) -> None:
    """The organiser plans and announces a seminar, the graduate takes a seat, her presence is marked."""
    one = life.organiser
    one.follow("Events")
    one.follow("New event")
    one.page.locator('[name="competition"]').select_option(label=NAME)
    begins = life.local(day=29, hour=15)
    texts = {"title": "Баға мен шығын", "place": "Талдықорған, Жастар үйі"}
    for part, words in texts.items():
        one.write(f"{part}-kk", words)
        one.write(f"{part}-ru", words)
    one.write("starts_at", one.local(begins))
    one.write("ends_at", one.local(begins + timedelta(hours=3)))
    one.write("capacity", 30)
    one.press("Save the draft")
    one.press("Announce")
    guest = life.walker(f"new {email}")
    guest.go_home()
    guest.follow_words(NAME)
    guest.follow_words("Баға мен шығын")
    if guest.page.get_by_role("link", name=guest.say("Sign in to take a seat")).count():
        guest.follow("Sign in to take a seat")
    guest.press("Take a seat")
    guest.sees_sentence("You have a seat")
    life.travel(day=29, hour=16)
    one.follow("Events")
    one.follow_words("Баға мен шығын")
    one.follow("Mark who is present")
    mark(one.page.get_by_label(re.compile(name)))
    one.press("Save the list")
    one.sees_sentence("present")


def seat_jury(life: Life, tied_to: str) -> None:
    """Three jurors are invited by letter, accept, and declare before any reading: the last is tied to one application."""
    one = life.organiser
    for number, email in enumerate(JURORS):
        one.follow("Competitions")
        one.follow_words(NAME)
        one.follow("Jury")
        one.follow("Invite a juror")
        one.write("family_name", "Сарапшы")
        one.write("given_name", f"Қ{number}")
        one.write("email", email)
        for code in ("kk", "ru"):
            one.choose("languages", code)
        one.choose("language", life.language)
        if number == 0:
            one.tick("is_chair")
        one.press("Send the invitation")
    for email in JURORS:
        juror = life.walker(email)
        juror.open_letter(life.house.letter_to(email, NAME))
        juror.tick("terms")
        juror.press("Accept the seat")
        if email == JURORS[-1]:
            juror.choose(f"kind-{tied_to}", "mentor")
        juror.press("That is all, let me read")


def assign(life: Life) -> None:
    """All jurors, all applications: first the difference, then one act."""
    one = life.organiser
    one.follow("Competitions")
    one.follow_words(NAME)
    one.follow("Jury")
    one.follow("Assignment")
    one.press("All jurors, all applications")
    one.press("Apply the difference")


def score(life: Life, stage: int) -> None:
    """Every juror fills and signs every sheet of the stage; who declared a conflict never sees that project."""
    for email in JURORS:
        juror = life.walker(email)
        juror.follow("Scoring")
        juror.follow("Open my sheets")
        left = {one.project[life.language]: one for one in GRADUATES}
        if email == JURORS[-1]:
            del left[SECOND.project[life.language]]
            expect(juror.page.get_by_text(SECOND.project[life.language])).to_have_count(0)
        juror.follow("Next sheet")
        heading = juror.page.locator("h1")
        while left:
            expect(heading).to_have_text(re.compile("|".join(left)))
            fill_sheet(juror, left.pop(heading.inner_text().strip()), stage, has_script=life.has_script)
            juror.press("Sign and next")
        expect(juror.page.get_by_role("button", name=juror.say("Sign and next"))).to_have_count(0)


def fill_sheet(juror: Walker, who: Graduate, stage: int, *, has_script: bool) -> None:
    """Choose the points and read what they come to: at once, or without JavaScript when they are saved."""
    for name, value in who.points[stage].items():
        mark = juror.page.locator(f'input[type=radio][name="{name}"][value="{value}"]')
        juror.page.locator("label.scale-mark").filter(has=mark).click()
        expect(mark).to_be_checked()
    if not has_script:
        juror.press("Save without signing")
    total = re.escape(who.totals[stage]).replace(r"\.", "[.,]")
    expect(juror.page.locator("[data-score-total] output")).to_have_text(re.compile(total))


def open_pitch(life: Life) -> None:
    """The organiser opens the next stage for who passed the blind one."""
    one = life.organiser
    one.follow("Competitions")
    one.follow_words(NAME)
    one.follow("Jury")
    one.press_words(re.compile(one.say("Open the next stage: %(name)s").partition("%")[0]))


def decide_and_publish(life: Life) -> None:
    """Freeze the ranking, decide on it, publish in one act."""
    one = life.organiser
    one.follow("Competitions")
    one.follow_words(NAME)
    one.follow("Ranking")
    one.press("Freeze the ranking")
    one.follow("Competitions")
    one.follow_words(NAME)
    one.follow("To the decision")
    one.press("Decide")
    one.follow("Publish the results")
    one.press("Publish")
    one.follow("The public page")
    one.sees(WINNER.project[life.language])
    shown = one.page.inner_text("main")
    places = [shown.index(who.project[life.language]) for who in GRADUATES]
    assert places == sorted(places)


def read_diploma(life: Life, email: str) -> tuple[str, str, bytes]:
    """The winner follows her letter to the diploma; gives its text in her language and in Kazakh, and the PDF in hers."""
    one = life.walker(f"new {email}")
    one.open_letter(life.house.letter_to(email, {"kk": "Құттықтаймыз", "ru": "Поздравляем"}[life.language]))
    link = one.page.locator(f'a[href$="/{life.language}.pdf"]')
    for _attempt in range(60):
        if link.count():
            break
        one.page.wait_for_timeout(1000)
        one.page.reload()
    pdf = downloaded(one, link.first)
    return text_of(pdf), text_of(downloaded(one, one.page.locator('a[href$="/kk.pdf"]').first)), pdf


def downloaded(one: Walker, link: Locator) -> bytes:
    with one.page.expect_download() as download:
        link.click()
    return Path(download.value.path()).read_bytes()


def text_of(pdf: bytes) -> str:
    return str(pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range())


def read_qr(pdf: bytes) -> str:
    """What a phone's camera reads from the rendered picture of the first page."""
    picture = pypdfium2.PdfDocument(pdf)[0].render(scale=3).to_pil()
    [found] = zxingcpp.read_barcodes(picture)
    return str(found.text)


def verify(life: Life, address: str) -> None:
    """A stranger opens the address of the QR code and reads that the diploma is valid."""
    stranger = life.walker("new verifier", width=360)
    assert address.startswith(life.house.address), address
    stranger.arrive(address)
    stranger.sees_sentence("This certificate is valid")
    stranger.sees("Сынақова А.")
