"""Verbs of rounds: made from the approved rules, moved with the calendar, opened stage by stage."""

from datetime import datetime

from app.core import audit
from app.core.audit import By
from app.core.columns import Translation
from app.core.db import db, use_case
from app.core.refusals import Refusal, RefusedError, refuse_if
from competitions.models import Competition
from competitions.queries.application import calendar_of, rules_in_force
from competitions.rules.settings import CriterionSettings, RulesSettings, StageSettings, from_json
from scoring import notices
from scoring.models import Criterion, Review, Round, Stage
from scoring.queries import jury, result
from scoring.ranking.official import reaches
from scoring.rules import ScoringRefusal, stage_window
from scoring.states import ReviewState

STAGE_NAMES = {
    True: Translation(kk="Анонимді бағалау", ru="Анонимная оценка", en="Blind scoring"),
    False: Translation(kk="Жобаны қорғау", ru="Защита проекта", en="Pitch"),
}


@use_case
def make_round(competition: Competition, *, by: By, at: datetime) -> Round | None:
    """Make round, stages and criteria from the approved rules; a second call changes nothing.

    None where the calendar leaves the jury no time: then the competition has no scoring.
    """
    found = jury.round_of(competition.id)
    rules = rules_in_force(competition)
    if found is not None or rules is None:
        return found
    settings = from_json(rules.settings)
    stages = [_stage(competition, settings, one, place) for place, one in enumerate(settings.stages, start=1)]
    if any(stage is None for stage in stages):
        return None
    made = Round(
        programme_id=competition.programme_id,
        competition_id=competition.id,
        pass_total=settings.pass_total or None,
        ties=list(settings.ties),
        method=settings.method.value,
        created_at=at,
        stages=stages,
    )
    db.session.add(made)
    db.session.flush()
    audit.record(
        "make", made, by=by, at=at, competition=competition.public_id, rules=rules.number, sha256=made.fixed
    )  # fmt: skip
    return made


def _stage(competition: Competition, settings: RulesSettings, stage: StageSettings, position: int) -> Stage | None:
    window = stage_window(calendar_of(competition), is_blind=stage.is_blind)
    if window is None:
        return None
    return Stage(
        programme_id=competition.programme_id,
        key=stage.key,
        position=position,
        name=STAGE_NAMES[stage.is_blind],
        is_blind=stage.is_blind,
        pass_mark=stage.pass_mark,
        opens_at=window[0],
        closes_at=window[1],
        criteria=[_criterion(settings, settings.criterion(key), place) for place, key in enumerate(stage.criteria, start=1)],
    )


def _criterion(settings: RulesSettings, criterion: CriterionSettings, position: int) -> Criterion:
    return Criterion(
        key=criterion.key,
        position=position,
        name=Translation(criterion.label),
        weight=criterion.weight,
        low=settings.scale_low,
        high=settings.scale_high,
        anchors=[{"from": one.lowest, "to": one.highest, "text": dict(one.label)} for one in criterion.anchors],
        comment_at_most=settings.comment_at_most,
        comment_at_least=settings.comment_at_least,
    )


@use_case
def move_windows(competition: Competition, *, by: By, at: datetime) -> None:
    """Let the stages follow the calendar."""
    found = jury.round_of(competition.id)
    if found is None:
        return
    calendar = calendar_of(competition)
    for stage in found.stages:
        window = stage_window(calendar, is_blind=stage.is_blind)
        if window is not None and window != (stage.opens_at, stage.closes_at):
            stage.opens_at, stage.closes_at = window
            audit.record("move", found, by=by, at=at, stage=stage.key, opens_at=window[0], closes_at=window[1])


@use_case
def open_next_stage(round_: Round, *, by: By, at: datetime) -> tuple[Stage, int]:
    """Give every juror sheets of the next stage for the applications that reached the pass mark; tells the finalists.

    Refused while sheets of the stage before may still be signed. The pass mark is judged by the official ranking itself.
    """
    locked = jury.locked_round(round_.id)
    stage = jury.next_stage(locked)
    if stage is None:
        raise RefusedError(Refusal(ScoringRefusal.NO_NEXT_STAGE))
    refuse_if(opening_obstacles(locked, stage, at=at))
    before = locked.stages[locked.stages.index(stage) - 1]
    finalists = _reaching(locked, before)
    refuse_if([] if finalists else [Refusal(ScoringRefusal.NOBODY_REACHES_STAGE)])
    _add_sheets(locked, stage, finalists)
    audit.record("open_stage", locked, by=by, at=at, stage=stage.key, applications=len(finalists))
    notices.finalists(locked, stage, sorted(finalists), at=at)
    return stage, len(finalists)


def opening_obstacles(round_: Round, stage: Stage, *, at: datetime) -> list[Refusal]:
    """What the next stage still waits for: sheets of the one before that may still be signed."""
    before = round_.stages[round_.stages.index(stage) - 1]
    waiting = result.unsigned_count(round_, [before]) if at < before.closes_at else 0
    return [Refusal(ScoringRefusal.SHEETS_UNSIGNED, {"count": waiting})] if waiting else []


def _reaching(round_: Round, before: Stage) -> frozenset[int]:
    """The applications whose score in the stage before is there and not below its mark."""
    scores = {one.application: one.stages[before.key] for one in result.official_ranking(round_).standings}
    reached = set()
    for application_id, code in result.competing_codes(round_).items():
        score = scores.get(code)
        if score is not None and reaches(score, before.pass_mark):
            reached.add(application_id)
    return frozenset(reached)


def _add_sheets(round_: Round, stage: Stage, application_ids: frozenset[int]) -> None:
    """A sheet for each assignment that is not in conflict, of jurors who sit."""
    seats = {juror.id for juror in jury.sitting_jurors(round_)}
    ties = jury.conflict_pairs(round_)
    for pair, assignment in sorted(jury.assignments_of(round_).items()):
        if pair[0] in seats and pair[1] in application_ids and pair not in ties:
            db.session.add(
                Review(
                    programme_id=round_.programme_id,
                    assignment_id=assignment.id,
                    stage_id=stage.id,
                    state=ReviewState.ASSIGNED,
                )
            )
    db.session.flush()
