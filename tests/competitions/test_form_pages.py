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
from competitions.rules.form_json import KEY, to_json
from competitions.services.answer import save_answer
from tests import factories
from tests.competitions.scene import CLOSES_AT, MADE_AT, OPEN_AT, announce_call, applicant, draft, open_call, sign_in


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


def added(answer, desk):
    """The key of the question or group that was just added."""
    assert answer.status_code == 303
    return answer.headers["Location"].removeprefix(f"{desk.url}#").removeprefix("group-")


def test_question_is_added_changed_moved_removed_and_brought_back(app, client, desk):
    key = added(client.post(f"{desk.url}/add?group=idea&kind=multiple_choice", data=QUESTION), desk)
    made = text_of(app, desk).question(key)
    assert [one["label"]["ru"] for one in made.choices] == ["На рынке", "В интернете"]

    first, second = (one["key"] for one in made.choices)
    changed = QUESTION | {"label-kk": "Қайда сатасыз?", "choices-0-key": first, "choices-1-key": second}
    changed |= {"choices-0-label-kk": "", "choices-0-label-ru": ""}
    changed |= {"choices-2-label-kk": "Дүкенде", "choices-2-label-ru": "В магазине"}
    client.post(f"{desk.url}/questions/{key}", data=changed)
    made = text_of(app, desk).question(key)
    assert (made.label["kk"], made.choices[0]["key"]) == ("Қайда сатасыз?", second)
    assert made.choices[1]["key"] not in {first, second}  # who had chosen the first has not chosen this

    client.post(f"{desk.url}/questions/{key}/move", data={"group": "idea", "place": "0"})
    assert text_of(app, desk).questions[0].key == key
    client.post(f"{desk.url}/questions/{key}/move", data={"step": "down"})
    assert text_of(app, desk).questions[1].key == key
    client.post(f"{desk.url}/questions/{key}/remove")
    assert key not in {one.key for one in text_of(app, desk).questions}
    again = added(client.post(f"{desk.url}/add?group=idea&kind=multiple_choice", data=QUESTION), desk)
    assert again != key
    client.post(f"{desk.url}/undo")
    client.post(f"{desk.url}/undo")
    assert text_of(app, desk).question(key).label["kk"] == "Қайда сатасыз?"


@pytest.mark.parametrize("typed", ["", "abc", "0", "-5", "99"])
def test_number_of_files_that_is_none_is_refused_at_its_field(client, desk, typed):
    words = {"label-kk": "Фото", "label-ru": "Фото", "group": "idea", "limit": typed}
    answer = client.post(f"{desk.url}/add?group=idea&kind=file", data=words)
    look = client.post(f"{desk.url}/look?kind=file", data=words)

    assert (answer.status_code, look.status_code) == (422, 200)
    assert "Фото" in answer.text


def test_line_whose_key_is_no_name_gets_one(app, client, desk):
    typed = QUESTION | {"choices-0-key": '"><img src=x>'}
    key = added(client.post(f"{desk.url}/add?group=idea&kind=multiple_choice", data=typed), desk)

    assert all(KEY.fullmatch(one["key"]) for one in text_of(app, desk).question(key).choices)
    client.post(f"{desk.url}/questions/title/move", data={"step": "down"})
    assert client.post(f"{desk.url}/undo").status_code == 303
    assert text_of(app, desk).questions[0].key == "title"


def test_after_the_closing_nothing_of_the_form_is_offered_for_change(client, busy, at):
    client.post(f"{busy.url}/prepare")
    assert f"{busy.url}/publish" in client.get(busy.url).text
    at(CLOSES_AT)

    shown = client.get(busy.url).text
    assert f"{busy.url}/publish" not in shown
    assert f"{busy.url}/add" not in shown


def test_condition_is_chosen_among_the_answers_of_earlier_questions(app, client, desk):
    page = client.get(f"{desk.url}/questions/mentor").text
    assert 'value="title"' in page
    assert 'value="name"' not in page

    words = {"label-kk": "Қандай тәлімгер?", "label-ru": "Какой наставник?", "group": "impact"}
    answer = client.post(
        f"{desk.url}/add?group=impact&kind=short",
        data=words | {"condition_question": "mentor", "condition_answers": ["mentor:yes"]},
    )

    assert text_of(app, desk).question(added(answer, desk)).options == {"show_if": {"question": "mentor", "is": ["yes"]}}
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
    assert not any(one.label["kk"] == QUESTION["label-kk"] for one in text_of(app, desk).questions)


def test_group_is_added_named_moved_and_removed(app, client, desk):
    key = added(client.post(f"{desk.url}/groups", data={"title-kk": "Топ", "title-ru": "Команда"}), desk)
    assert text_of(app, desk).group(key).title["ru"] == "Команда"
    client.post(f"{desk.url}/groups/{key}", data={"title-kk": "Команда", "title-ru": "Наша команда"})
    assert text_of(app, desk).group(key).title["ru"] == "Наша команда"
    client.post(f"{desk.url}/groups/{key}/move", data={"step": "up"})
    assert text_of(app, desk).groups[-2].key == key
    client.post(f"{desk.url}/groups/{key}/remove")
    assert key not in {one.key for one in text_of(app, desk).groups}

    client.post(f"{desk.url}/groups/idea/remove")
    assert "Move or remove them first" in client.get(desk.url).text


def test_form_goes_out_as_a_file_and_comes_back_whole(app, client, desk):
    key = added(client.post(f"{desk.url}/add?group=idea&kind=multiple_choice", data=QUESTION), desk)
    saved = client.get(f"{desk.url}.json")
    assert "attachment" in saved.headers["Content-Disposition"]
    before = to_json(text_of(app, desk))
    client.post(f"{desk.url}/questions/{key}/remove")

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
