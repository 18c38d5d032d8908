"""What those who freeze, decide and publish can do wrong."""

import pytest

from tests.journeys.cast import CHECKER, ORGANISER
from tests.journeys.demo import Demo
from tests.journeys.wrongs import Act, Stage, Wrong, faults, in_both

pytestmark = pytest.mark.timeout(600)


RANKING, AWARDS = "/manage/competitions/{start}/ranking", "/manage/competitions/{start}/awards"
FREEZE = Act(ORGANISER, f"{RANKING}/freeze", {"reason": ""})
DECIDE = Act(ORGANISER, f"{AWARDS}/decide", {"snapshot": "{snapshot}"})
LOOK = Act(ORGANISER, f"{AWARDS}/publish")
PUBLISH = Act(ORGANISER, f"{AWARDS}/publish", {"preview": "{field:preview}"})
PUBLISH_UNSEEN = Act(ORGANISER, f"{AWARDS}/publish", {"preview": "0" * 64})
RECONSIDER = Act(ORGANISER, f"{AWARDS}/reconsider", {"reason": "Хаттамада қате бар"})
DECIDING = (
    Wrong(
        "frozen with sheets unsigned",
        FREEZE,
        409,
        ("Sheets not signed yet: %(count)s. Wait until they are signed or the stage has closed.",),
        keeps=(),
    ),
    Wrong(
        "frozen where the jury has scored nothing",
        Act(CHECKER, "/manage/competitions/{jas}/ranking/freeze", {"reason": ""}),
        409,
        ("No application has a place yet: sheets of a stage are missing.",),
        keeps=(),
    ),
    Wrong("frozen twice without a reason", FREEZE, 409, ("Write the reason.",), before=(FREEZE,), state="finished", keeps=()),
    Wrong(
        "frozen twice with nothing changed",
        Act(ORGANISER, f"{RANKING}/freeze", {"reason": "Қайта қарадық"}),
        409,
        ("Nothing has changed since the last frozen ranking.",),
        before=(FREEZE,),
        state="finished",
    ),
    Wrong(
        "frozen after the decision",
        FREEZE,
        403,
        ("The competition has been decided, so scoring can no longer change.",),
        before=(FREEZE, DECIDE),
        state="finished",
        keeps=(),
    ),
    Wrong(
        "decided before freezing",
        Act(ORGANISER, f"{AWARDS}/decide", {"snapshot": ""}),
        409,
        ("Freeze the ranking first: only a frozen ranking can be decided on.",),
        state="finished",
        keeps=(),
    ),
    Wrong(
        "decided on an old ranking",
        Act(ORGANISER, f"{AWARDS}/decide", {"snapshot": "0" * 64}),
        409,
        ("The ranking was frozen anew after you opened this page. Look at it again.",),
        before=(FREEZE,),
        state="finished",
        keeps=(),
    ),
    Wrong(
        "decided twice",
        DECIDE,
        403,
        ("The decision has been made. Take it back first if it must change.",),
        before=(FREEZE, DECIDE),
        state="finished",
        keeps=(),
    ),
    Wrong(
        "decided by the secretary",
        Act("secretary@demo.example", f"{AWARDS}/decide", {"snapshot": "{snapshot}"}),
        404,
        ("There is no such page",),
        before=(FREEZE,),
        state="finished",
        keeps=(),
    ),
    Wrong(
        "published before the decision",
        PUBLISH_UNSEEN,
        403,
        ("Decide first; then publish.",),
        before=(FREEZE,),
        state="finished",
        keeps=(),
    ),
    Wrong(
        "published without looking",
        PUBLISH_UNSEEN,
        409,
        ("What would become public has changed after you opened this page. Look at it again.",),
        before=(FREEZE, DECIDE),
        state="finished",
        keeps=(),
    ),
    Wrong(
        "published twice",
        PUBLISH_UNSEEN,
        403,
        ("The results have been published and cannot be changed here.",),
        before=(FREEZE, DECIDE, LOOK, PUBLISH),
        state="finished",
        keeps=(),
    ),
    Wrong(
        "a decision taken back without a reason",
        Act(ORGANISER, f"{AWARDS}/reconsider", {"reason": " "}),
        422,
        ("Please fill this in.",),
        before=(FREEZE, DECIDE),
        state="finished",
        keeps=(),
    ),
    Wrong(
        "a decision taken back after publication",
        RECONSIDER,
        403,
        ("The results have been published and cannot be changed here.",),
        before=(FREEZE, DECIDE, LOOK, PUBLISH),
        state="finished",
    ),
    Wrong(
        "decided through a tie at the line that the ladder does not break",
        DECIDE,
        409,
        ("%(first)s and %(second)s are tied at the line, and the rules' tie ladder does not separate them.",),
        before=(FREEZE,),
        state="finished",
        change="UPDATE scoring_rounds SET ties = '[]'",
        keeps=(),
    ),
    Wrong("results that are not out", Act(None, "/results/start-app"), 404, ("There is no such page",)),
)
ROWS = DECIDING


@pytest.mark.parametrize(("wrong", "language"), in_both(ROWS))
def test_a_checker_juror_or_decider_reads_what_is_wrong_and_keeps_her_words(demo: Demo, wrong: Wrong, language: str) -> None:
    demo.restore(wrong.state)
    found = faults(wrong, Stage(demo, language))

    assert not found, found
