"""What stood in an answer before: every text that was acknowledged, as far back as it is kept."""

from collections.abc import Iterable

from sqlalchemy import Text, cast, func, select

from app.core.db import db
from app.core.tables import Page, paged
from app.people.models import User
from competitions.models import AnswerChange, Application

TEXTS_A_PAGE = 10


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
