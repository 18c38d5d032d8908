"""Every page of the demo, as each person finds it: it fits, it reads, it is accessible, light, and from nowhere else.

The short run takes each endpoint once, with the first person who reaches it, in Kazakh on a phone, in both themes.
`--long` takes the pages of every person in three languages and at both widths, two objects of an endpoint at most.
A page behind a letter's link (an invitation, a new password) is opened in the journeys that read the letter.
"""

import json
import re
from collections.abc import Iterator
from contextlib import closing
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request
from sqlalchemy import Engine, create_engine, text

from tests.journeys.atlas import PEOPLE, Found, enter, one_of_each, pages_of, routes
from tests.journeys.house import House, open_house
from tests.loaded import Loaded
from tests.servers import scratch_folder

pytestmark = pytest.mark.timeout(900)

ALLOWED = Path(__file__).with_name("latin_allowed.txt")
SHORT = tuple(name for name in PEOPLE if name not in {"applicant-refused", "press", "consultant", "lawyer", "institution"})
LIGHT = ("/account/", "/my", "/c/", "/results", "/events", "/verify", "/sign-", "/reset-password")
PAGE_AT_MOST, FONTS_AT_MOST = 100_000, 60_000
# Rules of what may be Latin anywhere: addresses, codes with digits, digests, file names, what a person wrote (marked so).
FREE = re.compile(
    r"\{[a-z_]+\}|\bAsia/\w+|https?://\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b[0-9a-f]{8,}\b|\b[A-Z]{2,}\d*[-–][\w–-]*\d[\w–-]*"
    r"|\b[\w-]+\.(?:pdf|jpg|jpeg|png|webp|csv|xlsx|docx|json|example|kz)\b|\bUTC[+−-]\d+"
)
WORD = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2,}(?![A-Za-z0-9])")
LATIN = """() => {
  const skipped = "script, style, bdi, code, pre, kbd, samp, textarea, [translate=no], body [lang]";
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [document.title];
  while (walker.nextNode()) {
    if (!walker.currentNode.parentElement.closest(skipped)) texts.push(walker.currentNode.textContent);
  }
  for (const one of document.querySelectorAll("[placeholder], [aria-label], [title], img[alt]")) {
    const said = ["placeholder", "aria-label", "title", "alt"].map((name) => one.getAttribute(name) || "");
    if (!one.closest(skipped)) texts.push(...said);
  }
  return texts;
}"""
# What a page must show because its address names an object: by table, the words for the row with this public id, slug or code.
OF_APPLICATION = (
    "SELECT COALESCE(a.code, c.name) FROM competitions_applications a"
    " JOIN competitions_competitions c ON c.id = a.competition_id"
)
STEPS = ("competitions_applicant.group", "competitions_applicant.check_answers")
OF_STEP = (
    "SELECT c.name FROM competitions_applications a JOIN competitions_competitions c ON c.id = a.competition_id"
    " WHERE a.public_id = :value"
)
OF_SHEET = (
    f"{OF_APPLICATION} JOIN scoring_assignments s ON s.application_id = a.id JOIN scoring_reviews v ON v.assignment_id = s.id"
)
OF_SEAT = (
    "SELECT c.name FROM scoring_jurors j JOIN scoring_rounds r ON r.id = j.round_id"
    " JOIN competitions_competitions c ON c.id = r.competition_id"
)
NAMED = (
    "SELECT name FROM competitions_competitions WHERE :value IN (public_id, slug)",
    "SELECT name FROM programmes_programmes WHERE public_id = :value",
    "SELECT name FROM programmes_organisations WHERE public_id = :value",
    "SELECT family_name FROM people_persons WHERE public_id = :value",
    "SELECT title FROM seminars_events WHERE public_id = :value",
    "SELECT e.title FROM seminars_events e JOIN seminars_sessions s ON s.event_id = e.id WHERE s.public_id = :value",
    "SELECT number FROM certificates_certificates WHERE :value IN (public_id, code)",
    "SELECT subject FROM messages_messages WHERE public_id = :value",
    f"{OF_APPLICATION} WHERE a.public_id = :value",
    f"{OF_SHEET} WHERE v.public_id = :value",
    f"{OF_SEAT} WHERE j.public_id = :value",
)

# What a page that lists may show: one of these, as the demo calls them.
LISTED = (
    "SELECT name FROM competitions_competitions",
    "SELECT name FROM programmes_programmes",
    "SELECT name FROM programmes_organisations",
    "SELECT family_name FROM people_persons",
    "SELECT title FROM seminars_events",
    "SELECT number FROM certificates_certificates",
    "SELECT subject FROM messages_messages",
    "SELECT code FROM competitions_applications",
)
# Pages that speak of nothing in the demo, and why.
SPEAKS_OF_NOTHING = {
    "people_public.sign_in": "asks who is there",
    "people_public.sign_up": "asks who is there",
    "people_public.request_reset": "asks for an address",
    "certificates_public.look_up": "asks for a code",
    "app_person.home": "tells what is next, which may be nothing",
    "certificates_account.certificates": "the first who opens it has none",
    "people_person.settings": "the person's own choices",
    "people_person.email": "the person's own address",
    "people_person.password": "a form of its own",
    "people_person.devices": "the person's own browsers",
    "people_person.consent_list": "the texts agreed to",
    "app_admin.overview": "tells of the installation",
    "app_admin.components": "shows the parts pages are made of",
    "programmes_admin.new_organisation": "an empty form",
}
# Pages whose title does not begin with their heading, and why.
TITLED_OTHERWISE = {
    "awards_public.results": "the title says that these are results; the heading is the name of the call",
    "scoring_juror_sheet.review": "the code stands before the name of the project, to tell tabs apart",
    "competitions_checker.application": "the code is the title, the name of the project the heading",
}


@pytest.fixture(scope="session")
def house(loaded_demo: Loaded) -> Iterator[House]:
    """One installation with the demo for all these tests."""
    with scratch_folder("pages") as folder, open_house(folder, loaded_demo) as house:
        yield house


class Objects:
    """By the parts of an address: the words for what each of them names."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def named_by(self, path: str) -> list[str]:
        """What the most particular object of the address is called, in any language; a step of the form names its call."""
        endpoint, values = routes().url_map.bind("localhost").match(path)
        asked = (OF_STEP,) if endpoint in STEPS else NAMED
        with self.engine.connect() as connection:
            found = [
                [str(row[0]) for one in asked for row in connection.execute(text(one), {"value": str(value)})]
                for value in values.values()
            ]
        names = [each for each in found if each][-1:] or [[]]
        return [part.strip() for name in names[0] for part in spoken(name)]

    def listed(self) -> list[str]:
        """What anything a list may show is called, in any language."""
        with self.engine.connect() as connection:
            found = [str(row[0]) for one in LISTED for row in connection.execute(text(one)) if row[0]]
        return [part.strip() for name in found for part in spoken(name) if len(part.strip()) > 3]


@pytest.fixture(scope="session")
def objects(house: House) -> Iterator[Objects]:
    """What the demo's objects are called."""
    engine = create_engine(f"sqlite:///{house.folder / 'data' / 'baiqau.sqlite3'}")
    yield Objects(engine)
    engine.dispose()


def spoken(value: str) -> list[str]:
    """The texts in a column: of every language where it holds one each, of every cell where it holds a table."""
    try:
        held = json.loads(value)
    except ValueError:
        return [value]
    parts = list(held.values()) if isinstance(held, dict) else held if isinstance(held, list) else []
    return [text for part in parts for text in (spoken(part) if isinstance(part, str) else spoken(json.dumps(part)))] or [value]


class Visit:
    """One person's browser, and what it complained of since the last page."""

    def __init__(self, browser: Browser, house: House, role: str, language: str, width: int) -> None:
        self.house, self.language, self.width = house, language, width
        with closing(enter(house.address, PEOPLE[role], language)) as client:
            codes = house.rows("SELECT code FROM certificates_certificates ORDER BY id LIMIT 1") if role == "visitor" else []
            self.pages = pages_of(client, PEOPLE[role], also=[f"/verify/{code}" for (code,) in codes])
            cookies: Any = [{"name": one.name, "value": one.value, "url": house.address} for one in client.cookies.jar]
        context = browser.new_context(
            base_url=house.address, viewport={"width": width, "height": 800}, timezone_id="Asia/Almaty", locale=language
        )  # fmt: skip
        context.add_cookies(cookies)
        self.page: Page = context.new_page()
        self.noise: list[str] = []
        self.sizes: dict[str, list[int]] = {}
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.noise.append(str(error)))
        self.page.on("request", self._watch)
        self._weigh(context.new_cdp_session(self.page))

    def _hear(self, line: ConsoleMessage) -> None:
        if line.type == "error":
            self.noise.append(line.text)

    def _watch(self, request: Request) -> None:
        if not request.url.startswith((self.house.address, "data:", "blob:")):
            self.noise.append(f"asks {request.url}")

    def _weigh(self, wire: Any) -> None:
        """Count what a first view transfers, fonts apart."""
        kinds: dict[str, str] = {}
        wire.send("Network.enable")
        wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
        wire.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
        wire.on(
            "Network.loadingFinished",
            lambda event: self.sizes.setdefault(kinds.get(event["requestId"], "Other"), []).append(
                int(event["encodedDataLength"])
            ),
        )

    def look(self, found: Found, objects: Objects) -> list[str]:
        """All that is wrong with this page, in both themes."""
        self.noise.clear()
        self.sizes.clear()
        self.page.emulate_media(color_scheme="light")
        answer = self.page.goto(f"{found.path}?lang={self.language}")
        assert answer
        assert self.page.locator("html").get_attribute("lang") == self.language
        wrong = [f"answers {answer.status}"] if answer.status != 200 else []
        wrong += self._is_untitled(found)
        if found.is_about:
            wrong += self._is_silent_of(objects.named_by(found.path))
        elif found.endpoint not in SPEAKS_OF_NOTHING and self._is_silent_of(objects.listed()):
            wrong += ["shows nothing of the demo"]
        wrong += self._is_heavy(found) + self._is_foreign()
        for theme in ("light", "dark"):
            self.page.emulate_media(color_scheme=theme)
            wide = int(self.page.evaluate("document.documentElement.scrollWidth"))
            wrong += [f"is {wide} px wide in the {theme} theme"] if wide > self.width else []
            rules = {} if theme == "light" else {"runOnly": ["color-contrast"]}
            broken = Axe().run(self.page, options=rules).response["violations"]
            wrong += [f"{theme}: {one['id']} at {one['nodes'][0]['target']}" for one in broken]
        return wrong + self.noise

    def _is_untitled(self, found: Found) -> list[str]:
        """The title begins with the heading, except on the pages named above."""
        heading = " ".join(str(self.page.locator("h1").first.text_content()).split())
        title = " ".join(self.page.title().split())
        is_titled = len(heading) > 2 and (title.startswith(heading) or found.endpoint in TITLED_OTHERWISE)
        return [] if is_titled else [f"is titled {title!r} above {heading!r}"]

    def _is_silent_of(self, names: list[str]) -> list[str]:
        """The object that the address names is called by its name on the page, in whatever field it stands."""
        shown = str(self.page.locator("main").text_content()) + "".join(
            self.page.locator("main input, main textarea").evaluate_all("all => all.map((one) => one.value)")
        )
        plain = " ".join(shown.split()).casefold()
        return [] if any(name.casefold() in plain for name in names) else [f"does not say {names}"]

    def _is_heavy(self, found: Found) -> list[str]:
        if found.path != "/" and not found.path.startswith(LIGHT):
            return []
        fonts = sum(self.sizes.get("Font", []))
        rest = sum(size for kind, sizes in self.sizes.items() if kind != "Font" for size in sizes)
        wrong = [f"transfers {rest} bytes"] if rest > PAGE_AT_MOST else []
        return wrong + ([f"transfers {fonts} bytes of fonts"] if fonts > FONTS_AT_MOST else [])

    def _is_foreign(self) -> list[str]:
        if self.language == "en":
            return []
        allowed = set(ALLOWED.read_text().split())
        words = {word for line in self.page.evaluate(LATIN) for word in WORD.findall(FREE.sub(" ", line))}
        left = sorted(words - allowed)
        return [f"speaks foreign words: {' '.join(left)}"] if left else []


def look_at(visit: Visit, pages: list[Found], objects: Objects) -> dict[str, list[str]]:
    """What is wrong, by page."""
    return {f"{one.endpoint} {one.path}": wrong for one in pages if (wrong := visit.look(one, objects))}


@pytest.mark.lasts(130)
def test_every_page_on_a_phone_in_kazakh(browser: Browser, house: House, objects: Objects) -> None:
    wrong: dict[str, list[str]] = {}
    seen: set[str] = set()
    for role in SHORT:
        visit = Visit(browser, house, role, "kk", 360)
        pages = [one for one in one_of_each(visit.pages) if one.endpoint not in seen]
        seen |= {one.endpoint for one in pages}
        wrong |= {f"{role}: {page}": faults for page, faults in look_at(visit, pages, objects).items()}
        visit.page.context.close()

    assert wrong == {}
    assert len(seen) > 75


@pytest.mark.long
@pytest.mark.parametrize("view", list(product(("kk", "ru", "en"), (360, 1280))), ids=str)
@pytest.mark.parametrize("role", PEOPLE)
def test_every_page_of_everybody(browser: Browser, house: House, objects: Objects, role: str, view: tuple[str, int]) -> None:
    visit = Visit(browser, house, role, *view)

    assert look_at(visit, visit.pages, objects) == {}
    assert len(visit.pages) > 5
    visit.page.context.close()
