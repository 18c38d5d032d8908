"""The verbs on a form: changes and their undo before the call, versions under a running call, and answers that stay."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.access.actor import COMMAND
from app.core import audit
from app.core.columns import Translation
from app.core.db import db, writing
from app.core.refusals import RefusedError
from app.messages.models import Mailing, Recipient
from competitions.models import Application, Competition, Form, FormEdit
from competitions.queries.application import contents
from competitions.queries.competition import current_rules
from competitions.queries.form import draft_count, form_in_force, form_in_making, form_of_rules, form_text
from competitions.rules import form as changes
from competitions.rules.change import Change
from competitions.rules.form import FormRefusal, GroupText, QuestionText
from competitions.rules.form_json import to_json
from competitions.rules.publishing import PublishingRefusal
from competitions.services.answer import save_answer
from competitions.services.application import submit_application
from competitions.services.competition import Act, approve_rules
from competitions.services.form import EDITS_KEPT, discard_form, edit_form, prepare_form, publish_form, put_form, undo_form_edit
from competitions.states import QuestionKind
from tests.competitions.scene import CLOSES_AT, CONSENT, MADE_AT, OPEN_AT, announced_call, applicant, draft, open_call, write
from tests.examples import examples

NEW = QuestionText("q1", "idea", QuestionKind.LONG, {"kk": "Командаңыз кімдерден тұрады?", "ru": "Кто в команде?"})


def made(scene):
    return db.session.get_one(Competition, scene.id)


def edit(scene, change, at=MADE_AT):
    with writing():
        return edit_form(made(scene), change, by=COMMAND, at=at)


def add(question=NEW):
    return lambda text: changes.put_question(text, question)


def now(scene):
    form = form_in_making(made(scene)) or form_in_force(made(scene))
    assert form
    return form_text(form)


def number_of(form):
    assert form
    return form.number


def codes(refused):
    return [one.code for one in refused.value.refusals]


def drafted():
    with writing():
        return SimpleNamespace(id=open_call().id)


@pytest.fixture
def scene(app, at, kept):
    at(MADE_AT)
    return kept(app, drafted)


def running_call():
    """An announced call with two drafts and one application that was sent."""
    with writing():
        call = announced_call()
        ones = []
        for number in range(3):
            _account, actor = applicant()
            one = draft(call, actor)
            write(one, actor, iin=("000418599113", "010203599017", "990704499027")[number])
            ones.append(one)
            if number == 2:
                submit_application(one, by=actor, at=OPEN_AT, declarations=CONSENT)
        return SimpleNamespace(id=call.id, ids=[one.id for one in ones])


@pytest.fixture
def running(app, at, kept):
    at(OPEN_AT)
    return kept(app, running_call)


def test_change_is_kept_and_taken_back_to_the_very_row(app, scene):
    with app.app_context():
        before = to_json(now(scene))
        edit(scene, add())
        edit(scene, lambda text: changes.remove_question(text, "mentor"))
        assert {one.key for one in now(scene).questions} >= {"q1"}

        for _press in range(2):
            with writing():
                undo_form_edit(made(scene), by=COMMAND, at=MADE_AT)

        assert to_json(now(scene)) == before
        with writing():
            undo_form_edit(made(scene), by=COMMAND, at=MADE_AT)
        assert [one.verb for one in audit.history(made(scene))] == [
            "create",
            "edit_form",
            "edit_form",
            "undo_form_edit",
            "undo_form_edit",
        ]


STEP = st.tuples(st.sampled_from(["move", "remove", "group", "word"]), st.integers(0, 20), st.sampled_from([-1, 1]))


@settings(max_examples=examples(8), suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(STEP, min_size=1, max_size=6))
def test_whatever_was_changed_undo_gives_the_image_before(app, scene, steps):
    def act(kind, number, way):
        def change(text):
            key = text.questions[number % len(text.questions)].key
            if kind == "move":
                return changes.move_question(text, key, way)
            if kind == "group":
                return changes.move_group(text, text.groups[number % len(text.groups)].key, way)
            if kind == "remove" and key != "title":
                return changes.remove_question(text, key)
            return changes.put_question(
                text, QuestionText(f"w{number}", text.groups[0].key, QuestionKind.SHORT, {"kk": "Сұрақ"})
            )

        return change

    with app.app_context():
        images = [to_json(now(scene))]
        for step in steps:
            with suppress(RefusedError):  # what the rules judge by is not taken out
                edit(scene, act(*step))
            image = to_json(now(scene))
            if image != images[-1]:
                images.append(image)
        while len(images) > 1:
            images.pop()
            with writing():
                undo_form_edit(made(scene), by=COMMAND, at=MADE_AT)
            assert to_json(now(scene)) == images[-1]
        assert db.session.scalar(select(func.count()).select_from(FormEdit)) == 0


def test_change_that_changes_nothing_leaves_no_trace(app, scene):
    with app.app_context():
        edit(scene, lambda text: text)

        assert [one.verb for one in audit.history(made(scene))] == ["create"]


def test_change_that_breaks_the_form_is_refused_whole(app, scene):
    with app.app_context():
        before = now(scene)
        with pytest.raises(RefusedError) as refused:
            edit(scene, lambda text: changes.remove_question(text, "title"))

        assert codes(refused) == [FormRefusal.PROJECT_UNNAMED]
        assert now(scene) == before


def test_form_is_locked_with_the_rules(app, scene):
    with app.app_context():
        with writing():
            approve_rules(made(scene), Act("1", MADE_AT.date()), by=COMMAND, at=MADE_AT)
        with pytest.raises(RefusedError) as refused:
            edit(scene, add())

        assert codes(refused) == [PublishingRefusal.RULES_LOCKED]


def test_running_call_gets_a_new_version_and_drafts_follow_it(app, running):
    with app.app_context():
        with pytest.raises(RefusedError) as refused:
            edit(running, add(), OPEN_AT)
        assert codes(refused) == [PublishingRefusal.RULES_LOCKED]
        with writing():
            prepare_form(made(running), by=COMMAND, at=OPEN_AT)
        edit(running, add(), OPEN_AT)
        edit(running, lambda text: changes.remove_question(text, "mentor"), OPEN_AT)
        forms = {one: db.session.get_one(Application, one).form_id for one in running.ids}
        assert number_of(form_in_force(made(running))) == 1
        assert draft_count(made(running)) == 2

        with writing():
            count = publish_form(made(running), by=COMMAND, at=OPEN_AT)

        assert count == 2
        assert number_of(form_in_force(made(running))) == 2
        new = {one: db.session.get_one(Application, one).form_id for one in running.ids}
        assert [new[one] != forms[one] for one in running.ids] == [True, True, False]
        hers = contents(db.session.get_one(Application, running.ids[0]), OPEN_AT)
        assert [one.question for one in hers.missing()] == ["q1"]
        sent = contents(db.session.get_one(Application, running.ids[2]), OPEN_AT)
        assert "mentor" in {one.key for one in sent.application.form.questions}
        assert sent.missing() == []
        mailing = db.session.scalars(select(Mailing).where(Mailing.kind == "competitions.form_changed")).one()
        wanted = select(func.count()).select_from(Recipient).where(Recipient.mailing_id == mailing.id)
        assert db.session.scalar(wanted) == 2


def test_answers_to_a_question_that_went_are_kept(app, running):
    with app.app_context():
        with writing():
            prepare_form(made(running), by=COMMAND, at=OPEN_AT)
        edit(running, lambda text: changes.remove_question(text, "problem"), OPEN_AT)
        with writing():
            publish_form(made(running), by=COMMAND, at=OPEN_AT)
        hers = contents(db.session.get_one(Application, running.ids[0]), OPEN_AT)

        assert hers.values["problem"] == "Ауданда кәдесый жоқ."
        assert "problem" not in {one.key for one in hers.questions}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (add(QuestionText("summary", "idea", QuestionKind.SHORT, {"kk": "Қысқаша"})), FormRefusal.KIND_CHANGED),
        (
            add(QuestionText("summary", "idea", QuestionKind.LONG, {"kk": "Қысқаша"}, is_private=True)),
            FormRefusal.PRIVACY_CHANGED,
        ),
    ],
)
def test_what_was_promised_under_a_question_is_not_changed(app, running, change, code):
    with app.app_context():
        with writing():
            prepare_form(made(running), by=COMMAND, at=OPEN_AT)
        with pytest.raises(RefusedError) as refused:
            edit(running, change, OPEN_AT)

        assert codes(refused) == [code]


def published(scene, change):
    with writing():
        prepare_form(made(scene), by=COMMAND, at=OPEN_AT)
    edit(scene, change, OPEN_AT)
    with writing():
        publish_form(made(scene), by=COMMAND, at=OPEN_AT)


@pytest.mark.parametrize(
    ("again", "code"),
    [
        (replace(NEW, label={"kk": "Не сатасыз?", "ru": "Что продаёте?"}), FormRefusal.PRIVACY_CHANGED),
        (replace(NEW, kind=QuestionKind.TABLE, is_private=True), FormRefusal.KIND_CHANGED),
    ],
)
def test_answer_to_a_question_that_went_falls_to_no_other(app, running, again, code):
    """Answers are kept by the key of their question: a private one would be read by the jury, another kind by nobody."""
    with app.app_context():
        published(running, add(replace(NEW, is_private=True)))
        one = db.session.get_one(Application, running.ids[0])
        with writing():
            save_answer(one, Change("q1", "Денсаулығым нашар.", "c1"), by=COMMAND, at=OPEN_AT)
        published(running, lambda text: changes.remove_question(text, "q1"))
        with writing():
            prepare_form(made(running), by=COMMAND, at=OPEN_AT)
        with pytest.raises(RefusedError) as refused:
            edit(running, add(again), OPEN_AT)

        assert code in codes(refused)


def test_version_is_published_in_all_languages_of_the_call(app, running):
    with app.app_context():
        with pytest.raises(RefusedError) as refused:
            published(running, add(replace(NEW, label={"kk": "Командаңыз кімдерден тұрады?"})))

        assert codes(refused) == [FormRefusal.WORDS_MISSING]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: changes.put_group(text, replace(text.groups[0], title={"kk": "Ой", "ru": "Мысль", "en": "Idea"})),
        lambda text: changes.move_question(text, "summary", 1),
    ],
)
def test_new_heading_or_order_is_a_new_version(app, running, change):
    with app.app_context():
        published(running, change)

        assert number_of(form_in_force(made(running))) == 2


def test_so_many_changes_can_be_taken_back(app, scene):
    with app.app_context():
        form = form_in_making(made(scene))
        assert form
        with writing():
            db.session.add_all(
                [FormEdit(form_id=form.id, before=to_json(now(scene)), at=MADE_AT) for _one in range(EDITS_KEPT)]
            )
        edit(scene, add())

        assert db.session.scalar(select(func.count()).select_from(FormEdit)) == EDITS_KEPT


def test_version_in_making_is_not_changed_after_the_closing(app, running):
    with app.app_context():
        with writing():
            prepare_form(made(running), by=COMMAND, at=OPEN_AT)
        with pytest.raises(RefusedError) as refused:
            edit(running, add(), CLOSES_AT)

        assert codes(refused) == [FormRefusal.TOO_LATE]


def test_version_that_changes_nothing_is_not_published(app, running):
    with app.app_context():
        with writing():
            prepare_form(made(running), by=COMMAND, at=OPEN_AT)
        with pytest.raises(RefusedError) as refused, writing():
            publish_form(made(running), by=COMMAND, at=OPEN_AT)

        assert codes(refused) == [FormRefusal.NOTHING_CHANGED]


def test_version_can_be_given_up_and_begun_again(app, running):
    with app.app_context():
        for _time in range(2):
            with writing():
                prepare_form(made(running), by=COMMAND, at=OPEN_AT)
                prepare_form(made(running), by=COMMAND, at=OPEN_AT)
            edit(running, add(), OPEN_AT)
            with writing():
                discard_form(made(running), by=COMMAND, at=OPEN_AT)

        assert form_in_making(made(running)) is None
        assert db.session.scalar(select(func.count()).select_from(Form)) == 1
        assert db.session.scalar(select(func.count()).select_from(FormEdit)) == 0


def test_after_the_closing_no_version_is_begun_or_published(app, running):
    with app.app_context():
        with writing():
            prepare_form(made(running), by=COMMAND, at=CLOSES_AT - timedelta(seconds=1))
        edit(running, add(), OPEN_AT)
        with pytest.raises(RefusedError) as refused, writing():
            publish_form(made(running), by=COMMAND, at=CLOSES_AT)

        assert codes(refused) == [FormRefusal.TOO_LATE]


def test_no_version_is_begun_after_the_closing(app, running):
    with app.app_context():
        with pytest.raises(RefusedError) as refused, writing():
            prepare_form(made(running), by=COMMAND, at=CLOSES_AT)

        assert codes(refused) == [FormRefusal.TOO_LATE]
        assert db.session.scalar(select(func.count()).select_from(Form)) == 1


def test_version_is_checked_once_more_when_it_is_published(app, running):
    """Rules and versions may have changed since the last edit of the one that was being made."""
    with app.app_context():
        with writing():
            form = prepare_form(made(running), by=COMMAND, at=OPEN_AT)
            put_form(form, changes.remove_question(form_text(form), "title"))
        with pytest.raises(RefusedError) as refused, writing():
            publish_form(made(running), by=COMMAND, at=OPEN_AT)

        assert FormRefusal.PROJECT_UNNAMED in codes(refused)
        assert number_of(form_in_force(made(running))) == 1


def test_rules_keep_speaking_of_the_form_they_were_approved_with(app, running):
    with app.app_context():
        with writing():
            prepare_form(made(running), by=COMMAND, at=OPEN_AT)
        edit(running, add(), OPEN_AT)
        with writing():
            publish_form(made(running), by=COMMAND, at=OPEN_AT)

        assert number_of(form_of_rules(made(running), current_rules(made(running)))) == 1


def test_translation_of_a_group_is_changed_in_place(app, scene):
    with app.app_context():
        edit(scene, lambda text: changes.put_group(text, GroupText("idea", {"kk": "Ой", "ru": "Мысль"})))

        assert Translation(now(scene).group("idea").title) == {"kk": "Ой", "ru": "Мысль"}
        assert len(now(scene).questions) > 10
