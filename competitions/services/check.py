"""The verbs of a checker: return, admit, not admit, and take a decision back before its letter has gone."""

import json
from collections.abc import Sequence
from datetime import datetime

from app.core import audit, jobs
from app.core.audit import By
from app.core.db import db, use_case
from app.core.events import emit
from app.core.refusals import Refusal, RefusedError, refuse_if
from app.core.transitions import move
from competitions.events import ApplicationAdmissionUndone, ApplicationAdmitted
from competitions.models import Application, Check, Competition
from competitions.notices.check import tell_decision
from competitions.queries.appeal import appealing
from competitions.queries.application import (
    admitted_twin,
    calendar_of,
    contents,
    last_check,
    last_version,
    locked_competition,
    standing_return,
)
from competitions.queries.bulk import consent_withdrawn
from competitions.queries.check import check_by_id, competition_of
from competitions.rules.checking import CheckRefusal, Reason, check_admission, check_refusal, check_return, check_undo, tells_at
from competitions.states import ApplicationState, CheckOutcome, Milestone

TELL = "competitions.tell_check"
UNDO_VERBS = {
    CheckOutcome.RETURNED: "undo_return",
    CheckOutcome.ADMITTED: "undo_admit",
    CheckOutcome.NOT_ADMITTED: "undo_refuse",
}


@use_case
def return_application(
    application: Application,
    *,
    reasons: Sequence[Reason],
    due_at: datetime | None,
    by: By,
    at: datetime,
    seen: int | None = None,
) -> Check:
    """Ask for corrections until `due_at`; the letter with the reasons leaves after the time for taking it back.

    `seen` is the number of the version that was read, here and below: refused where a newer one was sent meanwhile.
    """
    _refuse_if_newer(application, seen)
    calendar = calendar_of(locked_competition(application))
    closes_at, freezes_at = calendar.closes_at, calendar.at(Milestone.FREEZES)
    refuse_if(check_return(reasons, due_at, closes_at=closes_at, freezes_at=freezes_at, at=at))
    check = _decide(application, CheckOutcome.RETURNED, by=by, at=at, reasons=reasons, due_at=due_at)
    move(application, ApplicationState.RETURNED, by=by, at=at, verb="return", check=check.id, due_at=due_at)
    return check


@use_case
def admit(application: Application, *, by: By, at: datetime, seen: int | None = None) -> Check:
    """Let the application take part, unless the same person takes part already or her data may not be used."""
    _refuse_if_newer(application, seen)
    competition = locked_competition(application)
    is_withdrawn = bool(consent_withdrawn(competition, [application]))
    refuse_if(check_admission(admitted_twin(application), is_consent_withdrawn=is_withdrawn))
    check = _decide(application, CheckOutcome.ADMITTED, by=by, at=at)
    move(application, ApplicationState.ADMITTED, by=by, at=at, verb="admit", check=check.id)
    emit(ApplicationAdmitted(application.id))
    return check


@use_case
def refuse(application: Application, *, reasons: Sequence[Reason], by: By, at: datetime, seen: int | None = None) -> Check:
    """Not admit the application, with a reason from the rules."""
    _refuse_if_newer(application, seen)
    returned = standing_return(application)
    due_at = returned.due_at if returned is not None else None
    refuse_if(check_refusal(reasons, state=application.state, due_at=due_at, at=at))
    check = _decide(application, CheckOutcome.NOT_ADMITTED, by=by, at=at, reasons=reasons)
    move(application, ApplicationState.NOT_ADMITTED, by=by, at=at, check=check.id)
    return check


@use_case
def undo_check(application: Application, *, by: By, at: datetime) -> None:
    """Take the last decision back while its letter has not gone; the application is being checked again."""
    check = last_check(application)
    if check is None:
        raise RefusedError(Refusal(CheckRefusal.NOTHING_TO_UNDO))
    refuse_if(check_undo(check.outcome, check.at, state=application.state, at=at))
    check.undone_at = at
    move(application, ApplicationState.SUBMITTED, by=by, at=at, verb=UNDO_VERBS[check.outcome], undone=check.id)
    if check.outcome is CheckOutcome.ADMITTED:
        emit(ApplicationAdmissionUndone(application.id))


def _refuse_if_newer(application: Application, seen: int | None) -> None:
    """Whoever decides has read what the decision is about: what may have been missing stands in the newer version."""
    last = last_version(application)
    if seen is not None and last is not None and last.number > seen:
        raise RefusedError(Refusal(CheckRefusal.NEWER_VERSION, {"instant": last.submitted_at}))


def _decide(
    application: Application,
    outcome: CheckOutcome,
    *,
    by: By,
    at: datetime,
    reasons: Sequence[Reason] = (),
    due_at: datetime | None = None,
) -> Check:
    kept = [{"question": one.question, "text": one.text.strip()} for one in reasons if one.text.strip()]
    check = Check(
        application_id=application.id,
        user_id=by.user_id,
        outcome=outcome,
        reasons=json.dumps(kept, ensure_ascii=False),
        due_at=due_at,
        at=at,
    )
    db.session.add(check)
    db.session.flush()
    jobs.enqueue(TELL, key=str(check.id), payload={"check_id": check.id}, at=tells_at(at))
    return check


@use_case
def note_export(competition: Competition, *, count: int, by: By, at: datetime) -> None:
    """Record that somebody took the list of applications away."""
    audit.record("export", competition, by=by, at=at, count=count)


@use_case
def send_decision(_job: jobs.Running, *, check_id: int) -> None:
    """Write the letter of a decision that still stands; the same decision again is the same letter."""
    check = check_by_id(check_id)
    if check is None or check.undone_at is not None:
        return
    application = db.session.get_one(Application, check.application_id)
    appeal_due_at = appealing(contents(application, tells_at(check.at))).due_at
    tell_decision(check, application, competition_of(application), appeal_due_at=appeal_due_at)
