"""Rules of sheets, windows, assignment and order: facts in, a value or refusals out. Pure."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from app.core.refusals import Refusal
from competitions.rules.calendar import Calendar
from competitions.states import Milestone
from scoring.states import Need, ReviewState

COMMENT_LENGTH = 2000
TEXT_LENGTH = 4000
COMMENT = "comment-"
NOTE, FEEDBACK = "note", "feedback"

Pair: TypeAlias = tuple[int, int]  # juror, application


class ScoringRefusal(StrEnum):
    """Why an act of scoring is not done."""

    POINTS_MISSING = "points_missing"
    COMMENT_MISSING = "comment_missing"
    OFF_THE_SCALE = "off_the_scale"
    TEXT_TOO_LONG = "text_too_long"
    UNKNOWN_FIELD = "unknown_field"
    JUROR_INVITED_ALREADY = "juror_invited_already"
    CHAIR_TAKEN = "chair_taken"
    OTHER_ACCOUNT = "other_account"
    READS_NAMES = "reads_names"
    SCORES_BLIND = "scores_blind"
    HAS_APPLIED = "has_applied"
    DIFFERENCE_CHANGED = "difference_changed"
    NO_JURORS = "no_jurors"
    NO_APPLICATIONS = "no_applications"
    ACCOUNT_NEEDS_SIGN_IN = "account_needs_sign_in"
    SHEETS_UNSIGNED = "sheets_unsigned"
    NO_NEXT_STAGE = "no_next_stage"
    NOBODY_REACHES_STAGE = "nobody_reaches_stage"
    NOTHING_RANKED = "nothing_ranked"
    REASON_MISSING = "reason_missing"
    VOIDING_NEEDS_REASON = "voiding_needs_reason"
    NOTE_NAMES_APPLICANT = "note_names_applicant"
    RANKING_UNCHANGED = "ranking_unchanged"
    CONFLICT_STANDS = "conflict_stands"


def is_named(text: str, *names: str) -> bool:
    """Whether a text holds one of these names, with whatever ending; names of one or two letters are no sign."""
    return any(len(one) > 2 and re.search(rf"\b{re.escape(one)}", text, re.IGNORECASE) for one in names)  # noqa: PLR2004


# --- Windows ------------------------------------------------------------------------------------------------------------

BLIND_WINDOW = ((Milestone.SCORING_OPENS, Milestone.CHECKED), (Milestone.SCORING_CLOSES, Milestone.PITCH, Milestone.PUBLISHES))
OPEN_WINDOW = ((Milestone.PITCH, Milestone.SCORING_OPENS, Milestone.CHECKED), (Milestone.PUBLISHES,))


def stage_window(calendar: Calendar, *, is_blind: bool) -> tuple[datetime, datetime] | None:
    """From when to when the jury scores a stage: blind sheets in the scoring term, a pitch from its day to publication.

    A competition without the milestone uses the nearest one it has; None where the calendar gives no window.
    """
    beginnings, ends = BLIND_WINDOW if is_blind else OPEN_WINDOW
    opens_at = next((calendar.dates[one] for one in beginnings if one in calendar.dates), None)
    closes_at = next((calendar.dates[one] for one in ends if one in calendar.dates), None)
    if opens_at is None or closes_at is None or closes_at <= opens_at:
        return None
    return opens_at, closes_at


@dataclass(frozen=True, slots=True)
class RoundProgress:
    """How far a round is."""

    juror_count: int
    wanted_count: int
    has_applications: bool
    has_sheets: bool
    has_next_stage: bool
    is_first_stage_over: bool
    unsigned_count: int


def next_need(facts: RoundProgress) -> Need | None:
    """The one thing a round needs next: people, then sheets, then signatures, then the next stage, then the freeze.

    A jury smaller than the rules say is completed before sheets are given out; afterwards it works as it is.
    """
    needs = (
        (facts.juror_count == 0 or (facts.juror_count < facts.wanted_count and not facts.has_sheets), Need.JURORS),
        (not facts.has_applications, None),
        (not facts.has_sheets, Need.ASSIGNMENT),
        (facts.unsigned_count > 0 and not facts.is_first_stage_over, Need.SHEETS),
        (facts.has_next_stage, Need.STAGE),
        (facts.unsigned_count > 0, Need.SHEETS),
    )
    return next((need for is_so, need in needs if is_so), Need.FREEZING)


# --- Sheets -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CriterionFacts:
    """What a sheet demands of one criterion."""

    key: str
    low: int
    high: int
    step: int
    comment_at_most: int | None
    comment_at_least: int | None

    def needs_comment(self, points: int) -> bool:
        """Whether points so low or so high must be explained."""
        is_low = self.comment_at_most is not None and points <= self.comment_at_most
        is_high = self.comment_at_least is not None and points >= self.comment_at_least
        return is_low or is_high


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands on a sheet for one criterion."""

    points: int | None = None
    comment: str = ""


def check_points(criterion: CriterionFacts, text: str) -> list[Refusal]:
    """Nothing, or a step of the scale."""
    plain = text.strip()
    is_number = plain.isascii() and plain.isdigit() and len(plain) <= len(str(criterion.high))
    if not plain or (is_number and int(plain) in range(criterion.low, criterion.high + 1, criterion.step)):
        return []
    params = {"criterion": criterion.key, "low": criterion.low, "high": criterion.high}
    return [Refusal(ScoringRefusal.OFF_THE_SCALE, params, field=criterion.key)]


def check_length(field: str, text: str) -> list[Refusal]:
    """Comments and notes have a limit; what is longer stays on the page."""
    limit = COMMENT_LENGTH if field.startswith(COMMENT) else TEXT_LENGTH
    over = len(text) - limit
    return [Refusal(ScoringRefusal.TEXT_TOO_LONG, {"limit": limit, "over": over}, field=field)] if over > 0 else []


def check_sheet(criteria: Sequence[CriterionFacts], entries: Mapping[str, Entry]) -> list[Refusal]:
    """All that still stands between a sheet and its signature; each names its field."""
    found = []
    for one in criteria:
        entry = entries.get(one.key, Entry())
        if entry.points is None:
            found.append(Refusal(ScoringRefusal.POINTS_MISSING, {"criterion": one.key}, field=one.key))
        elif one.needs_comment(entry.points) and not entry.comment.strip():
            params = {"criterion": one.key, "points": entry.points}
            found.append(Refusal(ScoringRefusal.COMMENT_MISSING, params, field=COMMENT + one.key))
    return found


def canonical(value: object) -> bytes:
    """The one way to write a value as JSON before hashing it: sorted keys, no blanks, UTF-8."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def canonical_sheet(*, application: str, juror: str, stage: str, entries: Mapping[str, Entry], feedback: str) -> bytes:
    """What a signature covers: the juror may keep it and prove later what she signed."""
    scores = {name: {"points": one.points, "comment": one.comment} for name, one in entries.items()}
    return canonical({"application": application, "juror": juror, "stage": stage, "scores": scores, "feedback": feedback})


def digest(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


# --- Assignment ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Difference:
    """What an assignment would change: shown first, then applied, from the same function."""

    added: frozenset[Pair]
    removed: frozenset[Pair]
    refused: frozenset[Pair]  # in conflict
    kept: frozenset[Pair]  # taken away, but the sheet was started

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return not self.added and not self.removed

    @property
    def signature(self) -> str:
        """By which the act knows that it does what was shown."""
        return digest(canonical([sorted(self.added), sorted(self.removed), sorted(self.refused), sorted(self.kept)]))[:16]


def difference(
    wanted: frozenset[Pair], *, present: frozenset[Pair], started: frozenset[Pair], conflicts: frozenset[Pair]
) -> Difference:
    """From what is to what is wanted; conflicts are refused, started sheets never move."""
    gone = present - wanted
    new = wanted - present
    return Difference(added=new - conflicts, removed=gone - started, refused=new & conflicts, kept=gone & started)


def fair_key(*, state: ReviewState, review_count: int, seat: str, application: str) -> tuple[int, int, str]:
    """The order of a juror's queue: what she began, then what fewest have reviewed; equals by a shuffle of her own."""
    ranks = {ReviewState.DRAFT: 0, ReviewState.ASSIGNED: 1, ReviewState.SIGNED: 2, ReviewState.RECUSED: 3}
    return ranks[state], review_count, digest(f"{seat}|{application}".encode())


def same_family(one: str, other: str) -> bool:
    """Whether two family names may be of one family: equal up to their grammatical endings."""
    left, right = _stem(one), _stem(other)
    return bool(left) and left == right


def _stem(name: str) -> str:
    plain = name.strip().casefold()
    endings = ("қызы", "ұлы", "ова", "ева", "ина", "ов", "ев", "ин")
    return next((plain.removesuffix(one) for one in endings if plain.endswith(one) and len(plain) > len(one) + 2), plain)


def seat_names(seats: Iterable[int]) -> dict[int, str]:
    """J1, J2, ... in the order of the seats: how exports name jurors."""
    return {seat: f"J{number}" for number, seat in enumerate(sorted(seats), start=1)}
