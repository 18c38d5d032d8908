"""A whole Start App in Kazakh and in Russian, in a real browser, with the worker as a process of its own."""

from pathlib import Path

import pytest

from tests.journeys import one_life as hop
from tests.journeys.house import open_house

LETTERS = "әғқңөұүһі"
GRADUATES = (
    ("aigerim@example.com", "000418599113", "8 701 000 11 22", "18.04.2000"),
    ("daniyar@example.com", "990704399020", "8 701 000 11 33", "04.07.1999"),
)
BLIND = {"C1": 8, "C2": 7, "C3": 8, "C4": 7, "C5": 8}
PITCH = {"C6": 8, "C7": 7}


@pytest.mark.timeout(1500)
@pytest.mark.parametrize(
    ("language", "has_script"),
    [("kk", True), ("ru", True), ("ru", False)],
    ids=["Kazakh", "Russian", "Russian without JavaScript"],
)
def test_one_whole_life_from_the_call_to_a_verified_diploma(browser, language, has_script, tmp_path: Path):
    with open_house(tmp_path / "house", demo=True) as house:
        life = hop.Life(house, browser, language, has_script)
        hop.make_competition(life)
        life.travel(days=1.5)
        hop.visit_call(life)
        emails = [facts[0] for facts in GRADUATES]
        codes = [hop.apply(life, *facts) for facts in GRADUATES]
        life.travel(days=26)
        hop.check(life, codes, emails)
        hop.hold_seminar(life, emails[0], "Сынақова")
        hop.seat_jury(life)
        hop.assign(life)
        life.travel(days=36)
        hop.score(life, BLIND)
        life.travel(days=28.9)
        hop.open_pitch(life)
        hop.score(life, PITCH)
        life.travel(days=1)
        hop.decide_and_publish(life)
        text, pdf = hop.read_diploma(life, emails[0])
        hop.verify(life, hop.read_qr(pdf))

        faults = [fault for walker in life.people.values() for fault in walker.faults]
        assert faults == []
        assert "Сынақова Айгерім" in text
        assert hop.PROJECT[language] in text
        assert "Traceback" not in house.log()
        if language == "kk":
            assert set(LETTERS) <= set(text.lower())
