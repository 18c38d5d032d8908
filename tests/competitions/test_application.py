"""An applicant's verbs: start, write without losing a word, submit once, withdraw and take it back."""

import json
import random
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask_babel import force_locale
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError

from app.access.door import decide, visible_to
from app.core import audit
from app.core.db import db, writing
from app.core.refusals import RefusedError, Tenge
from app.messages.models import Message
from app.people.models import Person
from app.people.queries import standing_consents
from app.people.services.persons import merge_persons
from app.people.states import ConsentKind, PublicName
from competitions.events import ApplicationRestored, ApplicationSubmitted
from competitions.models import AnswerChange, Application, ApplicationVersion, Competition
from competitions.policy import Obstacle, Permission
from competitions.queries.application import calendar_of, contents, is_sent, versions_of, withdrawal_open_until
from competitions.queries.history import late_changes
from competitions.rules.application import ApplicationRefusal
from competitions.rules.budget import BudgetRefusal
from competitions.rules.change import BYTES_KEPT, FORGOTTEN_EVERY, TEXTS_KEPT, Change, Outcome, fitting_count
from competitions.rules.checking import Reason
from competitions.rules.eligibility import EligibilityRefusal
from competitions.rules.form import QuestionText, put_question
from competitions.rules.readiness import ReadinessRefusal
from competitions.rules.withdrawal import WithdrawalReason
from competitions.services.answer import save_answer
from competitions.services.application import (
    Agreed,
    Declarations,
    start_application,
    submit_application,
    undo_withdrawal,
    withdraw_application,
)
from competitions.services.check import return_application
from competitions.services.form import edit_form
from competitions.states import ApplicationState, CompetitionState, Milestone, QuestionKind
from competitions.views.status import late_texts, reasons, status
from tests import factories
from tests.competitions.scene import (
    CLOSES_AT,
    CONSENT,
    MADE_AT,
    OPEN_AT,
    YES,
    announce_call,
    announced_call,
    applicant,
    draft,
    open_call,
    write,
)  # fmt: skip

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


@pytest.fixture
def begun(database, app, kept):
    """A draft and its author."""
    return kept(app, begin)


@pytest.fixture
def sent(database, app, kept):
    """A submitted application and its author."""
    return kept(app, send)


@pytest.fixture
def pitched(database, app, kept):
    """An admitted application of a competition without a blind round, its author and the competition."""
    return kept(app, pitch_only)


@pytest.fixture(autouse=True)
def _one_transaction(request):
    """These tests speak to services inside one writing transaction, as a request does."""
    if "database" in request.fixturenames:
        for name in ("database", "begun", "sent", "pitched"):
            if name in request.fixturenames:
                request.getfixturevalue(name)
        with writing():
            yield
    else:
        yield


def codes(refused):
    return [one.code for one in refused.value.refusals]


def begin():
    with writing():
        actor = applicant()[1]
        return draft(announced_call(), actor), actor


def send():
    with writing():
        one, actor = begin()
        write(one, actor)
        submit_application(one, by=actor, at=OPEN_AT, declarations=CONSENT)
        return one, actor


# --- Starting -----------------------------------------------------------------------------------------------------------


def test_start_makes_one_draft_and_gives_it_again(database):
    competition, (_user, actor) = announced_call(), applicant()

    first = draft(competition, actor)

    assert draft(competition, actor) is first
    assert first.state is ApplicationState.DRAFT
    assert first.code is None


def test_start_writes_down_what_is_known(database):
    competition, (account, actor) = announced_call(), applicant()

    what = contents(draft(competition, actor), OPEN_AT)

    assert what.values["contact"] == {"phone": "", "email": account.email, "language": "kk"}
    assert what.values["region"] == {"region": "KZ-33", "district": ""}


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (CLOSES_AT - SECOND, None),
        (CLOSES_AT, Obstacle.APPLICATIONS_CLOSED),
        (OPEN_AT.replace(month=7, day=19), Obstacle.NOT_OPEN_YET),
    ],
)
def test_start_is_possible_from_the_opening_until_just_before_the_closing(database, at, code):
    competition, (_user, actor) = announced_call(), applicant()

    if code is None:
        assert start_application(competition, by=actor, eligibility=YES, language="kk", at=at).id
        return
    with pytest.raises(RefusedError) as refused:
        start_application(competition, by=actor, eligibility=YES, language="kk", at=at)

    assert codes(refused) == [code]


def test_start_before_the_announcement_is_refused(database):
    competition, (_user, actor) = open_call(), applicant()

    with pytest.raises(RefusedError) as refused:
        draft(competition, actor)

    assert codes(refused) == [Obstacle.COMPETITION_NOT_RUNNING]


def test_start_with_a_no_is_refused(database):
    competition, (_user, actor) = announced_call(), applicant()

    with pytest.raises(RefusedError) as refused:
        draft(competition, actor, graduate=False, region=False)

    assert codes(refused) == [EligibilityRefusal.NOT_A_GRADUATE, EligibilityRefusal.OTHER_REGION]


# --- Writing ------------------------------------------------------------------------------------------------------------


def test_change_seen_before_changes_nothing(begun):
    one, actor = begun
    change = Change("title", "Бірінші", "id-1", 0)
    save_answer(one, change, by=actor, at=OPEN_AT)
    save_answer(one, Change("title", "Екінші", "id-2", 1), by=actor, at=OPEN_AT)

    again = save_answer(one, change, by=actor, at=OPEN_AT)

    assert (again.outcome, again.version, again.value) == (Outcome.SAVED, 2, "Екінші")
    assert contents(one, OPEN_AT).values["title"] == "Екінші"


def test_stale_change_is_a_conflict_and_both_texts_are_kept(begun):
    one, actor = begun
    save_answer(one, Change("title", "Бір", "a", 0), by=actor, at=OPEN_AT)
    save_answer(one, Change("title", "Телефоннан", "b", 1), by=actor, at=OPEN_AT)

    rival = save_answer(one, Change("title", "Компьютерден", "c", 1), by=actor, at=OPEN_AT)

    assert (rival.outcome, rival.version, rival.value) == (Outcome.CONFLICT, 2, "Телефоннан")
    kept = db.session.scalars(
        select(AnswerChange.value).where(AnswerChange.question_key == "title").order_by(AnswerChange.id)
    ).all()
    assert kept == ["Бір", "Телефоннан", "Компьютерден"]
    assert save_answer(one, Change("title", "Компьютерден", "d", 2), by=actor, at=OPEN_AT).outcome is Outcome.SAVED


def test_equal_text_over_a_stale_version_is_no_conflict(begun):
    one, actor = begun
    save_answer(one, Change("title", "Бір", "a", 0), by=actor, at=OPEN_AT)

    assert save_answer(one, Change("title", "Бір", "b", 0), by=actor, at=OPEN_AT).outcome is Outcome.SAVED


def test_parts_of_one_answer_are_no_rivals_of_each_other(begun):
    one, actor = begun
    save_answer(one, Change("name-family", "Сынақбай", "a", 1), by=actor, at=OPEN_AT)

    given = save_answer(one, Change("name-given", "Арлан", "b", 1), by=actor, at=OPEN_AT)
    rival = save_answer(one, Change("name-family", "Сынақбаев", "c", 1), by=actor, at=OPEN_AT)

    assert (given.outcome, rival.outcome) == (Outcome.SAVED, Outcome.CONFLICT)
    assert contents(one, OPEN_AT).values["name"] == {"family": "Сынақбай", "given": "Арлан", "patronymic": ""}


def test_known_part_can_be_changed_with_its_first_version(begun):
    one, actor = begun
    save_answer(one, Change("contact-phone", "87000000003", "a", 1), by=actor, at=OPEN_AT)

    assert save_answer(one, Change("contact-language", "ru", "b", 1), by=actor, at=OPEN_AT).outcome is Outcome.SAVED


def test_lines_of_a_table_come_as_one_list(begun):
    one, actor = begun
    text = json.dumps([{"step": "Бастау", "weeks": "2"}, {"step": "", "weeks": ""}])

    save_answer(one, Change("plan", text, "a", 0), by=actor, at=OPEN_AT)

    assert contents(one, OPEN_AT).values["plan"] == [{"step": "Бастау", "weeks": 2}]


@pytest.mark.parametrize(
    "text", ["[true]", "[null]", "[5]", '["x"]', '[{"nothing": "of ours"}]', '[{"step": 1e999}]', "{}", '[{"step": "a"}, 5]']
)
def test_what_is_no_table_is_refused_and_empties_none(begun, text):
    one, actor = begun
    save_answer(one, Change("plan", '[{"step": "Бастау", "weeks": "2"}]', "a", 0), by=actor, at=OPEN_AT)

    with pytest.raises(RefusedError):
        save_answer(one, Change("plan", text, "b", 1), by=actor, at=OPEN_AT)

    assert contents(one, OPEN_AT).values["plan"] == [{"step": "Бастау", "weeks": 2}]


def test_invalid_text_is_stored_as_it_was_typed(begun):
    one, actor = begun

    save_answer(one, Change("amount", "жарты миллион", "a", 0), by=actor, at=OPEN_AT)

    assert contents(one, OPEN_AT).values["amount"] == "жарты миллион"


def test_private_answer_is_sealed(begun):
    one, actor = begun

    save_answer(one, Change("iin", "000418599113", "a", 0), by=actor, at=OPEN_AT)
    db.session.flush()

    rows = db.session.connection().exec_driver_sql("SELECT * FROM competitions_answers").all()
    changes = db.session.connection().exec_driver_sql("SELECT * FROM competitions_answer_changes").all()
    assert contents(one, OPEN_AT).values["iin"] == "000418599113"
    assert "000418599113" not in repr([rows, changes])


def test_no_acknowledged_text_disappears_from_history(begun):
    """Three devices save at random, each over the version it saw last; whatever came is found again."""
    one, actor = begun
    chance, seen, sent = random.Random(7), [0, 0, 0], []
    for number in range(90):
        device = chance.randrange(3)
        text = f"мәтін {number} ({device})"
        saved = save_answer(one, Change("problem", text, str(number), seen[device]), by=actor, at=OPEN_AT)
        sent.append(text)
        if saved.outcome is Outcome.SAVED or chance.random() < 0.5:
            seen[device] = saved.version

    kept = db.session.scalars(
        select(AnswerChange.value).where(AnswerChange.question_key == "problem").order_by(AnswerChange.id)
    )
    versions = db.session.scalars(
        select(AnswerChange.version).where(AnswerChange.question_key == "problem", AnswerChange.version.is_not(None))
    ).all()
    assert list(kept) == sent
    assert list(versions) == list(range(1, len(versions) + 1))


def test_history_of_an_answer_keeps_the_latest_texts_that_fit(begun):
    one, actor = begun
    save_answer(one, Change("title", "Атауы", "title", 0), by=actor, at=OPEN_AT)
    known = {"application_id": one.id, "question_key": "problem", "arrived_at": OPEN_AT, "is_late": False}
    db.session.add_all(AnswerChange(change_id=f"{n}", value=f"мәтін {n}", **known) for n in range(TEXTS_KEPT))
    db.session.flush()
    for number in range(TEXTS_KEPT, TEXTS_KEPT + FORGOTTEN_EVERY):
        save_answer(one, Change("problem", f"мәтін {number}", str(number)), by=actor, at=OPEN_AT)
    for number in range(FORGOTTEN_EVERY):
        save_answer(one, Change("product", f"{number % 10}" * 90_000 + "ә" * 9_000, f"long {number}"), by=actor, at=OPEN_AT)

    def kept(key):
        wanted = select(AnswerChange.value).where(AnswerChange.question_key == key).order_by(AnswerChange.id)
        return db.session.scalars(wanted).all()

    assert kept("problem") == [f"мәтін {number}" for number in range(FORGOTTEN_EVERY, TEXTS_KEPT + FORGOTTEN_EVERY)]
    assert kept("title") == ["Атауы"]
    assert contents(one, OPEN_AT).values["problem"] == f"мәтін {TEXTS_KEPT + FORGOTTEN_EVERY - 1}"
    assert kept("product")[-1].startswith(f"{(FORGOTTEN_EVERY - 1) % 10}")


@pytest.mark.parametrize(
    ("sizes", "count"),
    [
        ([], 0),
        ([1] * 10, 10),
        ([1] * (TEXTS_KEPT + 9), TEXTS_KEPT),
        ([BYTES_KEPT, 1], 1),
        ([BYTES_KEPT + 1, 1], 1),
        ([1, BYTES_KEPT], 1),
    ],
)
def test_latest_text_always_fits(sizes, count):
    assert fitting_count(sizes) == count


def test_unknown_field_is_refused(begun):
    one, actor = begun

    for name in ("nothing", "name", "name-nickname", "quotes", ""):
        with pytest.raises(RefusedError) as refused:
            save_answer(one, Change(name, "x", name), by=actor, at=OPEN_AT)
        assert codes(refused) == [ApplicationRefusal.UNKNOWN_QUESTION]


def test_late_text_is_kept_for_its_author_and_changes_nothing(begun):
    one, actor = begun
    save_answer(one, Change("title", "Уақытында", "a", 0), by=actor, at=OPEN_AT)

    late = save_answer(one, Change("title", "Кеш", "b", 1), by=actor, at=CLOSES_AT, is_late=True)

    what = contents(one, CLOSES_AT)
    assert (late.outcome, what.values["title"]) == (Outcome.LATE, "Уақытында")
    assert [change.value for change in late_changes(one).values()] == ["Кеш"]
    with force_locale("kk"):
        assert [(text.text, text.arrived_at) for text in late_texts(what)] == [("Кеш", CLOSES_AT)]


# --- Submitting ---------------------------------------------------------------------------------------------------------


def test_submission_gives_code_version_person_consent_audit_and_letter(database):
    account, actor = applicant()
    one = draft(announced_call(), actor)
    write(one, actor)

    version = submit_application(one, by=actor, at=OPEN_AT, declarations=CONSENT)

    person = db.session.get_one(Person, one.applicant_id)
    (letter,) = db.session.scalars(select(Message).where(Message.kind == "competitions.application_submitted"))
    assert (one.state, one.code, one.submitted_at) == (ApplicationState.SUBMITTED, "SA26-001", OPEN_AT)
    assert (version.number, len(version.sha256)) == (1, 64)
    assert (version.content["title"], "iin" in version.content) == ("«Киіз әлемі»", False)
    assert json.loads(version.sealed)["iin"] == "000418599113"
    assert (person.full_name, person.iin, person.phone) == ("Сынақбай Арлан", "000418599113", "+77000000003")
    assert (person.region, str(person.born_on)) == ("KZ-33", "2000-04-18")
    assert list(standing_consents([person.id], one_scope(one))) == [ConsentKind.PROCESSING]
    assert [entry.verb for entry in audit.history(one)] == ["start", "submit"]
    assert (letter.address, letter.language) == (account.email, "kk")
    assert "SA26-001" in letter.text
    assert "SA26-001" in letter.subject
    assert version.sha256 in letter.text


def one_scope(one):
    return contents(one, OPEN_AT).competition.public_id


def test_birth_date_is_the_answer_to_its_own_question_not_to_the_first_date(database):
    call, (_account, actor) = open_call(), applicant()
    left_on = QuestionText("left_on", "idea", QuestionKind.DATE, {"kk": "Қашан?", "ru": "Когда?"}, is_private=True)
    edit_form(call, lambda text: put_question(text, left_on), by=actor, at=MADE_AT)
    announce_call(call)
    one = draft(call, actor)
    write(one, actor, left_on="01.09.2018")

    submit_application(one, by=actor, at=OPEN_AT, declarations=CONSENT)

    assert db.session.get_one(Person, one.applicant_id).born_on == date(2000, 4, 18)


def test_letters_go_to_the_confirmed_address_whatever_was_typed(database):
    account, actor = applicant()
    one = draft(announced_call(), actor)
    write(one, actor, contact__email="victim@example.com")

    submit_application(one, by=actor, at=OPEN_AT, declarations=CONSENT)
    withdraw_application(one, reason=WithdrawalReason.NO_TIME, by=actor, at=OPEN_AT)

    assert {letter.address for letter in db.session.scalars(select(Message))} == {account.email}
    assert account.person.email == account.email


def test_second_submission_of_the_same_changes_nothing(sent):
    one, actor = sent

    again = submit_application(one, by=actor, at=OPEN_AT + SECOND, declarations=CONSENT)

    letters = db.session.scalar(select(func.count()).select_from(Message))
    assert (again.number, len(versions_of(one)), letters, one.submitted_at) == (1, 1, 1, OPEN_AT)


def test_changed_answers_are_submitted_as_a_new_version_under_the_same_code(sent):
    one, actor = sent
    save_answer(one, Change("title", "«Киіз ұлысы»", "later"), by=actor, at=OPEN_AT)

    second = submit_application(one, by=actor, at=OPEN_AT + SECOND, declarations=CONSENT)

    assert (second.number, one.code, one.submitted_at) == (2, "SA26-001", OPEN_AT + SECOND)
    assert [version.content["title"] for version in versions_of(one)] == ["«Киіз әлемі»", "«Киіз ұлысы»"]
    assert [entry.verb for entry in audit.history(one)] == ["start", "submit", "amend"]
    assert db.session.scalar(select(func.count()).select_from(Message)) == 2


def test_codes_are_given_in_the_order_of_submission(database):
    competition = announced_call()
    found = []
    for number, iin in enumerate(("000418599113", "010203599017")):
        _user, actor = applicant()
        one = draft(competition, actor)
        write(one, actor, iin=iin, title=f"Жоба {number}")
        submit_application(one, by=actor, at=OPEN_AT, declarations=CONSENT)
        found.append(one.code)

    assert found == ["SA26-001", "SA26-002"]


def test_submission_says_everything_that_is_missing_at_once_and_leaves_nothing(begun):
    one, actor = begun
    write(one, actor, title="", amount="1 000 001", dob="14.08.1991")

    with pytest.raises(RefusedError) as refused:
        submit_application(one, by=actor, at=OPEN_AT, declarations=replace(CONSENT, consents=()))

    assert codes(refused) == [
        ReadinessRefusal.NOT_ANSWERED,
        BudgetRefusal.AMOUNT_OVER_CAP,
        BudgetRefusal.NOT_THE_AMOUNT,
        EligibilityRefusal.TOO_OLD,
        ApplicationRefusal.CONSENT_NEEDED,
    ]
    assert (one.state, one.code, list(versions_of(one))) == (ApplicationState.DRAFT, None, [])
    assert db.session.scalar(select(func.count()).select_from(Message)) == 0


def test_budget_of_1_000_001_is_refused(begun):
    one, actor = begun
    line = {
        "category": "equip",
        "item": "Станок",
        "unit": "дана",
        "quantity": "1",
        "price": "1000001",
        "grant": "1000001",
        "own": "0",
    }
    write(one, actor, amount="1000000", budget=[line])

    (fault,) = [lack.refusal for lack in contents(one, OPEN_AT).missing() if lack.question == "budget"]

    assert (fault.code, fault.params["grant"]) == (BudgetRefusal.OVER_CAP, Tenge(1_000_001))


@pytest.mark.parametrize(("born_on", "is_eligible"), [("14.08.1991", False), ("15.08.1991", True)])
def test_age_counts_on_the_closing_day(begun, born_on, is_eligible):
    one, actor = begun
    write(one, actor, dob=born_on)

    assert (contents(one, OPEN_AT).missing() == []) is is_eligible


def test_submission_tells_nobody_whose_identity_number_was_used_before(database):
    competition = announced_call()
    (_first, first_actor), (_second, second_actor) = applicant("first@example.com"), applicant("second@example.com")
    first, second = draft(competition, first_actor), draft(competition, second_actor)
    write(first, first_actor)
    write(second, second_actor)

    submit_application(first, by=first_actor, at=OPEN_AT, declarations=CONSENT)
    submit_application(second, by=second_actor, at=OPEN_AT, declarations=CONSENT)

    assert {first.state, second.state} == {ApplicationState.SUBMITTED}
    assert first.code != second.code


def test_second_application_of_one_person_is_refused_whatever_record_it_is_under(database):
    competition = announced_call()
    (one, one_actor), (other, other_actor) = applicant(), applicant()
    first, second = draft(competition, one_actor), draft(competition, other_actor)
    write(first, one_actor)
    write(second, other_actor)
    submit_application(first, by=one_actor, at=OPEN_AT, declarations=CONSENT)
    merge_persons(other.person, into=one.person, by=one_actor, at=OPEN_AT)

    with pytest.raises(RefusedError) as refused:
        submit_application(second, by=other_actor, at=OPEN_AT, declarations=CONSENT)

    assert codes(refused) == [ApplicationRefusal.ANOTHER_STANDS]


def test_consents_are_kept_apart_and_an_unticked_one_is_withdrawn(sent):
    one, actor = sent
    named = Declarations((*CONSENT.consents, Agreed(ConsentKind.NAME, "Атым", PublicName.INITIAL)), "kk")
    save_answer(one, Change("title", "Екі", "two"), by=actor, at=OPEN_AT)
    submit_application(one, by=actor, at=OPEN_AT, declarations=named)
    with_name = {kind: consent.value for kind, consent in standing_consents(actor.person_ids, one_scope(one)).items()}
    save_answer(one, Change("title", "Үш", "three"), by=actor, at=OPEN_AT)
    submit_application(one, by=actor, at=OPEN_AT + SECOND, declarations=CONSENT)

    assert with_name == {ConsentKind.PROCESSING: "", ConsentKind.NAME: "initial"}
    assert list(standing_consents(actor.person_ids, one_scope(one))) == [ConsentKind.PROCESSING]


def test_consent_given_later_needs_no_new_version(sent):
    one, actor = sent
    named = Declarations((*CONSENT.consents, Agreed(ConsentKind.NAME, "Атым", PublicName.FULL)), "kk")

    version = submit_application(one, by=actor, at=OPEN_AT + SECOND, declarations=named)

    assert version.number == 1
    assert set(standing_consents(actor.person_ids, one_scope(one))) == {ConsentKind.PROCESSING, ConsentKind.NAME}


def test_version_cannot_be_changed(sent):
    one, _actor = sent

    versions_of(one)[0].content = {}
    with pytest.raises(IntegrityError, match="application_version_is_immutable"):
        db.session.flush()
    db.session.rollback()


def test_the_door_opens_for_submitting_until_just_before_the_closing(sent, at):
    one, actor = sent
    answers = []
    for instant in (CLOSES_AT - SECOND, CLOSES_AT, CLOSES_AT + SECOND):
        at(instant)
        answers.append(decide(actor, Permission.APPLICATION_SUBMIT, one).is_allowed)

    assert answers == [True, False, False]


def test_change_of_the_private_part_alone_is_a_change_to_send(sent, at):
    one, actor = sent
    last = versions_of(one)[-1]
    write(one, actor, at=OPEN_AT + SECOND, contact__phone="8 700 000 00 04")

    assert not is_sent(contents(one, OPEN_AT + SECOND), last)
    made = submit_application(one, by=actor, at=OPEN_AT + SECOND, declarations=CONSENT)
    assert made.number == last.number + 1


# --- Withdrawing --------------------------------------------------------------------------------------------------------


def test_withdrawal_is_taken_back_within_72_hours(app, sent, at):
    one, actor = sent
    heard: list[object] = []
    for kind in (ApplicationSubmitted, ApplicationRestored):
        app.extensions["baiqau"].reactions.add(kind, heard.append)
    withdraw_application(one, reason=WithdrawalReason.NO_TIME, by=actor, at=OPEN_AT)

    undo_withdrawal(one, by=actor, at=OPEN_AT + timedelta(hours=72) - SECOND)

    assert heard == [ApplicationRestored(one.id)]
    assert one.state is ApplicationState.SUBMITTED
    assert [entry.verb for entry in audit.history(one)] == ["start", "submit", "withdraw", "undo_withdraw"]
    assert [message.kind for message in db.session.scalars(select(Message).order_by(Message.id))] == [
        "competitions.application_submitted",
        "competitions.application_withdrawn",
        "competitions.application_restored",
    ]


def test_withdrawal_is_final_after_72_hours(sent):
    one, actor = sent
    withdraw_application(one, reason=WithdrawalReason.UNSAID, by=actor, at=OPEN_AT)

    with pytest.raises(RefusedError) as refused:
        undo_withdrawal(one, by=actor, at=OPEN_AT + timedelta(hours=72))

    assert codes(refused) == [ApplicationRefusal.UNDO_TOO_LATE]


def test_withdrawal_is_final_when_the_jury_begins_and_letter_and_page_say_so(app, sent, at):
    one, actor = sent
    begins_at = calendar_of(contents(one, OPEN_AT).competition).judging_begins_at
    assert begins_at is not None
    withdraw_application(one, reason=WithdrawalReason.UNSAID, by=actor, at=begins_at - 10 * HOUR)
    letter = db.session.scalars(select(Message).where(Message.kind == "competitions.application_withdrawn")).one()
    zone = ZoneInfo("Asia/Almaty")

    assert withdrawal_open_until(one, begins_at - SECOND) == begins_at
    assert begins_at.astimezone(zone).strftime("%d.%m.%Y, %H:%M") in letter.text
    with pytest.raises(RefusedError) as refused:
        undo_withdrawal(one, by=actor, at=begins_at)
    assert codes(refused) == [ApplicationRefusal.UNDO_TOO_LATE]


def pitch_only():
    """JAS QADAM has no blind round: its jury begins on the day of the pitch."""
    with writing():
        competition = announced_call("jas_qadam")
        account, actor = applicant()
        one = factories.application(competition, 1, applicant=account.person)
    return one, actor, competition


def test_nobody_withdraws_once_the_jury_has_begun(pitched, at):
    one, actor, competition = pitched
    pitch_at = calendar_of(competition).dates[Milestone.PITCH]
    found = []
    for instant in (pitch_at - SECOND, pitch_at, pitch_at + timedelta(days=30)):
        at(instant)
        listed = db.session.scalars(visible_to(actor, Application, Permission.APPLICATION_WITHDRAW)).all()
        found.append((decide(actor, Permission.APPLICATION_WITHDRAW, one).is_allowed, len(listed)))

    assert found == [(True, 1), (False, 0), (False, 0)]


@pytest.mark.parametrize("state", [CompetitionState.DECIDED, CompetitionState.CANCELLED])
def test_nobody_withdraws_or_takes_it_back_when_winners_are_decided(pitched, at, state):
    one, actor, competition = pitched
    at(OPEN_AT + HOUR)

    db.session.execute(update(Competition).where(Competition.id == competition.id).values(state=state))
    assert not decide(actor, Permission.APPLICATION_WITHDRAW, one).is_allowed
    assert db.session.scalars(visible_to(actor, Application, Permission.APPLICATION_WITHDRAW)).all() == []
    withdraw_application(one, reason=WithdrawalReason.MISTAKE, by=actor, at=OPEN_AT)
    with pytest.raises(RefusedError) as refused:
        undo_withdrawal(one, by=actor, at=OPEN_AT + HOUR)

    assert codes(refused) == [ApplicationRefusal.UNDO_TOO_LATE]


def test_withdrawal_is_not_taken_back_beside_another_application(sent):
    one, actor = sent
    withdraw_application(one, reason=WithdrawalReason.MISTAKE, by=actor, at=OPEN_AT)
    second = draft(contents(one, OPEN_AT).competition, actor)

    with pytest.raises(RefusedError) as refused:
        undo_withdrawal(one, by=actor, at=OPEN_AT + SECOND)

    assert codes(refused) == [ApplicationRefusal.ANOTHER_STANDS]
    assert second.id != one.id


def test_submitted_application_has_its_versions(sent):
    """The count of versions and the count of submissions in the audit agree."""
    assert db.session.scalar(select(func.count()).select_from(ApplicationVersion)) == 1
    assert db.session.scalar(select(func.count()).select_from(Application)) == 1


# --- Returned -----------------------------------------------------------------------------------------------------------


def test_returned_application_is_completed_and_sent_again_before_its_term(sent, at):
    one, actor = sent
    checker = factories.actor()
    due_at = CLOSES_AT + timedelta(days=10)
    at(CLOSES_AT + timedelta(days=5))
    reasons_given = [Reason("plan", "Мерзім жоқ."), Reason(None, "Анықтама оқылмайды.")]
    return_application(one, reasons=reasons_given, due_at=due_at, by=checker, at=CLOSES_AT + timedelta(days=5))
    with force_locale("kk"):
        told = [(reason.text, reason.question_key, reason.group) for reason in reasons(contents(one, due_at))]
        line = status(contents(one, due_at - SECOND), due_at - SECOND, is_editable=True)
    at(due_at - SECOND)
    in_time = decide(actor, Permission.APPLICATION_SUBMIT, one).is_allowed
    at(due_at)
    too_late = decide(actor, Permission.APPLICATION_SUBMIT, one).is_allowed
    save_answer(one, Change("plan", [{"step": "Жүн сатып алу", "weeks": "3"}], "mended"), by=actor, at=due_at - SECOND)

    version = submit_application(one, by=actor, at=due_at - SECOND, declarations=CONSENT)

    assert told == [("Мерзім жоқ.", "plan", "plan"), ("Анықтама оқылмайды.", None, None)]
    assert (line.due_at, line.tone, in_time, too_late) == (due_at, "warning", True, False)
    assert (one.state, version.number, one.code) == (ApplicationState.SUBMITTED, 2, "SA26-001")
    assert [entry.verb for entry in audit.history(one)] == ["start", "submit", "return", "resubmit"]


def test_returned_application_may_be_sent_again_unchanged(sent):
    one, actor = sent
    due_at = CLOSES_AT + timedelta(days=10)
    return_application(one, reasons=[Reason(None, "Түсініксіз.")], due_at=due_at, by=factories.actor(), at=CLOSES_AT)

    version = submit_application(one, by=actor, at=CLOSES_AT + SECOND, declarations=CONSENT)

    assert (version.number, one.state) == (2, ApplicationState.SUBMITTED)


@pytest.mark.db("postgresql")
def test_who_writes_does_not_wait_for_a_desk_that_holds_the_competition(sent):
    """On SQLite writers come one by one anyway."""
    one, _actor = sent
    keys = {"id": one.id, "competition": one.competition_id}
    db.session.commit()
    with db.engine.connect() as desk, db.engine.connect() as writer:
        desk.execute(text("SELECT 1 FROM competitions_competitions WHERE id = :competition FOR UPDATE"), keys)
        writer.execute(text("SET lock_timeout = '500ms'"))
        written = writer.execute(text("UPDATE competitions_applications SET edited_at = now() WHERE id = :id"), keys)
        with pytest.raises(OperationalError, match="lock timeout"):
            writer.execute(text("UPDATE competitions_applications SET state = 'admitted' WHERE id = :id"), keys)
        writer.rollback()
        desk.rollback()

    assert written.rowcount == 1
