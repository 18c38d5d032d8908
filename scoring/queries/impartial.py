"""What scoring says of what lower packages own: a conflict shuts an application, and the blind shuts who applied."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select
from sqlalchemy.orm import aliased

from app.access.actor import Actor
from app.access.policies import Judgement, Policy, SqlJudgement
from app.core.db import db
from app.messages.models import Message
from app.people.models import Person, User
from app.people.queries import same_person_ids
from app.programmes.models import Membership, Programme
from competitions.models import Application, Competition
from competitions.policy import Permission as CompetitionPermission
from competitions.queries.access import present
from competitions.states import ApplicationState, CompetitionState
from scoring.models import Juror, Round, Stage
from scoring.policy import (
    IN_CONFLICT,
    NAMES_OF_COMPETITION,
    NAMES_OF_EVENT,
    NAMES_OF_LETTER,
    NAMES_OF_PERSON,
    NAMES_OF_PROGRAMME,
    READING_NAMES,
    ConflictFacts,
    PersonFacts,
    blind_obstacles,
    conflict_obstacles,
    person_obstacles,
)
from scoring.queries.access import in_conflict
from scoring.states import JurorState
from seminars.models import Event

# Rows beside those that are asked about.
_SEAT, _STAGE, _COMPETITION, _OF_PERSON = aliased(Juror), aliased(Stage), aliased(Competition), aliased(Application)


def blind_seats(person_ids: Iterable[int], column: Any, at: datetime) -> Select[Any]:
    """`column` of the rounds that score without names, now or later, with one of these people on the jury.

    The blind ends with its last stage, or when the competition is decided or called off.
    """
    return (
        select(column)
        .select_from(Round)
        .join(_SEAT, _SEAT.round_id == Round.id)
        .join(_STAGE, _STAGE.round_id == Round.id)
        .join(_COMPETITION, _COMPETITION.id == Round.competition_id)
        .where(
            _SEAT.person_id.in_(sorted(person_ids)),
            _SEAT.state == JurorState.ACCEPTED,
            _STAGE.is_blind,
            _STAGE.closes_at > at,
            _COMPETITION.state == CompetitionState.ANNOUNCED,
        )
        .correlate(None)
    )


def scores_blind(user_id: int, programme_id: int, at: datetime) -> bool:
    """Whether the person of an account sits on a jury of a programme that scores without names."""
    people = same_person_ids(db.session.get_one(User, user_id).person)
    wanted = blind_seats(people, Round.id, at).where(Round.programme_id == programme_id)
    return db.session.scalar(wanted.limit(1)) is not None


def reads_names(round_: Round, person_ids: Iterable[int]) -> bool:
    """Whether one of these records holds, or has held since the call was announced, a role that shows who applied.

    An administrator always does: the record of the installation names who gave a consent, at the instant of sending.
    """
    since = select(Competition.announced_at).where(Competition.id == round_.competition_id).scalar_subquery()
    wanted = (
        select(Membership.id)
        .join(User, User.id == Membership.user_id)
        .where(
            User.person_id.in_(sorted(person_ids)),
            Membership.programme_id == round_.programme_id,
            Membership.role.in_(sorted(READING_NAMES)),
            or_(Membership.ended_at.is_(None), Membership.ended_at > since),
        )
    )
    everywhere = select(User.id).where(User.person_id.in_(sorted(person_ids)), User.is_administrator)
    return any(db.session.scalar(one.limit(1)) is not None for one in (wanted, everywhere))


def has_applied(round_: Round, person_ids: Iterable[int]) -> bool:
    """Whether one of these records has an application in the round's competition."""
    wanted = select(Application.id).where(
        Application.competition_id == round_.competition_id, Application.applicant_id.in_(sorted(person_ids))
    )
    return db.session.scalar(wanted.limit(1)) is not None


def in_blind(actor: Actor, competition_id: Any) -> ColumnElement[bool]:
    """Whether the actor sits on the jury of a competition while names are hidden."""
    is_among: ColumnElement[bool] = competition_id.in_(blind_seats(actor.person_ids, Round.competition_id, present()))
    return is_among


def _in_blind_of(actor: Actor, programme_id: Any) -> ColumnElement[bool]:
    """The same of any competition of a programme."""
    is_among: ColumnElement[bool] = and_(
        programme_id.is_not(None), programme_id.in_(blind_seats(actor.person_ids, Round.programme_id, present()))
    )
    return is_among


# --- Applications -------------------------------------------------------------------------------------------------------


def _conflict_facts(actor: Actor, ids: Sequence[int]) -> dict[int, ConflictFacts]:
    wanted = select(
        Application.id,
        in_conflict(actor, Application.id, Application.applicant_id),
        Application.applicant_id.in_(sorted(actor.person_ids)),
        in_blind(actor, Application.competition_id),
    ).where(Application.id.in_(ids))
    return {one: ConflictFacts(*(bool(fact) for fact in facts)) for one, *facts in db.session.execute(wanted)}


def _judge_conflict(permission: StrEnum, _actor: Actor, facts: ConflictFacts) -> Judgement:
    return Judgement(obstacles=conflict_obstacles(permission, facts))


def _where_conflict(permission: StrEnum, actor: Actor) -> SqlJudgement:
    ties = in_conflict(actor, Application.id, Application.applicant_id)
    blocked = or_(ties, in_blind(actor, Application.competition_id))
    if permission == CompetitionPermission.APPLICATION_READ:
        blocked = and_(blocked, Application.applicant_id.not_in(sorted(actor.person_ids)))
    return SqlJudgement(false(), blocked)


# --- People -------------------------------------------------------------------------------------------------------------


def _ties_person(actor: Actor) -> ColumnElement[bool]:
    return exists().where(
        _OF_PERSON.applicant_id == Person.id, in_conflict(actor, _OF_PERSON.id, _OF_PERSON.applicant_id)
    )  # fmt: skip


def _hides_person(actor: Actor) -> ColumnElement[bool]:
    return exists().where(
        _OF_PERSON.applicant_id == Person.id,
        _OF_PERSON.state != ApplicationState.DRAFT,
        in_blind(actor, _OF_PERSON.competition_id),
    )


def _person_facts(actor: Actor, ids: Sequence[int]) -> dict[int, PersonFacts]:
    is_self = Person.id.in_(sorted(actor.person_ids))
    wanted = select(Person.id, is_self, _ties_person(actor), _hides_person(actor)).where(Person.id.in_(ids))
    return {one: PersonFacts(*(bool(fact) for fact in facts)) for one, *facts in db.session.execute(wanted)}


def _judge_person(_permission: StrEnum, _actor: Actor, facts: PersonFacts) -> Judgement:
    return Judgement(obstacles=person_obstacles(facts))


def _where_person(_permission: StrEnum, actor: Actor) -> SqlJudgement:
    is_other = Person.id.not_in(sorted(actor.person_ids))
    return SqlJudgement(false(), and_(is_other, or_(_ties_person(actor), _hides_person(actor))))


# --- The blind over whole pages -----------------------------------------------------------------------------------------


def _blind_over(
    model: type[Any], permissions: frozenset[StrEnum], hides: Callable[[Actor], ColumnElement[bool]]
) -> Policy:  # fmt: skip
    """What scoring says of pages that show names: closed while `hides` holds."""

    def facts(actor: Actor, ids: Sequence[int]) -> dict[int, bool]:
        return {
            one: bool(is_hidden)
            for one, is_hidden in db.session.execute(select(model.id, hides(actor)).where(model.id.in_(ids)))
        }

    def judge(_permission: StrEnum, _actor: Actor, is_hidden: bool) -> Judgement:  # noqa: FBT001 - the facts are one predicate
        return Judgement(obstacles=blind_obstacles(in_blind=is_hidden))

    def where(_permission: StrEnum, actor: Actor) -> SqlJudgement:
        return SqlJudgement(false(), hides(actor))

    return Policy(model, permissions, facts, judge, where)


POLICIES = (
    Policy(Application, IN_CONFLICT, _conflict_facts, _judge_conflict, _where_conflict),
    Policy(Person, NAMES_OF_PERSON, _person_facts, _judge_person, _where_person),
    _blind_over(Competition, NAMES_OF_COMPETITION, lambda actor: in_blind(actor, Competition.id)),
    _blind_over(Event, NAMES_OF_EVENT, lambda actor: _in_blind_of(actor, Event.programme_id)),
    _blind_over(Message, NAMES_OF_LETTER, lambda actor: _in_blind_of(actor, Message.programme_id)),
    _blind_over(Programme, NAMES_OF_PROGRAMME, lambda actor: _in_blind_of(actor, Programme.id)),
)
