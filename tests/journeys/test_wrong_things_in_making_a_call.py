"""What an organiser can do wrong from the new competition to its announcement."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.journeys.cast import ORGANISER
from tests.journeys.demo import Demo
from tests.journeys.wrongs import Act, Stage, Wrong, faults, in_both

pytestmark = pytest.mark.timeout(600)

HERE = "/manage/competitions/{newest}"
NEW = {
    "starter": "start_app", "programme": "{start_programme}", "name": "Жаңа байқау", "region": "KZ-33",
    "opens_on": "{day:+7}",
}  # fmt: skip
ACT = {"act_number": "7-к", "act_on": "{day:+0}"}
TEXTS = {
    "name-kk": "Жаңа байқау", "name-ru": "Новый конкурс", "tagline-kk": "Бірге бастаймыз", "tagline-ru": "Начнём вместе",
    "description-kk": "Байқау туралы толық мәтін", "description-ru": "Полный текст о конкурсе", "slug": "jana-baiqau",
    "languages": ["kk", "ru"], "helpline": "+7 700 000 00 10", "contact_email": "help@example.kz",
}  # fmt: skip
DAYS = {
    "opens": 7, "closes": 32, "checked": 46, "freezes": 67, "scoring_opens": 70, "scoring_closes": 88, "pitch": 99,
    "publishes": 101, "appeals_close": 107, "contracts": 116, "pays": 120, "interim_reports": 130, "reports": 228,
}  # fmt: skip
DATES = {name: f"{{time:+{days}}}" for name, days in DAYS.items()}
NUMBERS = {
    "fund": "4 000 000", "award_cap": "1 000 000", "award_count": "4", "age_min": "18", "age_max": "34", "check_days": "10",
    "return_days": "5", "appeal_days": "3", "juror_count": "5", "pitch_minutes": "7", "pass_total": "60", "pass_blind": "45",
    "weight_C1": "15", "weight_C2": "20", "weight_C3": "15", "weight_C4": "15", "weight_C5": "10", "weight_C6": "15",
    "weight_C7": "10", "cap_rent": "20", "cap_other": "10", "quote_threshold": "100 000",
}  # fmt: skip
SECTION = {
    "title-kk": "Жалпы ережелер", "title-ru": "Общие положения", "articles-0-text-kk": "Бірінші бап",
    "articles-0-text-ru": "Первая статья",
}  # fmt: skip
MAKE = Act(ORGANISER, "/manage/competitions/new", NEW)
APPROVE = Act(ORGANISER, f"{HERE}/approve", ACT)
ANNOUNCE = Act(ORGANISER, f"{HERE}/announce", {})
CANCEL = Act(ORGANISER, f"{HERE}/cancel", {"reason": "Қаражат бөлінбеді"})
NAMELESS = Act(ORGANISER, f"{HERE}/texts", {**TEXTS, "name-ru": "", "tagline-ru": "", "description-ru": ""})


def new(**typed: str) -> Act:
    """A new competition with other values."""
    return Act(ORGANISER, "/manage/competitions/new", NEW | typed)


def saved(page: str, values: Mapping[str, Any], **typed: Any) -> Act:
    """A page of the newest competition saved with other values."""
    return Act(ORGANISER, f"{HERE}/{page}", {**values, **typed})


HALF_A_SECTION = saved("rules/1", SECTION, **{"articles-0-text-ru": ""})
DRAFT, APPROVED, ANNOUNCED = (MAKE,), (MAKE, APPROVE), (MAKE, APPROVE, ANNOUNCE)
MAKING = (
    Wrong("a new competition without a name", new(name=""), 422, ("Please fill this in.",)),
    Wrong(
        "a new competition with a name that is too long",
        new(name="Байқау " * 30),
        422,
        ("The text is longer than allowed. Characters too many: %(count)s.",),
    ),
    Wrong("a new competition without a day", new(opens_on=""), 422, ("Please fill this in.",)),
    Wrong(
        "a new competition on a day that is no date",
        new(opens_on="31.02.2027"),
        422,
        ("Please write a real date as day.month.year, such as 14.08.2001.",),
    ),
    Wrong(
        "a new competition in the past",
        new(opens_on="{day:-40}"),
        422,
        ("This day has passed. Choose today or a later day.",),
    ),
    Wrong(
        "a new competition of an unknown kind",
        new(starter="lottery"),
        422,
        ("Please choose one of the answers.",),
        keeps=("name", "opens_on"),
    ),
    Wrong(
        "a new competition of a foreign programme",
        new(programme="{jas_programme}"),
        422,
        ("Please choose one of the answers.",),
        keeps=("name", "opens_on"),
    ),
    Wrong(
        "texts without a name in Kazakh", saved("texts", TEXTS, **{"name-kk": ""}), 422, ("Please fill this in.",), before=DRAFT
    ),
    Wrong(
        "texts with an address in Cyrillic",
        saved("texts", TEXTS, slug="жаңа байқау"),
        422,
        ("Use small Latin letters, digits and hyphens, such as start-app-2026.",),
        before=DRAFT,
    ),
    Wrong(
        "texts with an address that is taken",
        saved("texts", TEXTS, slug="start-app"),
        409,
        ("Another competition already has this address.",),
        before=DRAFT,
    ),
    Wrong("texts with no language", saved("texts", TEXTS, languages=[]), 422, ("Please fill this in.",), before=DRAFT),
    Wrong(
        "texts with a bad e-mail",
        saved("texts", TEXTS, contact_email="help@"),
        422,
        ("This is not an e-mail address.",),
        before=DRAFT,
    ),
    Wrong(
        "texts with a phone that is none",
        saved("texts", TEXTS, helpline="сотка жоқ"),
        422,
        ("Write a phone number in digits, such as +7 700 000 00 01.",),
        before=DRAFT,
    ),
    Wrong(
        "texts that are too long",
        saved("texts", TEXTS, **{"tagline-kk": "Бастаймыз " * 30}),
        422,
        ("The text is longer than allowed. Characters too many: %(count)s.",),
        before=DRAFT,
    ),
    Wrong(
        "dates out of order",
        saved("dates", DATES, closes="{time:+5}"),
        409,
        ("“%(milestone)s” must come after “%(earlier)s”, which is %(instant)s.",),
        before=DRAFT,
    ),
    Wrong("a date that is missing", saved("dates", DATES, pitch=""), 422, ("Please fill this in.",), before=DRAFT),
    Wrong(
        "a date that is no date",
        saved("dates", DATES, closes="жұма кешке"),
        422,
        ("Write the date and the time, such as 14.08.2026 18:00.",),
        before=DRAFT,
    ),
    Wrong(
        "a date that does not exist",
        saved("dates", DATES, closes="2027-02-31T18:00"),
        422,
        ("Write the date and the time, such as 14.08.2026 18:00.",),
        before=DRAFT,
    ),
    Wrong(
        "a fund smaller than the awards",
        saved("numbers", NUMBERS, fund="500 000"),
        409,
        ("The awards add up to %(promised)s, but the fund is %(fund)s. Raise the fund or lower the awards.",),
        before=DRAFT,
    ),
    Wrong(
        "weights that are not a hundred",
        saved("numbers", NUMBERS, weight_C1="25"),
        409,
        ("The weights of the criteria add up to %(total)s; they must add up to 100.",),
        before=DRAFT,
    ),
    Wrong(
        "money with letters",
        saved("numbers", NUMBERS, fund="төрт миллион"),
        422,
        ("Write a whole sum in tenge, such as 250 000.",),
        before=DRAFT,
    ),
    Wrong(
        "money below zero",
        saved("numbers", NUMBERS, award_cap="-5"),
        422,
        ("Write a whole sum in tenge, such as 250 000.",),
        before=DRAFT,
    ),
    Wrong("no money", saved("numbers", NUMBERS, fund=""), 422, ("Please fill this in.",), before=DRAFT),
    Wrong(
        "a number with letters",
        saved("numbers", NUMBERS, award_count="төртеу"),
        422,
        ("Write a whole number from %(min)s to %(max)s.",),
        before=DRAFT,
    ),
    Wrong(
        "a number that is too large",
        saved("numbers", NUMBERS, juror_count="500"),
        422,
        ("Write a whole number from %(min)s to %(max)s.",),
        before=DRAFT,
    ),
    Wrong(
        "ages the wrong way round",
        saved("numbers", NUMBERS, age_min="40"),
        409,
        ("The ages from %(least)s to %(most)s are not a range.",),
        before=DRAFT,
    ),
    Wrong(
        "a pass mark nobody can reach",
        saved("numbers", NUMBERS, pass_blind="90"),
        409,
        ("The pass mark %(mark)s is above the most that can be scored, %(most)s.",),
        before=DRAFT,
    ),
    Wrong(
        "a section of the rules without a title",
        saved("rules/1", SECTION, **{"title-kk": ""}),
        422,
        ("Please fill this in.",),
        before=DRAFT,
    ),
    Wrong(
        "a section of the rules that is not there",
        Act(ORGANISER, f"{HERE}/rules/99"),
        404,
        ("There is no such page",),
        before=DRAFT,
    ),
    Wrong(
        "a question of the call that is too long",
        saved("questions", {"pairs-0-question-kk": "Неге? " * 80, "pairs-0-answer-kk": "Солай"}),
        422,
        ("The text is longer than allowed. Characters too many: %(count)s.",),
        before=DRAFT,
    ),
)
ANNOUNCING = (
    Wrong(
        "rules approved without a number", saved("approve", ACT, act_number=""), 422, ("Please fill this in.",), before=DRAFT
    ),
    Wrong("rules approved without a day", saved("approve", ACT, act_on=""), 422, ("Please fill this in.",), before=DRAFT),
    Wrong(
        "rules approved by an act of tomorrow",
        saved("approve", ACT, act_on="{day:+3}"),
        409,
        ("The act cannot be of a day that is still to come: %(day)s.",),
        before=DRAFT,
    ),
    Wrong(
        "rules approved while a language is missing",
        APPROVE,
        409,
        ("Article %(number)s of the rules is empty in one language: %(language)s.",),
        before=(MAKE, HALF_A_SECTION),
    ),
    Wrong(
        "rules approved twice",
        APPROVE,
        409,
        ("This has already been done, or changed since you opened the page.",),
        before=APPROVED,
    ),
    Wrong("announced before the rules are approved", ANNOUNCE, 409, ("The rules are not approved yet.",), before=DRAFT),
    Wrong(
        "announced with an empty language",
        ANNOUNCE,
        409,
        ("“%(place)s” is empty in one language: %(language)s.",),
        before=(*DRAFT, NAMELESS, APPROVED[-1]),
    ),
    Wrong(
        "another name after the rules were approved",
        saved("texts", TEXTS),
        409,
        ("The name stands in the approved rules, so it does not change any more.",),
        before=APPROVED,
    ),
    Wrong(
        "announced after it would have closed",
        Act(ORGANISER, f"{HERE}/announce", {}, at="+60"),
        409,
        ("Applications would already be closed: %(instant)s. Move the dates before announcing.",),
        before=APPROVED,
    ),
    Wrong(
        "announced twice",
        ANNOUNCE,
        303,
        ("The call is public already.",),
        before=ANNOUNCED,
    ),
    Wrong(
        "dates edited after approval",
        saved("dates", DATES),
        422,
        ("The approved rules name these dates. Take the approval back to change them freely, or move them by a new act.",),
        before=APPROVED,
    ),
    Wrong(
        "numbers edited after approval",
        saved("numbers", NUMBERS),
        409,
        ("The rules are approved and locked. Reopen them to change dates, numbers or text.",),
        before=APPROVED,
    ),
    Wrong(
        "a section edited after announcing",
        saved("rules/1", SECTION),
        409,
        ("The rules are approved and locked. Reopen them to change dates, numbers or text.",),
        before=ANNOUNCED,
    ),
    Wrong(
        "dates moved after announcing without an act", saved("dates", DATES), 422, ("Please fill this in.",), before=ANNOUNCED
    ),
    Wrong(
        "a date moved into the past",
        saved("dates", DATES | ACT, opens="{time:-3}"),
        409,
        ("“%(milestone)s” has passed or would be in the past, so it cannot be moved.",),
        before=ANNOUNCED,
    ),
    Wrong(
        "rules reopened after announcing",
        Act(ORGANISER, f"{HERE}/reopen", {}),
        409,
        ("This has already been done, or changed since you opened the page.",),
        before=ANNOUNCED,
    ),
    Wrong(
        "cancelled without a reason",
        Act(ORGANISER, f"{HERE}/cancel", {"reason": " "}),
        422,
        ("Please fill this in.",),
        before=ANNOUNCED,
        keeps=(),
    ),
    Wrong(
        "cancelled with a reason that is too long",
        Act(ORGANISER, f"{HERE}/cancel", {"reason": "Қаражат жоқ. " * 99}),
        422,
        ("The text is longer than allowed. Characters too many: %(count)s.",),
        before=ANNOUNCED,
    ),
    Wrong(
        "cancelled twice",
        CANCEL,
        403,
        ("The competition can no longer be changed. Its state: %(state)s.",),
        before=(*ANNOUNCED, CANCEL),
    ),
    Wrong(
        "texts edited after cancelling",
        saved("texts", TEXTS),
        403,
        ("The competition can no longer be changed. Its state: %(state)s.",),
        before=(*ANNOUNCED, CANCEL),
        keeps=("name-kk", "description-ru"),
    ),
    Wrong(
        "announced after cancelling",
        ANNOUNCE,
        403,
        ("The competition can no longer be changed. Its state: %(state)s.",),
        before=(*ANNOUNCED, CANCEL),
    ),
    Wrong(
        "a competition that does not exist",
        Act(ORGANISER, "/manage/competitions/AAAAAAAAAAAAAAAAAAAAAA/announce", {}),
        404,
        ("There is no such page",),
    ),
    Wrong(
        "a competition of others",
        Act(ORGANISER, "/manage/competitions/{jas}/texts", TEXTS),
        404,
        ("There is no such page",),
        keeps=("name-kk", "description-ru"),
    ),
    Wrong(
        "an organiser's page without a role",
        Act("graduate1@demo.example", "/manage/competitions"),
        404,
        ("There is no such page",),
    ),
    Wrong(
        "a list asked for with rubbish",
        Act(ORGANISER, "/manage/competitions/{start}/applications?state=%00&q=%F0%28&order=';--&page=-1"),
        422,
        ("“%(word)s”: a quote or a bracket stands alone.",),
    ),
    Wrong(
        "a page of the outbox far away", Act(ORGANISER, "/manage/outbox?state=xyz&page=99999999999999999999"), 200, ("Letters",)
    ),
)
ROWS = (*MAKING, *ANNOUNCING)


@pytest.mark.parametrize(("wrong", "language"), in_both(ROWS))
def test_an_organiser_reads_what_is_wrong_and_keeps_her_words(demo: Demo, wrong: Wrong, language: str) -> None:
    demo.restore(wrong.state)
    found = faults(wrong, Stage(demo, language))

    assert not found, found
