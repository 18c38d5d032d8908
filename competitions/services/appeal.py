"""The verbs of an appeal: the applicant writes it, a checker answers it."""

from datetime import datetime

from app.core import audit
from app.core.audit import By
from app.core.db import db, use_case
from app.core.refusals import Refusal, RefusedError, refuse_if
from app.core.transitions import move
from competitions.models import Appeal, Application
from competitions.notices.check import tell_appeal_answered
from competitions.notices.team import tell_appealed
from competitions.queries.appeal import appealing
from competitions.queries.application import contents
from competitions.queries.check import competition_of
from competitions.queries.history import lock_answers
from competitions.rules.appeal import AppealRefusal, check_answer, check_appeal
from competitions.states import ApplicationState


@use_case
def appeal(application: Application, text: str, *, by: By, at: datetime) -> Appeal:
    """Object to a refusal; the same words once more are the same appeal."""
    lock_answers(application)
    known = appealing(contents(application, at))
    if known.has_appealed and known.appeal and (known.appeal.text, known.appeal.user_id) == (text, by.user_id):
        return known.appeal
    refuse_if(check_appeal(known.known_state, due_at=known.due_at, has_appealed=known.has_appealed, at=at))
    if known.refusal is None:
        raise RefusedError(Refusal(AppealRefusal.NOT_REFUSED))
    made = Appeal(application_id=application.id, check_id=known.refusal.id, user_id=by.user_id, text=text, at=at)
    db.session.add(made)
    db.session.flush()
    audit.record("appeal", application, by=by, at=at, appeal=made.id)
    known = appealing(contents(application, at))
    if known.answer_due_at is not None:
        tell_appealed(application, made, due_at=known.answer_due_at)
    return made


@use_case
def answer_appeal(application: Application, text: str, *, is_upheld: bool, by: By, at: datetime) -> None:
    """Tell the applicant what was found; an appeal that is upheld sends the application back to be checked."""
    lock_answers(application)
    found = appealing(contents(application, at)).appeal
    refuse_if(check_answer(has_appealed=found is not None, is_answered=found is not None and found.is_upheld is not None))
    if found is None:
        raise RefusedError(Refusal(AppealRefusal.NO_APPEAL))
    found.is_upheld, found.answer, found.answered_at, found.answered_by_id = is_upheld, text, at, by.user_id
    db.session.flush()
    audit.record("answer_appeal", application, by=by, at=at, appeal=found.id, is_upheld=is_upheld)
    if is_upheld:
        move(application, ApplicationState.SUBMITTED, by=by, at=at, verb="uphold_appeal", appeal=found.id)
    tell_appeal_answered(found, application, competition_of(application))
