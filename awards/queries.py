"""Every SELECT over awards and published results, and the policy as SQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Select, func, not_, or_, select
from sqlalchemy.orm import joinedload

from app.access.actor import Actor
from app.access.door import visible_to
from app.access.policies import Judgement, Policy, SqlJudgement
from app.certificates.models import Certificate
from app.core.audit import AuditEntry, newest
from app.core.db import db
from app.people.models import Consent, Person, User
from app.people.states import ConsentKind, PublicName
from awards.models import Award, ResultVersion
from awards.policy import GRANTS, AwardFacts, Permission, grants, obstacles
from awards.rules import OwnPoints, Purse, StagePoints, Standing, prizes_by_place
from awards.states import ENTER, PROPOSE, STANDING, AwardKind, AwardState
from competitions.models import Application, Competition
from competitions.queries.access import applied
from competitions.queries.competition import call_of
from competitions.queries.judged import judged_contents
from competitions.states import ApplicationState, CompetitionState
from scoring.models import RankingSnapshot, Round, Stage
from scoring.queries.access import has_unsigned, tied
from scoring.queries.needs import missed_quorum

ON_AWARDS = frozenset(Permission)
# Who hears of a result: everyone whose application was scored, and nobody who withdrew.
JUDGED = (ApplicationState.ADMITTED,)


@dataclass(frozen=True, slots=True)
class Decided:
    """One award with what its page shows of the application."""

    award: Award
    code: str
    project: str
    language: str
    applicant: Person


@dataclass(frozen=True, slots=True)
class PublicWinner:
    """A winner as everybody may see her: her name only by her consent, as she chose."""

    place: int
    amount: int
    project: str
    language: str
    name: str


@dataclass(frozen=True, slots=True)
class PublicResults:
    """What the results page shows: nothing of anyone who was not selected."""

    competition: Competition
    winners: tuple[PublicWinner, ...]
    version: ResultVersion
    total: int


# --- The policy ---------------------------------------------------------------------------------------------------------


def _interests(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """As `AwardFacts`: an application of her own, a conflict of interest, sheets she can still sign."""
    return applied(actor, Competition.id), tied(actor, Competition.id), has_unsigned(actor, Competition.id)


def _facts(actor: Actor, ids: Sequence[int]) -> dict[int, AwardFacts]:
    wanted = select(Competition.id, Competition.programme_id, Competition.state, *_interests(actor))
    found = db.session.execute(wanted.where(Competition.id.in_(ids)))
    return {one: AwardFacts(programme, state, *(bool(fact) for fact in facts)) for one, programme, state, *facts in found}


def _judge(permission: StrEnum, actor: Actor, facts: AwardFacts) -> Judgement:
    return Judgement(grants(permission, actor, facts), obstacles(permission, facts))


def _where(permission: StrEnum, actor: Actor) -> SqlJudgement:
    granted = Competition.programme_id.in_(sorted(actor.programmes_with(*GRANTS.get(permission, ()))))
    in_time = {
        Permission.AWARD_DECIDE: Competition.state == CompetitionState.ANNOUNCED,
        Permission.AWARD_PUBLISH: Competition.state == CompetitionState.DECIDED,
    }
    is_late = [not_(in_time[Permission(permission)])] if permission in in_time else []
    return SqlJudgement(granted, or_(*_interests(actor), *is_late))


AWARD_POLICY = Policy(Competition, ON_AWARDS, _facts, _judge, _where)


# --- Deciding -----------------------------------------------------------------------------------------------------------


def last_snapshot(competition: Competition) -> RankingSnapshot | None:
    """The newest frozen ranking."""
    wanted = select(RankingSnapshot).join(Round, Round.id == RankingSnapshot.round_id)
    wanted = wanted.where(Round.competition_id == competition.id)
    return db.session.scalar(wanted.order_by(RankingSnapshot.number.desc()).limit(1))


def signer_count(snapshot: RankingSnapshot) -> int:
    """How many jurors signed the sheets of a frozen ranking."""
    return len({one["juror"] for one in snapshot.inputs.get("sheets", ())})


def quorum_of(competition: Competition, snapshot: RankingSnapshot | None) -> tuple[int, int | None]:
    """How many jurors signed what was frozen, and the quorum they miss."""
    if snapshot is None:
        return 0, None
    count = signer_count(snapshot)
    return count, missed_quorum(competition, count)


def standings(competition: Competition, snapshot: RankingSnapshot) -> list[Standing]:
    """The frozen ranking with the sums that were asked for, best first."""
    asked = _asked(competition)
    rows: Sequence[Mapping[str, Any]] = snapshot.outcome["standings"]
    found = [
        Standing(
            application_id=asked[row["application"]][0],
            code=row["application"],
            rank=row["rank"],
            total=(row["total"] or {}).get("printed", ""),
            has_passed=row["passed"] is True,
            requested=asked[row["application"]][1],
        )
        for row in rows
        if row["application"] in asked
    ]
    return sorted(found, key=lambda one: (one.rank is None, one.rank or 0, one.code))


def _asked(competition: Competition) -> dict[str, tuple[int, int]]:
    """Id and requested sum by code, out of the version that was judged."""
    judged = judged_contents(competition.id)
    wanted = select(Application.id, Application.code).where(
        Application.competition_id == competition.id, Application.state.in_(JUDGED)
    )
    found = db.session.execute(wanted)
    return {str(code): (one, int(judged[one].get("amount") or 0)) for one, code in found if one in judged}


def purse_of(competition: Competition) -> Purse:
    """What the approved rules give."""
    settings = call_of(competition).settings
    prizes = prizes_by_place([{"place": one.place, "count": one.count, "amount": one.amount} for one in settings.prizes])
    count = len(prizes) or competition.award_count
    return Purse(fund=competition.fund, cap=competition.award_cap, winner_count=count, prizes=prizes)


def projects(competition: Competition) -> dict[int, str]:
    """Project titles by application, out of the version that was judged."""
    return {one: str(content.get("title") or "") for one, content in judged_contents(competition.id).items()}


def decided(competition: Competition) -> list[Decided]:
    """The standing awards in the order of places."""
    wanted = (
        select(Award)
        .where(Award.competition_id == competition.id, Award.state.in_(STANDING))
        .options(joinedload(Award.application).joinedload(Application.applicant))
        .order_by(Award.place)
    )
    awards = db.session.scalars(wanted).all()
    titles = projects(competition) if awards else {}
    return [
        Decided(
            award=one,
            code=one.application.code or "",
            project=titles.get(one.application_id, ""),
            language=one.application.language,
            applicant=one.application.applicant,
        )
        for one in awards
    ]


def deciding_acts(competition: Competition) -> dict[str, tuple[str, dict[str, Any]]]:
    """By award: the act that decided it, and what the record of acts says was decided."""
    act = newest(Award, AuditEntry.chain == competition.programme_id, AuditEntry.verb.in_((PROPOSE, ENTER)))
    found = db.session.execute(select(act.c.subject, act.c.verb, act.c.details))
    return {subject: (verb, details) for subject, verb, details in found}


def locked(competition: Competition) -> Competition:
    """The competition with its row locked until the transaction ends: one decision, one publication."""
    return db.session.scalars(
        select(Competition).where(Competition.id == competition.id).with_for_update().execution_options(populate_existing=True)
    ).one()


def not_selected(competition: Competition) -> Select[*tuple[Any, ...]]:
    """The addresses of those who were judged and get no award, for one mailing."""
    awarded = select(Award.id).where(Award.application_id == Application.id, Award.state.in_(STANDING))
    return (
        select(
            Person.email.label("email"),
            Person.language.label("language"),
            Person.given_name.label("name"),
            Application.public_id.label("application"),
            Application.code.label("code"),
        )
        .join(Person, Person.id == Application.applicant_id)
        .where(
            Application.competition_id == competition.id,
            Application.state.in_(JUDGED),
            Person.email.is_not(None),
            ~awarded.exists(),
        )
    )


def not_selected_count(competition: Competition) -> int:
    """How many letters `not_selected` will be: the same SELECT, counted."""
    return db.session.scalar(select(func.count()).select_from(not_selected(competition).subquery())) or 0


def last_version(competition_id: int) -> ResultVersion | None:
    """What is public now."""
    wanted = select(ResultVersion).where(ResultVersion.competition_id == competition_id)
    return db.session.scalar(wanted.order_by(ResultVersion.number.desc()).limit(1))


# --- For everybody ------------------------------------------------------------------------------------------------------


def public_results(slug: str) -> PublicResults | None:
    """The published results of the competition at this address."""
    wanted = select(Competition).where(Competition.slug == slug, Competition.state == CompetitionState.PUBLISHED)
    competition = db.session.scalar(wanted)
    version = last_version(competition.id) if competition else None
    if competition is None or version is None:
        return None
    found = [one for one in decided(competition) if is_public_winner(one.award)]
    names = public_names(competition.public_id, [one.applicant for one in found])
    winners = tuple(
        PublicWinner(one.award.place, one.award.amount, one.project, one.language, names.get(one.applicant.id, ""))
        for one in found
    )
    return PublicResults(competition, winners, version, sum(one.amount for one in winners))


def is_public_winner(award: Award) -> bool:
    """Whether everybody may see this award."""
    return award.kind is AwardKind.WINNER and award.state is AwardState.PUBLISHED


def public_names(scope: str, people: Sequence[Person]) -> dict[int, str]:
    """How each person agreed to be named in the competition with this public id; absent where she did not, or took it back."""
    wanted = select(Consent.person_id, Consent.value).where(
        Consent.person_id.in_([one.id for one in people]),
        Consent.kind == ConsentKind.NAME,
        Consent.scope == scope,
        Consent.withdrawn_at.is_(None),
    )
    chosen: dict[int, str] = dict(db.session.execute(wanted).all())
    shown = {PublicName.FULL.value: lambda one: one.full_name, PublicName.INITIAL.value: lambda one: one.short_name}
    return {one.id: shown[chosen[one.id]](one) for one in people if chosen.get(one.id) in shown}


def published_competitions() -> list[Competition]:
    """Competitions with published results, newest first."""
    wanted = select(Competition).where(Competition.state == CompetitionState.PUBLISHED)
    return list(db.session.scalars(wanted.order_by(Competition.published_at.desc())))


@dataclass(frozen=True, slots=True)
class HowDecided:
    """What lets everybody see that a decision was fair: how many applied, were admitted and judged them, and the ties."""

    applied_count: int
    admitted_count: int
    juror_count: int
    sheet_count: int
    tied_count: int


def how_decided(results: PublicResults) -> HowDecided | None:
    """The numbers behind published results; None where they come from a protocol of an earlier year."""
    snapshot = published_snapshot(results.version)
    if snapshot is None:
        return None
    unsent = (ApplicationState.DRAFT,)
    wanted = select(func.count(Application.id)).where(
        Application.competition_id == results.competition.id, Application.state.not_in(unsent)
    )
    sheets = snapshot.inputs.get("sheets", ())
    return HowDecided(
        applied_count=db.session.scalar(wanted) or 0,
        admitted_count=len(snapshot.outcome["standings"]),
        juror_count=signer_count(snapshot),
        sheet_count=len(sheets),
        tied_count=sum(1 for one in snapshot.outcome["standings"] if one.get("tie_decided_by")),
    )


# --- For a winner -------------------------------------------------------------------------------------------------------


def decidable(actor: Actor, permission: StrEnum) -> list[Competition]:
    """Competitions in which the actor may decide, or publish, now."""
    return list(db.session.scalars(visible_to(actor, Competition, permission)))


def frozen_to_decide(actor: Actor) -> list[Competition]:
    """Competitions in which the actor may decide now, and whose ranking is frozen."""
    frozen = select(RankingSnapshot.id).join(Round, Round.id == RankingSnapshot.round_id)
    has_frozen = frozen.where(Round.competition_id == Competition.id).exists()
    return list(db.session.scalars(visible_to(actor, Competition, Permission.AWARD_DECIDE).where(has_frozen)))


def account_of(person: Person) -> User | None:
    """The account of a person, if she has one."""
    return db.session.scalar(select(User).where(User.person_id == person.id))


def scope_of(award_id: str) -> str:
    """The competition of the award with this public id, as the scope of consents; empty where there is no such award."""
    wanted = select(Competition.public_id).join(Award, Award.competition_id == Competition.id)
    return db.session.scalar(wanted.where(Award.public_id == award_id)) or ""


def named_certificates(person_ids: frozenset[int], scope: str) -> list[Certificate]:
    """Diplomas of a person that show her name, in the competition with this public id."""
    awards = select(Award.public_id).join(Competition, Competition.id == Award.competition_id)
    awards = awards.where(Competition.public_id == scope)
    wanted = select(Certificate).where(
        Certificate.person_id.in_(sorted(person_ids)), Certificate.subject.in_(awards), Certificate.public_name != ""
    )
    return list(db.session.scalars(wanted))


# --- For an applicant ---------------------------------------------------------------------------------------------------


def judged_awards(applications: Sequence[Application]) -> dict[int, Award | None]:
    """What was decided of each application whose competition has published results; None: not selected."""
    ids = [one.id for one in applications]
    wanted = (
        select(Application.id, Award)
        .join(Competition, Competition.id == Application.competition_id)
        .outerjoin(Award, (Award.application_id == Application.id) & (Award.state == AwardState.PUBLISHED))
        .where(Application.id.in_(ids), Application.state.in_(JUDGED), Competition.state == CompetitionState.PUBLISHED)
    )
    found: dict[int, Award | None] = dict(db.session.execute(wanted).all())
    return found


def published_snapshot(version: ResultVersion) -> RankingSnapshot | None:
    """The frozen ranking from which these results follow; none stands behind a protocol of an earlier year."""
    wanted = select(RankingSnapshot).join(Round, Round.id == RankingSnapshot.round_id)
    return db.session.scalar(
        wanted.where(Round.competition_id == version.competition_id, RankingSnapshot.sha256 == version.ranking_sha256)
        .order_by(RankingSnapshot.number.desc())
        .limit(1)
    )


def own_points(application: Application) -> OwnPoints | None:
    """The points of one application, by stage, out of the ranking that was published."""
    version = last_version(application.competition_id)
    snapshot = published_snapshot(version) if version else None
    if snapshot is None:
        return None
    return points_by_code(snapshot).get(application.code or "")


def points_by_code(snapshot: RankingSnapshot) -> dict[str, OwnPoints]:
    """The points of each application of a frozen ranking, by stage."""
    rules, names, rows = snapshot.inputs.get("rules") or {}, stage_names(snapshot), snapshot.outcome["standings"]
    return {one["application"]: _points(one, rules, names) for one in rows if one.get("stages")}


def stage_names(snapshot: RankingSnapshot) -> dict[str, Mapping[str, str]]:
    """The names of the stages of a frozen ranking, by key, in their order."""
    wanted = select(Stage.key, Stage.name).where(Stage.round_id == snapshot.round_id).order_by(Stage.position)
    names: dict[str, Mapping[str, str]] = dict(db.session.execute(wanted).all())
    return names


def _points(row: Mapping[str, Any], rules: Mapping[str, Any], names: Mapping[str, Mapping[str, str]]) -> OwnPoints:
    marks = {one["key"]: one["pass_mark"] for one in rules.get("stages", ())}
    weights = [(one["stage"], one["weight"]) for one in rules.get("criteria", ())]
    stages = tuple(
        StagePoints(name, Fraction(row["stages"][key]["exact"]), sum(w for stage, w in weights if stage == key), marks.get(key))
        for key, name in names.items()
        if row["stages"].get(key)
    )
    total = sum((one.points for one in stages), Fraction(0))
    return OwnPoints(stages, total, rules.get("pass_total"), is_whole=len(stages) == len(names))
