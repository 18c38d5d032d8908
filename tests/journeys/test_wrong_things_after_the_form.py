"""What an applicant can do wrong in sending, withdrawing, and with seats at events."""

import pytest

from tests.journeys.cast import AFTER, OTHER_WRITER, OWN, SENDER, TEXT, WRITER
from tests.journeys.demo import Demo
from tests.journeys.wrongs import Act, Stage, Wrong, faults, in_both

pytestmark = pytest.mark.timeout(600)

SENT = "/my/applications/{own:jas1}"


WITHDRAW = Act(SENDER, f"{SENT}/withdraw", {"reason": "plans_changed"})
SENDING = (
    Wrong(
        "sent with answers missing",
        Act(OTHER_WRITER, "/my/applications/{own:jas5}/submit", {"processing": "y"}),
        409,
        ("Please fill this in.",),
        keeps=(),
    ),
    Wrong(
        "sent without consent",
        Act(WRITER, f"{OWN}/submit", {}),
        409,
        ("Without your consent to the processing of personal data the application cannot be accepted.",),
    ),
    Wrong(
        "sent twice",
        Act(SENDER, f"{SENT}/submit", {"processing": "y"}, at=AFTER),
        303,
        ("The same is sent to you by letter.",),
        keeps=(),
    ),
    Wrong(
        "sent after the closing",
        Act(WRITER, f"{OWN}/submit", {"processing": "y"}, at=AFTER),
        403,
        ("The deadline passed on %(instant)s. What you wrote is kept and you can still read it.",),
        keeps=(),
    ),
    Wrong(
        "sent by somebody else",
        Act(OTHER_WRITER, f"{SENT}/submit", {"processing": "y"}),
        404,
        ("There is no such page",),
        keeps=(),
    ),
    Wrong("withdrawn without saying why", Act(SENDER, f"{SENT}/withdraw", {}), 422, ("Please choose one of the answers.",)),
    Wrong(
        "withdrawn for a reason that is not there",
        Act(SENDER, f"{SENT}/withdraw", {"reason": "жалқаулық"}),
        422,
        ("Please choose one of the answers.",),
        keeps=(),
    ),
    Wrong(
        "withdrawn twice",
        WITHDRAW,
        403,
        ("This application can no longer be changed. Its state: %(state)s.",),
        keeps=(),
        before=(WITHDRAW,),
    ),
    Wrong(
        "a draft withdrawn",
        Act(WRITER, f"{OWN}/withdraw", {"reason": "mistake"}),
        403,
        ("This application has not been submitted, so there is nothing to withdraw.",),
        keeps=(),
    ),
    Wrong(
        "withdrawn after scoring began",
        Act("graduate1@demo.example", "/my/applications/{own:graduate1}/withdraw", {"reason": "no_time"}),
        403,
        ("Scoring began on %(instant)s. To withdraw now, please call us.",),
        keeps=(),
    ),
    Wrong(
        "a withdrawal taken back too late",
        Act(SENDER, f"{SENT}/undo", {}, at="+4"),
        409,
        ("A withdrawal can be taken back within 72 hours and before the jury begins; this time has passed.",),
        before=(WITHDRAW,),
    ),
    Wrong(
        "a withdrawal taken back that never was",
        Act(SENDER, f"{SENT}/undo", {}),
        409,
        ("This has already been done, or changed since you opened the page.",),
    ),
    Wrong(
        "changed after it was refused",
        Act("graduate8@demo.example", "/my/applications/{own:graduate8}/form/idea", {"title": TEXT}),
        303,
        ("This application can no longer be changed. Its state: %(state)s.",),
    ),
    Wrong(
        "changed while it is being checked",
        Act(SENDER, f"{SENT}/form/idea", {"title": TEXT}, at=AFTER),
        303,
        ("The application is being checked. You can correct it if it is returned to you.",),
    ),
    Wrong("a file that is not hers", Act(SENDER, f"{SENT}/documents/AAAAAAAAAAAAAAAAAAAAAA"), 404, ("There is no such page",)),
    Wrong(
        "an address with a foreign id",
        Act(SENDER, "/my/applications/%00/withdraw", {"reason": "mistake"}),
        404,
        ("There is no such page",),
        keeps=(),
    ),
)
REGISTER = Act("graduate1@demo.example", "/my/events/{event:3}/register", {})
SEATS = (
    Wrong(
        "a seat where all are taken",
        REGISTER,
        303,
        ("All seats are taken. You are in the waiting list.",),
        change="UPDATE seminars_events SET capacity = 20 WHERE id = 3",
    ),
    Wrong("a seat taken twice", REGISTER, 303, ("You have a seat.",), before=(REGISTER,)),
    Wrong(
        "a seat after the beginning",
        Act("jas1@demo.example", "/my/events/{event:1}/register", {}),
        403,
        ("This event has already begun, so seats can no longer be taken or given back.",),
    ),
    Wrong(
        "a seat at an event that does not exist",
        Act("jas1@demo.example", "/my/events/AAAAAAAAAAAAAAAAAAAAAA/register", {}),
        404,
        ("There is no such page",),
    ),
    Wrong("a seat without an account", Act(None, "/my/events/{event:3}/register", {}), 401, ("Please sign in first",)),
    Wrong(
        "a seat given back twice",
        Act("jas1@demo.example", "/my/events/registrations/{taken:3 jas1}/cancel", {}),
        409,
        ("This has already been done, or changed since you opened the page.",),
        before=(Act("jas1@demo.example", "/my/events/registrations/{taken:3 jas1}/cancel", {}),),
    ),
    Wrong(
        "a seat given back after the beginning",
        Act("graduate1@demo.example", "/my/events/registrations/{taken:1 graduate1}/cancel", {}),
        403,
        ("This event has already begun, so seats can no longer be taken or given back.",),
    ),
    Wrong(
        "a seat of somebody else given back",
        Act("jas2@demo.example", "/my/events/registrations/{taken:3 jas1}/cancel", {}),
        404,
        ("There is no such page",),
    ),
)
ROWS = (*SENDING, *SEATS)


@pytest.mark.parametrize(("wrong", "language"), in_both(ROWS))
def test_a_graduate_reads_what_is_wrong_and_keeps_her_words(demo: Demo, wrong: Wrong, language: str) -> None:
    demo.restore(wrong.state)
    found = faults(wrong, Stage(demo, language))

    assert not found, found
