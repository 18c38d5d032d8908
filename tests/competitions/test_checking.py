"""The verbs of a checker, on both databases, and the letters that follow them."""

import json
from datetime import date, timedelta

import pytest
from flask_babel import force_locale
from sqlalchemy import event, select, text, update
from sqlalchemy.exc import IntegrityError

from app.access.actor import COMMAND
from app.access.door import decide, visible_to
from app.core import audit, jobs
from app.core.db import db, drop_guards, put_guards, writing
from app.core.refusals import RefusedError
from app.messages.models import Message
from app.people.models import Person, User
from app.people.queries import standing_consents
from app.people.rules import iin_check_digit
from app.people.services.consents import withdraw_consent
from app.people.services.persons import merge_persons, set_name
from app.people.states import ConsentKind
from app.programmes.queries import actor_of
from app.programmes.states import Role
from competitions.invariants import INVARIANTS
from competitions.models import Answer, Application, Check, Competition, Question
from competitions.policy import Obstacle, Permission
from competitions.queries.application import contents, last_version, return_terms, standing_return
from competitions.queries.check import exported, inspection, listed, listed_counts, neighbours
from competitions.queries.competition import call_of
from competitions.queries.search import asked_query
from competitions.rules.calendar import Calendar
from competitions.rules.checking import UNDO_FOR, Hint, Order, Reason, addresses_in, term_of_return
from competitions.rules.query_text import WHOLE
from competitions.rules.withdrawal import WithdrawalReason
from competitions.services.application import submit_application, undo_withdrawal, withdraw_application
from competitions.services.check import admit, refuse, return_application, undo_check
from competitions.services.competition import Act, amend_dates, cancel
from competitions.states import ApplicationState, Milestone
from competitions.views.status import reasons, status
from tests import factories
from tests.competitions.scene import CLOSES_AT, CONSENT, OPEN_AT, PROJECT, announced_call, applicant, draft, write

AFTER = CLOSES_AT + timedelta(days=3)
HOUR = timedelta(hours=1)
DUE_AT = AFTER + timedelta(days=5)
LOAN = [PROJECT["budget"][0] | {"item": "Банк несиесі"}]
REASON = Reason("plan", "Жоспарға мерзім қосыңыз.")


@pytest.fixture
def scene(database, app, kept):
    return kept(app, sent)


def sent():
    """An application that was sent, its author and a checker."""
    with writing():
        competition = announced_call()
        programme = db.session.get_one(type(competition).programme.property.mapper.class_, competition.programme_id)
        checker = factories.user(member_of=programme, role=Role.CHECKER)
        _account, actor = applicant()
        application = draft(competition, actor)
        write(application, actor)
        submit_application(application, by=actor, at=OPEN_AT, declarations=CONSENT)
    return competition, application, actor, actor_of(checker)


def codes(refused):
    return [refusal.code.value for refusal in refused.value.refusals]


@pytest.fixture
def work(at):
    """What the worker does at an instant."""

    def run(instant):
        at(instant)
        jobs.drain()

    return run


def letters():
    return [(one.kind, one.language) for one in db.session.query(Message).order_by(Message.id)][1:]


def test_admission_is_told_after_the_time_for_taking_it_back(scene, work):
    _competition, application, _actor, checker = scene
    admit(application, by=checker, at=AFTER)
    work(AFTER + UNDO_FOR - timedelta(seconds=1))
    assert letters() == []
    work(AFTER + UNDO_FOR)
    assert letters() == [("competitions.application_admitted", "kk")]
    assert application.state is ApplicationState.ADMITTED
    assert [entry.verb for entry in audit.history(application)][-1] == "admit"


def test_a_decision_is_taken_back_only_before_its_letter(scene, work):
    _competition, application, _actor, checker = scene
    admit(application, by=checker, at=AFTER)
    undo_check(application, by=checker, at=AFTER + UNDO_FOR - timedelta(seconds=1))
    assert application.state is ApplicationState.SUBMITTED
    work(AFTER + UNDO_FOR)
    assert letters() == []
    refuse(application, reasons=[REASON], by=checker, at=AFTER)
    with pytest.raises(RefusedError) as refused:
        undo_check(application, by=checker, at=AFTER + UNDO_FOR)
    assert codes(refused) == ["letter_sent"]


ACTS = {
    "returned": lambda one, by: return_application(one, reasons=[REASON], due_at=DUE_AT, by=by, at=AFTER),
    "admitted": lambda one, by: admit(one, by=by, at=AFTER),
    "not_admitted": lambda one, by: refuse(one, reasons=[REASON], by=by, at=AFTER),
}


@pytest.mark.parametrize("outcome", ACTS)
def test_a_decision_is_shown_to_its_applicant_when_its_letter_leaves(scene, at, outcome):
    _competition, application, actor, checker = scene
    ACTS[outcome](application, checker)
    seen = []
    for instant in (AFTER + UNDO_FOR - timedelta(seconds=1), AFTER + UNDO_FOR):
        at(instant)
        what = contents(application, instant)
        withdraw = decide(actor, Permission.APPLICATION_WITHDRAW, application)
        listed = db.session.scalars(visible_to(actor, Application, Permission.APPLICATION_WITHDRAW)).all()
        assert withdraw.is_allowed is bool(listed)
        with force_locale("kk"):
            told = len(reasons(what))
            line = status(what, instant, is_editable=False)
        seen.append((what.known_state.value, told, [one.code for one in withdraw.reasons]))
        assert ("тексеріліп жатыр" in line.text) is (what.known_state.value == "submitted")

    reason_count = 0 if outcome == "admitted" else 1
    ended = [Obstacle.APPLICATION_ENDED] if outcome == "not_admitted" else []
    assert seen == [("submitted", 0, [Obstacle.BEING_CHECKED]), (outcome, reason_count, ended)]


def test_a_return_carries_its_reasons_and_term_into_the_letter(scene, work):
    _competition, application, actor, checker = scene
    check = return_application(application, reasons=[REASON, Reason(None, "  ")], due_at=DUE_AT, by=checker, at=AFTER)
    assert json.loads(check.reasons) == [{"question": "plan", "text": "Жоспарға мерзім қосыңыз."}]
    work(AFTER + UNDO_FOR)
    letter = db.session.query(Message).order_by(Message.id.desc()).limit(1).one()
    assert letter.kind == "competitions.application_returned"
    assert "Жоспарға мерзім қосыңыз." in letter.text
    write(application, actor, at=AFTER + timedelta(days=1), title="«Киіз әлемі» шеберханасы")
    submit_application(application, by=actor, at=AFTER + timedelta(days=1), declarations=CONSENT)
    assert application.state is ApplicationState.SUBMITTED


@pytest.mark.parametrize(
    ("reasons", "due_at", "expected"),
    [
        ([], DUE_AT, ["reason_missing"]),
        ([Reason(None, "x" * 1001)], DUE_AT, ["reason_too_long"]),
        ([REASON], AFTER, ["due_in_the_past"]),
        ([Reason("plan", " ")], None, ["reason_missing", "due_in_the_past"]),
    ],
)
def test_a_return_without_reason_or_future_term_is_refused(scene, reasons, due_at, expected):
    with pytest.raises(RefusedError) as refused:
        return_application(scene[1], reasons=reasons, due_at=due_at, by=scene[3], at=AFTER)
    assert codes(refused) == expected
    assert db.session.query(Check).count() == 0


def test_who_has_a_term_is_not_refused_before_it_ends(scene):
    _competition, application, _actor, checker = scene
    return_application(application, reasons=[REASON], due_at=DUE_AT, by=checker, at=AFTER)
    with pytest.raises(RefusedError) as refused:
        refuse(application, reasons=[REASON], by=checker, at=DUE_AT - timedelta(seconds=1))
    assert codes(refused) == ["term_running"]
    refuse(application, reasons=[REASON], by=checker, at=DUE_AT)
    assert application.state is ApplicationState.NOT_ADMITTED


def test_a_second_click_is_refused_not_repeated(scene):
    _competition, application, _actor, checker = scene
    admit(application, by=checker, at=AFTER)
    with pytest.raises(RefusedError) as refused:
        admit(application, by=checker, at=AFTER)
    assert codes(refused) == ["state_changed"]
    assert db.session.query(Check).count() == 1


@pytest.mark.parametrize("outcome", ["returned", "admitted"])
def test_a_checked_application_can_still_be_withdrawn(scene, outcome):
    _competition, application, actor, checker = scene
    ACTS[outcome](application, checker)
    withdraw_application(application, reason=WithdrawalReason.UNSAID, by=actor, at=AFTER)

    assert application.state is ApplicationState.WITHDRAWN


def test_who_withdrew_a_returned_application_may_still_correct_it(scene, at):
    _competition, application, actor, checker = scene
    return_application(application, reasons=[REASON], due_at=DUE_AT, by=checker, at=AFTER)
    withdraw_application(application, reason=WithdrawalReason.MISTAKE, by=actor, at=AFTER + HOUR)

    undo_withdrawal(application, by=actor, at=AFTER + HOUR)

    at(AFTER + HOUR)
    assert application.state is ApplicationState.RETURNED
    assert decide(actor, Permission.APPLICATION_EDIT, application).is_allowed
    assert return_terms([application]) == {application.id: DUE_AT}


def test_who_withdrew_an_admitted_application_is_admitted_again(scene):
    _competition, application, actor, checker = scene
    admit(application, by=checker, at=AFTER)
    withdraw_application(application, reason=WithdrawalReason.MISTAKE, by=actor, at=AFTER + HOUR)

    undo_withdrawal(application, by=actor, at=AFTER + HOUR)

    assert application.state is ApplicationState.ADMITTED


def test_who_withdrew_and_was_admitted_elsewhere_since_is_looked_at_again(scene):
    competition, application, actor, checker = scene
    with writing():
        other = rival(competition)
        admit(application, by=checker, at=AFTER)
        withdraw_application(application, reason=WithdrawalReason.MISTAKE, by=actor, at=AFTER)
        admit(other, by=checker, at=AFTER + HOUR)
        undo_withdrawal(application, by=actor, at=AFTER + 2 * HOUR)

    assert application.state is ApplicationState.SUBMITTED


def test_letter_promises_no_day_of_an_answer_that_has_passed(scene):
    competition, application, actor, checker = scene
    checked_at = {one.milestone: one.at for one in competition.dates}[Milestone.CHECKED]
    with writing():
        return_application(application, reasons=[REASON], due_at=checked_at + 2 * HOUR, by=checker, at=AFTER)
        write(application, actor, at=checked_at, plan=[{"step": "Жүн алу", "weeks": "3"}])
        submit_application(application, by=actor, at=checked_at + HOUR, declarations=CONSENT)

    first, again = (
        db.session.scalars(select(Message).where(Message.kind == f"competitions.application_{kind}")).one().text
        for kind in ("submitted", "amended")
    )
    assert ("Жауап беру мерзімі" in first, "Жауап беру мерзімі" in again) == (True, False)


def test_second_return_has_its_own_term_everywhere(scene, at):
    _competition, application, actor, checker = scene
    return_application(application, reasons=[REASON], due_at=DUE_AT, by=checker, at=AFTER)
    write(application, actor, at=AFTER + HOUR, plan=[{"step": "Жүн алу", "weeks": "3"}])
    submit_application(application, by=actor, at=AFTER + HOUR, declarations=CONSENT)
    nearer = AFTER + timedelta(days=2)
    return_application(application, reasons=[REASON], due_at=nearer, by=checker, at=AFTER + 2 * HOUR)
    allowed, listed = [], []
    for instant in (nearer - timedelta(seconds=1), nearer):
        at(instant)
        allowed.append(decide(actor, Permission.APPLICATION_EDIT, application).is_allowed)
        listed.append(len(db.session.scalars(visible_to(actor, Application, Permission.APPLICATION_EDIT)).all()))

    assert return_terms([application]) == {application.id: nearer}
    standing = standing_return(application)
    assert standing
    assert standing.due_at == nearer
    assert (allowed, listed) == ([True, False], [1, 0])


def test_new_version_of_an_admitted_application_promises_no_answer(scene, work):
    _competition, application, actor, checker = scene
    admit(application, by=checker, at=AFTER)
    write(application, actor, at=AFTER + HOUR, plan=[{"step": "Жүн алу", "weeks": "3"}])
    submit_application(application, by=actor, at=AFTER + HOUR, declarations=CONSENT)

    letter = db.session.scalars(select(Message).where(Message.kind == "competitions.application_amended")).one()
    assert "Жауап беру мерзімі" not in letter.text


def test_a_refusal_is_taken_back_before_its_letter(scene):
    _competition, application, _actor, checker = scene
    refuse(application, reasons=[REASON], by=checker, at=AFTER)
    undo_check(application, by=checker, at=AFTER)

    assert application.state is ApplicationState.SUBMITTED


@pytest.mark.parametrize("outcome", sorted(ACTS))
def test_a_withdrawn_application_takes_no_decision(scene, outcome):
    _competition, application, actor, checker = scene
    withdraw_application(application, reason=WithdrawalReason.UNSAID, by=actor, at=AFTER)
    with pytest.raises(RefusedError) as refused:
        ACTS[outcome](application, checker)

    assert codes(refused) == ["state_changed"]


def test_the_checker_reads_what_was_submitted_not_what_is_being_written(scene):
    _competition, application, actor, checker = scene
    return_application(application, reasons=[REASON], due_at=DUE_AT, by=checker, at=AFTER)
    write(application, actor, at=AFTER, title="Жаңа атау")
    seen = inspection(application, AFTER)
    assert seen is not None
    assert seen.contents.values["title"] == "«Киіз әлемі»"
    assert seen.contents.values["iin"] == "000418599113"
    assert [one.by for one in seen.decisions] == [checker.name]


@pytest.mark.parametrize("said", ["Мен, Сынақбай, +7 700 000 00 03", "ЖК СЫНАҚБАЙ, тел. 000-00-03"])
def test_hints_name_what_a_person_should_look_at(scene, said):
    _competition, application, actor, _checker = scene
    later = OPEN_AT + timedelta(hours=1)
    write(application, actor, at=later, summary=said)
    submit_application(application, by=actor, at=OPEN_AT + timedelta(days=1), declarations=CONSENT)
    seen = inspection(application, AFTER)
    assert seen is not None
    found = {hint for hint, _values in seen.hints}
    assert found == {Hint.NAME_IN_PROJECT, Hint.PHONE_IN_PROJECT, Hint.STATUS_UNPROVEN}


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("Жазыңыз: arlan.s@example.com, Instagram @arlan_felt.", ["arlan.s@example.com", "@arlan_felt"]),
        ("@arlan_felt және тағы @arlan_felt", ["@arlan_felt"]),
        ("3 кг @ 500 теңге, 2@3, @@, бағасы@дүкен, @5", []),
    ],
)
def test_addresses_and_names_of_networks_are_told_from_other_signs(text, addresses):
    assert addresses_in(text) == addresses


def test_checker_is_warned_of_addresses_and_of_what_the_grant_must_not_pay(scene):
    _competition, application, actor, _checker = scene
    write(application, actor, at=OPEN_AT + HOUR, summary="Киіз. Instagram: @arlan_felt", budget=LOAN)
    submit_application(application, by=actor, at=OPEN_AT + timedelta(days=1), declarations=CONSENT)
    seen = inspection(application, AFTER)
    assert seen is not None
    found = dict(seen.hints)
    assert found[Hint.ADDRESS_IN_PROJECT] == {"address": "@arlan_felt"}
    assert found[Hint.FORBIDDEN_ITEM]["row"] == 1


def withdraw_processing(application, at=AFTER):
    """Her author lets her data be used no longer."""
    competition = db.session.get_one(Competition, application.competition_id)
    person = db.session.get_one(Person, application.applicant_id)
    consent = standing_consents([person.id], competition.public_id)[ConsentKind.PROCESSING]
    withdraw_consent(consent, by=COMMAND, at=at)


def test_nobody_is_admitted_whose_consent_is_withdrawn_until_she_gives_it_again(scene):
    _competition, application, actor, checker = scene
    with writing():
        withdraw_processing(application)
    with pytest.raises(RefusedError) as refused, writing():
        admit(application, by=checker, at=AFTER)
    assert codes(refused) == ["consent_withdrawn"]
    with writing():
        return_application(application, reasons=[REASON], due_at=DUE_AT, by=checker, at=AFTER)
        submit_application(application, by=actor, at=AFTER + HOUR, declarations=CONSENT)
        admit(application, by=checker, at=AFTER + HOUR)
    assert application.state is ApplicationState.ADMITTED


def iin(number):
    """A valid identity number of somebody born on 04.07.1999, another one for each number."""
    eleven = (str(first) for first in range(99070439000, 99070439200))
    valid = [f"{digits}{last}" for digits in eleven if (last := iin_check_digit(digits)) is not None]
    return valid[number]


def rival(competition, **changed):
    """An application of somebody else, submitted."""
    _user, actor = applicant()
    application = draft(competition, actor)
    write(application, actor, **changed)
    submit_application(application, by=actor, at=OPEN_AT, declarations=CONSENT)
    return application


def test_same_identity_number_is_shown_to_the_checker_of_both_applications(scene):
    competition, application, _actor, _checker = scene
    with writing():
        other = rival(competition)

    for one, twin in ((application, other), (other, application)):
        seen = inspection(one, AFTER)
        assert seen is not None
        assert (Hint.SAME_PERSON, {"code": twin.code}) in seen.hints


def test_one_person_is_admitted_once(scene):
    competition, application, _actor, checker = scene
    with writing():
        other = rival(competition)
        admit(application, by=checker, at=AFTER)

    with pytest.raises(RefusedError) as refused, writing():
        admit(other, by=checker, at=AFTER)

    assert codes(refused) == ["same_person_admitted"]
    assert refused.value.refusals[0].params == {"code": application.code}


def test_one_person_under_two_records_is_admitted_once(scene):
    competition, application, _actor, checker = scene
    with writing():
        other = rival(competition, iin=iin(1), dob="04.07.1999")
        hers, again = (db.session.get_one(Person, one.applicant_id) for one in (application, other))
        merge_persons(again, into=hers, by=checker, at=AFTER)
        admit(application, by=checker, at=AFTER)

    with pytest.raises(RefusedError) as refused, writing():
        admit(other, by=checker, at=AFTER)

    assert again.iin_index != hers.iin_index
    assert codes(refused) == ["same_person_admitted"]


def test_database_admits_one_person_once(scene):
    competition, application, _actor, checker = scene
    with writing():
        other = rival(competition)
        admit(application, by=checker, at=AFTER)

    with pytest.raises(IntegrityError, match="one_person_is_admitted_once"), writing():
        db.session.execute(update(Application).where(Application.id == other.id).values(state=ApplicationState.ADMITTED))


def test_identity_number_of_an_admitted_application_is_not_exchanged(scene):
    _competition, application, actor, checker = scene
    with writing():
        admit(application, by=checker, at=AFTER)
        write(application, actor, at=AFTER, iin=iin(1), dob="04.07.1999")

    with pytest.raises(RefusedError) as refused, writing():
        submit_application(application, by=actor, at=AFTER, declarations=CONSENT)

    assert codes(refused) == ["identity_checked"]


def more(competition, count):
    made = []
    for number in range(count):
        _user, actor = applicant()
        application = draft(competition, actor)
        write(application, actor, title=f"Жоба {number} Әлем", iin=iin(number), dob="04.07.1999")
        made.append(application)
    return made


def test_the_list_shows_of_drafts_only_how_far_they_are(scene):
    competition, _application, _actor, checker = scene
    with writing():
        more(competition, 1)
    page = listed(checker, competition, state=ApplicationState.DRAFT, query=WHOLE, order=Order.CODE, number=1)
    assert [(row.title, row.name, row.amount, row.answered_count > 0) for row in page.items] == [("", "", None, True)]


def test_the_list_counts_of_a_draft_only_what_it_is_asked(scene):
    competition, _application, _actor, checker = scene
    with writing():
        (begun,) = more(competition, 1)
    asked = contents(begun, OPEN_AT)
    required = [one for one in asked.questions if one.is_required]
    due, last = [one.key for one in required], required[-1]
    with writing():
        drop_guards(db.session.connection())
        options = {**(last.options or {}), "show_if": {"question": "title", "is": ["ешқашан"]}}
        db.session.execute(update(Question).where(Question.id == last.id).values(options=options))
        put_guards(db.session.connection())
    (row,) = listed(checker, competition, state=ApplicationState.DRAFT, query=WHOLE, order=Order.CODE, number=1).items

    assert row.asked_count == len(due) - 1
    assert row.answered_count == len([key for key in due if key != last.key and key in asked.values])
    assert listed_counts(checker, competition, WHOLE) == {ApplicationState.DRAFT: 1, ApplicationState.SUBMITTED: 1}


@pytest.mark.parametrize(("words", "count"), [("киіз", 1), ("КИІЗ әлемі", 1), ("sa26-001", 1), ("сынақбай", 1), ("жоба", 0)])
def test_the_list_is_searched_by_code_name_and_word(scene, words, count):
    competition, _application, _actor, checker = scene
    with writing():
        more(competition, 1)  # a draft is never found by its words
    assert listed(checker, competition, state=None, query=asked_query(words), order=Order.NAME, number=1).total == count


def test_lists_search_and_exports_hold_only_what_was_submitted(scene):
    competition, application, _actor, checker = scene
    with writing():
        for key, value in {"title": "Ешкімге жіберілмеген", "amount": 7}.items():
            changed = update(Answer).where(Answer.application_id == application.id, Answer.question_key == key)
            db.session.execute(changed.values(value=value))
    rows = [*exported(checker, competition)]
    rows += listed(checker, competition, state=None, query=asked_query("киіз"), order=Order.CODE, number=1).items

    submitted = last_version(application)
    assert submitted
    assert [(row.title, row.amount) for row in rows] == [(submitted.content["title"], submitted.content["amount"])] * 2
    assert listed(checker, competition, state=None, query=asked_query("жіберілмеген"), order=Order.CODE, number=1).total == 0


def test_drafts_stand_apart_in_a_list_by_name_and_by_nothing_of_their_owners(scene):
    competition, application, _actor, checker = scene
    with writing():
        drafts = more(competition, 3)
        for one, family_name in zip(drafts, ("Яна", "Абай", "Қанат"), strict=True):
            db.session.get_one(Person, one.applicant_id).family_name = family_name
    page = listed(checker, competition, state=None, query=WHOLE, order=Order.NAME, number=1)
    assert [row.application.id for row in page.items] == [application.id, *(one.id for one in drafts)]


def test_a_return_after_the_freeze_and_a_term_beyond_it_are_refused(scene):
    competition, application, _actor, checker = scene
    freezes_at = {one.milestone: one.at for one in competition.dates}[Milestone.FREEZES]
    found = []
    for due_at, at in ((freezes_at + timedelta(days=3), freezes_at), (freezes_at + timedelta(seconds=1), AFTER)):
        with pytest.raises(RefusedError) as refused, writing():
            return_application(application, reasons=[REASON], due_at=due_at, by=checker, at=at)
        found.append(codes(refused))
    assert found == [["frozen"], ["due_after_freeze"]]


def test_a_return_while_applications_are_open_never_shortens_her_time(scene):
    _competition, application, _actor, checker = scene
    early = CLOSES_AT - timedelta(days=5)
    with pytest.raises(RefusedError) as refused, writing():
        return_application(application, reasons=[REASON], due_at=CLOSES_AT - timedelta(days=2), by=checker, at=early)
    assert codes(refused) == ["due_before_closing"]
    assert return_application(application, reasons=[REASON], due_at=CLOSES_AT, by=checker, at=early).due_at == CLOSES_AT


def test_the_offered_term_is_the_later_of_the_working_days_and_the_closing_and_ends_by_the_freeze():
    day = timedelta(days=1)
    early, late, freeze = CLOSES_AT - day, CLOSES_AT + day, CLOSES_AT + 2 * day
    assert term_of_return(early, closes_at=CLOSES_AT, freezes_at=freeze) == CLOSES_AT
    assert term_of_return(late, closes_at=CLOSES_AT, freezes_at=freeze) == late
    assert term_of_return(freeze + day, closes_at=CLOSES_AT, freezes_at=freeze) == freeze
    assert term_of_return(early, closes_at=None, freezes_at=None) == early


def test_a_name_that_was_admitted_is_not_exchanged_by_its_owner(scene):
    _competition, application, actor, checker = scene
    person = db.session.get_one(Person, application.applicant_id)
    before = person.full_name
    same = {"family_name": person.family_name, "given_name": person.given_name, "patronymic": person.patronymic}
    with writing():
        admit(application, by=checker, at=AFTER)
        set_name(person, **same, by=actor, at=AFTER)
    with pytest.raises(RefusedError) as refused, writing():
        set_name(person, **{**same, "given_name": "Нұрсұлтан"}, by=actor, at=AFTER)
    assert (codes(refused), person.full_name) == (["name_checked"], before)


def test_the_list_costs_the_same_for_two_and_for_ten(scene):
    competition, _application, _actor, checker = scene
    statements = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))

    def cost():
        db.session.rollback()
        before = len(statements)
        listed(checker, competition, state=None, query=WHOLE, order=Order.CODE, number=1)
        return len(statements) - before

    with writing():
        more(competition, 1)
    few = cost()
    with writing():
        more(competition, 8)
    assert cost() == few


def test_the_export_holds_no_drafts(scene):
    competition, application, _actor, checker = scene
    with writing():
        more(competition, 1)
    assert [row.application.code for row in exported(checker, competition)] == [application.code]


def test_another_programme_lists_and_exports_nothing(scene):
    competition, *_rest = scene
    with writing():
        stranger = actor_of(factories.user(member_of=factories.programme(), role=Role.CHECKER))
    assert listed(stranger, competition, state=None, query=WHOLE, order=Order.CODE, number=1).total == 0
    assert exported(stranger, competition) == []


def test_neighbours_are_those_that_wait_in_the_order_of_their_codes(scene):
    competition, application, _actor, checker = scene
    with writing():
        competition.last_number = 998
        made = more(competition, 2)
        for one in made:
            submit_application(one, by=actor_of(owner_of(one)), at=OPEN_AT, declarations=CONSENT)
    codes_around = [one.code if one else None for one in neighbours(checker, made[0])]
    assert codes_around == [application.code, "SA26-1000"]
    admit(application, by=checker, at=AFTER)
    assert neighbours(checker, made[0])[0] is None


def owner_of(application):
    return db.session.query(User).filter(User.person_id == application.applicant_id).one()


def test_everybody_with_a_living_application_hears_that_dates_moved_and_that_it_is_cancelled(scene, work):
    competition, _application, _actor, checker = scene
    work(OPEN_AT)
    with writing():
        more(competition, 1)
    calendar = call_of(competition).calendar
    later = Calendar({**calendar.dates, Milestone.CLOSES: CLOSES_AT + timedelta(days=3)})
    amend_dates(competition, later, Act("7", date(2026, 8, 1)), by=checker, at=OPEN_AT)
    work(OPEN_AT + timedelta(minutes=1))
    cancel(competition, reason="Қаржы бөлінбеді.", by=checker, at=OPEN_AT)
    work(OPEN_AT + timedelta(minutes=2))
    kinds = [kind for kind, _language in letters()]
    assert kinds == ["competitions.dates_moved"] * 2 + ["competitions.competition_cancelled"] * 2
    last = db.session.query(Message).order_by(Message.id.desc()).limit(1).one()
    assert "Қаржы бөлінбеді." in last.text
    assert "Start App 2026" in last.subject


BREAKS = {
    "nobody checks her own application": """
        INSERT INTO competitions_checks (application_id, user_id, outcome, reasons, at)
        SELECT a.id, u.id, 'admitted', '[]', a.created_at
        FROM competitions_applications a JOIN people_users u ON u.person_id = a.applicant_id
    """,
    "a returned application has standing reasons and a term": """
        UPDATE competitions_applications SET state = 'returned'
    """,
    "an application uses the form and the rules of its competition": """
        UPDATE competitions_applications SET rules_id = (SELECT max(id) FROM competitions_rules)
    """,
    "a competition has one draft of its rules at most": """
        INSERT INTO competitions_rules
            (public_id, programme_id, competition_id, number, state, settings, sections, act_number, created_at)
        SELECT 'r' || n.n, r.programme_id, r.competition_id, 90 + n.n, 'draft', r.settings, r.sections, '', r.created_at
        FROM competitions_rules r CROSS JOIN (SELECT 1 AS n UNION SELECT 2) n
        WHERE r.id = (SELECT min(id) FROM competitions_rules)
    """,
    "nobody is admitted twice in a competition": """
        UPDATE competitions_applications SET state = 'admitted' WHERE state = 'submitted';
        UPDATE people_persons SET iin_index = 'same' WHERE iin_index IS NOT NULL
    """,
    "applications close after they open": """
        UPDATE competitions_calendar_dates SET at = '2020-01-01 00:00:00' WHERE milestone = 'closes'
    """,
}


class UndoneError(Exception):
    """Nothing of what a test breaks may stay."""


@pytest.mark.parametrize("invariant", INVARIANTS, ids=lambda one: one.name)
def test_each_invariant_is_broken_by_sql_and_found(scene, invariant):
    def break_it():
        with writing():
            announced_call("jas_qadam")
            rival(scene[0], iin=iin(1), dob="04.07.1999")
            for statement in BREAKS[invariant.name].split(";"):
                db.session.execute(text(statement))
            found.extend(db.session.execute(invariant.violations()).all())
            raise UndoneError

    found: list[object] = []
    with pytest.raises(UndoneError):
        break_it()
    assert found != []
