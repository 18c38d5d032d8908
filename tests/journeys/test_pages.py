"""Every page of the demo, as each person finds it: it fits, it reads, it is accessible, light, and from nowhere else.

The short run takes each endpoint once, with the first person who reaches it, in Kazakh on a phone, in both themes.
`--long` takes the pages of every person in three languages and at both widths, two objects of an endpoint at most.
A page behind a letter's link (an invitation, a new password) is opened in the journeys that read the letter.
"""

import re
from collections.abc import Iterator
from contextlib import closing
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request
from sqlalchemy import create_engine

from tests.journeys.atlas import PEOPLE, Found, enter, one_of_each, pages_of
from tests.journeys.house import House, open_house
from tests.journeys.objects import LISTS, SPEAKS_OF_NOTHING, Objects
from tests.loaded import Loaded
from tests.servers import scratch_folder

pytestmark = pytest.mark.timeout(900)

ALLOWED = Path(__file__).with_name("latin_allowed.txt")
SHORT = tuple(name for name in PEOPLE if name not in {"applicant-refused", "press", "consultant", "lawyer", "institution"})
LIGHT = ("/account/", "/my", "/c/", "/results", "/events", "/verify", "/sign-", "/reset-password")
PAGE_AT_MOST, FONTS_AT_MOST = 100_000, 60_000
# Rules of what may be Latin anywhere: addresses, codes with digits, digests, file names, what a person wrote (marked so).
FREE = re.compile(
    r"\{[a-z_]+\}|\bAsia/\w+|https?://\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|\b[\w-]+\.(?:pdf|jpg|jpeg|png|webp|csv|xlsx|docx|json|example|kz)\b"
    r"|\b[0-9a-f]{8,}\b|\b[A-Z]{2,}\d*[-–][\w–-]*\d[\w–-]*|\bUTC[+−-]\d+"
)
PLACEHOLDER = re.compile(r"\{\w+\}")
WORD = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2,}(?![A-Za-z0-9])")
AXE = Axe()
BROKEN = "(options) => axe.run(options).then((told) => told.violations)"
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


@pytest.fixture(scope="session")
def house(loaded_demo: Loaded) -> Iterator[House]:
    """One installation with the demo for all these tests."""
    with scratch_folder("pages") as folder, open_house(folder, loaded_demo) as house:
        yield house
        assert house.faults() == []


@pytest.fixture(scope="session")
def objects(house: House) -> Iterator[Objects]:
    """What the demo's objects are called."""
    engine = create_engine(f"sqlite:///{house.folder / 'data' / 'baiqau.sqlite3'}")
    yield Objects(engine)
    engine.dispose()


class Visit:
    """One person's browser, and what it complained of since the last page."""

    def __init__(self, browser: Browser, house: House, role: str, language: str, width: int) -> None:
        self.house, self.email, self.language, self.width = house, PEOPLE[role], language, width
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
        wrong += self._is_untitled()
        wrong += [] if self.page.locator('a.brand[href="/"]:visible').count() else ["shows no way home"]
        wrong += self._is_silent_of(objects.shown_on(found, self.email))
        wrong += self._is_heavy(found) + self._is_foreign() + self._is_unfilled()
        self.page.evaluate(AXE.axe_script)
        for theme in ("light", "dark"):
            self.page.emulate_media(color_scheme=theme)
            wide = int(self.page.evaluate("document.documentElement.scrollWidth"))
            wrong += [f"is {wide} px wide in the {theme} theme"] if wide > self.width else []
            rules = {} if theme == "light" else {"runOnly": ["color-contrast"]}
            broken = self.page.evaluate(BROKEN, rules | {"resultTypes": ["violations"]})
            wrong += [f"{theme}: {one['id']} at {one['nodes'][0]['target']}" for one in broken]
        return wrong + self.noise

    def _is_untitled(self) -> list[str]:
        """The title holds the heading; a code may stand before it, to tell tabs apart."""
        heading = " ".join(str(self.page.locator("h1").first.text_content()).split())
        title = " ".join(self.page.title().split())
        return [] if len(heading) > 2 and heading in title else [f"is titled {title!r} above {heading!r}"]

    def _is_silent_of(self, names: list[str] | None) -> list[str]:
        """What the page must show is called by its name there, in whatever field it stands; None if it speaks of nothing."""
        if names is None:
            return []
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

    def _is_unfilled(self) -> list[str]:
        """What everybody may open shows values, never the names of values."""
        raw = [] if self.email else sorted(set(PLACEHOLDER.findall(str(self.page.locator("body").inner_text()))))
        return [f"shows {' '.join(raw)} unfilled"] if raw else []

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


@pytest.mark.lasts(100)
def test_every_page_on_a_phone_in_kazakh(browser: Browser, house: House, objects: Objects) -> None:
    wrong: dict[str, list[str]] = {}
    seen: set[str] = set()
    for role in SHORT:
        visit = Visit(browser, house, role, "kk", 360)
        pages = [one for one in one_of_each(visit.pages) if one.endpoint not in seen and objects.has_more(one, visit.email)]
        seen |= {one.endpoint for one in pages}
        wrong |= {f"{role}: {page}": faults for page, faults in look_at(visit, pages, objects).items()}
        visit.page.context.close()

    assert wrong == {}
    assert len(seen) > 75
    assert sorted({*LISTS, *SPEAKS_OF_NOTHING} - seen) == []


# Who is led to fewer pages with something of her own on them than the others are.
FEWEST = {"funder": 5, "institution": 4}


@pytest.mark.long
@pytest.mark.parametrize("view", list(product(("kk", "ru", "en"), (360, 1280))), ids=str)
@pytest.mark.parametrize("role", PEOPLE)
def test_every_page_of_everybody(browser: Browser, house: House, objects: Objects, role: str, view: tuple[str, int]) -> None:
    visit = Visit(browser, house, role, *view)

    full = [one for one in visit.pages if objects.has_more(one, visit.email)]
    assert look_at(visit, full, objects) == {}
    assert len(full) >= FEWEST.get(role, 6)
    visit.page.context.close()
