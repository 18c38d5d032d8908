"""Nothing acknowledged ever disappears from history, whoever writes at once; what stood there before can be put back."""

from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.core.db import db, writing
from app.core.refusals import RefusedError
from app.people.models import User
from competitions.models import Answer, AnswerChange, Application
from competitions.queries.application import contents, snapshot, value_of
from competitions.queries.history import change_by_id, late_changes
from competitions.rules.change import Change, Outcome, judge
from competitions.services.answer import restore_answer, save_answer
from competitions.states import QuestionKind
from tests.competitions.scene import CLOSES_AT, OPEN_AT, PROJECT, announced_call, applicant, draft, sign_in
from tests.examples import examples

EDITORS, SAVES = 3, 200
FIELDS = ("title", "problem", "name-given", "contact-phone", "plan")
RUSSIAN = {"Accept-Language": "ru"}


def texts_kept(application: Application, field: str) -> list[Any]:
    """Every text of an input that history holds."""
    key, _dash, part = field.partition("-")
    wanted = select(AnswerChange).where(AnswerChange.application_id == application.id, AnswerChange.question_key == key)
    values = [value_of(one) for one in db.session.scalars(wanted.order_by(AnswerChange.id))]
    return [value.get(part) if part and value else value for value in values]


@pytest.fixture
def form(database, app, kept):
    """A fresh application of one applicant, in one writing transaction as a request has it."""
    made = kept(app, begun)
    with writing():
        yield made


def begun():
    with writing():
        _account, actor = applicant()
        return draft(announced_call(), actor), actor


# --- Three editors at once ----------------------------------------------------------------------------------------------


@pytest.mark.timeout(600)
@settings(
    max_examples=examples(1),
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_no_acknowledged_text_disappears_however_three_editors_interleave(form, data):
    """Each editor sees what she last saw: she learns of the others by their conflicts and when she opens the page again."""
    _form, actor = form
    application = draft(announced_call(), applicant()[1])
    chance = data.draw(st.randoms(use_true_random=True))
    seen: list[dict[str, tuple[int, Any]]] = [dict.fromkeys(FIELDS, (0, None)) for _editor in range(EDITORS)]
    acknowledged: dict[str, list[Any]] = {field: [] for field in FIELDS}
    present: dict[str, Any] = {}
    turns = [editor for editor in range(EDITORS) for _save in range(SAVES)]
    chance.shuffle(turns)
    for number, editor in enumerate(turns):
        field = chance.choice(FIELDS)
        version, basis = seen[editor][field]
        text: Any = chance.choice((f"мәтін {number} {editor}", basis, "Ортақ мәтін")) or f"бос {number}"
        typed = [{"step": text, "weeks": 2}] if field == "plan" and not isinstance(text, list) else text
        saved = save_answer(application, Change(field, typed, f"{number}", version), by=actor, at=OPEN_AT)
        acknowledged[field].append(typed)
        if saved.outcome is Outcome.SAVED:
            present[field] = typed
        assert saved.value == present.get(field, saved.value)
        if saved.outcome is not Outcome.CONFLICT or chance.random() < 0.5:
            seen[editor][field] = (saved.version, saved.value)
    for field, texts in acknowledged.items():
        kept = texts_kept(application, field)
        assert [text for text in texts if text not in kept] == []
    assert {field: contents_of(application, field) for field in present} == present


def contents_of(application: Application, field: str) -> Any:
    key, _dash, part = field.partition("-")
    value = contents(application, OPEN_AT).values[key]
    return value.get(part) if part else value


@pytest.mark.db
def test_saves_at_the_same_moment_wait_for_each_other(app, client, database, at):
    """Ten devices that saw the same text: one is saved, nine are told of it, and history has all ten."""
    at(OPEN_AT)
    with app.app_context(), writing():
        _account, actor = applicant()
        application = draft(announced_call(), actor)
        save_answer(application, Change("title", "Бірінші", "first", 0), by=actor, at=OPEN_AT)
        application_id = application.id
    outcomes: list[Outcome] = []

    def device(number: int) -> None:
        with app.app_context(), writing():
            one = db.session.get_one(Application, application_id)
            db.session.scalars(select(Answer).where(Answer.application_id == application_id)).all()
            outcomes.append(save_answer(one, Change("title", f"{number}", f"d{number}", 1), by=actor, at=OPEN_AT).outcome)

    devices = [Thread(target=device, args=(number,)) for number in range(10)]
    for one in devices:
        one.start()
    for one in devices:
        one.join()

    with app.app_context():
        kept = texts_kept(db.session.get_one(Application, application_id), "title")
    assert sorted(outcomes) == [Outcome.CONFLICT] * 9 + [Outcome.SAVED]
    assert set(kept) == {"Бірінші", *(f"{number}" for number in range(10))}


@given(base=st.sampled_from("abc"), present=st.sampled_from("abc"), wanted=st.sampled_from("abc"))
def test_only_two_different_changes_of_one_text_are_rivals(base, present, wanted):
    outcome = judge(base=base, present=present, wanted=wanted)

    is_rival = len({base, present, wanted}) == 3
    assert (outcome is Outcome.CONFLICT) == is_rival
    assert (outcome is Outcome.UNTOUCHED) == (wanted == base != present)


def test_an_input_left_as_it_was_takes_nothing_back_from_another_place(form):
    one, actor = form
    save_answer(one, Change("title", "Бір", "a", 0), by=actor, at=OPEN_AT)
    save_answer(one, Change("title", "Телефоннан", "b", 1), by=actor, at=OPEN_AT)

    left = save_answer(one, Change("title", "Бір", "c", 1), by=actor, at=OPEN_AT)

    assert (left.outcome, left.version, left.value) == (Outcome.UNTOUCHED, 2, "Телефоннан")
    assert texts_kept(one, "title") == ["Бір", "Телефоннан"]


def test_lines_that_cannot_be_read_empty_no_table(form):
    one, actor = form
    save_answer(one, Change("plan", PROJECT["plan"], "a", 0), by=actor, at=OPEN_AT)

    for number, garbled in enumerate(('[{"step":', "{}", "7")):
        with pytest.raises(RefusedError):
            save_answer(one, Change("plan", garbled, f"b{number}", 1), by=actor, at=OPEN_AT)

    assert contents(one, OPEN_AT).values["plan"] == [{"step": "Жүн сатып алу", "weeks": 2}]


def test_parts_that_came_late_are_kept_together(form):
    one, actor = form
    for number, (field, text) in enumerate((("name-family", "Кешіккен"), ("name-given", "Арлан"))):
        save_answer(one, Change(field, text, f"late{number}", 0), by=actor, at=CLOSES_AT, is_late=True)

    assert value_of(late_changes(one)["name"]) == {"family": "Кешіккен", "given": "Арлан", "patronymic": ""}


# --- Putting an earlier text back ---------------------------------------------------------------------------------------

TYPED = {
    QuestionKind.SHORT: st.text(max_size=30),
    QuestionKind.LONG: st.text(max_size=60),
    QuestionKind.MONEY: st.sampled_from(["", "90 000", "500 мың", "көп ақша"]),
    QuestionKind.IIN: st.sampled_from(["", "000418599113", "қате"]),
    QuestionKind.DATE: st.sampled_from(["", "18.04.2000", "ертең"]),
    QuestionKind.TABLE: st.lists(
        st.fixed_dictionaries({"step": st.text(max_size=9), "weeks": st.sampled_from(["2", "екі"])}), max_size=3
    ),
}
KINDS = {"title": QuestionKind.SHORT, "problem": QuestionKind.LONG, "amount": QuestionKind.MONEY, "iin": QuestionKind.IIN,
         "dob": QuestionKind.DATE, "plan": QuestionKind.TABLE}  # fmt: skip


def image(application: Application, key: str) -> Any:
    """The row of an answer as its readers see it, and the fingerprint of all that would be sent."""
    db.session.flush()
    row = db.session.scalars(select(Answer).where(Answer.application_id == application.id, Answer.question_key == key)).one()
    what = contents(application, OPEN_AT)
    return (row.value, row.sealed, what.values, snapshot(what))


@settings(
    max_examples=examples(6),
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_undo_restores_the_row_as_it_was(form, data):
    _form, actor = form
    application = draft(announced_call(), applicant()[1])
    key = data.draw(st.sampled_from(sorted(KINDS)))
    texts = data.draw(st.lists(TYPED[KINDS[key]], min_size=2, max_size=6))
    images = {}
    for number, typed in enumerate(texts):
        save_answer(application, Change(key, typed, f"t{number}"), by=actor, at=OPEN_AT)
        if change_by_id(application, f"t{number}") is not None:  # nothing over nothing is no text
            images[f"t{number}"] = image(application, key)
    for change_id in data.draw(st.permutations(sorted(images))):
        kept = change_by_id(application, change_id)
        assert kept is not None
        restore_answer(application, kept, by=actor, at=OPEN_AT)

        assert image(application, key) == images[change_id]
    assert set(images) <= {one.change_id for one in db.session.scalars(select(AnswerChange))}


def test_a_text_of_another_application_is_not_put_back(form):
    one, actor = form
    other = draft(announced_call(), applicant()[1])
    save_answer(other, Change("title", "Бөтен", "other", 0), by=actor, at=OPEN_AT)
    kept = change_by_id(other, "other")
    assert kept is not None

    with pytest.raises(RefusedError):
        restore_answer(one, kept, by=actor, at=OPEN_AT)


# --- The page -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def hers(app, client, at, kept):
    """A signed-in applicant whose title was changed, and changed in another place at the same time."""
    at(OPEN_AT)
    made = kept(app, changed_twice)
    with app.app_context(), writing():
        sign_in(client, db.session.get_one(User, made[-1]))
    return made


def changed_twice():
    with writing():
        account, actor = applicant()
        one = draft(announced_call(), actor)
        for number, (text, base) in enumerate((("Бірінші", 0), ("Екінші", 1), ("Қатар", 1))):
            save_answer(one, Change("title", text, f"c{number}", base), by=actor, at=OPEN_AT + timedelta(minutes=number))
        return one.id, f"/my/applications/{one.public_id}", account.id


def test_history_shows_every_text_with_what_became_of_it(app, client, hers):
    _id, url, _account = hers
    page = client.get(f"{url}/history/title", headers=RUSSIAN)

    assert page.status_code == 200
    for text in ("Бірінші", "Екінші", "Қатар"):
        assert text in page.text
    assert page.text.count('name="text"') == 2
    assert f"{url}/history/title" in client.get(f"{url}/form/idea").text
    words = [page.text.index(label) for label in ("написано в это же время", "стоит в форме", "прежний текст")]
    assert words == sorted(words)


def test_earlier_text_is_put_back_with_one_press_and_so_is_the_one_it_replaced(app, client, hers):
    _id, url, _account = hers

    back = client.post(f"{url}/history/title", data={"text": "c2"})
    with app.app_context():
        first = contents(db.session.get_one(Application, hers[0]), OPEN_AT).values["title"]
    client.post(f"{url}/history/title", data={"text": "c1"})

    assert (back.status_code, back.location, first) == (303, f"{url}/history/title", "Қатар")
    with app.app_context():
        assert contents(db.session.get_one(Application, hers[0]), OPEN_AT).values["title"] == "Екінші"


def test_history_is_read_after_the_closing_and_no_longer_changed(app, client, at, hers):
    application_id, url, account_id = hers
    at(CLOSES_AT)
    with app.app_context(), writing():
        sign_in(client, db.session.get_one(User, account_id), CLOSES_AT)

    page = client.get(f"{url}/history/title", headers=RUSSIAN)

    assert "Қатар" in page.text
    assert 'name="text"' not in page.text
    assert client.post(f"{url}/history/title", data={"text": "c0"}).status_code == 403
    with app.app_context():
        assert contents(db.session.get_one(Application, application_id), CLOSES_AT).values["title"] == "Екінші"


def test_history_of_another_person_or_question_does_not_exist(app, client, hers):
    _id, url, _account = hers
    stranger = app.test_client()
    with app.app_context(), writing():
        sign_in(stranger, applicant()[0])

    assert stranger.get(f"{url}/history/title").status_code == 404
    assert stranger.post(f"{url}/history/title", data={"text": "c0"}).status_code == 404
    assert client.get(f"{url}/history/nothing").status_code == 404
    assert client.post(f"{url}/history/problem", data={"text": "c0"}).status_code == 404


def test_long_history_is_shown_by_pages(app, client, hers):
    application_id, url, _account = hers
    with app.app_context(), writing():
        one = db.session.get_one(Application, application_id)
        for number in range(30):
            save_answer(one, Change("problem", "Мәтін " * 500 + str(number), f"p{number}"), by=applicant()[1], at=OPEN_AT)

    page = client.get(f"{url}/history/problem?page=3")

    assert "Мәтін 9<" in page.text
    assert len(page.data) < 100_000


@pytest.mark.parametrize("typed", ["[" * 100_000, '[{"step": {"a": 1}}]', '[[["а"]]]', '[{"step": [1]}]'])
def test_lines_that_hold_more_than_cells_are_refused(form, typed):
    one, actor = form

    with pytest.raises(RefusedError):
        save_answer(one, Change("plan", typed, "a", 0), by=actor, at=OPEN_AT)
