"""What must never be true of awards; run by `baiqau doctor` and after every database test."""

from sqlalchemy import Select, func, select

from app.certificates.models import Certificate
from app.certificates.states import CertificateState
from app.modules import Invariant
from awards.models import Award, ResultVersion
from awards.states import AwardKind, AwardState
from competitions.models import Application, Competition
from competitions.states import CompetitionState

STANDING = (AwardState.PROPOSED, AwardState.PUBLISHED)


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
            Competition.state.not_in((CompetitionState.PUBLISHED, CompetitionState.CLOSED)),
        )
    )


def _winner_without_diploma() -> Select[int]:
    diplomas = select(Certificate.id).where(
        Certificate.kind == "winner", Certificate.subject == Award.public_id, Certificate.state == CertificateState.VALID
    )
    return select(Award.id).where(
        Award.kind == AwardKind.WINNER, Award.state == AwardState.PUBLISHED, ~diplomas.correlate(Award).exists()
    )


INVARIANTS = (
    Invariant("awards never exceed the fund", _over_the_fund),
    Invariant("no award exceeds the cap", _over_the_cap),
    Invariant("an award is of its application's competition", _of_another_competition),
    Invariant("published results have a version", _published_without_version),
    Invariant("no award is public before publication", _public_before_publication),
    Invariant("every published winner has a valid diploma", _winner_without_diploma),
)
