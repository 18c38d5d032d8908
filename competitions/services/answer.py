"""The verb that saves one answer: nothing typed is ever lost, whatever its state, its age or its rival."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete

from app.core.audit import By
from app.core.db import db, use_case
from app.core.refusals import Refusal, RefusedError
from competitions.models import Answer, AnswerChange, Application, Question
from competitions.queries.application import (
    answer_to,
    asked_of,
    change_by_id,
    change_of_version,
    kept_sizes,
    question_of,
    value_of,
)
from competitions.rules.answers import PARTS, ROW_KINDS, parse, parse_part
from competitions.rules.application import ApplicationRefusal
from competitions.rules.change import Change, Outcome, Saved, fitting_count
from competitions.states import QuestionKind

CHANGE_ID_LENGTH = 64


@use_case
def save_answer(application: Application, change: Change, *, by: By, at: datetime, is_late: bool = False) -> Saved:
    """Keep one change.

    A change id seen before changes nothing. A late one is kept for its author only. One that was typed over an older
    version of the same input is kept beside it, and the caller shows both.
    """
    question, part = _find(application, change.field)
    seen = change_by_id(application, change.change_id[:CHANGE_ID_LENGTH])
    if seen is not None:
        return _as_before(application, question, part, seen)
    answer = answer_to(application, question.key)
    present = value_of(answer) if answer is not None else None
    wanted = _value(question, part, change.typed, present)
    version = answer.version if answer is not None else 0
    if is_late:
        _keep(application, question, change, wanted, by=by, at=at, is_late=True)
        return Saved(Outcome.LATE, question.key, version, _input(present, part))
    if _is_overtaken(application, question, part, change, present=present, wanted=wanted, version=version):
        _keep(application, question, change, wanted, by=by, at=at)
        return Saved(Outcome.CONFLICT, question.key, version, _input(present, part))
    if wanted != present or answer is None:
        version = _write(application, question, answer, wanted, at=at)
    _keep(application, question, change, wanted, by=by, at=at, version=version)
    return Saved(Outcome.SAVED, question.key, version, _input(wanted, part))


def put_answer(application: Application, question: Question, value: Any, *, by: By, at: datetime) -> None:
    """Write a value that nobody typed into the form: what is known from elsewhere when an application starts."""
    version = _write(application, question, answer_to(application, question.key), value, at=at)
    _keep(application, question, Change(question.key, value, f"known:{question.key}"), value, by=by, at=at, version=version)


def _find(application: Application, field: str) -> tuple[Question, str | None]:
    question = question_of(application, field)
    if question is None and "-" in field:
        key, _dash, part = field.rpartition("-")
        question = question_of(application, key)
        if question is not None and part in PARTS.get(question.kind, ()):
            return question, part
        question = None
    if question is None or question.kind in {*PARTS, QuestionKind.FILE}:
        raise RefusedError(Refusal(ApplicationRefusal.UNKNOWN_QUESTION))
    return question, None


def _value(question: Question, part: str | None, typed: Any, present: Any) -> Any:
    if part is not None:
        whole = dict.fromkeys(PARTS[question.kind], "") | (dict(present) if isinstance(present, Mapping) else {})
        return parse(asked_of(question), whole | {part: parse_part(part, str(typed))})
    if question.kind in ROW_KINDS and isinstance(typed, str):
        typed = _rows(typed)
    return parse(asked_of(question), typed)


def _rows(text: str) -> Any:
    try:
        return json.loads(text or "[]")
    except ValueError:
        return []


def _input(value: Any, part: str | None) -> Any:
    """What stands in one input: the whole answer, or its part."""
    return value.get(part) if part is not None and isinstance(value, Mapping) else value if part is None else None


def _is_overtaken(
    application: Application, question: Question, part: str | None, change: Change, *, present: Any, wanted: Any, version: int
) -> bool:
    """Whether somebody changed this very input since the client saw it; equal texts and other parts are no rivals."""
    if change.base_version is None or change.base_version == version or _input(wanted, part) == _input(present, part):
        return False
    if change.base_version == 0:
        base = None
    else:
        seen = change_of_version(application, question.key, change.base_version)
        if seen is None:
            return True
        base = value_of(seen)
    return (_input(base, part) or None) != (_input(present, part) or None)


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
