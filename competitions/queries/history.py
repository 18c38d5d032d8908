"""What stood in an answer before: every text that was acknowledged, as far back as it is kept; what an earlier form holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Text, cast, func, select
from sqlalchemy.orm import joinedload

from app.access.actor import Actor
from app.core.db import db
from app.core.tables import Page, paged
from app.people.models import User
from competitions.models import Answer, AnswerChange, Application, Form, Question
from competitions.queries.application import value_of
from competitions.queries.form import asked_of
from competitions.rules.answers import carried, is_empty
from competitions.states import ApplicationState

TEXTS_A_PAGE = 10
LOOKED_AT = 3


@dataclass(frozen=True, slots=True)
class Copyable:
    """An earlier application of hers, and those of its answers for which this draft has an empty place."""

    source: Application
    answers: tuple[tuple[Question, Any], ...]


def changes_of(application: Application, key: str, *, number: int) -> Page[AnswerChange]:
    """The texts of one answer, the newest first."""
    wanted = select(AnswerChange).where(AnswerChange.application_id == application.id, AnswerChange.question_key == key)
    return paged(wanted.order_by(AnswerChange.id.desc()), number=number, size=TEXTS_A_PAGE)


def authors_of(changes: Iterable[AnswerChange]) -> dict[int, str]:
    """Who wrote them, by account."""
    user_ids = {one.user_id for one in changes if one.user_id is not None}
    return {user.id: user.person.full_name for user in db.session.scalars(select(User).where(User.id.in_(sorted(user_ids))))}


def with_history(application: Application) -> frozenset[str]:
    """The questions that have other texts than the one that stands there now."""
    texts = select(AnswerChange.question_key).where(AnswerChange.application_id == application.id)
    counted = texts.group_by(AnswerChange.question_key).having(func.count() > 1)
    return frozenset(db.session.scalars(counted))


def change_by_id(application: Application, change_id: str) -> AnswerChange | None:
    """The acknowledged change with this id of the client."""
    wanted = select(AnswerChange).where(AnswerChange.application_id == application.id, AnswerChange.change_id == change_id)
    return db.session.scalar(wanted)


def change_of_version(application: Application, key: str, version: int) -> AnswerChange | None:
    """What the answer was at this version."""
    wanted = select(AnswerChange).where(
        AnswerChange.application_id == application.id, AnswerChange.question_key == key, AnswerChange.version == version
    )
    return db.session.scalar(wanted.order_by(AnswerChange.id).limit(1))


def kept_sizes(application: Application, key: str) -> list[tuple[int, int]]:
    """The ids of all texts that are kept of one answer, the latest first, and how many characters each takes."""
    size = func.coalesce(func.length(cast(AnswerChange.value, Text)), 0) + func.coalesce(func.length(AnswerChange.sealed), 0)
    wanted = select(AnswerChange.id, size).where(
        AnswerChange.application_id == application.id, AnswerChange.question_key == key
    )
    return [(row[0], row[1]) for row in db.session.execute(wanted.order_by(AnswerChange.id.desc()))]


def late_changes(application: Application) -> dict[str, AnswerChange]:
    """The last text of each question that came after the deadline: kept for its author, never part of the application."""
    wanted = select(AnswerChange).where(AnswerChange.application_id == application.id, AnswerChange.is_late.is_(True))
    return {change.question_key: change for change in db.session.scalars(wanted.order_by(AnswerChange.id))}


def lock_answers(application: Application) -> None:
    """Let two saves of one application wait for each other, so that each sees what the other wrote."""
    db.session.execute(select(Application.id).where(Application.id == application.id).with_for_update())


def copyable_into(application: Application, actor: Actor) -> Copyable | None:
    """Of her latest applications the last that has something for this draft."""
    if application.state is not ApplicationState.DRAFT:
        return None
    wanted = (
        select(Application)
        .where(Application.applicant_id.in_(sorted(actor.person_ids)), Application.id != application.id)
        .options(joinedload(Application.competition))
        .order_by(Application.created_at.desc(), Application.id.desc())
        .limit(LOOKED_AT)
    )
    found = (Copyable(one, _fitting(application, one)) for one in db.session.scalars(wanted).all())
    return next((one for one in found if one.answers), None)


def _fitting(application: Application, source: Application) -> tuple[tuple[Question, Any], ...]:
    """By the questions of the draft's form: what is written there and not here."""
    asked, was = _questions(application), {one.key: one for one in _questions(source)}
    here, there = _values(application), _values(source)
    found = (
        (one, carried(asked_of(one), asked_of(was[one.key]), there[one.key]))
        for one in asked
        if one.key in was and one.key in there and is_empty(here.get(one.key))
    )
    return tuple((one, value) for one, value in found if value is not None)


def _questions(application: Application) -> list[Question]:
    return db.session.scalars(select(Form).where(Form.id == application.form_id)).one().questions


def _values(application: Application) -> dict[str, Any]:
    answers = select(Answer).where(Answer.application_id == application.id).execution_options(populate_existing=True)
    return {one.question_key: value_of(one) for one in db.session.scalars(answers)}
