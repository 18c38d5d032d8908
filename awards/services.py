"""Verbs of the decision: decide, reconsider, publish."""

from collections.abc import Sequence
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
from awards.rules import AwardRefusal, Proposal, check_proposals, propose
from awards.states import AwardKind, AwardState
from competitions.models import Application, Competition
from competitions.queries.competition import programme_of
from competitions.rules.regions import REGIONS
from competitions.states import CompetitionState
from scoring.models import RankingSnapshot


def proposals_for(competition: Competition, snapshot: RankingSnapshot) -> list[Proposal]:
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
    proposals = proposals_for(held, snapshot)
    refuse_if(check_proposals(proposals, queries.purse_of(held)))
    awards = [_award(held, snapshot, one, at=at) for one in proposals]
    db.session.add_all(awards)
    db.session.flush()
    move(held, CompetitionState.DECIDED, by=by, at=at, snapshot=snapshot.sha256, awards=len(awards))
    for award in awards:
        audit.record("propose", award, by=by, at=at, place=award.place, amount=award.amount, kind=award.kind)
    return awards


def _award(competition: Competition, snapshot: RankingSnapshot, proposal: Proposal, *, at: datetime) -> Award:
    return Award(
        programme_id=competition.programme_id,
        competition_id=competition.id,
        application_id=proposal.standing.application_id,
        snapshot_id=snapshot.id,
        kind=proposal.kind,
        place=proposal.place,
        amount=proposal.amount,
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
        audit.record("enter_result", award, by=by, at=at, place=place, amount=amount)
    move(held, CompetitionState.DECIDED, by=by, at=at, awards=len(winners))


@use_case
def reconsider(competition: Competition, *, reason: str, by: Actor, at: datetime) -> None:
    """Take a decision back before it is published; the rows stay, revoked."""
    held = queries.locked(competition)
    move(held, CompetitionState.ANNOUNCED, by=by, at=at, reason=len(reason))
    for one in queries.decided(held):
        move(one.award, AwardState.REVOKED, by=by, at=at)


@use_case
def publish(competition: Competition, *, by: Actor, at: datetime) -> ResultVersion:
    """Make the results public in one act: states, the result version, certificates, letters.

    A second click finds it published and is refused (STATE_CHANGED), not repeated.
    """
    held = queries.locked(competition)
    made = queries.decided(held)
    move(held, CompetitionState.PUBLISHED, by=by, at=at, awards=len(made))
    held.published_at = at
    for one in made:
        move(one.award, AwardState.PUBLISHED, by=by, at=at)
        one.award.published_at = at
    version = _version(held, made, by=by, at=at)
    db.session.add(version)
    db.session.flush()
    audit.record("publish_results", held, by=by, at=at, version=version.number, ranking=version.ranking_sha256)
    for one in made:
        if one.award.kind is AwardKind.WINNER:
            issue_diploma(held, one, by=by, at=at)
    notices.results(held, made)
    emit(ResultsPublished(held.id))
    return version


def issue_diploma(competition: Competition, one: Decided, *, by: Actor, at: datetime) -> Certificate:
    """The winner's diploma in every language; strangers who verify it read her name only as she agreed to be named."""
    programme = programme_of(competition)
    public_name = queries.public_names(competition, [one.applicant]).get(one.applicant.id, "")
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
