"""The thread between an applicant and those who work on her application: who writes, who waits, and whom it never reaches."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select, update

from app.access.door import decide
from app.core import audit
from app.core.db import db, writing
from app.core.refusals import RefusedError
from app.messages.models import Message
from app.people.models import User
from app.programmes.models import Membership
from app.programmes.queries import actor_of
from app.programmes.states import Role
from competitions.models import Application, Note
from competitions.policy import Permission
from competitions.queries.competition import programme_of
from competitions.queries.thread import notes_of, threads_of, waiting_counts
from competitions.rules.application import UNANSWERED_LIMIT, ApplicationRefusal
from competitions.services.thread import answer, ask, settle
from competitions.states import ApplicationState
from tests import factories
from tests.competitions.scene import OPEN_AT, announced_call, applicant, draft, sign_in

MINUTE = timedelta(minutes=1)
# More notes than any thread here has: whoever acts has read them all.
MANY = 99


@pytest.fixture
def scene(database):
    """A draft, its author, and a checker of its programme."""
    with writing():
        _account, actor = applicant()
        competition = announced_call()
        one = draft(competition, actor)
        programme = programme_of(competition)
        checker = actor_of(factories.user(member_of=programme, role=Role.CHECKER))
        yield SimpleNamespace(one=one, competition=competition, programme=programme, applicant=actor, checker=checker)


def words(scene):
    return [(note.text, note.is_answer) for note in notes_of(scene.one)]


def waiting(scene):
    return waiting_counts(scene.checker).get(scene.competition.id, 0)


def test_who_may_answer_learns_of_a_question_once_while_it_waits_and_nobody_else_does(scene):
    organiser, former = (factories.user(member_of=scene.programme, role=one) for one in (Role.ORGANISER, Role.SECRETARY))
    checker = db.session.get_one(User, scene.checker.user_id)
    for role in (Role.FUNDER, Role.CONSULTANT):
        factories.user(member_of=scene.programme, role=role)
    db.session.execute(update(Membership).where(Membership.user_id == former.id).values(ended_at=OPEN_AT))
    told = select(Message.address).where(Message.kind == "competitions.question_waits").order_by(Message.id)

    ask(scene.one, "Анықтама керек пе?", by=scene.applicant, at=OPEN_AT)
    ask(scene.one, "Тағы бір сұрақ.", by=scene.applicant, at=OPEN_AT)
    once = db.session.scalars(told).all()
    answer(scene.one, "Иә.", seen=MANY, by=scene.checker, at=OPEN_AT + MINUTE)
    ask(scene.one, "Рақмет, қай күнге дейін?", by=scene.applicant, at=OPEN_AT + 2 * MINUTE)

    assert sorted(once) == sorted([organiser.email, checker.email])
    assert sorted(db.session.scalars(told)) == sorted([*once, *once])
    letters = db.session.scalars(select(Message.text).where(Message.kind == "competitions.question_waits")).all()
    assert all(f"/manage/applications/{scene.one.public_id}/thread" in one for one in letters)
    assert not any("Анықтама" in one for one in letters)


def test_a_question_waits_until_it_is_answered_and_the_answer_goes_by_letter(scene):
    ask(scene.one, "Анықтама керек пе?", by=scene.applicant, at=OPEN_AT)
    before = waiting(scene)

    answer(scene.one, "Иә, бірақ көшірмесі жетеді.", seen=MANY, by=scene.checker, at=OPEN_AT + MINUTE)

    (letter,) = db.session.scalars(select(Message).where(Message.kind == "competitions.application_answered"))
    assert (before, waiting(scene)) == (1, 0)
    assert words(scene) == [("Анықтама керек пе?", False), ("Иә, бірақ көшірмесі жетеді.", True)]
    assert "көшірмесі жетеді" in letter.text
    assert letter.language == "kk"
    assert [entry.verb for entry in audit.history(scene.one)] == ["start", "ask", "answer"]


def test_a_second_click_writes_nothing_twice(scene):
    for _click in range(2):
        ask(scene.one, "Сұрақ", by=scene.applicant, at=OPEN_AT)
    for _click in range(2):
        answer(scene.one, "Жауап", seen=MANY, by=scene.checker, at=OPEN_AT)

    assert words(scene) == [("Сұрақ", False), ("Жауап", True)]
    assert sorted(db.session.scalars(select(Message.kind))) == [
        "competitions.application_answered", "competitions.question_waits",
    ]  # fmt: skip


def test_who_gets_no_answer_cannot_write_without_end(scene):
    for number in range(UNANSWERED_LIMIT):
        ask(scene.one, f"{number}", by=scene.applicant, at=OPEN_AT)

    with pytest.raises(RefusedError) as refused:
        ask(scene.one, "тағы", by=scene.applicant, at=OPEN_AT)
    answer(scene.one, "Жауап", seen=MANY, by=scene.checker, at=OPEN_AT)
    ask(scene.one, "тағы", by=scene.applicant, at=OPEN_AT)

    assert [one.code for one in refused.value.refusals] == [ApplicationRefusal.TOO_MANY_NOTES]
    assert words(scene)[-1] == ("тағы", False)


def test_question_that_came_meanwhile_is_neither_answered_nor_settled_unread(scene):
    for number in range(2):
        ask(scene.one, f"Сұрақ {number}", by=scene.applicant, at=OPEN_AT)
    acts = (settle, lambda one, **told: answer(one, "Иә", **told))
    for act in acts:
        with pytest.raises(RefusedError) as refused:
            act(scene.one, seen=1, by=scene.checker, at=OPEN_AT)
        assert [one.code for one in refused.value.refusals] == [ApplicationRefusal.THREAD_GREW]

    assert waiting(scene) == 1
    answer(scene.one, "Иә", seen=2, by=scene.checker, at=OPEN_AT)
    assert waiting(scene) == 0


def test_thanks_need_no_answer(scene):
    asked = [ask(scene.one, words, by=scene.applicant, at=OPEN_AT).id for words in ("Түсіндім.", "Рақмет!")]

    settle(scene.one, seen=MANY, by=scene.checker, at=OPEN_AT + MINUTE)
    settle(scene.one, seen=MANY, by=scene.checker, at=OPEN_AT + MINUTE)

    assert waiting(scene) == 0
    assert [entry.verb for entry in audit.history(scene.one)] == ["start", "ask", "ask", "settle"]
    assert audit.history(scene.one)[-1].details == {"notes": asked}

    ask(scene.one, "Рақмет!", by=scene.applicant, at=OPEN_AT + 2 * MINUTE)

    assert waiting(scene) == 1


def test_the_longest_waiting_stands_first(scene):
    made = {}
    for name in ("answered", "first", "second"):
        _account, actor = applicant()
        made[name] = draft(scene.competition, actor)
        ask(made[name], name, by=actor, at=OPEN_AT)
    answer(made["answered"], "жауап", seen=MANY, by=scene.checker, at=OPEN_AT)

    found = threads_of(scene.checker, scene.competition, number=1)

    assert [(one.last.text, one.is_waiting) for one in found.items] == [("first", True), ("second", True), ("жауап", False)]


def test_staff_of_another_programme_and_whoever_competes_have_no_part_in_it(scene):
    """Neither a stranger's team nor staff who compete themselves, here or with this very application."""
    _account, rival = applicant()
    competes = factories.user(member_of=scene.programme, role=Role.CHECKER)
    draft(scene.competition, actor_of(competes))
    stranger = factories.actor(member_of=factories.programme(), role=Role.CHECKER)
    own = factories.user(member_of=scene.programme, role=Role.ORGANISER)
    hers = draft(announced_call(), actor_of(own))

    allowed = {
        name: decide(who, Permission.APPLICATION_REPLY, scene.one).is_allowed
        for name, who in {
            "checker": scene.checker, "author": scene.applicant, "rival": rival, "competes": actor_of(competes),
            "stranger": stranger,
        }.items()
    }  # fmt: skip

    assert allowed == {"checker": True, "author": False, "rival": False, "competes": False, "stranger": False}
    assert not decide(actor_of(own), Permission.APPLICATION_REPLY, hers).is_allowed
    ask(scene.one, "Сұрақ", by=scene.applicant, at=OPEN_AT)
    assert (waiting_counts(actor_of(competes)), waiting_counts(stranger)) == ({}, {})


# --- Pages --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def pages(app, database, at):
    """The author and a checker, each in a browser of her own; and an outsider."""
    at(OPEN_AT)
    found = SimpleNamespace(author=app.test_client(), checker=app.test_client(), outsider=app.test_client())
    with app.app_context(), writing():
        account, actor = applicant()
        competition = announced_call()
        one = draft(competition, actor)
        checker = factories.user(member_of=programme_of(competition), role=Role.CHECKER)
        for client, who in ((found.author, account), (found.checker, checker), (found.outsider, applicant()[0])):
            sign_in(client, who)
        found.id, found.hers, found.theirs = (
            one.id,
            f"/my/applications/{one.public_id}",
            f"/manage/applications/{one.public_id}",
        )
        found.desk = f"/manage/competitions/{competition.public_id}/threads"
    return found


def test_pages_carry_a_question_and_its_answer(app, client, pages):
    pages.author.post(f"{pages.hers}/thread", data={"text": "Қайда <b>жазамын</b>?"})
    listed, todo = pages.checker.get(pages.desk).text, pages.checker.get("/manage/").text
    pages.checker.post(f"{pages.theirs}/thread", data={"text": "Осында.", "seen": "1"})

    read = pages.author.get(f"{pages.hers}/thread").text
    assert "Қайда &lt;b&gt;жазамын&lt;/b&gt;?" in listed
    assert pages.desk in todo
    assert ("Осында." in read, "Қайда &lt;b&gt;" in read) == (True, True)
    assert pages.desk not in pages.checker.get("/manage/").text


def test_page_that_is_older_than_the_thread_shows_what_is_new_and_keeps_the_words(app, client, pages):
    for text in ("Бірінші сұрақ", "Екінші сұрақ"):
        pages.author.post(f"{pages.hers}/thread", data={"text": text})

    stale = pages.checker.post(f"{pages.theirs}/thread", data={"text": "Иә, болады", "seen": "1"})
    settled = pages.checker.post(f"{pages.theirs}/thread/settle", data={"seen": "1"}, follow_redirects=True)

    assert (stale.status_code, "Иә, болады</textarea>" in stale.text, 'name="seen" type="hidden" value="2"' in stale.text) == (
        409, True, True,
    )  # fmt: skip
    assert "Екінші сұрақ" in settled.text
    assert pages.desk in pages.checker.get("/manage/").text


def test_a_typed_answer_is_not_lost_by_the_button_beside_it(app, client, pages):
    pages.author.post(f"{pages.hers}/thread", data={"text": "Сұрақ"})
    page = pages.checker.get(f"{pages.theirs}/thread").text
    typed = pages.checker.post(f"{pages.theirs}/thread/settle", data={"text": "Иә, болады", "seen": "1"})
    waits = pages.desk in pages.checker.get("/manage/").text
    blank = pages.checker.post(f"{pages.theirs}/thread/settle", data={"text": " ", "seen": "1"})

    assert f'formaction="{pages.theirs}/thread/settle"' in page
    assert (typed.status_code, "Иә, болады</textarea>" in typed.text, waits) == (409, True, True)
    assert blank.status_code == 303
    assert pages.desk not in pages.checker.get("/manage/").text


def test_a_note_that_is_empty_or_too_long_is_shown_again(app, client, pages):
    long = "ә" * 2001

    empty, over = (pages.author.post(f"{pages.hers}/thread", data={"text": text}) for text in ("  ", long))

    assert (empty.status_code, over.status_code, long in over.text) == (422, 422, True)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Note)) == 0


def test_a_note_that_is_refused_is_shown_again(app, client, pages):
    for number in range(UNANSWERED_LIMIT):
        pages.author.post(f"{pages.hers}/thread", data={"text": f"{number}"})

    refused = pages.author.post(f"{pages.hers}/thread", data={"text": "Тағы бір сұрағым бар еді"})

    assert (refused.status_code, "Тағы бір сұрағым бар еді</textarea>" in refused.text) == (409, True)


def test_an_outsider_finds_no_thread(app, client, pages):
    statuses = [
        pages.outsider.get(f"{pages.hers}/thread").status_code,
        pages.outsider.post(f"{pages.hers}/thread", data={"text": "x"}).status_code,
        pages.outsider.get(f"{pages.theirs}/thread").status_code,
        pages.outsider.post(f"{pages.theirs}/thread/settle").status_code,
        pages.author.post(f"{pages.theirs}/thread", data={"text": "x"}).status_code,
    ]

    assert statuses == [404] * 5
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Note)) == 0


def test_the_page_of_a_drafts_thread_says_nothing_of_the_draft(app, client, pages):
    with app.app_context(), writing():
        one = db.session.get_one(Application, pages.id)
        assert one.state is ApplicationState.DRAFT
    pages.author.post(f"{pages.hers}/thread", data={"text": "Сұрақ"})

    seen = pages.checker.get(f"{pages.theirs}/thread")

    assert (seen.status_code, "Сұрақ" in seen.text, f'href="{pages.theirs}"' in seen.text) == (200, True, False)
