"""The verbs of results: freeze the ranking, note who took the scores away."""

from datetime import datetime
from fractions import Fraction
from typing import Any

from app.core import audit
from app.core.audit import By
from app.core.db import db, use_case
from app.core.refusals import Refusal, RefusedError, refuse_if
from scoring.models import RankingSnapshot, Round
from scoring.queries import jury, result
from scoring.ranking import official
from scoring.rules import ScoringRefusal, canonical, digest, seat_names


@use_case
def freeze_ranking(round_: Round, *, reason: str, by: By, at: datetime) -> RankingSnapshot:
    """Keep the ranking with all it was computed from, hashed: only a snapshot can be decided on.

    Refused while sheets may still be signed, while nobody is ranked, and without a reason from the second version on.
    """
    locked = jury.locked_round(round_.id)
    earlier = result.snapshots(locked)
    faults = freeze_faults(locked, result.official_ranking(locked), at=at)
    if earlier and not reason.strip():
        faults.append(Refusal(ScoringRefusal.REASON_MISSING, field="reason"))
    refuse_if(faults)
    inputs, outcome = snapshot_inputs(locked), outcome_of(result.official_ranking(locked))
    sha256 = fingerprint(inputs, outcome)
    if earlier and earlier[0].sha256 == sha256:
        raise RefusedError(Refusal(ScoringRefusal.RANKING_UNCHANGED))
    made = RankingSnapshot(
        programme_id=locked.programme_id,
        round_id=locked.id,
        number=len(earlier) + 1,
        inputs=inputs,
        outcome=outcome,
        sha256=sha256,
        reason=reason.strip(),
        frozen_at=at,
        frozen_by_id=by.user_id,
    )
    db.session.add(made)
    db.session.flush()
    audit.record("freeze", made, by=by, at=at, number=made.number, sha256=sha256)
    return made


@use_case
def note_export(round_: Round, *, count: int, by: By, at: datetime) -> None:
    """Record that somebody took the scores away."""
    audit.record("export", round_, by=by, at=at, count=count)


def freeze_faults(round_: Round, ranking: official.Ranking, *, at: datetime) -> list[Refusal]:
    """What a freeze still waits for: the page tells it, the act refuses it."""
    open_ones = [stage for stage in round_.stages if at < stage.closes_at]
    waiting = result.unsigned_count(round_, open_ones)
    found = []
    if waiting:
        found.append(Refusal(ScoringRefusal.SHEETS_UNSIGNED, {"count": waiting}))
    if all(one.rank is None for one in ranking.standings):
        found.append(Refusal(ScoringRefusal.NOTHING_RANKED))
    return found


def fingerprint(inputs: dict[str, Any], outcome: dict[str, Any]) -> str:
    """The hash by which anyone can check a snapshot."""
    return digest(canonical({"inputs": inputs, "outcome": outcome}))


def is_true(snapshot: RankingSnapshot) -> bool:
    """Whether the ranking computed at this moment is the frozen one: no sheet, application or version has changed since."""
    round_ = jury.round_by_id(snapshot.round_id)
    return snapshot.sha256 == fingerprint(snapshot_inputs(round_), outcome_of(result.official_ranking(round_)))


def snapshot_inputs(round_: Round) -> dict[str, Any]:
    """Rules and counted sheets, jurors named J1, J2, ...: enough to compute the ranking again, with no person in it."""
    rules, sheets = result.ranking_rules(round_), result.counted_sheets(round_)
    names = seat_names({one.juror_id for one in sheets})
    return {
        "rules": {
            "method": rules.method.value,
            "stages": [{"key": one.key, "pass_mark": _plain(one.pass_mark)} for one in rules.stages],
            "criteria": [
                {"key": one.key, "stage": one.stage, "weight": int(one.weight), "low": int(one.low), "high": int(one.high)}
                for one in rules.criteria
            ],
            "ties": list(rules.ties),
            "pass_total": _plain(rules.pass_total),
        },
        "applications": sorted(result.competing_codes(round_).values()),
        "versions": dict(sorted(result.judged_versions(round_).items())),
        "sheets": [
            {
                "application": one.application,
                "juror": names[one.juror_id],
                "stage": one.stage,
                "points": dict(one.points),
                "sha256": one.sha256,
            }
            for one in sheets
        ],
    }


def outcome_of(ranking: official.Ranking) -> dict[str, Any]:
    """The standings in order, exact and as printed."""
    return {
        "standings": [
            {
                "application": one.application,
                "rank": one.rank,
                "total": _score(one.total),
                "stages": {key: _score(score) for key, score in one.stages.items()},
                "criteria": {key: _score(mean) for key, mean in one.criteria.items()},
                "reviews": dict(one.reviews),
                "passed": one.passed,
                "tie_decided_by": one.tie_decided_by,
            }
            for one in ranking.standings
        ]
    }


def _score(score: Fraction | None) -> dict[str, str] | None:
    return None if score is None else {"exact": str(score), "printed": official.printed(score)}


def _plain(number: official.Number | None) -> int | None:
    return None if number is None else int(number)
