"""What an applicant can do wrong in the form, its files and its budget."""

from io import BytesIO

import pikepdf
import pytest

from tests.journeys.cast import AFTER, NEWCOMER, OTHER_WRITER, OWN, TEXT, WRITER
from tests.journeys.demo import Demo
from tests.journeys.wrongs import Act, Stage, Wrong, faults, in_both

pytestmark = pytest.mark.timeout(600)

BUDGET_WRITER, BUDGET = "draft1@demo.example", "/my/applications/{own:draft1}"
IN_TIME = "start-app closes -1"
ENORMOUS = 61 * 1024 * 1024


def encrypted() -> bytes:
    """A PDF with a password."""
    kept = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(kept, encryption=pikepdf.Encryption(owner="a", user="b"))
    return kept.getvalue()


def form(group: str, **typed: object) -> Act:
    """A group of the draft saved, going on to the next."""
    named = {name.replace("__", "-"): value for name, value in typed.items()}
    return Act(WRITER, f"{OWN}/form/{group}", {"save": "next", **named})


def money(**typed: str) -> Act:
    """A budget of one line, with other values, while the call was open."""
    line = {
        "category": "equip",
        "item": "Тігін машинасы",
        "quantity": "1",
        "unit": "дана",
        "price": "90 000",
        "grant": "90 000",
        "own": "0",
    }
    typed = {"amount": "90 000", "item": line["item"]} | typed
    amount = typed.pop("amount")
    cells = {f"budget-0-{name}": value for name, value in (line | typed).items()}
    return Act(
        BUDGET_WRITER,
        f"{BUDGET}/form/money",
        {"save": "next", "amount": amount, "version-budget": "{field:version-budget}", **cells},
        at=IN_TIME,
    )


LOOK = Act(BUDGET_WRITER, f"{BUDGET}/form/money", at=IN_TIME)
PERSON = {
    "name-family": "Сынақова",
    "name-given": "Айгерім",
    "iin": "010101600000",
    "dob": "01.01.2001",
    "contact-phone": "+7 701 123 45 67",
    "contact-email": NEWCOMER,
    "contact-language": "kk",
    "region-region": "KZ-33",
    "region-district": "Талдықорған қ.",
    "status-institution": "Айналайын",
    "status-year": "2019",
}


def person(**typed: str) -> Act:
    """The personal group with other values."""
    return Act(
        WRITER,
        f"{OWN}/form/person",
        {"save": "next", **PERSON, **{name.replace("__", "-"): value for name, value in typed.items()}},
    )


def proof(content: bytes, name: str) -> Act:
    """A file attached beside the personal answers."""
    return Act(WRITER, f"{OWN}/form/person", {"save": "stay", "name-given": "Айгерім", "status_proof": (content, name)})


FORM = (
    Wrong(
        "a required answer left empty",
        Act(WRITER, f"{OWN}/check"),
        200,
        ("Please fill this in.",),
        before=(form("idea", title="", summary=TEXT),),
    ),
    Wrong(
        "a text that is too long",
        form("idea", title=TEXT, summary="Ұзын мәтін " * 90),
        422,
        ("The text may have %(limit)s characters; please shorten it. Characters too many: %(over)s.",),
        keeps=("title", "summary"),
    ),
    Wrong(
        "a text with hidden characters",
        form("idea", title="Шеберхана\u202e\u0007", summary=TEXT),
        422,
        ("The text holds invisible characters that cannot be printed. Please delete it here and type it again.",),
        keeps=("summary",),
    ),
    Wrong(
        "a plan with a line half filled",
        form("plan", version__plan="0", plan__0__step="Құрал алу", plan__0__weeks=""),
        422,
        ("Line %(row)s, “%(column)s”: please fill this in, or remove the line.",),
        keeps=("plan-0-step",),
    ),
    Wrong(
        "a plan with weeks in words",
        form("plan", version__plan="0", plan__0__step="Құрал алу", plan__0__weeks="екі"),
        422,
        ("Line %(row)s, “%(column)s”: please write a whole number in digits, such as 12.",),
        keeps=("plan-0-step", "plan-0-weeks"),
    ),
    Wrong(
        "a sum with letters",
        form("money", amount="көп ақша"),
        422,
        ("Please write the sum in tenge, such as 500 000.",),
        keeps=("amount",),
    ),
    Wrong(
        "a sum over the cap",
        form("money", amount="90 000 000"),
        422,
        ("You ask for %(amount)s; at most %(cap)s can be asked for.",),
        keeps=(),
    ),
    Wrong("a sum of nothing", form("money", amount="0"), 422, ("Please ask for a sum above zero.",), keeps=("amount",)),
    Wrong(
        "a sum below zero",
        form("money", amount="-100 000"),
        422,
        ("Please write the sum in tenge, such as 500 000.",),
        keeps=("amount",),
    ),
    Wrong(
        "a bad identity number",
        person(iin="010101600001"),
        422,
        ("There is a mistake in this IIN: its last digit does not fit. Compare it with the document.",),
        keeps=("name-family", "iin", "status-year"),
    ),
    Wrong(
        "an identity number that is too short",
        person(iin="0101"),
        422,
        ("An IIN has 12 digits and nothing else.",),
        keeps=("name-family", "iin"),
    ),
    Wrong(
        "a number of a company",
        person(iin="100140000015"),
        422,
        ("This is the number of a company (BIN), not of a person.",),
        keeps=("iin",),
    ),
    Wrong(
        "a bad phone",
        person(contact__phone="12345"),
        422,
        ("Please write a phone number of Kazakhstan, such as +7\u00a0700\u00a0000\u00a000\u00a001.",),
        keeps=("contact-phone",),
    ),
    Wrong(
        "a bad e-mail in the form",
        person(contact__email="aigerim@"),
        422,
        ("Please write an e-mail address, such as name@example.com, or leave it empty.",),
        keeps=("contact-email",),
    ),
    Wrong(
        "a date that is none",
        person(dob="31.02.2001"),
        422,
        ("Please write a real date as day.month.year, such as 14.08.2001.",),
        keeps=("dob",),
    ),
    Wrong(
        "a birthday to come", person(dob="01.01.2101"), 422, ("This date is still to come. Please check the year.",), keeps=()
    ),
    Wrong(
        "too old on the closing day",
        person(dob="01.01.1961"),
        422,
        ("On the closing day, %(day)s, the applicant's age is %(age)s; it must be at most %(limit)s.",),
        keeps=(),
    ),
    Wrong(
        "too young on the closing day",
        person(dob="01.01.2020"),
        422,
        ("On the closing day, %(day)s, the applicant's age is %(age)s; it must be at least %(limit)s.",),
        keeps=(),
    ),
    Wrong(
        "a year in words",
        person(status__year="былтыр"),
        422,
        ("Please write the year with four digits, 1900 or later, such as 2019.",),
        keeps=("status-year",),
    ),
    Wrong(
        "a region that does not exist",
        person(region__region="KZ-99"),
        422,
        ("This competition is for people who live in its region.",),
        keeps=("name-family",),
    ),
    Wrong("a group that does not exist", form("luck", title=TEXT), 404, ("There is no such page",), keeps=("title",)),
    Wrong(
        "an answer to a question that is not there",
        Act(WRITER, f"{OWN}/answers", {"field": "luck", "value": TEXT, "change_id": "a1"}),
        409,
        ("The form has no such question. Reload the page.",),
        keeps=("value",),
    ),
    Wrong(
        "an application of somebody else",
        Act(OTHER_WRITER, f"{OWN}/form/idea", {"title": TEXT}),
        404,
        ("There is no such page",),
    ),
    Wrong(
        "an old tab",
        form("idea", title=TEXT, version__title="0"),
        409,
        ("Your text stands in the field above. Save the page to keep it, or take the other text:",),
        keeps=("title",),
    ),
    Wrong(
        "a page open for too long",
        Act(WRITER, f"{OWN}/form/idea", {"title": TEXT, "summary": TEXT}, token="old"),
        400,
        ("This page was open for too long, so it was not sent. Nothing you wrote was lost: send it again.",),
    ),
    Wrong(
        "a session that ended meanwhile",
        Act(None, f"{OWN}/form/idea", {"title": TEXT, "summary": TEXT}),
        401,
        ("Nothing you wrote is lost. Sign in here, and you can send it at once.",),
    ),
    Wrong(
        "a file that is empty", proof(b"", "анықтама.pdf"), 422, ("The file is empty. Choose it again.",), keeps=("name-given",)
    ),
    Wrong(
        "a file of the wrong kind",
        proof(b"MZ\x90\x00", "анықтама.exe"),
        422,
        ("Files of this kind are not taken. Take one of these: %(kinds)s.",),
        keeps=("name-given",),
    ),
    Wrong(
        "a file that is not what it says",
        proof(b"\x89PNG\r\n\x1a\n" + b"0" * 200, "анықтама.pdf"),
        422,
        ("By its name this is a %(kind)s file, but its content is something else. Save it anew.",),
        keeps=("name-given",),
    ),
    Wrong(
        "a file that is broken",
        proof(b"%PDF-1.7\nbroken", "анықтама.pdf"),
        422,
        ("The file is damaged or built in a way we cannot check. Open it, save it anew and try again.",),
        keeps=("name-given",),
    ),
    Wrong(
        "a file with a password",
        proof(encrypted(), "анықтама.pdf"),
        422,
        ("The file is locked with a password. Save it without one.",),
        keeps=("name-given",),
    ),
    Wrong(
        "a file that is too large",
        proof(b"%PDF-1.7\n" + b"0" * 11_000_000, "анықтама.pdf"),
        422,
        ("The file is larger than %(limit)s MB. Make it smaller or split it.",),
        keeps=("name-given",),
    ),
    Wrong("files beyond all measure", proof(b"0" * ENORMOUS, "анықтама.pdf"), 413, ("This is too much at once",), keeps=()),
    Wrong(
        "answers after the closing",
        Act(WRITER, f"{OWN}/form/idea", {"title": TEXT}, at=AFTER),
        303,
        ("The deadline passed on %(instant)s. What you wrote is kept and you can still read it.",),
    ),
    Wrong(
        "one answer after the closing",
        Act(WRITER, f"{OWN}/answers", {"field": "title", "value": TEXT, "change_id": "a1", "base_version": "0"}, at=AFTER),
        200,
        ("Your words are kept for you, but are not part of the application.",),
        keeps=(),
    ),
)
QUOTE = (
    "Please attach a price quote: “%(item)s” costs %(threshold)s or more apiece, so its price is to be proven. "
    "Such lines: %(count)s."
)
BUDGETS = (
    Wrong(
        "a budget line half filled",
        money(item=""),
        422,
        ("Line %(row)s: please say what is bought.",),
        keeps=("budget-0-price",),
        before=(LOOK,),
    ),
    Wrong(
        "a budget line without a category",
        money(category=""),
        422,
        ("Line %(row)s: please choose a category.",),
        keeps=("budget-0-item",),
        before=(LOOK,),
    ),
    Wrong(
        "a quantity in words",
        money(quantity="көп"),
        422,
        ("Line %(row)s: please write the quantity as a number above zero.",),
        keeps=("budget-0-item", "budget-0-quantity"),
        before=(LOOK,),
    ),
    Wrong(
        "a price with letters",
        money(price="қымбат"),
        422,
        ("Line %(row)s: please write the price in whole tenge.",),
        keeps=("budget-0-item", "budget-0-price"),
        before=(LOOK,),
    ),
    Wrong(
        "shares that do not fit the price",
        money(grant="50 000", amount="50 000"),
        422,
        ("Line %(row)s: quantity times price is %(sum)s, but the grant and your own money together are %(shares)s.",),
        keeps=("budget-0-item",),
        before=(LOOK,),
    ),
    Wrong(
        "a budget that is not the sum asked for",
        money(amount="80 000"),
        422,
        ("The budget takes %(grant)s from the grant, but you ask for %(amount)s. The two sums must be equal.",),
        keeps=("budget-0-item",),
        before=(LOOK,),
    ),
    Wrong(
        "a budget over the grant",
        money(price="2 000 000", grant="2 000 000", amount="2 000 000"),
        422,
        ("The budget takes %(grant)s from the grant; one grant is at most %(cap)s.",),
        keeps=("budget-0-item",),
        before=(LOOK,),
    ),
    Wrong(
        "too much for rent",
        money(category="rent"),
        422,
        ("%(category)s: at most %(share)s %% of the grant, here %(most)s; your budget has %(spent)s.",),
        keeps=("budget-0-item",),
        before=(LOOK,),
    ),
    Wrong(
        "a dear thing without a quote",
        Act(BUDGET_WRITER, f"{BUDGET}/check", at=IN_TIME),
        200,
        (QUOTE,),
        before=(LOOK, money(price="300 000", grant="300 000", amount="300 000")),
    ),
)
ROWS = (*FORM, *BUDGETS)


@pytest.mark.parametrize(("wrong", "language"), in_both(ROWS))
def test_a_graduate_reads_what_is_wrong_and_keeps_her_words(demo: Demo, wrong: Wrong, language: str) -> None:
    demo.restore(wrong.state)
    found = faults(wrong, Stage(demo, language))

    assert not found, found
