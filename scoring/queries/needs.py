"""What a round needs next of who runs it, and whether its jury is as large as the rules say."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.access.actor import Actor
from app.access.door import visible_to
from app.core.db import db
from competitions.models import Application, Competition
from competitions.queries.competition import current_rules, rules_of
from competitions.rules.settings import from_json
from competitions.states import ApplicationState, CompetitionState
from scoring import rules
from scoring.models import Assignment, Juror, Review, Round, Stage
from scoring.policy import Permission
from scoring.queries.access import SITTING, open_sheets
from scoring.queries.jury import Seat
from scoring.states import Need, ReviewState


def juror_count(seats: Sequence[Seat]) -> int:
    """How many of the panel are invited or have accepted."""
    return sum(one.juror.state in SITTING for one in seats)


def wanted_count(round_: Round) -> int:
    """How many jurors the rules of the competition say."""
    return from_json(current_rules(round_.competition).settings).juror_count


def missed_quorum(competition: Competition, signer_count: int) -> int | None:
    """The quorum of the rules where fewer jurors signed sheets; None where enough did."""
    quorum = from_json(current_rules(competition).settings).quorum()
    return quorum if signer_count < quorum else None


def running_rounds(actor: Actor) -> Sequence[Round]:
    """The rounds of running competitions that the actor may look at, the latest first."""
    wanted = visible_to(actor, Round, Permission.ROUND_READ).join(Competition, Competition.id == Round.competition_id)
    wanted = wanted.where(Competition.state == CompetitionState.ANNOUNCED).order_by(Round.id.desc())
    return db.session.scalars(wanted.options(joinedload(Round.competition))).unique().all()


def next_needs(rounds: Sequence[Round], at: datetime) -> dict[int, Need | None]:
    """What each round needs next of who runs it, by its id; four queries for however many."""
    ids = [one.id for one in rounds]
    seats = (
        select(Juror.round_id, func.count()).where(Juror.round_id.in_(ids), Juror.state.in_(SITTING)).group_by(Juror.round_id)
    )
    sitting: dict[int, int] = dict(db.session.execute(seats).all())
    taking_part = select(Application.competition_id).where(
        Application.competition_id.in_([one.competition_id for one in rounds]), Application.state == ApplicationState.ADMITTED
    )
    with_applications = set(db.session.scalars(taking_part.distinct()))
    in_rules = {
        key: from_json(one.settings).juror_count for key, one in rules_of([one.competition_id for one in rounds]).items()
    }
    sheets = _sheets(ids)

    def of(round_: Round) -> Need | None:
        mine = {stage.id: sheets[stage.id] for stage in round_.stages if stage.id in sheets}
        return rules.next_need(
            rules.RoundProgress(
                juror_count=sitting.get(round_.id, 0),
                wanted_count=in_rules.get(round_.competition_id, 0),
                has_applications=round_.competition_id in with_applications,
                has_sheets=bool(mine),
                has_next_stage=bool(mine) and any(stage.id not in mine for stage in round_.stages[1:]),
                is_first_stage_over=all(at >= stage.closes_at for stage in round_.stages[:1]),
                unsigned_count=sum(mine.values()),
            )
        )

    return {one.id: of(one) for one in rounds}


def _sheets(round_ids: Sequence[int]) -> dict[int, int]:
    """How many sheets of each stage somebody still has to sign; a stage without sheets is not there."""
    wanted = (
        select(Review.stage_id, func.count().filter(Review.id.in_(open_sheets())))
        .join(Stage, Stage.id == Review.stage_id)
        .join(Assignment, Assignment.id == Review.assignment_id)
        .join(Application, Application.id == Assignment.application_id)
        .where(
            Stage.round_id.in_(round_ids),
            Review.state != ReviewState.RECUSED,
            Application.state == ApplicationState.ADMITTED,
        )
        .group_by(Review.stage_id)
    )
    return dict(db.session.execute(wanted).all())
