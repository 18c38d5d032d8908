"""What must never be true of awards; run by `baiqau doctor` and after every database test."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, func, select

from app.certificates.models import Certificate
from app.certificates.states import CertificateState
from app.core import audit
from app.core.db import db
from app.modules import Invariant, Seal
from awards.models import Award, ResultVersion
from awards.rules import results_digest
from awards.states import ENTER, PROPOSE, STANDING, AwardKind, AwardState
from competitions.models import Application, Competition
from competitions.queries.judged import judged_contents
from competitions.states import CompetitionState
from scoring.models import RankingSnapshot, Round

READ_AT_ONCE = 500


def _over_the_fund() -> Select[int]:
    total = (
        select(func.coalesce(func.sum(Award.amount), 0))
        .where(Award.competition_id == Competition.id, Award.state.in_(STANDING))
        .correlate(Competition)
        .scalar_subquery()
    )
    return select(Competition.id).where(total > Competition.fund)


def _over_the_cap() -> Select[int]:
    return (
        select(Award.id)
        .join(Competition, Competition.id == Award.competition_id)
        .where(Award.state.in_(STANDING), Award.amount > Competition.award_cap)
    )


def _of_another_competition() -> Select[int]:
    return (
        select(Award.id)
        .join(Application, Application.id == Award.application_id)
        .where((Application.competition_id != Award.competition_id) | (Application.programme_id != Award.programme_id))
    )


def _published_without_version() -> Select[int]:
    versions = select(ResultVersion.id).where(ResultVersion.competition_id == Competition.id).correlate(Competition)
    return select(Competition.id).where(Competition.state == CompetitionState.PUBLISHED, ~versions.exists())


def _public_before_publication() -> Select[int]:
    return (
        select(Award.id)
        .join(Competition, Competition.id == Award.competition_id)
        .where(
            Award.state == AwardState.PUBLISHED,
            Competition.state != CompetitionState.PUBLISHED,
        )
    )


def _winner_without_diploma() -> Select[int]:
    diplomas = select(Certificate.id).where(
        Certificate.kind == "winner", Certificate.subject == Award.public_id, Certificate.state == CertificateState.VALID
    )
    return select(Award.id).where(
        Award.kind == AwardKind.WINNER, Award.state == AwardState.PUBLISHED, ~diplomas.correlate(Award).exists()
    )


def _changed_results() -> Iterator[str]:
    """By competition and version: what was published is not what was recorded then, is gone, or stands on no frozen ranking."""
    kept = select(ResultVersion, Competition).join(Competition, Competition.id == ResultVersion.competition_id)
    for one, competition in db.session.execute(kept.execution_options(populate_existing=True, yield_per=1)):
        rankings = select(RankingSnapshot.sha256).join(Round).where(Round.competition_id == competition.id)
        stands = not one.ranking_sha256 or one.ranking_sha256 in db.session.scalars(rankings).all()
        recorded = [
            entry.details.get("content")
            for entry in audit.history(competition)
            if entry.verb == "publish_results" and entry.details.get("version") == one.number
        ]
        if not stands or recorded not in ([None], [results_digest(one.content)]):
            yield f"{competition.slug} {one.number}"
    yield from _lost_results()


def _lost_results() -> Iterator[str]:
    entry = audit.AuditEntry
    number = entry.details["version"].as_integer()
    there = select(ResultVersion.id).where(ResultVersion.competition_id == Competition.id, ResultVersion.number == number)
    told = select(Competition.slug, number).join(entry, entry.subject == Competition.public_id)
    published = told.where(entry.noun == Competition.__name__, entry.verb == "publish_results")
    lost = published.where(~there.correlate(Competition, entry).exists()).order_by(Competition.slug, number)
    yield from (f"{slug} {count}" for slug, count in db.session.execute(lost))


def _other_than_decided() -> Iterator[str]:
    """By code: an award is not what was recorded when it was decided, or is gone."""
    made = audit.newest(Award, audit.AuditEntry.verb.in_((PROPOSE, ENTER)))
    kept = (
        select(Award, Application.code, made.c.details)
        .join(Application, Application.id == Award.application_id)
        .outerjoin(made, made.c.subject == Award.public_id)
        .order_by(Award.id)
    )
    for one, code, recorded in db.session.execute(kept.execution_options(populate_existing=True, yield_per=READ_AT_ONCE)):
        if one.decided != recorded:
            yield code or one.public_id
    there = select(Award.id).where(Award.public_id == made.c.subject)
    given = made.c.details["application"].as_integer()
    named = select(func.coalesce(Application.code, made.c.subject)).select_from(made)
    named = named.outerjoin(Application, Application.id == given)
    yield from db.session.scalars(named.where(~there.correlate(made).exists()).order_by(made.c.subject))


def _other_than_published() -> Iterator[str]:
    """By competition and code: an award is not what the newest published version says of it."""
    newest = select(func.max(ResultVersion.id)).group_by(ResultVersion.competition_id)
    kept = select(ResultVersion).where(ResultVersion.id.in_(newest)).order_by(ResultVersion.id)
    for version in db.session.scalars(kept.execution_options(populate_existing=True, yield_per=1)):
        told = {str(row["code"]): row for row in version.content["awards"]}
        held = dict(_published_rows(version.competition_id))
        yield from (f"{version.public_id} {code}" for code in sorted({*told, *held}) if told.get(code) != held.get(code))


def _published_rows(competition_id: int) -> Iterator[tuple[str, dict[str, Any]]]:
    titles = judged_contents(competition_id)
    published = select(Award, Application.code).join(Application, Application.id == Award.application_id)
    mine = published.where(Award.competition_id == competition_id, Award.published_at.is_not(None))
    for award, code in db.session.execute(mine.execution_options(populate_existing=True)):
        title = str(titles.get(award.application_id, {}).get("title") or "") if award.kind is AwardKind.WINNER else ""
        yield code or "", {
            "code": code or "", "place": award.place, "kind": award.kind.value, "amount": award.amount, "project": title,
        }  # fmt: skip


INVARIANTS = (
    Invariant("awards never exceed the fund", _over_the_fund),
    Invariant("no award exceeds the cap", _over_the_cap),
    Invariant("an award is of its application's competition", _of_another_competition),
    Invariant("published results have a version", _published_without_version),
    Invariant("no award is public before publication", _public_before_publication),
    Invariant("every published winner has a valid diploma", _winner_without_diploma),
)
SEALS = (
    Seal("published results", _changed_results),
    Seal("awards as they were decided", _other_than_decided),
    Seal("awards as they were published", _other_than_published),
)
