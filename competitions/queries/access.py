"""The facts behind the policies of this package, and the policies again as SQL for lists."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask import has_request_context
from sqlalchemy import ColumnElement, ScalarSelect, and_, false, func, not_, or_, select, true
from sqlalchemy.orm import aliased

from app.access.actor import SYSTEM, Actor
from app.access.policies import Judgement, Policy, SqlJudgement
from app.core import clock
from app.core.db import db
from app.messages.models import Message
from app.messages.policy import Permission as MessagePermission
from app.people.models import Person
from app.people.policy import OF_APPLICANTS
from app.people.policy import Permission as PersonPermission
from app.programmes.models import Programme
from app.programmes.policy import Permission as ProgrammePermission
from app.request import arrived_at
from competitions.models import Application, CalendarDate, Check, Competition
from competitions.policy import (
    APPLICATION_PERMISSIONS,
    COMPETITION_PERMISSIONS,
    DECIDED,
    GRANTS,
    IMPARTIAL,
    LISTING,
    ON_DRAFTS,
    OPENING,
    OWNER,
    UNDECIDED,
    WITHDRAWABLE,
    ApplicationFacts,
    CompetitionFacts,
    IdentityFacts,
    Permission,
    application_obstacles,
    competition_obstacles,
    grants_application,
    grants_competition,
    grants_identity,
    identity_obstacles,
    interest_obstacles,
)
from competitions.rules.calendar import JUDGING, Calendar
from competitions.rules.checking import DECISIONS, UNDO_FOR
from competitions.states import ApplicationState, CheckOutcome, CompetitionState, Milestone

# The actor's own application and its competition, beside those that are asked about.
_OWN, _JOINED = aliased(Application), aliased(Competition)
# The milestones on which the policy of applications depends.
DECISIVE = (Milestone.OPENS, Milestone.CLOSES, Milestone.FREEZES, *JUDGING)


def present() -> datetime:
    """The instant by which acts are decided: the arrival of the request, else now."""
    return arrived_at() if has_request_context() else clock.now()


def milestone_at(milestone: Milestone) -> ScalarSelect[datetime]:
    """The instant of a milestone of the application's competition, as a correlated subquery."""
    dates = select(CalendarDate.at).where(
        CalendarDate.competition_id == Application.competition_id, CalendarDate.milestone == milestone
    )
    return dates.correlate(Application).scalar_subquery()


def return_due_at() -> ScalarSelect[datetime | None]:
    """Until when a returned application may be corrected: the term of its last standing return."""
    returns = select(Check.due_at).where(
        Check.application_id == Application.id, Check.outcome == CheckOutcome.RETURNED, Check.undone_at.is_(None)
    )
    return returns.order_by(Check.id.desc()).limit(1).correlate(Application).scalar_subquery()


def decided_at() -> ScalarSelect[datetime]:
    """When a checker last decided, unless it was taken back."""
    decided = select(func.max(Check.at)).where(Check.application_id == Application.id, Check.undone_at.is_(None))
    return decided.correlate(Application).scalar_subquery()


def applied(actor: Actor, competition_id: Any) -> ColumnElement[bool]:
    """Whether the actor has an application of her own, in whatever state and under any of her records, in a competition."""
    mine = select(_OWN.competition_id).where(_OWN.applicant_id.in_(sorted(actor.person_ids)))
    is_among: ColumnElement[bool] = competition_id.in_(mine)
    return is_among


def _application_facts(actor: Actor, ids: Sequence[int]) -> dict[int, ApplicationFacts]:
    at = present()
    wanted = (
        select(
            Application.id,
            Application.programme_id,
            Application.applicant_id,
            applied(actor, Application.competition_id).label("is_applicant"),
            Application.state,
            Competition.state.label("competition_state"),
            return_due_at().label("due_at"),
            decided_at().label("decided_at"),
            *(milestone_at(one).label(one.value) for one in DECISIVE),
        )
        .join(Competition, Competition.id == Application.competition_id)
        .where(Application.id.in_(ids))
    )
    return {row.id: _facts_of(row, at) for row in db.session.execute(wanted)}


def _facts_of(row: Any, at: datetime) -> ApplicationFacts:
    instants = {one: getattr(row, one.value) for one in DECISIVE}
    return ApplicationFacts(
        programme_id=row.programme_id,
        applicant_id=row.applicant_id,
        is_applicant=bool(row.is_applicant),
        state=row.state,
        competition_state=row.competition_state,
        calendar=Calendar({one: instant for one, instant in instants.items() if instant is not None}),
        due_at=row.due_at,
        decided_at=row.decided_at,
        at=at,
    )


def _judge_application(permission: StrEnum, actor: Actor, facts: ApplicationFacts) -> Judgement:
    return Judgement(
        is_granted=grants_application(permission, actor, facts),
        obstacles=application_obstacles(permission, actor, facts),
    )


def _application_where(permission: StrEnum, actor: Actor) -> SqlJudgement:
    is_own = Application.applicant_id.in_(sorted(actor.person_ids))
    granted: list[ColumnElement[bool]] = [is_own] if permission in OWNER else []
    roles = GRANTS.get(permission, frozenset())
    if roles:
        by_role = true() if actor is SYSTEM else Application.programme_id.in_(sorted(actor.programmes_with(*roles)))
        is_shown = true() if permission in ON_DRAFTS else Application.state != ApplicationState.DRAFT
        granted.append(and_(by_role, is_shown))
    competes = and_(applied(actor, Application.competition_id), not_(is_own))
    return SqlJudgement(granted=or_(false(), *granted), blocked=or_(competes, _application_blocked(permission, is_own)))


def _application_blocked(permission: StrEnum, is_own: ColumnElement[bool]) -> ColumnElement[bool]:
    if permission in IMPARTIAL:
        return is_own
    if permission in {Permission.APPLICATION_EDIT, Permission.APPLICATION_SUBMIT}:
        return ~func.coalesce(_editable(present()), false())
    if permission == Permission.APPLICATION_WITHDRAW:
        has_started = [func.coalesce(milestone_at(one) <= present(), false()) for one in JUDGING]
        is_over = _competition_state() != CompetitionState.ANNOUNCED
        return or_(Application.state.not_in(sorted(WITHDRAWABLE)), is_over, *has_started, _is_untold(present()))
    return false()


def _is_untold(at: datetime) -> ColumnElement[bool]:
    """`known_state` as SQL: a decision stands that can still be taken back."""
    return and_(Application.state.in_(sorted(DECISIONS)), func.coalesce(decided_at() > at - UNDO_FOR, false()))


def _competition_state() -> ScalarSelect[CompetitionState]:
    found = select(Competition.state).where(Competition.id == Application.competition_id)
    return found.correlate(Application).scalar_subquery()


def _editable(at: datetime) -> ColumnElement[bool]:
    is_open = and_(milestone_at(Milestone.OPENS) <= at, milestone_at(Milestone.CLOSES) > at)
    return and_(
        _competition_state() == CompetitionState.ANNOUNCED,
        ~_is_untold(at),
        or_(
            and_(Application.state.in_((ApplicationState.DRAFT, ApplicationState.SUBMITTED)), func.coalesce(is_open, false())),
            and_(Application.state == ApplicationState.RETURNED, func.coalesce(return_due_at() > at, false())),
            and_(Application.state == ApplicationState.ADMITTED, func.coalesce(milestone_at(Milestone.FREEZES) > at, false())),
        ),
    )


APPLICATION_POLICY = Policy(Application, APPLICATION_PERMISSIONS, _application_facts, _judge_application, _application_where)


def _competition_facts(actor: Actor, ids: Sequence[int]) -> dict[int, CompetitionFacts]:
    columns = (Competition.id, Competition.programme_id, Competition.state, applied(actor, Competition.id))
    wanted = select(*columns).where(Competition.id.in_(ids))
    return {one: CompetitionFacts(owner, state, bool(own)) for one, owner, state, own in db.session.execute(wanted)}


def _judge_competition(permission: StrEnum, actor: Actor, facts: CompetitionFacts) -> Judgement:
    return Judgement(
        is_granted=grants_competition(permission, actor, facts), obstacles=competition_obstacles(permission, facts)
    )


def _competition_where(permission: StrEnum, actor: Actor) -> SqlJudgement:
    programmes = sorted(actor.programmes_with(*GRANTS.get(permission, ())))
    granted = true() if actor is SYSTEM else Competition.programme_id.in_(programmes)
    if permission == Permission.COMPETITION_READ:
        return SqlJudgement(granted, blocked=false())
    is_over = false() if permission in LISTING else Competition.state == CompetitionState.CANCELLED
    is_late = Competition.state.in_(DECIDED) if permission == Permission.COMPETITION_CANCEL else false()
    return SqlJudgement(granted, blocked=or_(applied(actor, Competition.id), is_over, is_late))


COMPETITION_POLICY = Policy(
    Competition, COMPETITION_PERMISSIONS | LISTING, _competition_facts, _judge_competition, _competition_where
)


def _competes(actor: Actor) -> ColumnElement[bool]:
    """Whether the actor's own application meets this person's in a competition whose results are not public."""
    meeting = (
        select(Application.id)
        .join(Competition, Competition.id == Application.competition_id)
        .where(
            Application.applicant_id == Person.id,
            Application.state != ApplicationState.DRAFT,
            Competition.state.in_(sorted(UNDECIDED)),
            applied(actor, Application.competition_id),
        )
    )
    return and_(Person.id.not_in(sorted(actor.person_ids)), meeting.correlate(Person).exists())


def _identity_facts(actor: Actor, ids: Sequence[int]) -> dict[int, IdentityFacts]:
    wanted = (
        select(Application.applicant_id, Application.programme_id, Application.state, _competes(actor))
        .join(Person, Person.id == Application.applicant_id)
        .where(Application.applicant_id.in_(ids), Application.state != ApplicationState.DRAFT)
    )
    found: dict[int, IdentityFacts] = {}
    for person_id, programme_id, state, competes in db.session.execute(wanted):
        known = found.get(person_id) or IdentityFacts(frozenset(), bool(competes), is_own=person_id in actor.person_ids)
        admitted = {programme_id} if state is ApplicationState.ADMITTED else set()
        found[person_id] = replace(known, programmes=known.programmes | {programme_id}, admitted=known.admitted | admitted)
    return found


def _judge_identity(permission: StrEnum, actor: Actor, facts: IdentityFacts) -> Judgement:
    return Judgement(grants_identity(permission, actor, facts), identity_obstacles(permission, actor, facts))


def _identity_where(permission: StrEnum, actor: Actor) -> SqlJudgement:
    programmes = sorted(actor.programmes_with(*GRANTS[OPENING[permission]]))
    submitted = select(Application.id).where(
        Application.applicant_id == Person.id,
        Application.programme_id.in_(programmes),
        Application.state != ApplicationState.DRAFT,
    )
    granted, blocked = submitted.correlate(Person).exists(), _competes(actor)
    if permission != PersonPermission.PERSON_NAME:
        return SqlJudgement(granted, blocked)
    elsewhere = select(Application.id).where(
        Application.applicant_id == Person.id,
        Application.programme_id.not_in(sorted(actor.roles)),
        Application.state == ApplicationState.ADMITTED,
    )
    is_own = Person.id.in_(sorted(actor.person_ids))
    return SqlJudgement(granted, blocked=or_(blocked, is_own, elsewhere.correlate(Person).exists()))


IDENTITY_POLICY = Policy(Person, OF_APPLICANTS, _identity_facts, _judge_identity, _identity_where)


# --- What tells of a whole programme ------------------------------------------------------------------------------------


def _competes_in(actor: Actor, programme_id: Any) -> ColumnElement[bool]:
    """Whether the actor competes in a competition of a programme whose results are not public."""
    mine = (
        select(_OWN.programme_id)
        .join(_JOINED, _JOINED.id == _OWN.competition_id)
        .where(_OWN.applicant_id.in_(sorted(actor.person_ids)), _JOINED.state.in_(sorted(UNDECIDED)))
    )
    return and_(programme_id.is_not(None), programme_id.in_(mine))


def _of_interest(model: type[Any], permissions: frozenset[StrEnum], programme_id: Any) -> Policy:
    """What competitions say of pages of a programme: closed to whoever competes in it."""

    def facts(actor: Actor, ids: Sequence[int]) -> dict[int, bool]:
        wanted = select(model.id, _competes_in(actor, programme_id)).where(model.id.in_(ids))
        return {one: bool(competes) for one, competes in db.session.execute(wanted)}

    def judge(_permission: StrEnum, _actor: Actor, competes: bool) -> Judgement:  # noqa: FBT001 - one predicate is all the facts
        return Judgement(obstacles=interest_obstacles(has_interest=competes))

    def where(_permission: StrEnum, actor: Actor) -> SqlJudgement:
        return SqlJudgement(false(), _competes_in(actor, programme_id))

    return Policy(model, permissions, facts, judge, where)


LETTER_POLICY = _of_interest(Message, frozenset(MessagePermission), Message.programme_id)
AUDIT_POLICY = _of_interest(Programme, frozenset({ProgrammePermission.PROGRAMME_AUDIT}), Programme.id)
