"""Words and files of questions that are not asked any more: kept, shown to their author, and no part of the application."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace

import pypdfium2
import pytest

from app.access.actor import COMMAND
from app.core.cleaning.kinds import Kind
from app.core.columns import new_public_id
from app.core.db import db, writing
from app.core.uploads import CleanFile, keep
from app.people.models import User
from app.programmes.queries import actor_of
from competitions.models import AnswerChange, Application, Competition, Form, Question
from competitions.queries.application import contents, snapshot
from competitions.rules import form as changes
from competitions.rules.change import Change
from competitions.rules.form import GroupText, QuestionText
from competitions.services.answer import save_answer
from competitions.services.document import attach_document
from competitions.services.form import edit_form, prepare_form, publish_form
from competitions.states import QuestionKind
from tests.competitions.scene import CLOSES_AT, OPEN_AT, announced_call, applicant, draft, sign_in

pytestmark = pytest.mark.db

WORDS = "Ұзақ сөздер: нарықта сатамын."


def begun():
    """A draft of a running call which asks where she sells, if she sells."""
    with writing():
        call = announced_call()
        account, actor = applicant()
        one = draft(call, actor)
        found = SimpleNamespace(account_id=account.id, app=one.id, call=call.id, url=f"/my/applications/{one.public_id}")
    republish(
        found,
        lambda t: changes.put_question(t, QuestionText("sells", "idea", QuestionKind.YES_NO, both("Sells?"))),
        lambda t: changes.put_question(t, WHERE),
        lambda t: changes.put_question(t, PICKS),
    )
    return found


def both(text):
    return {"kk": text, "ru": text}


WHERE = QuestionText(
    "where", "impact", QuestionKind.LONG, both("Where?"), options={"show_if": {"question": "sells", "is": ["yes"]}}
)

PICKS = QuestionText(
    "picks",
    "idea",
    QuestionKind.MULTIPLE_CHOICE,
    both("Picks?"),
    is_required=False,
    options={"choices": [{"key": "a", "label": both("A")}, {"key": "b", "label": both("B")}]},
)


def republish(found, *edits):
    call = db.session.get_one(Competition, found.call)
    with writing():
        prepare_form(call, by=COMMAND, at=OPEN_AT)
    for edit in edits:
        with writing():
            edit_form(call, edit, by=COMMAND, at=OPEN_AT)
    with writing():
        publish_form(call, by=COMMAND, at=OPEN_AT)


@pytest.fixture
def hers(database, app, client, at, kept):
    """Her draft, on both databases, and she signed in."""
    at(OPEN_AT)
    found = kept(app, begun)
    with app.app_context(), writing():
        sign_in(client, db.session.get_one(User, found.account_id), OPEN_AT)
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return found


def answer(hers, **texts):
    own = db.session.get_one(Application, hers.app)
    for name, typed in texts.items():
        save_answer(own, Change(name, typed, new_public_id()), by=COMMAND, at=OPEN_AT)


def snapshot_of(hers):
    return snapshot(contents(db.session.get_one(Application, hers.app), OPEN_AT))


def sent_of(hers):
    return snapshot_of(hers).content


def test_words_to_a_question_that_an_answer_elsewhere_took_away_are_kept(app, client, hers):
    with app.app_context(), writing():
        answer(hers, sells="yes")
    assert 'name="where"' in client.get(f"{hers.url}/form/impact").text
    with app.app_context(), writing():
        answer(hers, sells="no")

    said = client.post(f"{hers.url}/form/impact", data={"where": WORDS, "version-where": "0"}, follow_redirects=True).text

    assert "Not asked any more: “Where?”" in said
    assert WORDS in client.get(hers.url).text
    with app.app_context():
        assert "where" not in sent_of(hers)
    with app.app_context(), writing():
        answer(hers, sells="yes")
    assert WORDS in client.get(f"{hers.url}/form/impact").text


def test_part_whose_questions_are_all_unasked_is_no_screen(app, hers):
    with app.app_context():
        extra = replace(WHERE, key="map", group="extra")
        republish(
            hers,
            lambda t: changes.put_group(t, GroupText("extra", both("Extra"))),
            lambda t: changes.put_question(t, extra),
        )
        seen = []
        for said in ("no", "yes"):
            with writing():
                answer(hers, sells=said)
            what = contents(db.session.get_one(Application, hers.app), OPEN_AT)
            seen.append("extra" in [one.key for one in what.screens])

    assert seen == [False, True]


def test_words_to_a_question_that_a_new_version_dropped_are_kept(app, client, hers):
    with app.app_context():
        republish(hers, lambda t: changes.remove_question(t, "problem"))

    said = client.post(f"{hers.url}/form/idea", data={"problem": WORDS, "version-problem": "0"}, follow_redirects=True).text

    assert "Not asked any more: “" in said
    assert WORDS in client.get(hers.url).text
    assert client.get(f"{hers.url}/history/problem").status_code == 200
    with app.app_context():
        assert "problem" not in sent_of(hers)


def test_newest_words_to_a_dropped_question_stand_on_her_page(app, client, hers):
    with app.app_context(), writing():
        answer(hers, problem="Бірінші")
        answer(hers, problem="Екінші")
    with app.app_context():
        republish(hers, lambda t: changes.remove_question(t, "problem"))

    client.post(f"{hers.url}/form/idea", data={"problem": WORDS, "version-problem": "1"})

    assert WORDS in client.get(hers.url).text
    assert "Екінші" in client.get(f"{hers.url}/history/problem").text


def test_words_saved_as_she_writes_to_a_dropped_question_are_kept_and_said_so(app, client, hers):
    with app.app_context():
        republish(hers, lambda t: changes.remove_question(t, "problem"))

    said = client.post(f"{hers.url}/answers", data={"field": "problem", "value": WORDS, "change_id": "z", "base_version": "0"})

    assert (said.status_code, said.json["version"]) == (200, 1)
    assert "Not asked any more" in said.json["message"]
    assert WORDS in client.get(hers.url).text


def test_a_screen_that_is_gone_leads_to_the_page_with_her_words(app, client, hers):
    more = QuestionText("more", "extra", QuestionKind.LONG, both("More?"))
    with app.app_context():
        republish(
            hers, lambda t: changes.put_group(t, GroupText("extra", both("Extra"))), lambda t: changes.put_question(t, more)
        )
        republish(hers, lambda t: changes.remove_question(t, "more"), lambda t: changes.remove_group(t, "extra"))

    said = client.post(f"{hers.url}/form/extra", data={"more": WORDS, "version-more": "0"}, follow_redirects=True)

    assert said.request.path == hers.url
    assert "Not asked any more: “More?”" in said.text
    assert WORDS in said.text
    assert "This part of the form is not asked any more." in client.get(f"{hers.url}/form/extra", follow_redirects=True).text
    assert client.get(f"{hers.url}/form/never").status_code == 404
    assert client.post(f"{hers.url}/form/never", data={}).status_code == 404


def test_question_of_a_version_that_was_never_published_takes_no_words(app, client, hers):
    with app.app_context():
        call = db.session.get_one(Competition, hers.call)
        with writing():
            prepare_form(call, by=COMMAND, at=OPEN_AT)
        with writing():
            fresh = QuestionText("more", "idea", QuestionKind.LONG, both("More?"))
            edit_form(call, lambda t: changes.put_question(t, fresh), by=COMMAND, at=OPEN_AT)
        assert db.session.query(Question).join(Form).filter(Form.locked_at.is_(None), Question.key == "more").count() == 1

    assert client.post(f"{hers.url}/answers", data={"field": "more", "value": "x", "change_id": "z"}).status_code == 409


def test_files_of_a_dropped_question_stay_on_her_page(app, client, hers):
    made = pypdfium2.PdfDocument.new()
    made.new_page(100, 100)
    out = BytesIO()
    made.save(out)
    with app.app_context():
        with writing():
            by = actor_of(db.session.get_one(User, hers.account_id))
            one = keep(CleanFile(out.getvalue(), Kind.PDF, "mine.pdf"))
            document = attach_document(db.session.get_one(Application, hers.app), "quotes", one, by=by, at=OPEN_AT).public_id
        assert [one["public_id"] for one in snapshot_of(hers).documents] == [document]
        republish(hers, lambda t: changes.remove_question(t, "quotes"))
        assert snapshot_of(hers).documents == []

    assert "mine.pdf" in client.get(hers.url).text
    assert f"{hers.url}/documents/{document}" in client.get(hers.url).text

    client.post(f"{hers.url}/form/money", data={"remove_document": document})

    assert f"{hers.url}/documents/{document}" not in client.get(hers.url).text


def late_post(app, client, at, hers, **data):
    instant = CLOSES_AT + timedelta(minutes=1)
    at(instant)
    with app.app_context(), writing():
        sign_in(client, db.session.get_one(User, hers.account_id), instant)
    client.post(f"{hers.url}/form/idea", data=data)
    with app.app_context():
        return [one.question_key for one in db.session.scalars(db.select(AnswerChange).where(AnswerChange.is_late))]


def test_screen_sent_too_late_keeps_what_differs_and_shows_it(app, client, at, hers):
    with app.app_context(), writing():
        answer(hers, problem="Бұрынғы", sells="yes", where="Нарықта", picks='["a","b"]')
        answer(hers, sells="no")

    unchanged = {"problem": "Бұрынғы", "sells": "no", "where": "Нарықта", "picks": ["b", "a"], "version-picks": "1"}
    assert late_post(app, client, at, hers, **unchanged) == []
    assert late_post(app, client, at, hers, **unchanged | {"where": WORDS}) == ["where"]
    assert WORDS in client.get(hers.url).text
