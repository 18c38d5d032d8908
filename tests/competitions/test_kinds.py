"""A form with every kind of question: written with and without the script, checked, sent, read by others."""

import json
from types import SimpleNamespace

import pypdfium2
import pytest
from werkzeug.datastructures import MultiDict

from app.core.columns import new_public_id
from app.core.db import db, writing
from app.core.refusals import RefusedError
from app.people.models import User
from app.programmes.models import Programme
from app.programmes.states import Role
from competitions.forms.plain_form import read_screen
from competitions.models import Application
from competitions.queries.application import contents, last_version, snapshot
from competitions.rules.answers import AnswerRefusal
from competitions.rules.application import ApplicationRefusal
from competitions.rules.change import Change
from competitions.services.answer import save_answer
from competitions.services.application import submit_application
from competitions.states import QuestionKind
from scoring.queries.blind import _shown, _value
from tests import factories
from tests.competitions.every_kind import ADDED, PRIVATE, ask_every_kind
from tests.competitions.scene import CONSENT, OPEN_AT, announce_call, applicant, draft, open_call, sign_in, write

GIVEN = {
    "sells": "yes", "since": "01.02.2024", "crafts": '["other","food"]', "which": "Зергерлік", "staff": "2", "roles": "Тігінші",
    "place_kind": "craft", "honest": "y", "second_phone": "8 701 234 56 78", "second_email": "Aru@Example.COM",
}  # fmt: skip
KEPT = {
    "sells": True, "since": "2024-02-01", "crafts": ["food", "other"], "which": "Зергерлік", "staff": 2, "roles": "Тігінші",
    "place_kind": "craft", "honest": True, "second_phone": "+77012345678", "second_email": "aru@example.com",
}  # fmt: skip
ASKED_ANYWAY = {"sells", "crafts", "staff", "place_kind", "honest", "second_phone", "second_email"}


@pytest.fixture
def hers(app, client, at, kept):
    at(OPEN_AT)
    made = kept(app, half_written)
    with app.app_context(), writing():
        sign_in(client, db.session.get_one(User, made.account_id))
    return made


def half_written():
    with writing():
        account, actor = applicant()
        call = open_call()
        ask_every_kind(call)
        announce_call(call)
        one = draft(call, actor)
        write(one, actor)
        return SimpleNamespace(
            id=one.id, url=f"/my/applications/{one.public_id}", account_id=account.id, actor=actor, form=f"/c/{call.slug}/form"
        )


def own(hers):
    return db.session.get_one(Application, hers.id)


def answer(hers, **texts):
    for name, typed in texts.items():
        save_answer(own(hers), Change(name, typed, new_public_id()), by=hers.actor, at=OPEN_AT)


def lacking(hers):
    return {one.question for one in contents(own(hers), OPEN_AT).missing()}


def test_every_kind_is_kept_in_its_canonical_form(app, hers):
    with app.app_context(), writing():
        answer(hers, **GIVEN)
        what = contents(own(hers), OPEN_AT)

        assert {key: what.values[key] for key in KEPT} == KEPT
        assert what.missing() == []


def test_only_what_is_asked_is_due_and_sent(app, hers):
    with app.app_context(), writing():
        assert lacking(hers) == ASKED_ANYWAY
        answer(hers, **GIVEN)
        answer(hers, sells="no", crafts='["food"]', staff="1")
        what = contents(own(hers), OPEN_AT)

        assert what.missing() == []
        assert what.values["which"] == "Зергерлік"
        sent = snapshot(what)
        assert {"since", "which", "roles", "read_me"}.isdisjoint(sent.content)
        assert {"sells", "crafts", "staff"} <= sent.content.keys()


@pytest.mark.parametrize(
    ("name", "typed", "code"),
    [
        ("crafts", '["food","gold"]', AnswerRefusal.NOT_AN_OPTION),
        ("place_kind", "gold", AnswerRefusal.NOT_AN_OPTION),
        ("second_phone", "12", AnswerRefusal.NOT_A_PHONE),
        ("second_email", "aru@", AnswerRefusal.NOT_AN_EMAIL),
        ("staff", "екі", AnswerRefusal.NOT_A_NUMBER),
    ],
)
def test_wrong_answer_of_each_kind_is_kept_and_named(app, hers, name, typed, code):
    with app.app_context(), writing():
        answer(hers, **(GIVEN | {name: typed}))
        found = contents(own(hers), OPEN_AT)

        assert [(one.question, one.refusal.code) for one in found.missing()] == [(name, code)]


def test_consent_that_is_taken_back_is_due_again(app, hers):
    with app.app_context(), writing():
        answer(hers, **GIVEN)
        answer(hers, honest="")

        assert lacking(hers) == {"honest"}


@pytest.mark.parametrize("typed", ["{}", "7", "[1]", '[["food"]]', "not json"])
def test_what_is_no_list_of_keys_empties_no_answer(app, hers, typed):
    with app.app_context(), writing():
        answer(hers, **GIVEN)
        with pytest.raises(RefusedError) as refused:
            answer(hers, crafts=typed)

        assert refused.value.refusals[0].code == AnswerRefusal.NOT_UNDERSTOOD
        assert contents(own(hers), OPEN_AT).values["crafts"] == ["food", "other"]


def test_text_to_read_takes_no_answer(app, hers):
    with app.app_context(), writing(), pytest.raises(RefusedError) as refused:
        answer(hers, read_me="x")

    assert refused.value.refusals[0].code == ApplicationRefusal.UNKNOWN_QUESTION


def test_screen_without_script_says_when_a_question_is_to_be_answered(client, hers):
    page = client.get(f"{hers.url}/form/idea").text

    assert 'data-asked-if="sells"' in page
    assert "««sells» сұрағы» сұрағына мынадай жауап берсеңіз ғана толтырыңыз: Иә" in page
    assert 'type="checkbox" value="craft"' in page.replace('name="crafts" ', "")
    assert "«read_me» сұрағы" in page


def test_boxes_are_ticked_and_cleared_without_script(app, client, hers):
    with app.app_context():
        token = {"csrf_token": client.csrf_token()} if hasattr(client, "csrf_token") else {}
    page = {"version-crafts": "0", "version-honest": "0", "save": "stay", **token}
    client.post(
        f"{hers.url}/form/idea", data=MultiDict([*page.items(), ("crafts", "craft"), ("crafts", "food"), ("honest", "y")])
    )
    with app.app_context():
        values = contents(own(hers), OPEN_AT).values
        assert (values["crafts"], values["honest"]) == (["food", "craft"], True)

    client.post(f"{hers.url}/form/idea", data=page | {"version-crafts": "1", "version-honest": "1"})
    with app.app_context():
        values = contents(own(hers), OPEN_AT).values
        assert (values["crafts"], values["honest"]) == (None, None)


def test_group_that_was_not_on_the_page_keeps_its_boxes(app, hers):
    with app.app_context():
        group = next(one for one in contents(own(hers), OPEN_AT).screens if one.key == "idea")
        sent = read_screen(group.questions, MultiDict({"title": "x"}))

    assert [one.field for one in sent.changes] == ["title"]


def test_sent_application_is_read_with_the_words_of_the_choices(app, client, hers):
    with app.app_context(), writing():
        answer(hers, **GIVEN)
        submit_application(own(hers), by=hers.actor, at=OPEN_AT, declarations=CONSENT)
        version = last_version(own(hers))
        assert version is not None
        content = dict(version.content)
        assert {key: content[key] for key, _kind, _options in ADDED if key in KEPT} == {
            key: KEPT[key] for key, _kind, _options in ADDED if key in KEPT
        }
        assert not {key for key, _kind, _options in PRIVATE} & content.keys()
        assert json.loads(version.sealed)["second_phone"] == "+77012345678"
        form = contents(own(hers), OPEN_AT).application.form
        shown = _shown(form, content)
        assert {one.key for one in shown} >= {"since", "which", "roles"}
        assert {one.key for one in _shown(form, content | {"sells": False})}.isdisjoint({"since", "read_me"})
        crafts = next(one for one in shown if one.kind is QuestionKind.MULTIPLE_CHOICE)
        words = _value(crafts, content["crafts"])
        assert isinstance(words, tuple)
        assert [one["ru"] for one in words] == ["Еда", "Другое"]
    page = client.get(f"{hers.url}/check").text

    assert "Тағам" in page
    assert "Басқа" in page
    assert "Келісім берілді" in page
    assert "«read_me» сұрағы" not in page


def test_every_page_of_the_application_reads_every_kind(app, client, hers):
    with app.app_context(), writing():
        answer(hers, **GIVEN)
        answer(hers, crafts='["craft"]', honest="")
        answer(hers, **GIVEN | {"crafts": '["other", "food"]', "honest": "y"})
        submit_application(own(hers), by=hers.actor, at=OPEN_AT, declarations=CONSENT)
        answer(hers, crafts='["craft"]')
        programme = db.session.get_one(Programme, own(hers).programme_id)
        checker = factories.user(member_of=programme, role=Role.CHECKER).id
    pages = ["", "/check", "/receipt", "/form/idea", "/form/person", "/history/crafts", "/history/honest", "/print.pdf"]
    statuses = {page: client.get(hers.url + page).status_code for page in pages}
    assert statuses == dict.fromkeys(pages, 200)
    assert "Қолөнер" in client.get(f"{hers.url}/history/crafts").text

    with app.app_context(), writing():
        submit_application(own(hers), by=hers.actor, at=OPEN_AT, declarations=CONSENT)
        sign_in(client, db.session.get_one(User, checker))
        theirs = f"/manage/applications/{own(hers).public_id}"
    pages = ["", "/versions", "/return", "/print.pdf"]
    found = {page: client.get(theirs + page) for page in pages}
    assert {page: one.status_code for page, one in found.items() if one.status_code >= 500} == {}
    assert "Қолөнер" in found[""].text
    assert "+7\u00a0701\u00a0***" in found[""].text
    assert "aru@example.com" not in found[""].text


@pytest.mark.parametrize("where", ["", ".pdf"])
def test_blank_form_names_every_question_and_its_condition(client, hers, where):
    answer = client.get(f"{hers.form}{where}")
    pages = pypdfium2.PdfDocument(answer.data) if where else ()
    page = " ".join("".join(one.get_textpage().get_text_range() for one in pages).split()) if where else answer.text

    assert all(f"«{key}» сұрағы" in page for key, _kind, _options in (*ADDED, *PRIVATE))
    assert "««staff» сұрағы» сұрағына мынадай жауап берсеңіз ғана толтырыңыз: кемінде 2" in page
