"""The pages on which an organiser makes the application form, by requests as a browser sends them."""

import io
import json
from types import SimpleNamespace

import pytest

from app.core.db import db, writing
from app.people.models import User
from app.programmes.models import Programme
from app.programmes.queries import actor_of
from app.programmes.states import Role
from competitions.models import Application, Competition
from competitions.queries.form import form_in_force, form_in_making, form_text
from competitions.rules.change import Change
from competitions.rules.form_json import to_json
from competitions.services.answer import save_answer
from tests import factories
from tests.competitions.scene import MADE_AT, OPEN_AT, announce_call, applicant, draft, open_call, sign_in


def being_made():
    with writing():
        call = open_call()
        account = factories.user(member_of=db.session.get_one(Programme, call.programme_id), role=Role.ORGANISER, language="en")
        return SimpleNamespace(id=call.id, url=f"/manage/competitions/{call.public_id}/form", account_id=account.id)


def running():
    with writing():
        made = being_made()
        call = db.session.get_one(Competition, made.id)
        announce_call(call)
        one = draft(call, applicant()[1])
        made.application = one.id
        return made


def entered(app, client, scene, at):
    with app.app_context(), writing():
        sign_in(client, db.session.get_one(User, scene.account_id), at)
    return scene


@pytest.fixture
def desk(app, client, at, kept):
    at(MADE_AT)
    return entered(app, client, kept(app, being_made), MADE_AT)


@pytest.fixture
def busy(app, client, at, kept):
    at(OPEN_AT)
    return entered(app, client, kept(app, running), OPEN_AT)


def text_of(app, desk):
    with app.app_context():
        call = db.session.get_one(Competition, desk.id)
        form = form_in_making(call) or form_in_force(call)
        assert form
        return form_text(form)


QUESTION = {
    "label-kk": "Өніміңізді қайда сатасыз?", "label-ru": "Где Вы продаёте товар?", "group": "idea", "is_required": "y",
    "choices-0-label-kk": "Базарда", "choices-0-label-ru": "На рынке",
    "choices-1-label-kk": "Интернетте", "choices-1-label-ru": "В интернете",
}  # fmt: skip


def test_question_is_added_changed_moved_removed_and_brought_back(app, client, desk):
    answer = client.post(f"{desk.url}/add?group=idea&kind=multiple_choice", data=QUESTION)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{desk.url}#q1")
    made = text_of(app, desk).question("q1")
    assert [(one["key"], one["label"]["ru"]) for one in made.choices] == [("c1", "На рынке"), ("c2", "В интернете")]

    changed = QUESTION | {"label-kk": "Қайда сатасыз?", "choices-0-key": "c1", "choices-1-key": "c2", "choices-0-label-kk": ""}
    changed |= {"choices-0-label-ru": "", "choices-2-label-kk": "Дүкенде", "choices-2-label-ru": "В магазине"}
    client.post(f"{desk.url}/questions/q1", data=changed)
    made = text_of(app, desk).question("q1")
    assert (made.label["kk"], [one["key"] for one in made.choices]) == ("Қайда сатасыз?", ["c2", "c1"])

    client.post(f"{desk.url}/questions/q1/move", data={"group": "idea", "place": "0"})
    assert text_of(app, desk).questions[0].key == "q1"
    client.post(f"{desk.url}/questions/q1/move", data={"step": "down"})
    assert text_of(app, desk).questions[1].key == "q1"
    client.post(f"{desk.url}/questions/q1/remove")
    assert "q1" not in {one.key for one in text_of(app, desk).questions}
    client.post(f"{desk.url}/undo")
    assert text_of(app, desk).question("q1").label["kk"] == "Қайда сатасыз?"


def test_condition_is_chosen_among_the_answers_of_earlier_questions(app, client, desk):
    page = client.get(f"{desk.url}/questions/mentor").text
    assert 'value="title"' in page
    assert 'value="name"' not in page

    words = {"label-kk": "Қандай тәлімгер?", "label-ru": "Какой наставник?", "group": "impact"}
    client.post(
        f"{desk.url}/add?group=impact&kind=short",
        data=words | {"condition_question": "mentor", "condition_answers": ["mentor:yes"]},
    )

    assert text_of(app, desk).question("q1").options == {"show_if": {"question": "mentor", "is": ["yes"]}}
    assert "Answer this only if your answer to" in client.get(desk.url).text


def test_condition_without_an_answer_is_refused_and_the_words_stay(client, desk):
    words = {"label-kk": "Қандай тәлімгер?", "label-ru": "Какой наставник?", "group": "impact"}
    answer = client.post(f"{desk.url}/add?group=impact&kind=short", data=words | {"condition_question": "mentor"})

    assert answer.status_code == 409
    assert "choose to which answers" in answer.text
    assert "Какой наставник?" in answer.text


def test_question_without_words_is_refused_at_its_field(client, desk):
    answer = client.post(f"{desk.url}/add?group=idea&kind=long", data={"group": "idea"})

    assert answer.status_code == 422
    assert "Please fill this in." in answer.text


def test_question_is_looked_at_while_it_is_written_and_nothing_is_kept(app, client, desk):
    answer = client.post(f"{desk.url}/look?kind=multiple_choice", data=QUESTION)

    assert answer.status_code == 200
    assert "На рынке" in answer.text or "Базарда" in answer.text
    assert "q1" not in {one.key for one in text_of(app, desk).questions}


def test_group_is_added_named_moved_and_removed(app, client, desk):
    client.post(f"{desk.url}/groups", data={"title-kk": "Топ", "title-ru": "Команда"})
    assert text_of(app, desk).group("g1").title["ru"] == "Команда"
    client.post(f"{desk.url}/groups/g1", data={"title-kk": "Команда", "title-ru": "Наша команда"})
    assert text_of(app, desk).group("g1").title["ru"] == "Наша команда"
    client.post(f"{desk.url}/groups/g1/move", data={"step": "up"})
    assert text_of(app, desk).groups[-2].key == "g1"
    client.post(f"{desk.url}/groups/g1/remove")
    assert "g1" not in {one.key for one in text_of(app, desk).groups}

    client.post(f"{desk.url}/groups/idea/remove")
    assert "Move or remove them first" in client.get(desk.url).text


def test_form_goes_out_as_a_file_and_comes_back_whole(app, client, desk):
    client.post(f"{desk.url}/add?group=idea&kind=multiple_choice", data=QUESTION)
    saved = client.get(f"{desk.url}.json")
    assert "attachment" in saved.headers["Content-Disposition"]
    before = to_json(text_of(app, desk))
    client.post(f"{desk.url}/questions/q1/remove")

    sent = {"file": (io.BytesIO(saved.data), "form.json")}
    answer = client.post(f"{desk.url}/import", data=sent, content_type="multipart/form-data")

    assert answer.status_code == 303, answer.text
    assert to_json(text_of(app, desk)) == before == json.loads(saved.data)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 5000, b'{"format": "baiqau-form-1"}', b"null"])
def test_file_that_is_no_form_is_refused_in_words(app, client, desk, content):
    before = text_of(app, desk)
    sent = {"file": (io.BytesIO(content), "form.json")}
    answer = client.post(f"{desk.url}/import", data=sent, content_type="multipart/form-data")

    assert answer.status_code == 409
    assert "This file is no form." in answer.text
    assert text_of(app, desk) == before


def test_new_version_is_shown_in_numbers_before_it_is_published(app, client, busy):
    assert "Begin a new version" in client.get(busy.url).text
    client.post(f"{busy.url}/prepare")
    client.post(f"{busy.url}/add?group=idea&kind=multiple_choice", data=QUESTION)
    page = client.get(f"{busy.url}/publish").text
    assert "Drafts that will follow the new version: 1." in page
    assert "Questions that each of them will have to answer in addition: 1." in page
    with app.app_context():
        before = db.session.get_one(Application, busy.application).form_id

    answer = client.post(f"{busy.url}/publish", follow_redirects=True)

    assert "Drafts that follow it: 1." in answer.text
    with app.app_context():
        assert db.session.get_one(Application, busy.application).form_id != before


def test_words_to_a_question_that_went_stay_on_her_page(app, client, busy):
    with app.app_context(), writing():
        one = db.session.get_one(Application, busy.application)
        author = db.session.scalars(db.select(User).where(User.person_id == one.applicant_id)).one()
        save_answer(one, Change("problem", "Ауылда наубайхана жоқ.", "c1"), by=actor_of(author), at=OPEN_AT)
        address, author_id = f"/my/applications/{one.public_id}", author.id
    client.post(f"{busy.url}/prepare")
    client.post(f"{busy.url}/questions/problem/remove")
    client.post(f"{busy.url}/publish")
    with app.app_context(), writing():
        sign_in(client, db.session.get_one(User, author_id), OPEN_AT)

    assert "Ауылда наубайхана жоқ." in client.get(address).text
    assert "Ауылда наубайхана жоқ." not in client.get(f"{address}/form/idea").text


def test_new_version_can_be_given_up(app, client, busy):
    client.post(f"{busy.url}/prepare")
    client.post(f"{busy.url}/discard")

    assert "Begin a new version" in client.get(busy.url).text


def test_preview_shows_every_group_and_keeps_nothing(client, desk):
    for group in ("idea", "money", "person"):
        answer = client.get(f"{desk.url}/preview/{group}")
        assert answer.status_code == 200
        assert 'class="phone"' in answer.text
        assert "data-autosave-url" not in answer.text
    assert client.get(f"{desk.url}/preview/nowhere").status_code == 404
