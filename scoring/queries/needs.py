"""What a round needs next of who runs it, and whether its jury is as large as the rules say."""

from collections.abc import Sequence
from datetime import datetime

from competitions.models import Competition
from competitions.queries.competition import current_rules
from competitions.rules.settings import from_json
from scoring import rules
from scoring.models import Round
from scoring.queries.access import SITTING
from scoring.queries.jury import Seat, admitted, next_stage
from scoring.states import Need


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


def next_need(round_: Round, seats: Sequence[Seat], at: datetime) -> Need | None:
    """What the round needs next of who runs it, by the panel she sees."""
    return rules.next_need(
        rules.RoundProgress(
            juror_count=juror_count(seats),
            wanted_count=wanted_count(round_),
            has_applications=bool(admitted(round_)),
            has_sheets=any(one.progress.total_count for one in seats),
            has_next_stage=next_stage(round_) is not None,
            is_first_stage_over=at >= round_.stages[0].closes_at,
            unsigned_count=sum(one.progress.left_count for one in seats),
        )
    )
