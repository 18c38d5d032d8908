"""What a person can do wrong with her account and the first three questions."""

import pytest

from tests.journeys.cast import AFTER, NEWCOMER, WRITER
from tests.journeys.demo import Demo
from tests.journeys.walker import PASSWORD
from tests.journeys.wrongs import Act, Stage, Wrong, faults, in_both

pytestmark = pytest.mark.timeout(600)


def sign_up(**typed: str) -> Act:
    """The address given."""
    return Act(None, "/sign-up", {"email": NEWCOMER} | typed)


def sign_in(**typed: str) -> Act:
    """Address and password given."""
    return Act(None, "/sign-in", {"email": WRITER, "password": PASSWORD} | typed)


CONFIRM = "{link:aigerim@example.kz}"
ACCOUNTS = (
    Wrong("signing up without an address", sign_up(email=""), 422, ("Enter your e-mail address.",)),
    Wrong(
        "signing up with a bad address",
        sign_up(email="aigerim@mail"),
        422,
        ("This is not an e-mail address. It looks like name@example.kz.",),
    ),
    Wrong(
        "signing up with an address in two words",
        sign_up(email="aigerim @example.kz"),
        422,
        ("This is not an e-mail address. It looks like name@example.kz.",),
    ),
    Wrong(
        "signing up with an address that is too long",
        sign_up(email="a" * 400 + "@example.kz"),
        422,
        ("The text is longer than allowed. Characters too many: %(count)s.",),
    ),
    Wrong(
        "signing up with a taken address",
        sign_up(email=WRITER),
        303,
        ("Check your mail",),
    ),
    Wrong(
        "signing up too often",
        sign_up(),
        429,
        ("Too many attempts. Please try again at %(until)s.",),
        before=(Act(None, "/sign-up", {"email": NEWCOMER}, is_wrong=True),) * 12,
    ),
    Wrong("no password chosen", Act(None, CONFIRM, {"password": ""}), 422, ("Enter a password.",), before=(sign_up(),)),
    Wrong(
        "a short password",
        Act(None, CONFIRM, {"password": "өмір"}),
        422,
        ("The password needs at least %(count)s characters. Three or four words are good.",),
        before=(sign_up(),),
    ),
    Wrong(
        "a common password",
        Act(None, CONFIRM, {"password": "123456789012"}),
        422,
        ("This password is easy to guess. Choose words that have nothing to do with each other.",),
        before=(sign_up(),),
    ),
    Wrong(
        "a password like the address",
        Act(None, CONFIRM, {"password": NEWCOMER}),
        422,
        ("This password is easy to guess. Choose words that have nothing to do with each other.",),
        before=(sign_up(),),
    ),
    Wrong(
        "a password that is too long",
        Act(None, CONFIRM, {"password": "ұзын сөз " * 40}),
        422,
        ("The password may have at most %(count)s characters.",),
        before=(sign_up(),),
    ),
    Wrong(
        "a link that was used",
        Act(None, CONFIRM),
        410,
        ("This link does not work any more",),
        before=(sign_up(), Act(None, CONFIRM, {"password": "төрт қызыл алма"})),
    ),
    Wrong(
        "a link that has expired", Act(None, CONFIRM, at="+9"), 410, ("This link does not work any more",), before=(sign_up(),)
    ),
    Wrong("a link that never was", Act(None, "/sign-up/AAAAAAAAAAAAAAAAAAAAAA"), 410, ("This link does not work any more",)),
    Wrong(
        "signing in before the address is confirmed",
        sign_in(email=NEWCOMER),
        422,
        ("This e-mail address and password do not fit. Check both and try again.",),
        before=(sign_up(),),
    ),
    Wrong(
        "signing in with a wrong password",
        sign_in(password="басқа құпия сөз"),
        422,
        ("This e-mail address and password do not fit. Check both and try again.",),
    ),
    Wrong("signing in without a password", sign_in(password=""), 422, ("Enter your password.",)),
    Wrong("signing in without an address", sign_in(email=""), 422, ("Enter your e-mail address.",)),
    Wrong(
        "signing in too often",
        sign_in(password="басқа құпия сөз"),
        429,
        ("Too many attempts. Please try again at %(until)s.",),
        before=(Act(None, "/sign-in", {"email": WRITER, "password": "жоқ"}, is_wrong=True),) * 12,
    ),
    Wrong(
        "a new password asked for a bad address",
        Act(None, "/reset-password", {"email": "kim?"}),
        422,
        ("This is not an e-mail address. It looks like name@example.kz.",),
    ),
    Wrong(
        "a new password asked for an unknown address",
        Act(None, "/reset-password", {"email": "eshkim@example.kz"}),
        303,
        ("Check your mail",),
    ),
    Wrong(
        "a password changed without the present one",
        Act(WRITER, "/account/password", {"current": "қате", "password": "төрт қызыл алма"}),
        422,
        ("This is not your present password.",),
    ),
    Wrong(
        "a password changed to a short one",
        Act(WRITER, "/account/password", {"current": PASSWORD, "password": "алма"}),
        422,
        ("The password needs at least %(count)s characters. Three or four words are good.",),
    ),
    Wrong(
        "an address changed to a bad one",
        Act(WRITER, "/account/email", {"email": "jas4@", "current": PASSWORD}),
        422,
        ("This is not an e-mail address. It looks like name@example.kz.",),
    ),
    Wrong(
        "an address changed with a wrong password",
        Act(WRITER, "/account/email", {"email": NEWCOMER, "current": "қате"}),
        422,
        ("This is not your present password.",),
    ),
    Wrong(
        "a name that is empty",
        Act(WRITER, "/account/settings", {"family_name": "", "given_name": "Айгерім", "patronymic": "Қанатқызы"}),
        422,
        ("Enter the family name.",),
    ),
    Wrong(
        "a name that is too long",
        Act(WRITER, "/account/settings", {"family_name": "Ә" * 300, "given_name": "Айгерім", "patronymic": ""}),
        422,
        ("The text is longer than allowed. Characters too many: %(count)s.",),
    ),
    Wrong(
        "a device of somebody else",
        Act(WRITER, "/account/sessions/AAAAAAAAAAAAAAAAAAAAAA/end", {}),
        404,
        ("There is no such page",),
    ),
    Wrong("a page of applicants without signing in", Act(None, "/my"), 303, ("Sign in",)),
    Wrong("an address that leads nowhere", Act(None, "/мұндай-бет-жоқ?бет=%00"), 404, ("There is no such page",)),
    Wrong(
        "a page asked for in a language that is not there",
        Act(None, "/?lang=tlh"),
        200,
        ("Baiqau: fair competitions, open to check.",),
    ),
    Wrong("a button where there is none", Act(None, "/c/jas-qadam/rules", {}), 405, ("This address cannot be used like that",)),
)
ANSWERED = {"graduate": "yes", "age": "yes", "region": "yes", "language": "kk"}
ELIGIBILITY = (
    Wrong(
        "no question answered", Act(None, "/c/jas-qadam/apply", {"language": "kk"}), 422, ("Please choose one of the answers.",)
    ),
    Wrong(
        "one question left out",
        Act(None, "/c/jas-qadam/apply", {name: value for name, value in ANSWERED.items() if name != "age"}),
        422,
        ("Please choose one of the answers.",),
    ),
    Wrong(
        "an answer that is none of them",
        Act(None, "/c/jas-qadam/apply", ANSWERED | {"age": "maybe"}),
        422,
        ("Please choose one of the answers.",),
        keeps=("graduate", "region"),
    ),
    Wrong(
        "not a graduate",
        Act(None, "/c/jas-qadam/apply", ANSWERED | {"graduate": "no"}),
        200,
        ("By your answers, this competition is not for you",),
    ),
    Wrong(
        "of another age",
        Act(None, "/c/jas-qadam/apply", ANSWERED | {"age": "no"}),
        200,
        ("By your answers, this competition is not for you",),
    ),
    Wrong(
        "of another region",
        Act(None, "/c/jas-qadam/apply", ANSWERED | {"region": "no"}),
        200,
        ("By your answers, this competition is not for you",),
    ),
    Wrong(
        "begun after the closing",
        Act("graduate1@demo.example", "/c/jas-qadam/apply", ANSWERED, at=AFTER),
        409,
        ("Applications closed on %(instant)s. Look on the first page for other competitions.",),
        keeps=(),
    ),
    Wrong("begun twice", Act(WRITER, "/c/jas-qadam/apply", ANSWERED), 303, ("Save and continue",), keeps=()),
    Wrong("a competition that does not exist", Act(None, "/c/жоқ/apply", ANSWERED), 404, ("There is no such page",), keeps=()),
)


ROWS = (*ACCOUNTS, *ELIGIBILITY)


@pytest.mark.parametrize(("wrong", "language"), in_both(ROWS))
def test_a_graduate_reads_what_is_wrong_and_keeps_her_words(demo: Demo, wrong: Wrong, language: str) -> None:
    demo.restore(wrong.state)
    found = faults(wrong, Stage(demo, language))

    assert not found, found
