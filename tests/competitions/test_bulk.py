"""One decision on many applications: its preview, the act, and taking it back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import event

from app.access.actor import COMMAND, SYSTEM
from app.core import audit, jobs
from app.core.db import db, writing
from app.core.refusals import RefusedError
from app.messages.models import Message
from app.people.models import Person, User
from app.people.queries import standing_consents
from app.people.rules import iin_check_digit
from app.people.services.consents import give_consent, withdraw_consent
from app.people.states import ConsentKind
from app.programmes.models import Programme
from app.programmes.queries import actor_of
from app.programmes.states import Role
from competitions.models import Application, Check, Competition
from competitions.queries.application import last_version
from competitions.queries.bulk import fresh_count, plan_of_found, tick_of
from competitions.queries.search import asked_query
from competitions.rules import checking
from competitions.rules.checking import UNDO_FOR, BulkAct, CheckRefusal, Reason
from competitions.rules.query_text import WHOLE
from competitions.rules.withdrawal import WithdrawalReason
from competitions.services.application import submit_application, withdraw_application
from competitions.services.bulk import admit_many, return_many, undo_many
from competitions.services.check import admit
from competitions.states import ApplicationState, CheckOutcome
from tests import factories
from tests.competitions.scene import CLOSES_AT, CONSENT, OPEN_AT, announced_call, applicant, draft, sign_in, write
from tests.meeting import meet_at_their_first_lock

AFTER = CLOSES_AT + timedelta(days=3)
DUE_AT = AFTER + timedelta(days=5)
REASONS = {"kk": [Reason("plan", "Мерзім қосыңыз.")], "ru": [Reason("plan", "Добавьте сроки.")]}


def iin(number):
    """A valid identity number of somebody born on 04.07.1999, another one for each number."""
    eleven = (str(first) for first in range(99070439000, 99070439200))
    return [f"{digits}{last}" for digits in eleven if (last := iin_check_digit(digits)) is not None][number]


def submit(competition, number, **changed):
    _account, actor = applicant()
    one = draft(competition, actor)
    write(one, actor, **{"iin": iin(number), "dob": "04.07.1999", "title": f"Жоба {number}"} | changed)
    submit_application(one, by=actor, at=OPEN_AT, declarations=CONSENT)
    return one


def five():
    """SA26-001 to 005 that wait; the last two are of one person. One more is a draft. Number 3 reads Russian."""
    with writing():
        competition = announced_call()
        programme = db.session.get_one(Programme, competition.programme_id)
        for number in range(4):
            submit(competition, number, contact__language="ru" if number == 2 else "kk")
        submit(competition, 3)
        _account, other = applicant()
        draft(competition, other)
        checker = factories.user(member_of=programme, role=Role.CHECKER, language="en")
        return SimpleNamespace(
            competition_id=competition.id,
            account_id=checker.id,
            list=f"/manage/competitions/{competition.public_id}/applications",
        )


@pytest.fixture
def scene(database, app, kept):
    """The five, on both databases: the competition and its checker."""
    found = kept(app, five)
    return db.session.get_one(Competition, found.competition_id), actor_of(db.session.get_one(User, found.account_id))


@pytest.fixture
def bench(app, client, at, kept):
    """The five, and their checker signed in."""
    at(AFTER)
    found = kept(app, five)
    with app.app_context(), writing():
        sign_in(client, db.session.get_one(User, found.account_id), AFTER)
    return found


def plan(scene, act, *, state=None, query=WHOLE, at=AFTER):
    competition, checker = scene
    return plan_of_found(checker, competition, act, state=state, query=query, at=at)


def ids(found):
    return [tick_of(one) for one in found.doable]


def numbers(found):
    return {why: [one.code for one in ones] for why, ones in found.left}


def states():
    return [one.state.value for one in db.session.query(Application).order_by(Application.id)]


def test_the_plan_leaves_to_a_person_who_applied_twice_and_knows_no_drafts(scene):
    found = plan(scene, BulkAct.ADMIT)
    assert [one.code for one in found.doable] == ["SA26-001", "SA26-002", "SA26-003"]
    assert numbers(found) == {CheckRefusal.ONE_OF_TWO: ["SA26-004", "SA26-005"]}
    assert len(plan(scene, BulkAct.RETURN).doable) == 5
    assert [one.code for one in plan(scene, BulkAct.ADMIT, query=asked_query("code:SA26-002")).doable] == ["SA26-002"]


def test_whose_consent_is_withdrawn_is_left_out_under_any_of_her_records(scene):
    competition, _checker = scene
    with writing():
        first, second, third = db.session.query(Application).order_by(Application.id).limit(3)
        for one in (first, second, third):
            consent = standing_consents([one.applicant_id], competition.public_id)[ConsentKind.PROCESSING]
            withdraw_consent(consent, by=COMMAND, at=AFTER)
        other = factories.person()
        give_consent(
            other, ConsentKind.PROCESSING, scope=competition.public_id, text="...", language="kk", by=COMMAND, at=AFTER
        )
        other.merged_into_id = second.applicant_id
        joined = db.session.get_one(Person, third.applicant_id)
        joined.iin, joined.iin_index, joined.merged_into_id = None, None, factories.person().id
    found = plan(scene, BulkAct.ADMIT)
    assert [one.code for one in found.doable] == ["SA26-002"]
    assert numbers(found)[CheckRefusal.CONSENT_WITHDRAWN] == ["SA26-001", "SA26-003"]
    assert len(plan(scene, BulkAct.RETURN).doable) == 5


def test_records_that_were_joined_are_one_person(scene):
    with writing():
        first, second = db.session.query(Application).order_by(Application.id).limit(2)
        person = db.session.get_one(Person, second.applicant_id)
        person.iin, person.iin_index, person.merged_into_id = None, None, first.applicant_id
    assert [one.code for one in plan(scene, BulkAct.ADMIT).doable] == ["SA26-003"]


def test_the_number_of_the_preview_is_the_number_of_the_act(scene):
    _competition, checker = scene
    found = plan(scene, BulkAct.ADMIT)
    with writing():
        assert admit_many(found, chosen=ids(found), by=checker, at=AFTER) == len(found.doable) == 3
    assert states() == ["admitted"] * 3 + ["submitted"] * 2 + ["draft"]
    again = plan(scene, BulkAct.ADMIT)
    assert again.doable == ()
    assert numbers(again)[CheckRefusal.NOT_WAITING] == ["SA26-001", "SA26-002", "SA26-003"]


def test_only_what_was_ticked_is_decided_and_nothing_ticked_is_said(scene):
    _competition, checker = scene
    found = plan(scene, BulkAct.ADMIT)
    with writing():
        assert admit_many(found, chosen=ids(found)[1:2], by=checker, at=AFTER) == 1
    assert states()[:3] == ["submitted", "admitted", "submitted"]
    with pytest.raises(RefusedError) as refused, writing():
        admit_many(found, chosen=[], by=checker, at=AFTER)
    assert refused.value.refusals[0].code is CheckRefusal.NONE_CHOSEN


def test_what_changed_after_the_preview_stops_the_whole_act(scene):
    _competition, checker = scene
    found = plan(scene, BulkAct.ADMIT)
    shown = ids(found)
    with writing():
        admit(db.session.query(Application).filter_by(code="SA26-002").one(), by=checker, at=AFTER)
    with pytest.raises(RefusedError) as refused, writing():
        admit_many(found, chosen=shown, by=checker, at=AFTER)
    assert [(one.code, one.params) for one in refused.value.refusals] == [(CheckRefusal.MOVED_ON, {"codes": "SA26-002"})]
    assert states()[:3] == ["submitted", "admitted", "submitted"]


def test_what_was_sent_again_after_the_preview_is_decided_by_nobody_unread(scene):
    _competition, checker = scene
    found = plan(scene, BulkAct.ADMIT)
    shown = ids(found)
    with writing():
        again = db.session.query(Application).filter_by(code="SA26-003").one()
        sent = last_version(again)
        assert sent is not None
        owner = db.session.get_one(User, sent.user_id)
        write(again, actor_of(owner), title="Жаңа атау")
        submit_application(again, by=actor_of(owner), at=AFTER, declarations=CONSENT)
    with pytest.raises(RefusedError) as refused, writing():
        admit_many(found, chosen=shown, by=checker, at=AFTER)
    assert [(one.code, one.params) for one in refused.value.refusals] == [(CheckRefusal.MOVED_ON, {"codes": "SA26-003"})]
    assert set(states()[:5]) == {"submitted"}


def test_while_applications_are_open_the_preview_says_what_each_was_promised(app, client, at, kept):
    at(CLOSES_AT - timedelta(minutes=1))
    found = kept(app, five)
    with app.app_context(), writing():
        sign_in(client, db.session.get_one(User, found.account_id), CLOSES_AT - timedelta(minutes=2))
    says = {}
    for now in (CLOSES_AT - timedelta(minutes=1), CLOSES_AT):
        at(now)
        pages = [client.get(f"{found.list}/decide/{act}").text for act in ("admit", "return")]
        says[now] = ["Applications are still open" in page for page in pages]

    assert list(says.values()) == [[True, True], [False, False]]


def test_what_was_not_in_the_plan_is_not_decided_however_it_is_named(scene):
    _competition, checker = scene
    narrow = plan(scene, BulkAct.RETURN, query=asked_query("code:SA26-001"))
    everyone = ids(plan(scene, BulkAct.RETURN))
    with pytest.raises(RefusedError), writing():
        return_many(narrow, chosen=everyone, reasons=REASONS, due_at=DUE_AT, by=checker, at=AFTER)
    assert set(states()[:5]) == {"submitted"}


def test_each_applicant_reads_the_reasons_in_her_own_language(scene, at):
    _competition, checker = scene
    found = plan(scene, BulkAct.RETURN)
    with writing():
        assert return_many(found, chosen=ids(found), reasons=REASONS, due_at=DUE_AT, by=checker, at=AFTER) == 5
    at(AFTER + UNDO_FOR)
    jobs.drain()
    letters = db.session.query(Message).filter_by(kind="competitions.application_returned").order_by(Message.id).all()
    assert sorted((one.language, "Добавьте сроки." in one.text, "Мерзім қосыңыз." in one.text) for one in letters) == [
        ("kk", False, True), ("kk", False, True), ("kk", False, True), ("kk", False, True), ("ru", True, False),
    ]  # fmt: skip


def test_undo_takes_back_all_that_is_fresh_and_no_letter_leaves(scene, at):
    competition, checker = scene
    found = plan(scene, BulkAct.ADMIT)
    with writing():
        admit_many(found, chosen=ids(found), by=checker, at=AFTER)
    assert fresh_count(competition, AFTER + timedelta(minutes=9)) == 3
    back = plan(scene, BulkAct.UNDO, at=AFTER + timedelta(minutes=9))
    assert [one.code for one in back.doable] == ["SA26-001", "SA26-002", "SA26-003"]
    with writing():
        assert undo_many(back, chosen=ids(back), by=checker, at=AFTER + timedelta(minutes=9)) == 3
    assert set(states()[:5]) == {"submitted"}
    assert audit.history(back.doable[0])[-1].verb == "undo_admit"
    assert fresh_count(competition, AFTER + timedelta(minutes=9)) == 0
    at(AFTER + timedelta(hours=1))
    jobs.drain()
    assert db.session.query(Message).filter_by(kind="competitions.application_admitted").count() == 0


def test_what_was_told_is_not_among_what_can_be_taken_back(scene):
    competition, checker = scene
    found = plan(scene, BulkAct.ADMIT)
    with writing():
        admit_many(found, chosen=ids(found), by=checker, at=AFTER)
    assert fresh_count(competition, AFTER + UNDO_FOR) == 0
    assert plan(scene, BulkAct.UNDO, at=AFTER + UNDO_FOR).doable == ()


def test_no_more_are_decided_at_once_than_fit_the_eye(scene, monkeypatch):
    monkeypatch.setattr("competitions.queries.bulk.AT_ONCE", 2)
    found = plan(scene, BulkAct.ADMIT)
    assert len(found.doable) == 2
    assert numbers(found)[CheckRefusal.TOO_MANY] == ["SA26-003"]
    assert checking.AT_ONCE == 100


def test_the_plan_costs_the_same_for_few_and_for_many(scene):
    competition, _checker = scene
    statements = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))

    def cost(act):
        db.session.rollback()
        before = len(statements)
        plan(scene, act).lines()
        return len(statements) - before

    few = [cost(act) for act in BulkAct]
    with writing():
        for number in range(4, 9):
            submit(competition, number)
    assert [cost(act) for act in BulkAct] == few


def test_a_checker_admits_what_she_left_ticked_and_takes_it_back_on_the_page(app, client, bench):
    listed = client.get(bench.list).text
    assert f'href="{bench.list}/decide/admit"' in listed
    page = client.get(f"{bench.list}/decide/admit").text
    assert "3 applications can be admitted." in page
    assert page.count('type="checkbox" checked') + page.count("checked ") >= 3
    assert "Stay as they are: 2" in page
    assert client.post(f"{bench.list}/decide/admit", data={"applications": []}).status_code == 409
    with app.app_context():
        chosen = [tick_of(one) for one in db.session.query(Application).order_by(Application.id).limit(2)]
    answer = client.post(f"{bench.list}/decide/admit", data={"applications": chosen}, follow_redirects=True)
    assert "2 applications are admitted." in answer.text
    assert "Decisions of the last ten minutes that can be taken back: 2" in answer.text
    assert "2 decisions can be taken back." in client.get(f"{bench.list}/decide/undo").text
    assert client.post(f"{bench.list}/decide/undo", data={"applications": chosen}).status_code == 303
    assert "Nothing can be taken back" in client.get(f"{bench.list}/decide/undo").text
    with app.app_context():
        assert {one.state for one in db.session.query(Application).filter(Application.code.is_not(None))} == {
            ApplicationState.SUBMITTED
        }


def test_a_return_of_many_needs_a_reason_and_takes_one_of_the_rules(app, client, bench):
    with app.app_context():
        chosen = [tick_of(one) for one in db.session.query(Application).order_by(Application.id).limit(3)]
    here = f"{bench.list}/decide/return?q=code:SA26"
    data = {"applications": chosen, "due_at": "2026-08-24T18:00"}
    empty = client.post(here, data=data)
    assert empty.status_code == 422
    assert empty.text.count("checked") == 3
    ready = data | {"reasons-0-question": "plan", "reasons-0-preset": "plan_dates"}
    assert client.post(here, data=ready).status_code == 303
    with app.app_context():
        kept = [one for one in db.session.query(Check).order_by(Check.id) if one.outcome is CheckOutcome.RETURNED]
        assert ["Жоспардағы" in one.reasons for one in kept] == [True, True, False]
        assert "план" in kept[2].reasons.casefold()


def test_a_query_that_cannot_be_read_decides_nothing(client, bench):
    assert client.get(f"{bench.list}/decide/admit?q=age:x").status_code == 409


def test_who_may_not_check_decides_nothing(app, client, bench, at):
    with app.app_context(), writing():
        competition = db.session.get_one(Competition, bench.competition_id)
        programme = db.session.get_one(Programme, competition.programme_id)
        sign_in(client, factories.user(member_of=programme, role=Role.SECRETARY, language="en"), AFTER)
    assert client.get(f"{bench.list}/decide/admit").status_code in {403, 404}
    assert "Admit several" not in client.get(bench.list).text


def test_what_was_withdrawn_is_neither_returned_nor_refused_on_any_page(app, client, bench):
    with app.app_context(), writing():
        one = db.session.query(Application).filter_by(code="SA26-001").one()
        withdraw_application(one, reason=WithdrawalReason.NO_TIME, by=SYSTEM, at=AFTER)
        address = f"/manage/applications/{one.public_id}"

    assert [client.get(f"{address}/{act}").status_code for act in ("return", "refuse")] == [409, 409]


@pytest.mark.db("postgresql")
@pytest.mark.parametrize("single", ["admit", "return", "refuse", "undo"])
def test_one_decision_and_the_same_on_many_do_not_hold_each_other(app, client, bench, database, single):
    """On SQLite writers come one by one anyway."""
    with app.app_context():
        ones = [tick_of(one) for one in db.session.query(Application).order_by(Application.id).limit(3)]
    if single == "undo":
        client.post(f"{bench.list}/decide/admit", data={"applications": ones})
    with client.session_transaction() as session:
        kept = dict(session)
    many = "undo" if single == "undo" else "admit"
    typed = {
        "return": {"due_at": "2026-08-24T18:00", "reasons-0-question": "plan", "reasons-0-preset": "plan_dates"},
        "refuse": {"reason": "own", "text": "Мерзім."},
    }
    wanted = [
        (f"{bench.list}/decide/{many}", {"applications": ones}),
        (f"/manage/applications/{ones[1].partition('.')[0]}/{single}", {"seen": 1, **typed.get(single, {})}),
    ]

    def send(asked):
        other = app.test_client()
        with other.session_transaction() as session:
            session.update(kept)
        return other.post(asked[0], data=asked[1]).status_code

    with app.app_context():
        meet_at_their_first_lock(db.engine)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(send, wanted))

    assert sorted(answers) == [303, 409]
