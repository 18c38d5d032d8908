"""The official ranking: its rules and counted sheets as pure values, and what may be shown of it to whom."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from app.access.actor import Actor
from app.core.columns import Translation
from app.core.db import db
from competitions.models import Application, ApplicationVersion, Competition, Rules
from competitions.queries.judged import judged_version_ids
from competitions.states import ApplicationState, RulesState
from scoring.models import Assignment, ConflictOfInterest, Criterion, Juror, RankingSnapshot, Review, Round, Score, Stage
from scoring.queries.access import SITTING, hidden_ids, open_sheets
from scoring.queries.blind import BlindCard, blind_cards
from scoring.ranking import official
from scoring.rules import seat_names
from scoring.states import ReviewState


@dataclass(frozen=True, slots=True)
class CountedSheet:
    """One signed sheet as the ranking reads it, with what identifies it in an export."""

    juror_id: int
    application: str
    stage: str
    points: Mapping[str, int]
    sha256: str

    def as_input(self, name: str) -> official.Sheet:
        """As `scoring.ranking` reads it."""
        return official.Sheet(self.application, name, self.stage, self.points)


@dataclass(frozen=True, slots=True)
class Result:
    """The ranking as one person may see it."""

    ranking: official.Ranking
    rules: official.RankingRules
    cards: Mapping[str, BlindCard]
    hidden_count: int
    unsigned_count: int
    signer_count: int


@dataclass(frozen=True, slots=True)
class PlaceInFinal:
    """Whether an application went on to the last stage that was opened, and when that stage begins."""

    is_in: bool
    opens_at: datetime


@dataclass(frozen=True, slots=True)
class Matrix:
    """Sheets by juror: rows of applications, a score for each seat."""

    jurors: Sequence[Juror]
    rows: Sequence[tuple[str, Sequence[Mapping[str, official.Number] | None]]]


def ranking_rules(round_: Round) -> official.RankingRules:
    """The rules of a round as pure values."""
    return official.RankingRules(
        stages=tuple(official.Stage(one.key, one.pass_mark) for one in round_.stages),
        criteria=tuple(
            official.Criterion(one.key, stage.key, one.weight, one.low, one.high)
            for stage in round_.stages
            for one in stage.criteria
        ),
        method=official.Method(round_.method),
        ties=tuple(round_.ties),
        pass_total=round_.pass_total,
    )


def counted_sheets(round_: Round) -> list[CountedSheet]:
    """The signed sheets on applications that take part, of jurors without a standing conflict."""
    wanted = (
        select(Review.id, Assignment.juror_id, Application.code, Stage.key, Review.sha256, Criterion.key, Score.points)
        .join(Assignment, Assignment.id == Review.assignment_id)
        .join(Application, Application.id == Assignment.application_id)
        .join(Stage, Stage.id == Review.stage_id)
        .join(Score, Score.review_id == Review.id)
        .join(Criterion, Criterion.id == Score.criterion_id)
        .where(
            Stage.round_id == round_.id,
            Review.state == ReviewState.SIGNED,
            Application.state == ApplicationState.ADMITTED,
            Score.points.is_not(None),
            ~_in_conflict().exists(),
        )
        .order_by(Application.code, Assignment.juror_id, Stage.position, Criterion.position)
    )
    heads: dict[int, tuple[int, str, str, str]] = {}
    points: dict[int, dict[str, int]] = {}
    for review_id, juror_id, code, stage, sha256, key, value in db.session.execute(wanted):
        heads[review_id] = (juror_id, code or "", stage, sha256 or "")
        points.setdefault(review_id, {})[key] = value or 0
    return [CountedSheet(j, code, stage, points[one], sha256) for one, (j, code, stage, sha256) in heads.items()]


def feedback_for(application: Application) -> list[tuple[Translation, list[str]]]:
    """What jurors wrote to the applicant, by stage: nothing before publication, of counted sheets only, no juror named.

    The order within a stage is that of the sheets' hashes: the same each time, and the same for no two applications.
    """
    wanted = (
        select(Stage, Review.feedback)
        .join(Stage, Stage.id == Review.stage_id)
        .join(Assignment, Assignment.id == Review.assignment_id)
        .join(Application, Application.id == Assignment.application_id)
        .join(Competition, Competition.id == Application.competition_id)
        .where(
            Application.id == application.id,
            Competition.published_at.is_not(None),
            Review.state == ReviewState.SIGNED,
            Review.feedback != "",
            ~_in_conflict().exists(),
        )
        .order_by(Stage.position, Review.sha256)
    )
    found = db.session.execute(wanted)
    return [(stage.name, [words for _, words in rows]) for stage, rows in groupby(found, key=itemgetter(0))]


def was_judged(application: Application) -> bool:
    """Whether its results are public and a signed sheet counted: then the jury's words are looked for on its page."""
    wanted = (
        select(Review.id)
        .join(Assignment, Assignment.id == Review.assignment_id)
        .join(Application, Application.id == Assignment.application_id)
        .join(Competition, Competition.id == Application.competition_id)
        .where(Application.id == application.id, Competition.published_at.is_not(None), Review.state == ReviewState.SIGNED)
    )
    return db.session.scalar(wanted.limit(1)) is not None


@dataclass(frozen=True, slots=True)
class WithoutWords:
    """The codes of the applications on which jurors signed sheets and to whose authors nobody wrote."""

    open: tuple[str, ...] = ()
    """A sheet of these can still be given back to its juror."""
    closed: tuple[str, ...] = ()
    """The last stage that scored these is over."""


def without_words(round_: Round, actor: Actor, at: datetime) -> WithoutWords:
    """To whom no juror has written and none is about to, of those that the actor may know."""
    signed = (
        select(Assignment.application_id)
        .join(Review, Review.assignment_id == Assignment.id)
        .where(Review.state == ReviewState.SIGNED, ~_in_conflict().exists())
    )
    running = select(Stage.id).where(Stage.closes_at > at)
    can_be_given_back = signed.where(Review.stage_id.in_(running))
    is_being_read = (
        select(Assignment.application_id)
        .join(Review, Review.assignment_id == Assignment.id)
        .where(Review.id.in_(open_sheets()), Review.stage_id.in_(running))
    )
    wanted = select(Application.code, Application.id.in_(can_be_given_back)).where(
        Application.competition_id == round_.competition_id,
        Application.state == ApplicationState.ADMITTED,
        Application.id.in_(signed),
        Application.id.not_in(signed.where(Review.feedback != "")),
        Application.id.not_in(is_being_read),
        Application.id.not_in(sorted(hidden_ids(round_, actor))),
    )
    found = db.session.execute(wanted.order_by(Application.code)).all()
    by_time = {is_open: tuple(code or "" for code, other in found if other == is_open) for is_open in (True, False)}
    return WithoutWords(by_time[True], by_time[False])


def _in_conflict() -> Select[int]:
    """The standing conflicts of an assignment's juror with its application."""
    return select(ConflictOfInterest.id).where(
        ConflictOfInterest.juror_id == Assignment.juror_id,
        ConflictOfInterest.application_id == Assignment.application_id,
        ConflictOfInterest.lifted_at.is_(None),
    )


def pitch_minutes(competition_ids: Iterable[int]) -> dict[int, int]:
    """How long a finalist presents by the approved rules, by competition."""
    wanted = select(Rules).where(Rules.competition_id.in_(competition_ids), Rules.state == RulesState.APPROVED)
    return {one.competition_id: int(one.settings.get("pitch_minutes", 0)) for one in db.session.scalars(wanted)}


def places_in_final(applications: Sequence[Application]) -> dict[int, PlaceInFinal]:
    """Which of these went on to the last opened stage and which did not, by id, until the results are public.

    Of what takes no part, and of what no sitting juror scored, nothing is said.
    """
    waiting = [one for one in applications if one.state is ApplicationState.ADMITTED]
    opened = _opened_stages({one.competition_id for one in waiting})
    reached = _sheets_by_application([one.id for one in waiting if one.competition_id in opened])
    found: dict[int, PlaceInFinal] = {}
    for one in waiting:
        stage_id, opens_at = opened.get(one.competition_id, (0, None))
        sheets = reached.get(one.id, {})
        if opens_at is not None and (stage_id in sheets or any(sheets.values())):
            found[one.id] = PlaceInFinal(stage_id in sheets, opens_at)
    return found


def _opened_stages(competition_ids: Iterable[int]) -> dict[int, tuple[int, datetime]]:
    """The last stage that has sheets, by competition without public results, where it is not the first one."""
    wanted = (
        select(Round.competition_id, Stage.id, Stage.opens_at)
        .join(Round, Round.id == Stage.round_id)
        .join(Competition, Competition.id == Round.competition_id)
        .where(Competition.id.in_(competition_ids), Competition.published_at.is_(None))
        .where(select(Review.id).where(Review.stage_id == Stage.id).exists())
        .order_by(Round.competition_id, Stage.position)
    )
    by_competition = groupby(db.session.execute(wanted), key=itemgetter(0))
    stages = {key: [(stage_id, opens_at) for _, stage_id, opens_at in rows] for key, rows in by_competition}
    return {key: rows[-1] for key, rows in stages.items() if len(rows) > 1}


def _sheets_by_application(application_ids: Sequence[int]) -> dict[int, dict[int, bool]]:
    """The stages each application has sheets in, and whether one of them is signed and of a sitting juror without conflict."""
    counts = (Review.state == ReviewState.SIGNED) & Juror.state.in_(SITTING) & ~_in_conflict().exists()
    wanted = (
        select(Assignment.application_id, Review.stage_id, counts)
        .join(Review, Review.assignment_id == Assignment.id)
        .join(Juror, Juror.id == Assignment.juror_id)
        .where(Assignment.application_id.in_(application_ids))
    )
    found: dict[int, dict[int, bool]] = {}
    for application_id, stage_id, is_counted in db.session.execute(wanted):
        of_one = found.setdefault(application_id, {})
        of_one[stage_id] = of_one.get(stage_id, False) or bool(is_counted)
    return found


def competing_codes(round_: Round) -> dict[int, str]:
    """The codes of the applications that take part, by id."""
    wanted = select(Application.id, Application.code).where(
        Application.competition_id == round_.competition_id, Application.state == ApplicationState.ADMITTED
    )
    return {one: code or "" for one, code in db.session.execute(wanted.order_by(Application.code))}


def judged_versions(round_: Round) -> dict[str, str]:
    """The hash of the version the jury reads, by the code of each application that takes part."""
    wanted = (
        select(Application.code, ApplicationVersion.sha256)
        .join(ApplicationVersion, ApplicationVersion.application_id == Application.id)
        .where(
            Application.competition_id == round_.competition_id,
            Application.state == ApplicationState.ADMITTED,
            ApplicationVersion.id.in_(judged_version_ids(round_.competition_id)),
        )
    )
    return {code or "": sha256 for code, sha256 in db.session.execute(wanted)}


def unsigned_count(round_: Round, stages: Sequence[Stage] | None = None, *, without: frozenset[int] = frozenset()) -> int:
    """How many sheets somebody still has to sign, on applications that are not hidden from who asks."""
    ids = [one.id for one in (round_.stages if stages is None else stages)]
    wanted = open_sheets().where(Review.stage_id.in_(ids), Assignment.application_id.not_in(sorted(without)))
    return len(db.session.scalars(wanted).all())


def official_ranking(round_: Round) -> official.Ranking:
    """The ranking by the rules' formula, over all applications that take part."""
    sheets = counted_sheets(round_)
    names = seat_names({one.juror_id for one in sheets})
    inputs = [one.as_input(names[one.juror_id]) for one in sheets]
    return official.rank(ranking_rules(round_), inputs, applications=competing_codes(round_).values())


def result_for(round_: Round, actor: Actor) -> Result:
    """The ranking as this person may see it: without what she is in conflict with, counted as if it were not there."""
    codes, hidden = competing_codes(round_), hidden_ids(round_, actor)
    shown = {code for one, code in codes.items() if one not in hidden}
    rules = ranking_rules(round_)
    sheets = [one for one in counted_sheets(round_) if one.application in shown]
    inputs = [one.as_input(str(one.juror_id)) for one in sheets]
    return Result(
        ranking=official.rank(rules, inputs, applications=shown),
        rules=rules,
        cards={card.code: card for card in blind_cards(round_) if card.code in shown},
        hidden_count=len(hidden),
        unsigned_count=unsigned_count(round_, without=hidden),
        signer_count=len({one.juror for one in inputs}),
    )


def matrix_for(round_: Round, actor: Actor) -> Matrix:
    """Sheets by juror and application, without what this person is in conflict with."""
    codes, hidden = competing_codes(round_), hidden_ids(round_, actor)
    rules = ranking_rules(round_)
    shown = [code for one, code in codes.items() if one not in hidden]
    sheets = [one for one in counted_sheets(round_) if one.application in shown]
    seats = _seats({one.juror_id for one in sheets})
    scores: dict[tuple[str, int], dict[str, official.Number]] = {}
    for one in sheets:
        score = official.sheet_score(rules, one.stage, one.points)
        scores.setdefault((one.application, one.juror_id), {})[one.stage] = score
    return Matrix(seats, [(code, [scores.get((code, seat.id)) for seat in seats]) for code in shown])


def export_rows(round_: Round, actor: Actor) -> tuple[list[str], list[list[str]]]:
    """The counted sheets as `baiqau scoring rank` reads them: a heading, and a row for each application and juror."""
    codes, hidden = competing_codes(round_), hidden_ids(round_, actor)
    shown = {code for one, code in codes.items() if one not in hidden}
    sheets = [one for one in counted_sheets(round_) if one.application in shown]
    names = seat_names({one.juror_id for one in sheets})
    keys = [one.key for stage in round_.stages for one in stage.criteria]
    points: dict[tuple[str, str], dict[str, int]] = {}
    for one in sheets:
        points.setdefault((one.application, names[one.juror_id]), {}).update(one.points)
    rows = [[*pair, *(str(given.get(key, "")) for key in keys)] for pair, given in sorted(points.items())]
    return ["application", "juror", *keys], rows


def snapshots(round_: Round) -> Sequence[RankingSnapshot]:
    """The frozen rankings of a round, the latest first."""
    wanted = select(RankingSnapshot).where(RankingSnapshot.round_id == round_.id)
    return db.session.scalars(wanted.order_by(RankingSnapshot.number.desc())).all()


def _seats(ids: Iterable[int]) -> Sequence[Juror]:
    wanted = select(Juror).where(Juror.id.in_(sorted(ids))).options(joinedload(Juror.person)).order_by(Juror.id)
    return db.session.scalars(wanted).all()


def command_of(round_: Round) -> str:
    """How anybody computes the same ranking from the exported file."""
    rules = ranking_rules(round_)
    weights = ",".join(f"{one.key}={one.weight}" for one in rules.criteria)
    stages = ",".join(f"{stage.key}={'+'.join(one.key for one in rules.criteria_of(stage.key))}" for stage in rules.stages)
    marks = [(stage.key, stage.pass_mark) for stage in rules.stages] + [("total", rules.pass_total)]
    passes = ",".join(f"{name}={mark}" for name, mark in marks if mark is not None)
    ties = ",".join(one for one in rules.ties if one in {criterion.key for criterion in rules.criteria})
    scales = {(one.low, one.high) for one in rules.criteria}
    low, high = min(scales)
    parts = ["baiqau scoring rank scores.csv", f"--method {rules.method}", f"--weights {weights}", f"--scale {low}:{high}"]
    parts.append(f"--stages {stages}")
    parts += [f"--pass {passes}"] if passes else []
    parts += [f"--ties {ties}"] if ties else []
    return " ".join(parts)
