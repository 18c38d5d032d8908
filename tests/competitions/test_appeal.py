"""An appeal against a refusal: its term, its answer, who reads it."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.access.door import decide
from app.core import audit, jobs
from app.core.db import db, writing
from app.core.refusals import RefusedError
from app.messages.models import Message
from app.people.models import User
from app.programmes.models import Programme
from app.programmes.queries import actor_of
from app.programmes.states import Role
from competitions.models import Appeal, Application, Competition
from competitions.policy import Permission
from competitions.queries.appeal import appealing, waiting_appeals
from competitions.queries.application import contents
from competitions.rules.appeal import appeal_due_at
from competitions.rules.checking import UNDO_FOR, Reason
from competitions.services.appeal import answer_appeal, appeal
from competitions.services.application import submit_application
from competitions.services.check import admit, refuse
from competitions.states import ApplicationState
from tests import factories
from tests.competitions.scene import CLOSES_AT, CONSENT, OPEN_AT, announced_call, applicant, draft, sign_in, write

# Friday 14.08.2026 18:00 is the closing; refused on Monday 17.08, so three working days end on Thursday 20.08 at 18:00.
REFUSED_AT = CLOSES_AT + timedelta(days=3)
TOLD_AT = REFUSED_AT + UNDO_FOR
TERM = CLOSES_AT + timedelta(days=6)
WORDS = "Жасым ереже бойынша сай келеді."


def refused():
    """An application that was refused, its author, and who refused it."""
    with writing():
        competition = announced_call()
        programme = db.session.get_one(Programme, competition.programme_id)
        account, actor = applicant()
        one = draft(competition, actor)
        write(one, actor)
        submit_application(one, by=actor, at=OPEN_AT, declarations=CONSENT)
        checker = factories.user(member_of=programme, role=Role.CHECKER, language="en")
        account.person.language = "en"
        refuse(one, reasons=[Reason(None, "Жасы асып кеткен.")], by=actor_of(checker), at=REFUSED_AT)
        return SimpleNamespace(
            id=one.id,
            author_id=account.id,
            checker_id=checker.id,
            competition_id=competition.id,
            hers=f"/my/applications/{one.public_id}",
            desk=f"/manage/applications/{one.public_id}",
        )


@pytest.fixture
def scene(database, app, kept):
    """The refusal, on both databases: the application, its author, its checker."""
    found = kept(app, refused)
    author, checker = (actor_of(db.session.get_one(User, one)) for one in (found.author_id, found.checker_id))
    return db.session.get_one(Application, found.id), author, checker


def codes(refused_error):
    return [one.code.value for one in refused_error.value.refusals]


def stands(application, at):
    return appealing(contents(application, at))


def test_who_may_answer_an_appeal_learns_until_when_in_her_own_language(scene):
    application, author, checker = scene
    with writing():
        appeal(application, WORDS, by=author, at=TOLD_AT)
        appeal(application, WORDS, by=author, at=TOLD_AT)
    (letter,) = db.session.scalars(select(Message).where(Message.kind == "competitions.appeal_waits"))
    assert letter.address == db.session.get_one(User, checker.user_id).email
    assert letter.language == "en"
    assert f"By the rules she is answered until {TERM.astimezone(ZoneInfo('Asia/Almaty')):%d.%m.%Y, %H:%M}" in letter.text
    assert WORDS not in letter.text


def test_who_answers_after_somebody_else_did_keeps_her_words(app, client, at, kept):
    at(TOLD_AT)
    found = kept(app, refused)
    with app.app_context(), writing():
        application = db.session.get_one(Application, found.id)
        appeal(application, WORDS, by=actor_of(db.session.get_one(User, found.author_id)), at=TOLD_AT)
        checker = db.session.get_one(User, found.checker_id)
        sign_in(client, checker, TOLD_AT)
        answer_appeal(application, "Шешім өз күшінде.", is_upheld=False, by=actor_of(checker), at=TOLD_AT)
    late = client.post(f"{found.desk}/appeal", data={"outcome": "upheld", "text": "Апелляция орынды."})

    assert late.status_code == 409
    assert "What you wrote was not sent" in late.text
    assert "Апелляция орынды." in late.text
    assert "Answer by" not in late.text


def test_the_term_counts_working_days_from_the_day_she_was_told_and_its_end_is_out(scene):
    application, author, _checker = scene
    assert stands(application, TOLD_AT).due_at == TERM
    with pytest.raises(RefusedError) as late, writing():
        appeal(application, WORDS, by=author, at=TERM)
    assert codes(late) == ["term_passed"]
    with writing():
        appeal(application, WORDS, by=author, at=TERM - timedelta(microseconds=1))
    assert db.session.scalars(select(Appeal)).one().text == WORDS


def test_the_term_of_a_refusal_before_midnight_counts_from_the_day_of_its_letter():
    zone = ZoneInfo("Asia/Almaty")
    midnight = datetime(2026, 8, 18, tzinfo=zone)
    last = timedelta(seconds=1)

    days = [appeal_due_at(one, 3, zone).date().day for one in (midnight - UNDO_FOR - last, midnight - last)]

    assert days == [20, 21]


def test_the_letter_of_a_refusal_says_until_when_and_where_she_can_appeal(scene, at):
    at(TOLD_AT)
    jobs.drain()
    letter = db.session.scalars(select(Message).where(Message.kind == "competitions.application_not_admitted")).one()
    assert "20.08.2026, 18:00" in letter.text
    assert f"/my/applications/{scene[0].public_id}/appeal" in letter.text


def test_nobody_appeals_against_what_she_was_not_told(scene):
    application, author, _checker = scene
    assert not stands(application, REFUSED_AT).may_appeal(REFUSED_AT)
    with pytest.raises(RefusedError) as early, writing():
        appeal(application, WORDS, by=author, at=TOLD_AT - timedelta(seconds=1))
    assert codes(early) == ["not_refused"]
    assert stands(application, TOLD_AT).may_appeal(TOLD_AT)


def test_a_second_click_is_the_same_appeal_and_other_words_are_refused(scene):
    application, author, _checker = scene
    with writing():
        first = appeal(application, WORDS, by=author, at=TOLD_AT)
        assert appeal(application, WORDS, by=author, at=TOLD_AT).id == first.id
    with pytest.raises(RefusedError) as again, writing():
        appeal(application, "Тағы бір сөз.", by=author, at=TOLD_AT)
    assert codes(again) == ["appealed_already"]


def test_an_appeal_that_is_upheld_sends_the_application_back_to_be_checked(scene, at):
    application, author, checker = scene
    with writing():
        appeal(application, WORDS, by=author, at=TOLD_AT)
    (waits,) = waiting_appeals(checker)
    assert (waits.application.id, waits.due_at) == (application.id, TERM)
    with writing():
        answer_appeal(application, "Туған күніңіз қате есептелген.", is_upheld=True, by=checker, at=TOLD_AT)
    assert application.state is ApplicationState.SUBMITTED
    assert waiting_appeals(checker) == []
    assert [entry.verb for entry in audit.history(application)][-3:] == ["appeal", "answer_appeal", "uphold_appeal"]
    at(TOLD_AT)
    jobs.drain()
    letter = db.session.scalars(select(Message).where(Message.kind == "competitions.appeal_answered")).one()
    assert "қате есептелген" in letter.text
    with writing():
        admit(application, by=checker, at=TOLD_AT)
    assert db.session.get_one(Application, application.id).state is ApplicationState.ADMITTED


def test_an_appeal_that_is_rejected_leaves_the_refusal_and_is_answered_once(scene):
    application, author, checker = scene
    with pytest.raises(RefusedError) as nothing, writing():
        answer_appeal(application, "Жоқ.", is_upheld=False, by=checker, at=TOLD_AT)
    with writing():
        appeal(application, WORDS, by=author, at=TOLD_AT)
        answer_appeal(application, "Ереже бойынша асып кеткен.", is_upheld=False, by=checker, at=TOLD_AT)
    with pytest.raises(RefusedError) as twice, writing():
        answer_appeal(application, "Басқаша.", is_upheld=True, by=checker, at=TOLD_AT)
    assert (codes(nothing), codes(twice)) == (["no_appeal"], ["answered_already"])
    assert application.state is ApplicationState.NOT_ADMITTED
    assert not stands(application, TOLD_AT).may_appeal(TOLD_AT)


def test_a_new_refusal_after_an_appeal_can_be_appealed_against_too(scene):
    application, author, checker = scene
    again = TOLD_AT + timedelta(days=1)
    with writing():
        appeal(application, WORDS, by=author, at=TOLD_AT)
        answer_appeal(application, "Қайта қараймыз.", is_upheld=True, by=checker, at=TOLD_AT)
        refuse(application, reasons=[Reason(None, "Өңірі басқа.")], by=checker, at=again)
    assert stands(application, again + UNDO_FOR).may_appeal(again + UNDO_FOR)


def test_what_was_answered_is_not_answered_otherwise_in_the_database(scene):
    application, author, checker = scene
    with writing():
        made = appeal(application, WORDS, by=author, at=TOLD_AT)
        answer_appeal(application, "Жоқ.", is_upheld=False, by=checker, at=TOLD_AT)
    other = update(Appeal).where(Appeal.id == made.id).values(answer="Иә.")
    with pytest.raises(IntegrityError, match="appeal_keeps_its_words"), writing():
        db.session.execute(other)


def test_only_who_checks_here_and_does_not_compete_answers(scene):
    application, author, checker = scene
    with writing():
        appeal(application, WORDS, by=author, at=TOLD_AT)
        programme = db.session.get_one(Programme, application.programme_id)
        secretary = factories.actor(member_of=programme, role=Role.SECRETARY)
        stranger = factories.actor(member_of=factories.programme(), role=Role.CHECKER)
        rival = factories.user(member_of=programme, role=Role.CHECKER)
        draft(db.session.get_one(Competition, application.competition_id), actor_of(rival))
    team = (checker, secretary, stranger)
    assert [decide(who, Permission.APPLICATION_CHECK, application).is_allowed for who in team] == [True, False, False]
    assert [len(waiting_appeals(who)) for who in (*team, actor_of(rival))] == [1, 0, 0, 0]


# --- Pages --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def pages(app, at, kept):
    """Her browser and the checker's, on the day after the refusal."""
    found = kept(app, refused)
    at(TOLD_AT)
    found.author, found.checker = app.test_client(), app.test_client()
    with app.app_context(), writing():
        for client, user_id in ((found.author, found.author_id), (found.checker, found.checker_id)):
            sign_in(client, db.session.get_one(User, user_id), TOLD_AT)
    return found


def test_she_appeals_on_her_page_and_reads_the_answer_there(pages):
    assert f'href="{pages.hers}/appeal"' in pages.author.get(pages.hers).text
    assert pages.author.post(f"{pages.hers}/appeal", data={"text": " "}).status_code == 422
    assert pages.author.post(f"{pages.hers}/appeal", data={"text": WORDS}).status_code == 303
    assert WORDS in pages.author.get(f"{pages.hers}/appeal").text
    second = pages.author.post(f"{pages.hers}/appeal", data={"text": "Тағы."})
    assert second.status_code == 409

    assert f'href="{pages.desk}/appeal"' in pages.checker.get(pages.desk).text
    assert f'href="{pages.desk}/appeal"' in pages.checker.get("/manage/").text
    page = pages.checker.get(f"{pages.desk}/appeal").text
    assert WORDS in page
    assert "You refused this application yourself." in page
    assert pages.checker.post(f"{pages.desk}/appeal", data={"text": "Жауап"}).status_code == 422
    answer = {"outcome": "rejected", "text": "Шешім дұрыс."}
    assert pages.checker.post(f"{pages.desk}/appeal", data=answer).status_code == 303
    assert pages.checker.post(f"{pages.desk}/appeal", data=answer).status_code == 409
    assert f'href="{pages.desk}/appeal"' not in pages.checker.get("/manage/").text
    assert "Шешім дұрыс." in pages.author.get(f"{pages.hers}/appeal").text


def test_without_an_appeal_there_is_nothing_to_answer_and_others_see_nothing(app, pages):
    assert pages.checker.get(f"{pages.desk}/appeal").status_code == 404
    assert pages.checker.get(f"{pages.hers}/appeal").status_code == 404
    assert pages.author.get(f"{pages.desk}/appeal").status_code == 404


def test_after_the_term_her_page_offers_no_appeal_and_says_until_when_it_was(app, at, pages):
    at(TERM)
    with app.app_context(), writing():
        sign_in(pages.author, db.session.get_one(User, pages.author_id), TERM)
    assert f'href="{pages.hers}/appeal"' not in pages.author.get(pages.hers).text
    page = pages.author.get(f"{pages.hers}/appeal").text
    assert "<textarea" not in page
    assert pages.author.post(f"{pages.hers}/appeal", data={"text": WORDS}).status_code == 409


def test_appeal_and_answer_stay_whatever_is_decided_later(app, client, at, kept):
    """She reads them while the next decision is untold, and who decides reads what was promised."""
    found = kept(app, refused)
    later, pages = TOLD_AT + timedelta(hours=1), []
    with app.app_context(), writing():
        one, checker = db.session.get_one(Application, found.id), actor_of(db.session.get_one(User, found.checker_id))
        appeal(one, WORDS, by=actor_of(db.session.get_one(User, found.author_id)), at=later)
        answer_appeal(one, "You are right: the age fits.", is_upheld=True, by=checker, at=later)
        refuse(one, reasons=[Reason(None, "Other.")], by=checker, at=later + timedelta(minutes=5))
    for minutes, account_id, url in (
        (6, found.author_id, f"{found.hers}/appeal"),
        (6, found.checker_id, f"{found.desk}/appeal"),
        (60, found.author_id, f"{found.hers}/appeal"),
    ):
        instant = later + timedelta(minutes=minutes)
        at(instant)
        with app.app_context(), writing():
            sign_in(client, db.session.get_one(User, account_id), instant)
        pages.append(client.get(url).text)

    assert ["You are right: the age fits." in page for page in pages] == [True] * 3
    assert [f'action="{found.hers}/appeal"' in page for page in pages] == [False, False, True]
    assert "Other." not in pages[0]
