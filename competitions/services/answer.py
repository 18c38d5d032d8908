"""Saving one answer and putting an earlier one back: nothing typed is lost, whatever its state, its age or its rival."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete

from app.access.actor import Actor
from app.core import audit
from app.core.audit import By
from app.core.columns import new_public_id
from app.core.db import db, use_case
from app.core.refusals import Refusal, RefusedError
from app.core.texts import read_json
from competitions.models import Answer, AnswerChange, Application, Question
from competitions.queries.application import answer_to, value_of
from competitions.queries.form import asked_of, ever_asked
from competitions.queries.history import (
    change_by_id,
    change_of_version,
    copyable_into,
    kept_sizes,
    late_changes,
    lock_answers,
)
from competitions.rules.answers import (
    LIST_KINDS,
    PARTS,
    ROW_KINDS,
    UNANSWERED_KINDS,
    AnswerRefusal,
    columns_of,
    parse,
    parse_part,
)
from competitions.rules.application import ApplicationRefusal
from competitions.rules.change import FORGOTTEN_EVERY, Change, Outcome, Saved, fitting_count, judge, same
from competitions.states import QuestionKind

CHANGE_ID_LENGTH = 64


@use_case
def save_answer(application: Application, change: Change, *, by: By, at: datetime, is_late: bool = False) -> Saved:
    """Keep one change.

    A change id seen before changes nothing, unless it comes with another text: that is a change of its own. A late one is
    kept for its author only. One that was typed over an older version of the same input is kept beside it, and the caller
    shows both. Words to a question that is not asked any more are kept like all others.
    """
    question, part = _find(application, change.field)
    lock_answers(application)
    seen = change_by_id(application, change.change_id[:CHANGE_ID_LENGTH])
    if seen is not None and _is_repeated(question, part, change, seen):
        return _as_before(application, question, part, seen)
    if seen is not None or not change.change_id:
        change = replace(change, change_id=new_public_id())
    answer = answer_to(application, question.key)
    present = value_of(answer) if answer is not None else None
    version = answer.version if answer is not None else 0
    if is_late:
        _keep_late(application, question, part, change, present, by=by, at=at)
        return Saved(Outcome.LATE, question.key, version, _input(present, part))
    wanted = _value(question, part, change.typed, present)
    outcome = _judge(application, question, part, change, present=present, wanted=wanted, version=version)
    if outcome is Outcome.CONFLICT and question.form_id != application.form_id:
        outcome = Outcome.SAVED  # it has no place on a screen, where she could choose
    if outcome is Outcome.SAVED and (wanted != present or (answer is not None and change.base_version is None)):
        version = _write(application, question, answer, wanted, at=at) if wanted != present else version
        _keep(application, question, change, wanted, by=by, at=at, version=version)
    elif outcome is Outcome.CONFLICT:
        _keep(application, question, change, wanted, by=by, at=at)
    return Saved(outcome, question.key, version, _input(wanted if outcome is Outcome.SAVED else present, part))


@use_case
def restore_answer(application: Application, kept: AnswerChange, *, by: By, at: datetime) -> None:
    """Put an earlier text back, whichever it is; the one it replaces stays in history, so this is undone in the same way."""
    question = ever_asked(application, {kept.question_key}).get(kept.question_key)
    if question is None or kept.application_id != application.id:
        raise RefusedError(Refusal(ApplicationRefusal.UNKNOWN_QUESTION))
    lock_answers(application)
    answer, value = answer_to(application, question.key), value_of(kept)
    if value != (value_of(answer) if answer is not None else None):
        version = _write(application, question, answer, value, at=at)
        _keep(application, question, Change(question.key, value, new_public_id()), value, by=by, at=at, version=version)


@use_case
def copy_answers(application: Application, source: str, *, by: Actor, at: datetime) -> int:
    """Put what she wrote in an earlier application into the empty places of this draft; how many answers that were.

    Nothing that stands in the draft is touched. Asked twice, the second time finds no empty place and changes nothing.
    """
    lock_answers(application)
    found = copyable_into(application, by)
    if found is None or found.source.public_id != source:
        return 0
    for question, value in found.answers:
        version = _write(application, question, answer_to(application, question.key), value, at=at)
        _keep(application, question, Change(question.key, value, new_public_id()), value, by=by, at=at, version=version)
    audit.record("copy", application, by=by, at=at, source=source, count=len(found.answers))
    return len(found.answers)


def put_answer(application: Application, question: Question, value: Any, *, by: By, at: datetime) -> None:
    """Write a value that nobody typed into the form: what is known from elsewhere when an application starts."""
    version = _write(application, question, answer_to(application, question.key), value, at=at)
    _keep(application, question, Change(question.key, value, f"known:{question.key}"), value, by=by, at=at, version=version)


def _find(application: Application, field: str) -> tuple[Question, str | None]:
    key, _dash, part = field.rpartition("-")
    asked = ever_asked(application, {field, key})
    question = asked.get(field)
    if question is None:
        question = asked.get(key)
        if question is not None and part in PARTS.get(question.kind, ()):
            return question, part
        question = None
    if question is None or question.kind in {*PARTS, *UNANSWERED_KINDS, QuestionKind.FILE}:
        raise RefusedError(Refusal(ApplicationRefusal.UNKNOWN_QUESTION))
    return question, None


def _value(question: Question, part: str | None, typed: Any, present: Any) -> Any:
    if part is not None:
        whole = dict.fromkeys(PARTS[question.kind], "") | (dict(present) if isinstance(present, Mapping) else {})
        return parse(asked_of(question), whole | {part: parse_part(part, str(typed))})
    if question.kind in LIST_KINDS and isinstance(typed, str):
        typed = _listed(question, typed)
    return parse(asked_of(question), typed)


def _listed(question: Question, text: str) -> Any:
    """Lines or keys as the page sends them; what is no list of them is refused, so that it empties no answer."""
    try:
        rows = read_json(text or "[]")
    except ValueError:
        rows = None
    is_one = _is_line if question.kind in ROW_KINDS else _is_key
    if not isinstance(rows, list) or not all(is_one(question, row) for row in rows):
        raise RefusedError(Refusal(AnswerRefusal.NOT_UNDERSTOOD, field=question.key))
    return rows


def _is_line(question: Question, row: Any) -> bool:
    """Whether it is a line of this table: cells by their columns, and plain ones. An empty line is one."""
    if not isinstance(row, dict) or any(isinstance(cell, (dict, list)) for cell in row.values()):
        return False
    return not row or any(column["key"] in row for column in columns_of(asked_of(question)))


def _is_key(_question: Question, key: Any) -> bool:
    return isinstance(key, str)


def _input(value: Any, part: str | None) -> Any:
    """What stands in one input: the whole answer, or its part."""
    return value.get(part) if part is not None and isinstance(value, Mapping) else value if part is None else None


def _judge(
    application: Application, question: Question, part: str | None, change: Change, *, present: Any, wanted: Any, version: int
) -> Outcome:
    """Whether this very input may be written: other parts of the answer, and equal texts, are no rivals."""
    if change.base_version is None or change.base_version == version:
        return Outcome.SAVED
    now, hers = _input(present, part), _input(wanted, part)
    seen = change_of_version(application, question.key, change.base_version) if change.base_version else None
    if change.base_version and seen is None:
        return Outcome.SAVED if hers == now else Outcome.CONFLICT
    return judge(base=_input(value_of(seen), part) if seen is not None else None, present=now, wanted=hers)


def _keep_late(
    application: Application, question: Question, part: str | None, change: Change, present: Any, *, by: By, at: datetime
) -> None:
    """The parts of one answer that came late are kept together, as she would have seen them; what says nothing new is not."""
    last = late_changes(application).get(question.key)
    before = value_of(last) if last is not None else present
    wanted = _value(question, part, change.typed, before)
    hers = _input(wanted, part)
    if not same(hers, _input(present, part)) and not same(hers, _input(before, part)):
        _keep(application, question, change, wanted, by=by, at=at, is_late=True)


def _is_repeated(question: Question, part: str | None, change: Change, seen: AnswerChange) -> bool:
    """Whether this is the text that was kept under its id."""
    before = value_of(seen)
    wanted = _value(question, part, change.typed, before)
    return seen.question_key == question.key and _input(wanted, part) == _input(before, part)


def _as_before(application: Application, question: Question, part: str | None, seen: AnswerChange) -> Saved:
    answer = answer_to(application, question.key)
    present = _input(value_of(answer), part) if answer is not None else None
    outcome = Outcome.LATE if seen.is_late else Outcome.SAVED if seen.version is not None else Outcome.CONFLICT
    return Saved(outcome, question.key, answer.version if answer is not None else 0, present)


def _write(application: Application, question: Question, answer: Answer | None, value: Any, *, at: datetime) -> int:
    if answer is None:
        answer = Answer(application_id=application.id, question_key=question.key, version=0)
        db.session.add(answer)
    answer.version += 1
    answer.value, answer.sealed = _stored(question, value)
    answer.saved_at = application.edited_at = at
    return answer.version


def _keep(
    application: Application,
    question: Question,
    change: Change,
    value: Any,
    *,
    by: By,
    at: datetime,
    version: int | None = None,
    is_late: bool = False,
) -> None:
    open_value, sealed = _stored(question, value)
    kept = AnswerChange(
        application_id=application.id,
        question_key=question.key,
        change_id=change.change_id[:CHANGE_ID_LENGTH],
        value=open_value,
        sealed=sealed,
        version=version,
        arrived_at=at,
        user_id=by.user_id,
        is_late=is_late,
    )
    db.session.add(kept)
    db.session.flush()
    if version is None or version % FORGOTTEN_EVERY == 0:
        _forget_oldest(application, question)


def _forget_oldest(application: Application, question: Question) -> None:
    """Nobody fills the disk by saving: of the history of an answer the latest texts stay, and always the answer itself."""
    kept = kept_sizes(application, question.key)
    surplus = kept[fitting_count([size for _id, size in kept]) :]
    if surplus:
        db.session.execute(delete(AnswerChange).where(AnswerChange.id.in_([one for one, _size in surplus])))


def _stored(question: Question, value: Any) -> tuple[Any, str | None]:
    """A private answer is sealed; its open column stays empty."""
    if question.is_private:
        return None, json.dumps(value, ensure_ascii=False)
    return value, None
