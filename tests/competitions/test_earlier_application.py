"""What she wrote in an earlier application fills the empty places of a new draft, and touches nothing else."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core import audit
from app.core.db import db, drop_guards, writing
from competitions.models import AnswerChange, Application, Competition, Question
from competitions.queries.application import contents
from competitions.queries.history import copyable_into
from competitions.rules.change import Change
from competitions.services.answer import copy_answers, save_answer
from competitions.services.application import start_application, submit_application
from tests.competitions.scene import CONSENT, OPEN_AT, PROJECT, YES, announced_call, applicant, draft, sign_in, write

NEXT_DAY = OPEN_AT + timedelta(days=1)


@pytest.fixture
def written(database, app, kept):
    made = kept(app, sent_and_begun)
    with writing():
        yield made


def sent_and_begun():
    """Last year's application, sent, and this year's draft with a title of its own."""
    with writing():
        _account, actor = applicant()
        last = draft(announced_call(), actor)
        write(last, actor)
        submit_application(last, by=actor, at=OPEN_AT, declarations=CONSENT)
        fresh = start_application(announced_call(), by=actor, eligibility=YES, language="kk", at=NEXT_DAY)
        save_answer(fresh, Change("title", "Жаңа жоба", "new", 0), by=actor, at=NEXT_DAY)
        return last, fresh, actor


def test_an_earlier_application_fills_empty_places_only(written):
    last, fresh, actor = written
    before = dict(contents(fresh, NEXT_DAY).values)
    offered = copyable_into(fresh, actor)

    copied = copy_answers(fresh, last.public_id, by=actor, at=NEXT_DAY)

    old, new = contents(last, NEXT_DAY).values, contents(fresh, NEXT_DAY).values
    assert offered is not None
    assert (offered.source, len(offered.answers)) == (last, copied)
    assert new == {**old, **{key: value for key, value in before.items() if value}}
    assert (new["title"], new["iin"], new["plan"]) == ("Жаңа жоба", PROJECT["iin"], old["plan"])
    (entry,) = [one for one in audit.history(fresh) if one.verb == "copy"]
    assert (entry.details["source"], entry.details["count"]) == (last.public_id, copied)


def test_a_private_answer_is_copied_sealed(written):
    last, fresh, actor = written

    copy_answers(fresh, last.public_id, by=actor, at=NEXT_DAY)

    wanted = select(AnswerChange).where(AnswerChange.application_id == fresh.id, AnswerChange.question_key == "iin")
    (kept,) = db.session.scalars(wanted)
    assert (kept.value, kept.sealed, kept.user_id) == (None, f'"{PROJECT["iin"]}"', actor.user_id)


def test_copying_twice_changes_nothing_and_what_she_emptied_can_be_copied_again(written):
    last, fresh, actor = written
    copy_answers(fresh, last.public_id, by=actor, at=NEXT_DAY)

    again = copy_answers(fresh, last.public_id, by=actor, at=NEXT_DAY)
    save_answer(fresh, Change("summary", "", "emptied"), by=actor, at=NEXT_DAY)
    third = copy_answers(fresh, last.public_id, by=actor, at=NEXT_DAY)

    assert (again, third) == (0, 1)
    assert contents(fresh, NEXT_DAY).values["summary"] == PROJECT["summary"]


def test_nothing_is_copied_from_anybody_else_or_into_what_was_sent(written):
    last, fresh, actor = written
    _account, stranger = applicant()
    theirs = start_application(
        db.session.get_one(Competition, fresh.competition_id), by=stranger, eligibility=YES, language="kk", at=NEXT_DAY
    )

    copied = copy_answers(theirs, last.public_id, by=stranger, at=NEXT_DAY)

    assert (copied, copyable_into(theirs, stranger), copyable_into(last, actor)) == (0, None, None)


def test_what_does_not_fit_the_new_form_stays_behind(written):
    """A question of another kind takes nothing, nor does an open one what was private; a table takes the columns it has."""
    last, fresh, actor = written
    drop_guards(db.session.connection())  # as if it had asked so from the beginning
    of_form = {one.key: one for one in db.session.scalars(select(Question).where(Question.form_id == fresh.form_id))}
    of_form["summary"].kind = of_form["amount"].kind
    of_form["dob"].is_private = False
    of_form["plan"].options = {"columns": [{"key": "step", "kind": "text", "label": {}}]}
    db.session.flush()

    copy_answers(fresh, last.public_id, by=actor, at=NEXT_DAY)

    values = contents(fresh, NEXT_DAY).values
    assert {"summary", "dob"} & values.keys() == set()
    assert "iin" in values
    assert values["plan"] == [{"step": "Жүн сатып алу"}]


def test_the_draft_offers_the_copy_and_the_button_does_it(app, client, database, at):
    at(NEXT_DAY)
    with app.app_context(), writing():
        account, actor = applicant()
        last = draft(announced_call(), actor)
        write(last, actor)
        fresh = start_application(announced_call(), by=actor, eligibility=YES, language="kk", at=NEXT_DAY)
        urls, fresh_id = [f"/my/applications/{one.public_id}" for one in (last, fresh)], fresh.id
        source = last.public_id
        sign_in(client, account, NEXT_DAY)

    before = client.get(urls[1]).text
    client.post(f"{urls[1]}/copy", data={"source": source})
    after = client.get(urls[1]).text

    assert (f'value="{source}"' in before, f'value="{source}"' in after) == (True, False)
    with app.app_context():
        assert contents(db.session.get_one(Application, fresh_id), NEXT_DAY).values["summary"] == PROJECT["summary"]
