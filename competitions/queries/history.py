"""What stood in an answer before: every text that was acknowledged, as far back as it is kept."""

from collections.abc import Iterable

from sqlalchemy import func, select

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
