"""A whole Start App in Kazakh and in Russian, in a real browser, with the worker as a process of its own."""

from pathlib import Path

import pytest

from tests.journeys import one_life as hop
from tests.journeys.house import open_house

LETTERS = "әғқңөұүһі"


@pytest.mark.lasts(60)
@pytest.mark.timeout(1500)
@pytest.mark.parametrize(
    ("language", "has_script"),
    [("kk", True), ("ru", True), ("ru", False)],
    ids=["Kazakh", "Russian", "Russian without JavaScript"],
)
def test_one_whole_life_from_the_call_to_a_verified_diploma(browser, language, has_script, loaded_demo, tmp_path: Path):
    with open_house(tmp_path / "house", loaded_demo) as house:
        life = hop.Life(house, browser, language, has_script)
        hop.make_competition(life)
        life.travel(day=1, hour=11)
        hop.visit_call(life)
        emails = [who.email for who in hop.GRADUATES]
        codes = [hop.apply(life, who) for who in hop.GRADUATES]
        life.travel(day=27, hour=11)
        hop.check(life, codes, emails)
        hop.hold_seminar(life, emails[0], hop.WINNER.family)
        hop.read_admissions(life, codes, emails)
        hop.seat_jury(life, tied_to=codes[1])
        hop.assign(life)
        life.travel(day=65, hour=11)
        hop.score(life, 0)
        life.travel(day=93, hour=11)
        hop.open_pitch(life)
        hop.score(life, 1)
        life.travel(day=94, hour=13)
        hop.decide_and_publish(life)
        text, kazakh, pdf = hop.read_diploma(life, emails[0])
        hop.verify(life, hop.read_qr(pdf))

        faults = [fault for walker in life.people.values() for fault in walker.faults]
        assert faults == []
        for who, is_hers in ((hop.WINNER, True), (hop.SECOND, False)):
            for words in (who.family, who.given, who.project[language]):
                assert (words in text) is is_hers, words
        assert house.faults() == []
        assert set(LETTERS) <= set(kazakh.lower())
