"""Verbs of the decision: decide, reconsider, publish."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.access.actor import Actor
from app.certificates import services as certificates
from app.certificates.models import Certificate
from app.certificates.rules import Holder
from app.core import audit
from app.core.db import db, use_case
from app.core.events import emit
from app.core.refusals import Refusal, RefusedError, refuse_if
from app.core.transitions import move
from app.jinja import label_everywhere
from app.programmes.states import Role
from awards import notices, queries
from awards.events import ResultsPublished
from awards.models import Award, ResultVersion
from awards.queries import Decided
from awards.rules import AwardRefusal, Prospect, check_prospects, propose, results_digest
from awards.states import ENTER, PROPOSE, AwardKind, AwardState
from competitions.models import Application, Competition
from competitions.queries.competition import programme_of
from competitions.rules.regions import REGIONS
from competitions.states import CompetitionState
from scoring.models import RankingSnapshot
from scoring.queries import jury as scoring_jury
from scoring.rules import canonical, digest
from scoring.services import results


def prospects_for(competition: Competition, snapshot: RankingSnapshot) -> list[Prospect]:
    """Who would get what: the preview and the act call this same function."""
    return propose(queries.standings(competition, snapshot), queries.purse_of(competition))


@use_case
def decide(competition: Competition, *, snapshot_sha256: str, by: Actor, at: datetime) -> list[Award]:
    """Make the awards that follow from the newest frozen ranking.

    `snapshot_sha256` is what the decider saw; raises RefusedError when the ranking has been frozen anew since,
    or when the awards would break the rules. The database holds the fund besides.
    """
    held = queries.locked(competition)
    snapshot = queries.last_snapshot(held)
    if snapshot is None:
        raise RefusedError(Refusal(AwardRefusal.NO_FROZEN_RANKING))
    if snapshot.sha256 != snapshot_sha256:
        raise RefusedError(Refusal(AwardRefusal.STALE_RANKING))
    scoring_jury.locked_round(snapshot.round_id)
    refuse_if(ranking_faults(snapshot))
    prospects = prospects_for(held, snapshot)
    refuse_if(check_prospects(prospects, queries.purse_of(held)))
    awards = [_award(held, snapshot, one, at=at) for one in prospects]
    db.session.add_all(awards)
    db.session.flush()
    move(held, CompetitionState.DECIDED, by=by, at=at, snapshot=snapshot.sha256, awards=len(awards))
    for award in awards:
        audit.record("propose", award, by=by, at=at, **award.decided)
    return awards


def ranking_faults(snapshot: RankingSnapshot) -> list[Refusal]:
    """A decision rests only on a ranking that is true at the moment it is made."""
    return [] if results.is_true(snapshot) else [Refusal(AwardRefusal.UNTRUE_RANKING)]


def decision_faults(competition: Competition, made: Sequence[Decided]) -> list[Refusal]:
    """A decision is published only as it was recorded, and while it follows from the newest, true ranking.

    One that was made outside rests on no ranking: the record of acts says of each award that it was entered so.
    """
    awards = [one.award for one in made]
    snapshot, acts = queries.last_snapshot(competition), queries.deciding_acts(competition)
    if any(acts.get(one.public_id) != (_verb(one), one.decided) for one in awards):
        return [Refusal(AwardRefusal.ALTERED_DECISION)]
    rests_on = {one.snapshot_id for one in awards}
    if rests_on == {None}:
        return []
    if snapshot is None or rests_on != {snapshot.id} or not results.is_true(snapshot):
        return [Refusal(AwardRefusal.UNTRUE_DECISION)]
    held = sorted((one.place, one.application_id, one.kind, one.amount) for one in awards)
    due = [(one.place, one.standing.application_id, one.kind, one.amount) for one in prospects_for(competition, snapshot)]
    return [] if held == sorted(due) else [Refusal(AwardRefusal.ALTERED_DECISION)]


def _verb(award: Award) -> str:
    """The act that makes such an award: a decision on a ranking, or one that was made outside."""
    return ENTER if award.snapshot_id is None else PROPOSE


def _award(competition: Competition, snapshot: RankingSnapshot, prospect: Prospect, *, at: datetime) -> Award:
    return Award(
        programme_id=competition.programme_id,
        competition_id=competition.id,
        application_id=prospect.standing.application_id,
        snapshot_id=snapshot.id,
        kind=prospect.kind,
        place=prospect.place,
        amount=prospect.amount,
        decided_at=at,
    )


@use_case
def enter_results(competition: Competition, winners: Sequence[tuple[Application, int]], *, by: Actor, at: datetime) -> None:
    """Enter a decision that was made outside, in the order of places with the sums of its protocol.

    No ranking stands behind it.
    """
    held = queries.locked(competition)
    for place, (application, amount) in enumerate(winners, start=1):
        award = Award(
            programme_id=held.programme_id, competition_id=held.id, application_id=application.id, kind=AwardKind.WINNER,
            place=place, amount=amount, decided_at=at,
        )  # fmt: skip
        db.session.add(award)
        db.session.flush()
        audit.record("enter_result", award, by=by, at=at, **award.decided)
    move(held, CompetitionState.DECIDED, by=by, at=at, awards=len(winners))


@use_case
def reconsider(competition: Competition, *, reason: str, by: Actor, at: datetime) -> None:
    """Take a decision back before it is published; the rows stay, revoked."""
    held = queries.locked(competition)
    move(held, CompetitionState.ANNOUNCED, by=by, at=at, reason=len(reason))
    for one in queries.decided(held):
        move(one.award, AwardState.REVOKED, by=by, at=at)


@dataclass(frozen=True, slots=True)
class Preview:
    """What publishing would make public, whom it would tell, and the hash of all of it."""

    decided: list[Decided]
    names: Mapping[int, str]
    other_count: int
    total: int
    signer_count: int
    missed_quorum: int | None
    sha256: str


def preview(competition: Competition) -> Preview:
    """What `publish` would do now: the page shows it, the act compares it."""
    made = queries.decided(competition)
    names = queries.public_names(competition.public_id, [one.applicant for one in made])
    other_count = queries.not_selected_count(competition)
    rows = [[one.award.public_id, _published(one), names.get(one.applicant.id, ""), one.applicant.full_name] for one in made]
    snapshot = queries.last_snapshot(competition)
    signer_count, missed = queries.quorum_of(competition, snapshot)
    told = {
        "awards": rows, "other_count": other_count, "ranking": snapshot.sha256 if snapshot else "",
        "signer_count": signer_count, "missed_quorum": missed,
    }  # fmt: skip
    total = sum(one.award.amount for one in made)
    return Preview(made, names, other_count, total, signer_count, missed, digest(canonical(told)))


@use_case
def publish(competition: Competition, *, preview_sha256: str, by: Actor, at: datetime) -> ResultVersion:
    """Make the results public in one act: states, the result version, certificates, letters.

    `preview_sha256` is what the publisher saw; raises RefusedError when something else would become public, or when the
    ranking behind the decision is no longer true. A second click finds it published and is refused (STATE_CHANGED),
    not repeated.
    """
    held = queries.locked(competition)
    snapshot = queries.last_snapshot(held)
    if snapshot is not None:
        scoring_jury.locked_round(snapshot.round_id)
    made = queries.decided(held)
    move(held, CompetitionState.PUBLISHED, by=by, at=at, awards=len(made))
    refuse_if(decision_faults(held, made))
    if preview(held).sha256 != preview_sha256:
        raise RefusedError(Refusal(AwardRefusal.STALE_PREVIEW))
    held.published_at = at
    for one in made:
        move(one.award, AwardState.PUBLISHED, by=by, at=at)
        one.award.published_at = at
    version = _version(held, made, by=by, at=at)
    db.session.add(version)
    db.session.flush()
    known = {"version": version.number, "ranking": version.ranking_sha256, "content": results_digest(version.content)}
    audit.record("publish_results", held, by=by, at=at, **known)
    for one in made:
        if one.award.kind is AwardKind.WINNER:
            issue_diploma(held, one, by=by, at=at)
    notices.results(held, made)
    emit(ResultsPublished(held.id))
    return version


def issue_diploma(competition: Competition, one: Decided, *, by: Actor, at: datetime) -> Certificate:
    """The winner's diploma in every language; strangers who verify it read her name only as she agreed to be named."""
    programme = programme_of(competition)
    public_name = queries.public_names(competition.public_id, [one.applicant]).get(one.applicant.id, "")
    return certificates.issue(
        "winner",
        subject=one.award.public_id,
        programme=programme,
        series=competition.code_prefix,
        holder=Holder(one.applicant.full_name, public_name, one.applicant.id),
        facts={
            "comp": competition.name,
            "project": one.project,
            "amount": one.award.amount,
            "organiser": programme.organisation.name,
            "city": REGIONS[competition.region],
            "signatory": by.name,
            "signatory_post": label_everywhere(Role.ORGANISER),
        },
        issued_on=at.astimezone(ZoneInfo(programme.timezone)).date(),
        by=by,
        at=at,
    )


def _version(competition: Competition, made: list[Decided], *, by: Actor, at: datetime) -> ResultVersion:
    last = queries.last_version(competition.id)
    snapshot = queries.last_snapshot(competition)
    return ResultVersion(
        programme_id=competition.programme_id,
        competition_id=competition.id,
        number=(last.number if last else 0) + 1,
        content={"awards": [_published(one) for one in made]},
        ranking_sha256=snapshot.sha256 if snapshot else "",
        published_at=at,
        published_by_id=by.user_id,
    )


def _published(one: Decided) -> dict[str, Any]:
    return {
        "code": one.code,
        "place": one.award.place,
        "kind": one.award.kind.value,
        "amount": one.award.amount,
        "project": one.project if one.award.kind is AwardKind.WINNER else "",
    }
