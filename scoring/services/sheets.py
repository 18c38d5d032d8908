"""Verbs of sheets: save a field, sign, give back."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from sqlalchemy import delete

from app.core import audit
from app.core.audit import By
from app.core.db import db, use_case
from app.core.refusals import Refusal, RefusedError, refuse_if
from app.core.transitions import move
from scoring import notices
from scoring.models import Review, Score, ScoreChange
from scoring.queries import sheet as sheets
from scoring.queries.sheet import Sheet
from scoring.rules import (
    COMMENT,
    FEEDBACK,
    NOTE,
    ScoringRefusal,
    check_length,
    check_points,
    check_sheet,
    digest,
)
from scoring.states import ReviewState

CHANGE_ID_BYTES = 12
LATE_TEXTS_KEPT = 50


class Outcome(Enum):
    """What became of one stroke; in each case its text is kept."""

    SAVED = "saved"
    LATE = "late"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Stroke:
    """What the juror wrote into one field, with the version she saw."""

    field: str
    value: str
    base_version: int
    change_id: str


@dataclass(frozen=True, slots=True)
class Saved:
    """The answer to one stroke: the field's present version and value."""

    outcome: Outcome
    version: int
    value: str


def new_change_id() -> str:
    """An id for a stroke of a page without JavaScript."""
    return secrets.token_urlsafe(CHANGE_ID_BYTES)


@use_case
def save_field(review: Review, stroke: Stroke, *, by: By, at: datetime) -> Saved:
    """Keep one stroke. Replaying an acknowledged one changes nothing; one on a stale version is kept beside, not over.

    A change id seen before that comes with other words or for another field is a stroke of its own.

    The first one begins the sheet. Raises RefusedError for what is off the scale or too long.
    """
    return _save(sheets.sheet_of(review), stroke, by=by, at=at)


def _save(found: Sheet, stroke: Stroke, *, by: By, at: datetime) -> Saved:
    """One stroke on a sheet that was read in this transaction; strokes on other fields may have come since."""
    review = found.review
    stroke, replayed = _seen(review, stroke)
    if replayed is not None and replayed.version is not None:
        return Saved(Outcome.SAVED, replayed.version, replayed.value)
    refuse_if(_faults(found, stroke))
    version, value = found.versions.get(stroke.field, 0), found.value(stroke.field)
    if stroke.value == value:
        return Saved(Outcome.SAVED, version, value)
    if stroke.base_version != version:
        if replayed is None:
            _keep(review, stroke, at=at)
        return Saved(Outcome.CONFLICT, version, value)
    _begin(review, by=by, at=at)
    _write(found, stroke, at=at)
    # What was kept as late or in conflict and now fits counts as a stroke of its own.
    accepted = stroke if replayed is None else replace(stroke, change_id=new_change_id())
    _keep(review, accepted, at=at, version=version + 1)
    return Saved(Outcome.SAVED, version + 1, stroke.value)


@use_case
def keep_late_field(review: Review, stroke: Stroke, *, at: datetime) -> Saved:
    """Keep a stroke that came when the sheet could no longer change: its author reads it, nobody counts it."""
    found = sheets.sheet_of(review)
    stroke, replayed = _seen(review, stroke)
    if replayed is None and stroke.value != found.value(stroke.field):
        refuse_if(_faults(found, stroke))
        _keep(review, stroke, at=at, is_late=True)
        # Nobody fills the disk by writing on a sheet that is signed: of each field the latest texts stay.
        surplus = sheets.surplus_late_changes(review, stroke.field, LATE_TEXTS_KEPT)
        db.session.execute(delete(ScoreChange).where(ScoreChange.id.in_(surplus)))
    return Saved(Outcome.LATE, found.versions.get(stroke.field, 0), found.value(stroke.field))


@use_case
def save_sheet(review: Review, strokes: Mapping[str, Stroke], *, by: By, at: datetime) -> dict[str, Saved]:
    """Keep a whole page at once; returns the fields that were changed somewhere else meanwhile."""
    found = sheets.sheet_of(review)
    refuse_if(fault for stroke in strokes.values() for fault in _faults(found, stroke))
    saved = {name: _save(found, stroke, by=by, at=at) for name, stroke in strokes.items()}
    return {name: one for name, one in saved.items() if one.outcome is Outcome.CONFLICT}


def _seen(review: Review, stroke: Stroke) -> tuple[Stroke, ScoreChange | None]:
    """The stroke, and the same one as it was kept before; under an id that was used for another it gets an id of its own."""
    seen = sheets.change_by_id(review, stroke.change_id)
    if seen is None or (seen.field, seen.value) == (stroke.field, stroke.value):
        return stroke, seen
    return replace(stroke, change_id=new_change_id()), None


def _faults(found: Sheet, stroke: Stroke) -> list[Refusal]:
    if stroke.field not in sheets.fields_of(found.stage):
        return [Refusal(ScoringRefusal.UNKNOWN_FIELD, field=stroke.field)]
    criterion = next((one for one in found.criteria if one.key == stroke.field), None)
    if criterion is not None:
        return check_points(sheets.facts_of(criterion), stroke.value)
    return check_length(stroke.field, stroke.value)


def _begin(review: Review, *, by: By, at: datetime) -> None:
    if review.state is ReviewState.ASSIGNED:
        move(review, ReviewState.DRAFT, by=by, at=at)


def _write(found: Sheet, stroke: Stroke, *, at: datetime) -> None:
    if stroke.field == NOTE:
        found.review.note = stroke.value
    elif stroke.field == FEEDBACK:
        found.review.feedback = stroke.value
    else:
        _write_score(found, stroke, at=at)
    db.session.flush()


def _write_score(found: Sheet, stroke: Stroke, *, at: datetime) -> None:
    key = stroke.field.removeprefix(COMMENT)
    criterion = next(one for one in found.criteria if one.key == key)
    score = sheets.score_of(found.review, criterion)
    if score is None:
        score = Score(review_id=found.review.id, criterion_id=criterion.id)
        db.session.add(score)
    score.saved_at = at
    if stroke.field == key:
        score.points = int(stroke.value) if stroke.value.strip() else None
    else:
        score.comment = stroke.value


def _keep(review: Review, stroke: Stroke, *, at: datetime, version: int | None = None, is_late: bool = False) -> None:
    db.session.add(
        ScoreChange(
            review_id=review.id,
            field=stroke.field,
            change_id=stroke.change_id,
            value=stroke.value,
            version=version,
            is_late=is_late,
            at=at,
        )
    )
    db.session.flush()


@use_case
def sign(review: Review, *, by: By, at: datetime) -> str:
    """Freeze the sheet and hash it; refused with everything that is still missing. Returns the hash."""
    found = sheets.sheet_of(review)
    refuse_if(check_sheet([sheets.facts_of(one) for one in found.criteria], found.entries))
    review.sha256, review.signed_at = digest(found.content()), at
    move(review, ReviewState.SIGNED, by=by, at=at, sha256=review.sha256)
    return review.sha256


@use_case
def reopen(review: Review, *, reason: str, by: By, at: datetime) -> None:
    """Give a signed sheet back to its juror, who is told why; its hash stays in the audit."""
    if not reason.strip():
        raise RefusedError(Refusal(ScoringRefusal.REASON_MISSING, field="reason"))
    before = review.sha256
    review.sha256 = review.signed_at = None
    review.reopen_reason = reason.strip()
    move(review, ReviewState.DRAFT, by=by, at=at, sha256=before)
    notices.sheet_reopened(sheets.sheet_of(review), at=at)


@use_case
def note_download(review: Review, *, number: int, by: By, at: datetime) -> None:
    """Record that a juror took a file."""
    audit.record("download", review, by=by, at=at, document=number)
