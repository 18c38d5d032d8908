"""What checkers and readers of certificates can do wrong."""

import pytest

from tests.journeys.cast import ADMIT, APPLICATION, CHECKER, ORGANISER, check
from tests.journeys.demo import Demo
from tests.journeys.wrongs import Act, Stage, Wrong, faults, in_both

pytestmark = pytest.mark.timeout(600)

WORDS = "Сметадағы бағаны толықтырыңыз"
RETURN = {"seen": "1", "reasons-0-question": "", "reasons-0-preset": "", "reasons-0-text": WORDS, "due_at": "{time:+30}"}


def give_back(**typed: str) -> Act:
    """The application returned."""
    return Act(CHECKER, f"{APPLICATION}/return", RETURN | {name.replace("__", "-"): value for name, value in typed.items()})


CHECKING = (
    Wrong(
        "returned without a reason",
        give_back(reasons__0__text=""),
        422,
        ("Write at least one reason: the applicant must know what to do.",),
        keeps=("due_at",),
    ),
    Wrong(
        "returned with a reason of blanks",
        give_back(reasons__0__text="   "),
        422,
        ("Write at least one reason: the applicant must know what to do.",),
        keeps=("due_at",),
    ),
    Wrong(
        "returned with a reason that is too long",
        give_back(reasons__0__text=WORDS * 99),
        422,
        ("The text is longer than allowed. Characters too many: %(count)s.",),
        keeps=("reasons-0-text", "due_at"),
    ),
    Wrong(
        "returned until yesterday",
        give_back(due_at="{time:-1}"),
        409,
        ("The term for corrections must end in the future.",),
        keeps=("reasons-0-text", "due_at"),
    ),
    Wrong(
        "returned with less time than applications stay open",
        give_back(due_at="{time:+1}"),
        409,
        ("Applications are open until %(instant)s: corrections must not be due earlier than that.",),
        keeps=("reasons-0-text", "due_at"),
    ),
    Wrong("returned until no day", give_back(due_at=""), 422, ("Please fill this in.",), keeps=("reasons-0-text",)),
    Wrong(
        "returned about a question that is not there",
        give_back(reasons__0__question="luck"),
        422,
        ("Please choose one of the answers.",),
        keeps=("reasons-0-text", "due_at"),
    ),
    Wrong(
        "returned after it was admitted",
        give_back(),
        409,
        ("This has already been done, or changed since you opened the page.",),
        keeps=("reasons-0-text",),
        before=(ADMIT,),
    ),
    Wrong(
        "admitted twice",
        ADMIT,
        409,
        ("This has already been done, or changed since you opened the page.",),
        before=(ADMIT,),
    ),
    Wrong(
        "admitted while the applicant corrects",
        ADMIT,
        409,
        ("This has already been done, or changed since you opened the page.",),
        before=(give_back(),),
    ),
    Wrong("refused without a reason", check("refuse", text=WORDS), 422, ("Please fill this in.",)),
    Wrong(
        "refused for another reason that is not told",
        check("refuse", reason="own", text=""),
        409,
        ("Write at least one reason: the applicant must know what to do.",),
        keeps=("reason",),
    ),
    Wrong(
        "refused after it was admitted",
        check("refuse", reason="own", text=WORDS),
        409,
        ("This has already been done, or changed since you opened the page.",),
        before=(ADMIT,),
    ),
    Wrong(
        "a decision taken back too late",
        check("undo", at="+0.1"),
        409,
        ("The letter left on %(instant)s, so the decision can no longer be taken back.",),
        before=(ADMIT,),
    ),
    Wrong(
        "a decision taken back twice",
        check("undo"),
        409,
        ("There is no decision that could be taken back.",),
        before=(ADMIT, check("undo")),
    ),
    Wrong("a decision taken back that never was", check("undo"), 409, ("There is no decision that could be taken back.",)),
    Wrong(
        "a decision on a version that was not read",
        check("refuse", seen="0", reason="own", text=WORDS),
        409,
        ("Nothing was done: on %(instant)s the applicant sent a newer version. Read it, then decide.",),
        keeps=("text",),
    ),
    Wrong("a draft checked", Act(CHECKER, "/manage/applications/{own:jas4}/admit", {}), 404, ("There is no such page",)),
    Wrong(
        "an application of another programme checked",
        Act("checker@demo.example", f"{APPLICATION}/return", RETURN),
        404,
        ("There is no such page",),
        keeps=("reasons-0-text",),
    ),
    Wrong(
        "an application checked that does not exist",
        Act(CHECKER, "/manage/applications/AAAAAAAAAAAAAAAAAAAAAA/admit", {}),
        404,
        ("There is no such page",),
    ),
)


REVOKE = Act(ORGANISER, "/manage/certificates/{certificate}/revoke", {"reason": "Аты-жөні қате жазылған"})
CERTIFICATES = (
    Wrong(
        "a code that nobody has",
        Act(None, "/verify/AAAAAAAAAAAAAAAAAAAAAAAAAA"),
        404,
        ("There is no certificate with this code",),
    ),
    Wrong(
        "a code that is mistyped",
        Act(None, "/verify/XNPP-VYX3-ҚАТЕ"),
        404,
        ("This does not look like a code of a certificate",),
    ),
    Wrong(
        "a code typed into the form that is no code",
        Act(None, "/verify?code=%D2%9B%D0%B0%D1%82%D0%B5%00"),
        303,
        ("This does not look like a code of a certificate",),
    ),
    Wrong("no code typed", Act(None, "/verify?code=%20"), 422, ("Type the code printed below the QR code.",)),
    Wrong(
        "a certificate that was revoked", Act(None, "/verify/{code}"), 200, ("This certificate was revoked",), before=(REVOKE,)
    ),
    Wrong("a file compared that was not chosen", Act(None, "/verify/{code}", {}), 422, ("Choose the file.",)),
    Wrong(
        "a file compared that is another one",
        Act(None, "/verify/{code}", {"document": (b"%PDF-1.7", "diploma.pdf")}),
        200,
        ("No, it is another file",),
        keeps=(),
    ),
    Wrong(
        "codes asked for too often",
        Act(None, "/verify/AAAAAAAAAAAAAAAAAAAAAAAAAA"),
        429,
        ("Too many attempts",),
        before=(Act(None, "/verify/AAAAAAAAAAAAAAAAAAAAAAAAAA", is_wrong=True),) * 31,
    ),
    Wrong(
        "revoked without a reason",
        Act(ORGANISER, "/manage/certificates/{certificate}/revoke", {"reason": ""}),
        422,
        ("Give the reason: it stays in the record.",),
    ),
    Wrong(
        "revoked with a reason that is too long",
        Act(ORGANISER, "/manage/certificates/{certificate}/revoke", {"reason": "Қате жазылған. " * 50}),
        422,
        ("The text is longer than allowed. Characters too many: %(count)s.",),
    ),
    Wrong(
        "revoked twice",
        REVOKE,
        409,
        ("This has already been done, or changed since you opened the page.",),
        before=(REVOKE,),
    ),
    Wrong(
        "a certificate of others revoked",
        Act(CHECKER, "/manage/certificates/{certificate}/revoke", {"reason": "Қате жазылған"}),
        404,
        ("There is no such page",),
    ),
    Wrong(
        "a diploma in a language that is not there",
        Act(ORGANISER, "/manage/certificates/{certificate}/fr.pdf"),
        404,
        ("There is no such page",),
    ),
)
ROWS = (*CHECKING, *CERTIFICATES)


@pytest.mark.parametrize(("wrong", "language"), in_both(ROWS))
def test_a_checker_juror_or_decider_reads_what_is_wrong_and_keeps_her_words(demo: Demo, wrong: Wrong, language: str) -> None:
    demo.restore(wrong.state)
    found = faults(wrong, Stage(demo, language))

    assert not found, found
