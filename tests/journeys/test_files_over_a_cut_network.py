"""A photo is sent from a phone; the network goes in the middle, or the browser dies: it goes on from what the server has."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, Response, expect

from tests.journeys.test_no_word_is_lost import Scene, ready, sign_in
from tests.journeys.walker import words
from tests.loaded import Loaded

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600), pytest.mark.lasts(15)]
PATIENCE = 60_000
SAY = words("kk")
PLACE = 0x8825
PIECE = re.compile(r"/uploads/[^/]+$")


@pytest.fixture
def scene(playwright, browser_type_launch_args, loaded_demo: Loaded, tmp_path: Path) -> Iterator[Scene]:
    """The demo installation; all that the phone says goes through the wire."""
    with ready(playwright, browser_type_launch_args["executable_path"], loaded_demo, tmp_path) as made:
        yield made
        assert made.house.faults() == []


def photo() -> bytes:
    """As a phone makes it: larger than the form needs, lying on its side, and with the place where it was taken."""
    exif = Image.Exif()
    exif[PLACE] = {1: "N", 2: (43.0, 14.0, 0.0)}
    exif[0x0112] = 6
    out = io.BytesIO()
    Image.effect_noise((2600, 1950), 60).convert("RGB").save(out, "JPEG", quality=70, exif=exif)
    return out.getvalue()


def choose(page: Page, data: bytes) -> None:
    page.locator("input[type=file]").set_input_files({"name": "баға.jpg", "mimeType": "image/jpeg", "buffer": data})


def acknowledged(page: Page) -> list[int]:
    """How much is safe after each piece that is sent from now on; the list grows."""
    found: list[int] = []

    def note(response: Response) -> None:
        if response.request.method == "POST" and PIECE.search(response.url):
            found.append(int(response.json()["offset"]))

    page.on("response", note)
    return found


def cut_after_a_piece(scene: Scene, page: Page) -> None:
    """Once: as soon as the first piece was acknowledged."""
    done: list[str] = []

    def look(response: Response) -> None:
        if not done and response.request.method == "POST" and PIECE.search(response.url):
            done.append(response.url)
            scene.wire.cut()

    page.on("response", look)


def safe_bytes(scene: Scene) -> int:
    return int(str(scene.house.rows("SELECT COALESCE(SUM(size), 0) FROM competitions_upload_pieces")[0][0]))


@pytest.mark.parametrize("is_killed", [False, True])
def test_photo_goes_on_from_what_is_safe_after_a_cut_in_the_middle(scene: Scene, *, is_killed: bool):
    data = photo()
    page = scene.arrive()
    page.goto(scene.form.replace("/idea", "/person"))
    before = page.locator("[data-files] li").count()
    cut_after_a_piece(scene, page)

    choose(page, data)
    said = SAY["No connection. What was sent is safe; it goes on by itself."]
    expect(page.locator("[data-upload-text]")).to_have_text(said, timeout=PATIENCE)
    expect(page.locator("[data-upload-status]")).to_have_text(f"баға.jpg: {said}")
    safe = safe_bytes(scene)
    assert safe > 0
    if is_killed:
        scene.phone.die()
        scene.wire.mend()
        page = scene.phone.start()
        page.goto(f"{scene.house.address}/sign-in?next=/my")
        sign_in(page)
        page.goto(scene.form.replace("/idea", "/person"))
        again = acknowledged(page)
        choose(page, data)
    else:
        again = acknowledged(page)
        scene.wire.mend()

    expect(page.locator("[data-files] li")).to_have_count(before + 1, timeout=PATIENCE)
    expect(page.locator("[data-upload-status]")).to_have_text(f"баға.jpg: {SAY['Attached.']}")
    # A piece that began at nothing would be answered with what is safe, and no more.
    assert again[0] > safe
    assert safe_bytes(scene) == 0
    small = page.locator("[data-files] li img").last
    small.scroll_into_view_if_needed()
    page.wait_for_function("one => one.complete && one.naturalWidth > 0", arg=small.element_handle())
    address = page.locator("[data-files] li a").last.get_attribute("href")
    got = page.context.request.get(f"{scene.house.address}{address}")
    with Image.open(io.BytesIO(got.body())) as image:
        assert (image.size, dict(image.getexif())) == ((1500, 2000), {})


def test_who_goes_on_at_once_goes_on_when_her_file_has_arrived(scene: Scene):
    page = scene.arrive()
    here = scene.form.replace("/idea", "/person")
    page.goto(here)
    before = page.locator("[data-files] li").count()

    choose(page, photo())
    page.get_by_role("button", name=SAY["Save and continue"]).click()
    page.wait_for_url(lambda address: not address.endswith("/person"))

    page.goto(here)
    expect(page.locator("[data-files] li")).to_have_count(before + 1)


def test_file_that_is_refused_keeps_her_on_its_page(scene: Scene):
    page = scene.arrive()
    page.goto(scene.form.replace("/idea", "/person"))

    page.locator("input[type=file]").set_input_files({"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"MZ" * 9000})
    page.get_by_role("button", name=SAY["Save and continue"]).click()

    expect(page.locator("[data-upload-text].error")).to_be_visible()
    assert page.url.endswith("/person")
    page.get_by_role("button", name=SAY["Save"], exact=True).click()
    name = {"name": "a.pdf"}
    said = SAY["The file “%(name)s” was not attached. Choose another one, or go on without it."] % name
    expect(page.locator("fieldset p.error")).to_have_text(said)
