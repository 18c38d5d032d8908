"""The verbs of the thread about an application: ask, answer, say that nothing is to be answered."""

from collections.abc import Sequence
from datetime import datetime

from app.core import audit
from app.core.audit import By
from app.core.db import db, use_case
from app.core.refusals import Refusal, RefusedError
from competitions.models import Application, Note
from competitions.notices.application import tell_answered
from competitions.notices.team import tell_asked
from competitions.queries.application import applicant_of
from competitions.queries.check import competition_of
from competitions.queries.history import lock_answers
from competitions.queries.thread import notes_of, unanswered
from competitions.rules.application import UNANSWERED_LIMIT, ApplicationRefusal


@use_case
def ask(application: Application, text: str, *, by: By, at: datetime) -> Note:
    """Write to those who work on the application; the same words once more are the same note while it waits.

    The first question of a thread that was at rest goes to them as a letter.
    """
    lock_answers(application)
    notes = notes_of(application)
    if notes and _is_same(notes[-1], text, by=by, is_answer=False):
        return notes[-1]
    waiting = unanswered(notes)
    if len(waiting) >= UNANSWERED_LIMIT:
        raise RefusedError(Refusal(ApplicationRefusal.TOO_MANY_NOTES, {"limit": UNANSWERED_LIMIT}, field="text"))
    note = _keep(application, text, by=by, at=at, is_answer=False)
    audit.record("ask", application, by=by, at=at, note=note.id)
    if not waiting:
        tell_asked(application, competition_of(application), note)
    return note


@use_case
def answer(application: Application, text: str, *, seen: int, by: By, at: datetime) -> Note:
    """Write to the applicant, here and by letter; the same words once more are the same note.

    Refused where the thread has more than the `seen` notes: a question that came meanwhile would pass for answered.
    """
    lock_answers(application)
    notes = notes_of(application)
    if notes and _is_same(notes[-1], text, by=by, is_answer=True):
        return notes[-1]
    _refuse_if_grown(notes, seen)
    note = _keep(application, text, by=by, at=at, is_answer=True)
    audit.record("answer", application, by=by, at=at, note=note.id)
    tell_answered(application, note, to=applicant_of(application))
    return note


@use_case
def settle(application: Application, *, seen: int, by: By, at: datetime) -> None:
    """Nothing in these `seen` notes is to be answered: the thread waits no longer; refused where there are more by now."""
    lock_answers(application)
    notes = notes_of(application)
    _refuse_if_grown(notes, seen)
    waiting = unanswered(notes)
    for note in waiting:
        note.settled_at = at
    if waiting:
        audit.record("settle", application, by=by, at=at, notes=[one.id for one in waiting])


def _refuse_if_grown(notes: Sequence[Note], seen: int) -> None:
    if len(notes) > seen:
        raise RefusedError(Refusal(ApplicationRefusal.THREAD_GREW))


def _is_same(note: Note, text: str, *, by: By, is_answer: bool) -> bool:
    return (note.text, note.user_id, note.is_answer, note.settled_at) == (text, by.user_id, is_answer, None)


def _keep(application: Application, text: str, *, by: By, at: datetime, is_answer: bool) -> Note:
    note = Note(application_id=application.id, user_id=by.user_id, is_answer=is_answer, text=text, at=at)
    db.session.add(note)
    db.session.flush()
    return note
