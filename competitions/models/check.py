"""What stands beside the decisions on an application: the appeal against a refusal, with its answer."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped

from app.core.columns import Privacy, check, column, key
from app.core.db import Model, guard
from competitions.models.application import Application, Check


class Appeal(Model):
    """What an applicant objects to in one refusal, and what she was answered; both stand as written."""

    __tablename__ = "competitions_appeals"
    __table_args__ = (
        check(
            "answered_in_full",
            "(is_upheld IS NULL) = (answer IS NULL) AND (is_upheld IS NULL) = (answered_at IS NULL)"
            " AND (is_upheld IS NULL) = (answered_by_id IS NULL)",
        ),
    )
    id: Mapped[int] = key()
    application_id: Mapped[int] = column(Privacy.INTERNAL, ForeignKey(Application.id), index=True)
    check_id: Mapped[int] = column(Privacy.INTERNAL, ForeignKey(Check.id), unique=True, comment="the refusal")
    user_id: Mapped[int] = column(Privacy.INTERNAL, ForeignKey("people_users.id"))
    text: Mapped[str] = column(Privacy.CONTACT, String)
    at: Mapped[datetime] = column(Privacy.INTERNAL)
    is_upheld: Mapped[bool | None] = column(Privacy.INTERNAL, comment="NULL until it is answered")
    answer: Mapped[str | None] = column(Privacy.CONTACT, String)
    answered_at: Mapped[datetime | None] = column(Privacy.INTERNAL)
    answered_by_id: Mapped[int | None] = column(Privacy.INTERNAL, ForeignKey("people_users.id"))


guard(
    Appeal,
    "appeal_keeps_its_words",
    on=("UPDATE",),
    when="OLD.is_upheld IS NOT NULL OR NEW.text <> OLD.text OR NEW.user_id <> OLD.user_id OR NEW.check_id <> OLD.check_id"
    " OR NEW.application_id <> OLD.application_id OR NEW.at <> OLD.at",
)
guard(Appeal, "appeal_is_never_removed", on=("DELETE",))
