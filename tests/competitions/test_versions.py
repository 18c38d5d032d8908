"""The queue with its ages, and two versions of an application side by side."""

from datetime import date, timedelta
from functools import partial
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.access.actor import COMMAND
from app.core.db import db, writing
from app.people.models import User
from app.people.rules import iin_check_digit
from app.programmes.models import Programme
from app.programmes.queries import actor_of
from app.programmes.states import Role
from competitions.models import Application, Competition
from competitions.queries.check import listed
from competitions.queries.versions import compared
from competitions.rules.change import Change
from competitions.rules.checking import Order, Reason
from competitions.rules.difference import COMPARED_AT_MOST, differing
from competitions.rules.form import QuestionText, put_question
from competitions.rules.query_text import WHOLE
from competitions.rules.working_days import add_working_days, working_days_between
from competitions.services.answer import save_answer
from competitions.services.application import submit_application
from competitions.services.check import return_application, undo_check
from competitions.services.form import edit_form
from competitions.states import QuestionKind
from tests import factories
from tests.competitions.scene import (
    CLOSES_AT,
    CONSENT,
    MADE_AT,
    OPEN_AT,
    announce_call,
    announced_call,
    applicant,
    draft,
    open_call,
    sign_in,
    write,
)

AFTER = CLOSES_AT + timedelta(days=3)
AGAIN = AFTER + timedelta(days=1)
NOW = AGAIN + timedelta(days=2)
TEXTS = st.text(alphabet="аб \n", max_size=40)


@pytest.fixture
def bench(app, client, at, kept):
    """A checker before an application that came back from its correction, signed in, two working days later."""
    found = kept(app, corrected)
    enter(app, client, at, found, NOW)
    return found


def enter(app, client, at, found, instant):
    at(instant)
    with app.app_context(), writing():
        sign_in(client, db.session.get_one(User, found.account_id), instant)


def corrected():
    with writing():
        competition = announced_call()
        programme = db.session.get_one(Programme, competition.programme_id)
        _account, actor = applicant()
        application = draft(competition, actor)
        write(application, actor)
        submit_application(application, by=actor, at=OPEN_AT, declarations=CONSENT)
        checker = factories.user(member_of=programme, role=Role.CHECKER, language="en")
        asked = [Reason("plan", "Жоспарға мерзім қосыңыз."), Reason("summary", "Толығырақ жазыңыз.")]
        return_application(application, reasons=asked, due_at=AGAIN + timedelta(days=5), by=actor_of(checker), at=AFTER)
        write(application, actor, at=AGAIN, summary="Киізден көрпе жасаймын.", contact__phone="8 700 111 00 03")
        submit_application(application, by=actor, at=AGAIN, declarations=CONSENT)
        return SimpleNamespace(
            account_id=checker.id,
            competition_id=competition.id,
            url=f"/manage/applications/{application.public_id}",
            list=f"/manage/competitions/{competition.public_id}/applications",
        )


def iin(number):
    """A valid identity number of somebody born on 04.07.1999, another one for each number."""
    eleven = (str(first) for first in range(99070439000, 99070439200))
    return [f"{digits}{last}" for digits in eleven if (last := iin_check_digit(digits)) is not None][number]


@given(TEXTS, TEXTS)
def test_a_difference_loses_no_letter_and_keeps_the_same_words_on_both_sides(before, after):
    found = differing(before, after)
    assert "".join(one.text for one in found.before) == before
    assert "".join(one.text for one in found.after) == after
    same = [[one.text.split() for one in side if not one.is_changed] for side in (found.before, found.after)]
    assert [word for words in same[0] for word in words] == [word for words in same[1] for word in words]
    if before == after:
        assert not any(one.is_changed for one in found.before)


def test_a_difference_marks_the_words_that_differ_and_no_others():
    found = differing("Киізден кәдесый жасаймын.", "Киізден әдемі көрпе жасаймын.")
    assert [one.text.strip() for one in found.before if one.is_changed] == ["кәдесый"]
    assert [one.text.strip() for one in found.after if one.is_changed] == ["әдемі көрпе"]


def test_very_long_texts_are_marked_whole_between_their_ends():
    many = int(COMPARED_AT_MOST**0.5) + 1
    found = differing("бас " + "а " * many + "соң", "бас " + "б " * many + "соң")
    assert [one.is_changed for one in found.before] == [False, True, False]


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(0, 40))
def test_working_days_between_are_those_of_a_term(start, count):
    assert working_days_between(start, add_working_days(start, count)) == count
    assert working_days_between(add_working_days(start, count), start) == -count


def test_versions_stand_side_by_side_with_what_was_asked_for(client, bench):
    assert f'href="{bench.url}/versions"' in client.get(bench.url).text
    page = client.get(f"{bench.url}/versions").text
    assert "<del>кәдесый </del>" in page
    assert "<ins>көрпе </ins>" in page
    assert page.count("Толығырақ жазыңыз.") == 1
    assert "You asked for, and it was not changed" in page
    assert page.index("You asked for, and it was not changed") < page.index("Жоспарға мерзім қосыңыз.")
    assert "what differs is personal" in page
    assert "111" not in page.split("</head>")[1].split("<footer")[0].replace("SA26", "")


def test_application_that_came_back_as_it_was_says_so_to_the_checker(app, client, bench):
    said = "This version is word for word the one before it."
    assert said not in client.get(bench.url).text
    with app.app_context(), writing():
        one = db.session.query(Application).one()
        checker = actor_of(db.session.get_one(User, bench.account_id))
        owner = actor_of(db.session.scalars(db.select(User).where(User.person_id == one.applicant_id)).one())
        asked = [Reason("plan", "Жоспарға мерзім қосыңыз.")]
        return_application(one, reasons=asked, due_at=NOW + timedelta(days=5), by=checker, at=NOW)
        submit_application(one, by=owner, at=NOW + timedelta(hours=1), declarations=CONSENT)
    assert said in client.get(bench.url).text


def test_a_single_version_has_nothing_to_compare_with(app, client, bench):
    page = client.get(f"{bench.url}/versions?before=1&after=1").text
    assert "No answer differs" in page
    assert client.get(f"{bench.url}/versions?before=2&after=1").text.index("Version 1,") > 0
    with app.app_context(), writing():
        competition = db.session.get_one(Competition, bench.competition_id)
        _account, other = applicant()
        one = draft(competition, other)
        write(one, other, iin=iin(0), dob="04.07.1999")
        draft_url = f"/manage/applications/{one.public_id}/versions"
    assert client.get(draft_url).status_code == 404
    with app.app_context(), writing():
        one = db.session.query(Application).filter_by(public_id=draft_url.split("/")[3]).one()
        submit_application(one, by=other, at=OPEN_AT, declarations=CONSENT)
    assert "There is only one version" in client.get(draft_url).text
    assert "Compare with the version before" not in client.get(draft_url.removesuffix("/versions")).text


def test_the_queue_says_how_long_each_waits_and_how_much_time_is_left(app, client, at, bench):
    page = client.get(bench.list).text
    assert "waits 2 working days" in page
    assert "working days left" in page
    enter(app, client, at, bench, NOW + timedelta(days=60))
    assert "working days late" in client.get(bench.list).text


@pytest.fixture
def scene(database, app, kept):
    """The same application, on both databases."""
    return kept(app, corrected)


def test_reasons_are_those_of_returns_between_the_two_versions_that_were_not_taken_back(scene):
    with writing():
        application = db.session.query(Application).one()
        actor = actor_of(db.session.get_one(User, scene.account_id))
        own = actor_of(db.session.query(User).filter_by(person_id=application.applicant_id).one())
        later = [Reason("title", "Атауын қысқартыңыз.")]
        return_application(application, reasons=later, due_at=NOW + timedelta(days=5), by=actor, at=NOW)
        undo_check(application, by=actor, at=NOW)
        return_application(application, reasons=later, due_at=NOW + timedelta(days=5), by=actor, at=NOW)
        write(application, own, at=NOW + timedelta(days=1), title="Киіз")
        submit_application(application, by=own, at=NOW + timedelta(days=1), declarations=CONSENT)
    seen = compared(application, NOW, earlier=None, later=None)
    assert seen
    assert (seen.earlier.number, seen.later.number) == (2, 3)
    assert seen.reasons == {"title": ("Атауын қысқартыңыз.",)}
    assert [seen.before.values["title"], seen.after.values["title"]] == ["«Киіз әлемі»", "Киіз"]
    whole = compared(application, NOW, earlier=3, later=1)
    assert whole
    assert set(whole.reasons) == {"plan", "summary", "title"}
    assert [whole.before.values["title"], whole.after.values["title"]] == ["«Киіз әлемі»", "Киіз"]


def test_what_waits_longest_stands_first(scene):
    with writing():
        competition = db.session.get_one(Competition, scene.competition_id)
        for number, instant in enumerate((OPEN_AT + timedelta(hours=2), OPEN_AT + timedelta(hours=1))):
            _account, other = applicant()
            one = draft(competition, other)
            write(one, other, iin=iin(number + 1), dob="04.07.1999")
            submit_application(one, by=other, at=instant, declarations=CONSENT)
        checker = actor_of(db.session.get_one(User, scene.account_id))
        found = listed(checker, competition, state=None, query=WHOLE, order=Order.WAITING, number=1)
        assert [row.application.code for row in found.items] == ["SA26-003", "SA26-002", "SA26-001"]


WHERE = {"show_if": {"question": "sells", "is": ["yes"]}}


def answered(first, second):
    """Corrected so that a question comes, or goes, with the answer it depends on."""
    with writing():
        call = open_call()
        for one in (
            QuestionText("sells", "idea", QuestionKind.YES_NO, {"kk": "Сатасыз ба?", "ru": "Продаёте?"}),
            QuestionText("where", "idea", QuestionKind.LONG, {"kk": "Қайда?", "ru": "Где?"}, options=WHERE),
        ):
            edit_form(call, partial(put_question, question=one), by=COMMAND, at=MADE_AT)
        announce_call(call)
        _account, actor = applicant()
        application = draft(call, actor)
        write(application, actor)
        save_answer(application, Change("sells", first, "s1"), by=actor, at=OPEN_AT)
        save_answer(application, Change("where", "Базарда сатамын.", "w1"), by=actor, at=OPEN_AT)
        submit_application(application, by=actor, at=OPEN_AT, declarations=CONSENT)
        programme = db.session.get_one(Programme, call.programme_id)
        checker = factories.user(member_of=programme, role=Role.CHECKER, language="en")
        asked = [Reason("where", "Қай базарда?")]
        return_application(application, reasons=asked, due_at=AGAIN + timedelta(days=5), by=actor_of(checker), at=AFTER)
        save_answer(application, Change("sells", second, "s2"), by=actor, at=AGAIN)
        submit_application(application, by=actor, at=AGAIN, declarations=CONSENT)
        return SimpleNamespace(account_id=checker.id, url=f"/manage/applications/{application.public_id}")


@pytest.mark.parametrize("answers", [("no", "yes"), ("yes", "no")])
def test_question_asked_in_one_version_only_stands_beside_nothing(app, client, at, kept, answers):
    found = kept(app, answered, *answers)
    enter(app, client, at, found, NOW)
    page = client.get(f"{found.url}/versions")

    assert page.status_code == 200
    assert "Базарда сатамын." in page.text.replace("<del>", "").replace("<ins>", "")
    assert "Қай базарда?" in page.text
    assert "Nothing stands here" in page.text
