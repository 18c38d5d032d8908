"""The thread between an applicant and those who work on her application: its notes, and what waits for an answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import aliased

from app.access.actor import Actor
from app.access.door import visible_to
from app.core.columns import Translation
from app.core.db import db
from app.core.tables import Page, paged
from app.programmes.queries import names_of
from competitions.models import Application, Competition, Note
from competitions.policy import Permission

_LATER = aliased(Note)


@dataclass(frozen=True, slots=True)
class Thread:
    """One thread as a list shows it: its application and its last note."""

    application: Application
    last: Note
    is_waiting: bool


def notes_of(application: Application) -> Sequence[Note]:
    """The thread, first to last."""
    wanted = select(Note).where(Note.application_id == application.id).order_by(Note.id)
    return db.session.scalars(wanted.execution_options(populate_existing=True)).all()


def writers_of(notes: Sequence[Note]) -> dict[int, str]:
    """Who answered, by account; for the eyes of those who answer."""
    return names_of([one.user_id for one in notes if one.is_answer])


def threads_of(actor: Actor, competition: Competition, *, number: int) -> Page[Thread]:
    """The threads of a competition: those that wait first, the longest waiting on top; then the latest."""
    visible: Select[Any] = visible_to(actor, Application, Permission.APPLICATION_REPLY)
    wanted = (
        visible.join(Note, Note.application_id == Application.id)
        .where(Application.competition_id == competition.id, _is_last())
        .order_by(case((waits(), Note.id), else_=None).asc().nulls_last(), Note.id.desc())
    )
    page = paged(wanted, number=number)
    lasts = _last_notes(page.items)
    return Page([Thread(one, lasts[one.id], _waits(lasts[one.id])) for one in page.items], page.number, page.pages, page.total)


def waiting_counts(actor: Actor) -> dict[int, int]:
    """How many threads wait for an answer, by competition, of those the actor may answer."""
    visible: Select[Any] = visible_to(actor, Application, Permission.APPLICATION_REPLY)
    wanted = (
        visible.join(Note, Note.application_id == Application.id)
        .where(_is_last(), waits())
        .with_only_columns(Application.competition_id, func.count())
        .group_by(Application.competition_id)
    )
    return {row[0]: row[1] for row in db.session.execute(wanted.order_by(None))}


def named_competitions(ids: Sequence[int]) -> list[tuple[int, str, Translation]]:
    """Id, address and name of competitions."""
    wanted = select(Competition.id, Competition.public_id, Competition.name).where(Competition.id.in_(ids))
    return [(row[0], row[1], row[2]) for row in db.session.execute(wanted.order_by(Competition.id))]


def waits() -> ColumnElement[bool]:
    """Whether a note is a question that nobody has settled."""
    return Note.is_answer.is_(False) & Note.settled_at.is_(None)


def unanswered(notes: Sequence[Note]) -> list[Note]:
    """The questions since the last answer that nobody has settled."""
    last = max((one.id for one in notes if one.is_answer), default=0)
    return [one for one in notes if one.id > last and _waits(one)]


def _waits(note: Note) -> bool:
    return not note.is_answer and note.settled_at is None


def _is_last() -> ColumnElement[bool]:
    later = select(_LATER.id).where(_LATER.application_id == Note.application_id, _LATER.id > Note.id)
    return ~later.correlate(Note).exists()


def _last_notes(applications: Sequence[Application]) -> dict[int, Note]:
    wanted = select(Note).where(Note.application_id.in_([one.id for one in applications]), _is_last())
    return {note.application_id: note for note in db.session.scalars(wanted)}
