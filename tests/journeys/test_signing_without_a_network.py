"""A juror signs her sheet while the network is cut: she is told at once that it is not signed, and signs when it is back."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.cast import JUROR
from tests.journeys.test_no_word_is_lost import Scene, ready
from tests.journeys.walker import PASSWORD, words
from tests.loaded import Loaded

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300), pytest.mark.lasts(15)]
SAY = words("kk")
HER_DRAFT = (
    "SELECT v.public_id FROM scoring_reviews v JOIN scoring_assignments a ON a.id = v.assignment_id "
    "JOIN scoring_jurors j ON j.id = a.juror_id JOIN people_persons p ON p.id = j.person_id "
    "WHERE p.email = :email AND v.state = 'draft' ORDER BY v.id LIMIT 1"
)


@pytest.fixture
def scene(playwright, browser_type_launch_args, loaded_demo: Loaded, tmp_path: Path) -> Iterator[Scene]:
    """The demo installation; all that her device says goes through the wire."""
    with ready(playwright, browser_type_launch_args["executable_path"], loaded_demo, tmp_path) as made:
        yield made
        assert made.house.faults() == []


def state(scene: Scene, public_id: str) -> str:
    return str(scene.house.rows("SELECT state FROM scoring_reviews WHERE public_id = :id", id=public_id)[0][0])


def test_juror_who_signs_without_a_network_is_told_and_signs_when_it_is_back(scene: Scene):
    ((public_id,),) = scene.house.rows(HER_DRAFT, email=JUROR)
    page = scene.phone.start()
    page.goto(f"{scene.house.address}/sign-in")
    page.locator("[name=email]").fill(JUROR)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.goto(f"{scene.house.address}/jury/reviews/{public_id}")
    told = page.locator("[data-unsent]")
    sign = page.get_by_role("button", name=SAY["Sign"], exact=True)

    scene.wire.cut()
    for criterion in page.locator("[data-criterion]").all():
        criterion.locator("label", has_text=re.compile(r"^\s*7\s*$")).click()
    sign.click()
    expect(told).to_be_visible()
    expect(told).to_contain_text(SAY["Not signed yet: there is no connection"])
    assert state(scene, str(public_id)) == "draft"

    scene.wire.mend()
    sign.click()
    page.wait_for_load_state()
    expect(page.get_by_text(re.compile("SHA-256"))).to_be_visible(timeout=30_000)
    assert state(scene, str(public_id)) == "signed"
