"""What one act would do to many applications: the same plan is shown before the act and made again by it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.access.actor import Actor
from app.core.db import db
from app.people.models import Person
from app.people.queries import withdrawn_by
from app.people.states import ConsentKind
from competitions.models import Application, Check, Competition
from competitions.policy import Permission
from competitions.queries.application import titles_of
from competitions.queries.search import found
from competitions.rules.checking import AT_ONCE, UNDO_FOR, BulkAct, CheckRefusal, why_left
from competitions.rules.query_text import Query
from competitions.states import ApplicationState

# Whoever stands in one of these would take part twice if another application of hers were admitted.
STANDING = (ApplicationState.SUBMITTED, ApplicationState.RETURNED, ApplicationState.ADMITTED)


@dataclass(frozen=True, slots=True)
class Plan:
    """The applications on which the act can be done, and the others by what stands in its way; both by code."""

    competition: Competition
    act: BulkAct
    doable: tuple[Application, ...]
    left: tuple[tuple[CheckRefusal, tuple[Application, ...]], ...]

    @property
    def languages(self) -> frozenset[str]:
        """In which languages the applicants of these get their letters."""
        return frozenset(one.applicant.language for one in self.doable)

    def lines(self) -> list[tuple[str, str]]:
        """What can be ticked: each application as it was last sent, in words."""
        titles = titles_of(self.doable)
        return [(tick_of(one), f"{one.code} {titles.get(one.id, '')} ({one.applicant.full_name})") for one in self.doable]


def plan_of_found(
    actor: Actor, competition: Competition, act: BulkAct, *, state: ApplicationState | None, query: Query, at: datetime
) -> Plan:
    """The plan for all that a search finds and the actor may check."""
    wanted = found(actor, competition, query, may=Permission.APPLICATION_CHECK)
    if state is not None:
        wanted = wanted.where(Application.state == state)
    if act is BulkAct.UNDO:
        wanted = wanted.where(Application.id.in_(sorted(_fresh_ids(competition, at))))
    in_order = wanted.options(joinedload(Application.applicant)).order_by(func.length(Application.code), Application.code)
    return plan_of(competition, db.session.scalars(in_order).all(), act, at=at)


def tick_of(application: Application) -> str:
    """An application in a form: by its public id, and when it was last sent: a newer version was not read by who ticks this."""
    sent_at = application.submitted_at
    return f"{application.public_id}.{sent_at.isoformat() if sent_at else ''}"


def chosen_ones(competition: Competition, ticks: Iterable[str]) -> Sequence[Application]:
    """The applications that were ticked, locked, as the database has them now."""
    public_ids = [one.partition(".")[0] for one in ticks]
    wanted = select(Application).where(
        Application.competition_id == competition.id, Application.public_id.in_(sorted(set(public_ids)))
    )
    in_order = wanted.options(joinedload(Application.applicant)).order_by(func.length(Application.code), Application.code)
    locked = in_order.with_for_update(of=Application)
    return db.session.scalars(locked.execution_options(populate_existing=True)).all()


def plan_of(competition: Competition, applications: Sequence[Application], act: BulkAct, *, at: datetime) -> Plan:
    """What of these can be done at once, in as many queries however many they are."""
    twins = _twin_ids(competition) if act is BulkAct.ADMIT else frozenset()
    fresh = _fresh_ids(competition, at) if act is BulkAct.UNDO else frozenset()
    withdrawn = consent_withdrawn(competition, applications) if act is BulkAct.ADMIT else frozenset()
    doable: list[Application] = []
    left: dict[CheckRefusal, tuple[Application, ...]] = {}
    for one in applications:
        why = why_left(
            act,
            one.state,
            is_twin=one.id in twins,
            is_fresh=one.id in fresh,
            is_consent_withdrawn=one.id in withdrawn,
        )
        if why is None and len(doable) < AT_ONCE:
            doable.append(one)
        else:
            left[why or CheckRefusal.TOO_MANY] = (*left.get(why or CheckRefusal.TOO_MANY, ()), one)
    return Plan(competition, act, tuple(doable), tuple(left.items()))


def consent_withdrawn(competition: Competition, applications: Sequence[Application]) -> frozenset[int]:
    """Those of the applications whose author took back the consent without which nobody takes part."""
    withdrawn = withdrawn_by(competition.public_id, ConsentKind.PROCESSING)
    if not withdrawn:
        return frozenset()
    wanted = select(Person.id, func.coalesce(Person.merged_into_id, Person.id)).where(
        Person.id.in_({one.applicant_id for one in applications})
    )
    hers = {person_id for person_id, whose in db.session.execute(wanted) if whose in withdrawn}
    return frozenset(one.id for one in applications if one.applicant_id in hers)


def fresh_count(competition: Competition, at: datetime) -> int:
    """How many decisions can still be taken back."""
    return len(_fresh_ids(competition, at))


def _fresh_ids(competition: Competition, at: datetime) -> frozenset[int]:
    """Applications whose last decision can be taken back now."""
    wanted = (
        select(Application.id, Application.state, Check.outcome)
        .join(Check, Check.application_id == Application.id)
        .where(Application.competition_id == competition.id, Check.undone_at.is_(None), Check.at > at - UNDO_FOR)
        .order_by(Check.id)
    )
    last = {row[0]: row[1].value == row[2].value for row in db.session.execute(wanted)}
    return frozenset(one for one, stands in last.items() if stands)


def _twin_ids(competition: Competition) -> frozenset[int]:
    """Applications that share their person with another one here: the same identity number, or records that were joined."""
    wanted = (
        select(Application.id, Person.iin_index, func.coalesce(Person.merged_into_id, Person.id))
        .join(Person, Person.id == Application.applicant_id)
        .where(Application.competition_id == competition.id, Application.state.in_(STANDING))
    )
    rows = db.session.execute(wanted).all()
    numbers, roots = Counter(row[1] for row in rows if row[1]), Counter(row[2] for row in rows)
    return frozenset(row[0] for row in rows if numbers[row[1] or ""] > 1 or roots[row[2]] > 1)
