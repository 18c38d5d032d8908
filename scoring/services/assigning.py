"""Verbs of assignments and conflicts of interest."""

from collections.abc import Mapping
from datetime import datetime

from app.core import audit
from app.core.audit import By
from app.core.db import db, use_case
from app.core.refusals import Refusal, RefusedError, refuse_if
from app.core.transitions import move
from competitions.models import Application
from scoring import notices
from scoring.models import Assignment, ConflictOfInterest, Juror, Review, Round
from scoring.queries import jury
from scoring.rules import Difference, Pair, ScoringRefusal, difference, is_named
from scoring.services.seats import drop_assignment
from scoring.states import ConflictKind, ReviewState


def planned(round_: Round, wanted: frozenset[Pair]) -> Difference:
    """What assigning `wanted` would change now; pairs of strangers to the round are left out."""
    seats = {juror.id for juror in jury.sitting_jurors(round_)}
    applications = {one.id for one in jury.admitted(round_)}
    present = jury.assigned_pairs(round_)
    # Assignments of seats that were given up, or of applications that left, are a trail: nobody takes them off here.
    elsewhere = frozenset(pair for pair in present if pair[0] not in seats or pair[1] not in applications)
    known = frozenset(pair for pair in wanted if pair[0] in seats and pair[1] in applications)
    return difference(
        known | elsewhere, present=present, started=jury.started_pairs(round_), conflicts=jury.conflict_pairs(round_)
    )


def everybody(round_: Round) -> frozenset[Pair]:
    """Each sitting juror with each application that takes part."""
    applications = jury.admitted(round_)
    return frozenset((juror.id, one.id) for juror in jury.sitting_jurors(round_) for one in applications)


@use_case
def assign(round_: Round, *, wanted: frozenset[Pair], signature: str, by: By, at: datetime) -> Difference:
    """Make the assignment what is wanted, as one act; `signature` is of the difference that was shown.

    Raises RefusedError when that difference is no longer the one that would be made, or nobody or nothing is there to assign.
    """
    locked = jury.locked_round(round_.id)
    refuse_if([] if jury.sitting_jurors(locked) else [Refusal(ScoringRefusal.NO_JURORS)])
    refuse_if([] if jury.admitted(locked) else [Refusal(ScoringRefusal.NO_APPLICATIONS)])
    found = planned(locked, wanted)
    if found.signature != signature:
        raise RefusedError(Refusal(ScoringRefusal.DIFFERENCE_CHANGED))
    rows = jury.assignments_of(locked)
    for pair in sorted(found.removed):
        drop_assignment(rows[pair])
    _add(locked, found, by=by, at=at)
    counts = {"added": len(found.added), "removed": len(found.removed), "refused": len(found.refused)}
    if not found.is_empty:
        audit.record("assign", locked, by=by, at=at, **counts)
    notices.sheets_assigned(locked, found, at=at)
    return found


def _add(round_: Round, found: Difference, *, by: By, at: datetime) -> None:
    """New assignments get a sheet in the first stage, and in each the application has already reached."""
    reached = jury.reached_stages(round_)
    first = round_.stages[0].id
    made = {
        pair: Assignment(
            programme_id=round_.programme_id,
            juror_id=pair[0],
            application_id=pair[1],
            assigned_at=at,
            assigned_by_id=by.user_id,
        )
        for pair in sorted(found.added)
    }
    db.session.add_all(made.values())
    db.session.flush()
    for (_juror, application_id), assignment in made.items():
        for stage_id in sorted(reached.get(application_id, set()) | {first}):
            db.session.add(Review(programme_id=round_.programme_id, assignment_id=assignment.id, stage_id=stage_id))
    db.session.flush()


# --- Conflicts of interest ----------------------------------------------------------------------------------------------


@use_case
def declare_conflicts(juror: Juror, *, conflicts: Mapping[int, tuple[ConflictKind, str]], by: By, at: datetime) -> int:
    """A juror's own word, by application: kind and note. Adds what is new, never takes back; returns how many were added.

    From then on the applications without a conflict can be read.
    """
    standing = jury.conflicts_by_application(juror)
    added = 0
    for application_id, (kind, note) in sorted(conflicts.items()):
        if application_id not in standing:
            _record(juror, application_id, kind, note, by=by, at=at)
            added += 1
    if juror.conflicts_declared_at is None:
        juror.conflicts_declared_at = at
        audit.record("declare_conflicts", juror, by=by, at=at, conflicts=len(standing) + added)
    return added


@use_case
def pin_conflict(juror: Juror, *, application_id: int, kind: ConflictKind, note: str, by: By, at: datetime) -> None:
    """The organiser's word: it stands whatever the juror declares later.

    Where it voids a signed sheet it changes the ranking: that needs a reason, which the juror reads. It may not name the
    applicant while names are hidden.
    """
    if application_id in jury.conflicts_by_application(juror):
        raise RefusedError(Refusal(ScoringRefusal.CONFLICT_STANDS))
    refuse_if(_naming(juror, application_id, note, at=at))
    voided = [one for one in jury.reviews_between(juror, application_id) if one.state is ReviewState.SIGNED]
    refuse_if([Refusal(ScoringRefusal.VOIDING_NEEDS_REASON, field="note")] if voided and not note.strip() else [])
    _record(juror, application_id, kind, note, by=by, at=at)
    if voided:
        notices.sheets_voided(juror, application_id, reason=note.strip(), at=at)


def _naming(juror: Juror, application_id: int, note: str, *, at: datetime) -> list[Refusal]:
    ((_application, applicant),) = jury.with_applicants([application_id])
    is_blind = any(stage.is_blind and at < stage.closes_at for stage in juror.round.stages)
    found = is_blind and is_named(note, applicant.family_name, applicant.given_name)
    return [Refusal(ScoringRefusal.NOTE_NAMES_APPLICANT, field="note")] if found else []


@use_case
def lift_conflict(conflict: ConflictOfInterest, *, by: By, at: datetime) -> None:
    """Take a conflict back; a sheet that was recused because of it stays recused."""
    conflict.lifted_at = at
    audit.record("lift", conflict, by=by, at=at)


@use_case
def recuse(review: Review, *, kind: ConflictKind, note: str, by: By, at: datetime) -> None:
    """Step back from an application, even after signing: the conflict hides it and none of its sheets counts."""
    refuse_if([] if note.strip() else [Refusal(ScoringRefusal.REASON_MISSING, field="note")])
    assignment = jury.assignment_of(review)
    if assignment.application_id in jury.conflicts_by_application(assignment.juror):
        raise RefusedError(Refusal(ScoringRefusal.CONFLICT_STANDS))
    _record(assignment.juror, assignment.application_id, kind, note, by=by, at=at)


def _record(juror: Juror, application_id: int, kind: ConflictKind, note: str, *, by: By, at: datetime) -> None:
    jury.locked_round(juror.round_id)
    conflict = ConflictOfInterest(
        programme_id=juror.programme_id,
        juror_id=juror.id,
        application_id=application_id,
        kind=kind,
        note=note.strip(),
        declared_at=at,
        declared_by_id=by.user_id,
    )
    db.session.add(conflict)
    db.session.flush()
    about = db.session.get_one(Application, application_id)
    audit.record("declare", conflict, by=by, at=at, kind=kind, juror=juror.public_id, application=about.public_id)
    for review in jury.reviews_between(juror, application_id):
        if review.state is not ReviewState.RECUSED:
            review.sha256 = review.signed_at = None
            move(review, ReviewState.RECUSED, by=by, at=at)
    db.session.flush()
