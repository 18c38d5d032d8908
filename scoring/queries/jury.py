"""Rounds, seats, conflicts and assignments: what organisers arrange and jurors answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.base import ExecutableOption

from app.access.actor import Actor
from app.access.door import visible_to
from app.core.db import db
from app.people.models import Person, User
from app.people.queries import same_person_ids, user_by_email
from app.people.rules import masked_email
from competitions.models import Application, Competition
from competitions.states import ApplicationState
from scoring.models import Assignment, ConflictOfInterest, Juror, Review, Round, Stage
from scoring.policy import Permission
from scoring.queries.access import SITTING, hidden_ids
from scoring.rules import Pair, same_family
from scoring.states import ConflictKind, JurorState, ReviewState


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one juror is: sheets signed and begun out of those she has to sign; recused ones do not count."""

    signed_count: int = 0
    draft_count: int = 0
    total_count: int = 0
    recused_count: int = 0

    @property
    def left_count(self) -> int:
        """Sheets not signed yet."""
        return self.total_count - self.signed_count


@dataclass(frozen=True, slots=True)
class Seat:
    """One row of the panel."""

    juror: Juror
    progress: Progress
    conflict_count: int


@dataclass(frozen=True, slots=True)
class Answering:
    """How whoever holds an invitation can accept it."""

    needs_account: bool  # nobody is signed in, and the address has no account
    needs_sign_in: bool  # nobody is signed in, and the address has one
    is_for_another: bool  # somebody else is signed in
    invited: str  # the address the letter went to, masked
    own: str = ""  # the account that is signed in, where it would take a seat meant for an address without one


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A tie the system noticed, for the organiser to judge."""

    juror: Juror
    application: Application
    kind: ConflictKind


def _with_competition(wanted: Select[Round]) -> Select[Round]:
    return wanted.options(joinedload(Round.competition).joinedload(Competition.programme))


def round_at(competition_public_id: str) -> Round | None:
    """The round of the competition with this public id."""
    wanted = select(Round).join(Competition, Competition.id == Round.competition_id)
    return db.session.scalar(_with_competition(wanted.where(Competition.public_id == competition_public_id)))


def round_of(competition_id: int) -> Round | None:
    """The round of a competition, once it was announced."""
    return db.session.scalar(_with_competition(select(Round).where(Round.competition_id == competition_id)))


def round_by_id(round_id: int) -> Round:
    """The round with this key, as the database has it."""
    wanted = _with_competition(select(Round).where(Round.id == round_id))
    return db.session.scalars(wanted).one()


def locked_round(round_id: int) -> Round:
    """The round with its row locked: assignments and snapshots are made one at a time."""
    wanted = _with_competition(select(Round).where(Round.id == round_id)).with_for_update(of=Round)
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one()


# --- Seats --------------------------------------------------------------------------------------------------------------


def jurors(round_: Round) -> Sequence[Juror]:
    """All seats of a round in the order of invitation, with their people."""
    wanted = select(Juror).where(Juror.round_id == round_.id).options(joinedload(Juror.person))
    return db.session.scalars(wanted.order_by(Juror.id)).all()


def sitting_jurors(round_: Round) -> list[Juror]:
    """Those who were invited or accepted."""
    return [juror for juror in jurors(round_) if juror.state in SITTING]


def juror_in(round_: Round, public_id: str) -> Juror | None:
    """One seat of a round."""
    wanted = select(Juror).where(Juror.round_id == round_.id, Juror.public_id == public_id)
    return db.session.scalar(wanted.options(joinedload(Juror.person)))


def invited_juror(public_id: str) -> Juror | None:
    """The seat an invitation is for, with all that its page tells."""
    wanted = select(Juror).where(Juror.public_id == public_id, Juror.state == JurorState.INVITED)
    return db.session.scalar(wanted.options(joinedload(Juror.person), *_round_of_seat()))


def invitation_for(juror: Juror, actor: Actor) -> Answering:
    """Whether an account must be made, opened or changed before the seat can be taken."""
    account = account_behind(juror)
    own = "" if account is not None or actor.user_id is None else db.session.get_one(User, actor.user_id).email
    return Answering(
        needs_account=account is None and not actor.is_signed_in,
        needs_sign_in=account is not None and not actor.is_signed_in,
        is_for_another=account is not None and actor.is_signed_in and account.person_id not in actor.person_ids,
        invited=masked_email(juror.email),
        own="" if own == juror.email else own,
    )


def seat_with_round(juror: Juror) -> Juror:
    """The same seat with its round and competition at hand."""
    wanted = select(Juror).where(Juror.id == juror.id).options(joinedload(Juror.person), *_round_of_seat())
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one()


def _round_of_seat() -> tuple[ExecutableOption, ...]:
    return (joinedload(Juror.round).joinedload(Round.competition).joinedload(Competition.programme),)


def own_seats(actor: Actor) -> Sequence[Juror]:
    """The seats on which the actor sits, the latest first."""
    wanted = visible_to(actor, Juror, Permission.SEAT_READ).options(*_round_of_seat())
    return db.session.scalars(wanted.order_by(Juror.id.desc())).all()


def has_seat(actor: Actor) -> bool:
    """Whether the actor sits on any jury: for the menu."""
    if not actor.person_ids:
        return False
    wanted = select(Juror.id).where(Juror.person_id.in_(sorted(actor.person_ids)), Juror.state == JurorState.ACCEPTED)
    return db.session.scalar(wanted.limit(1)) is not None


def seat_of_people(round_: Round, person_ids: Iterable[int]) -> Juror | None:
    """The seat a human being has in the round under one of her records, whatever its state."""
    wanted = select(Juror).where(Juror.round_id == round_.id, Juror.person_id.in_(sorted(person_ids)))
    return db.session.scalar(wanted.limit(1))


def standing_chair(round_: Round) -> Juror | None:
    """The chair of the jury."""
    wanted = select(Juror).where(Juror.round_id == round_.id, Juror.is_chair, Juror.state != JurorState.REMOVED)
    return db.session.scalar(wanted)


def account_of(person: Person) -> User | None:
    """The account of a human being, under any of her records."""
    return db.session.scalar(select(User).where(User.person_id.in_(sorted(same_person_ids(person)))).limit(1))


def account_behind(juror: Juror) -> User | None:
    """The account a seat was offered to: of its person, else of the address the letter went to."""
    return account_of(juror.person) or user_by_email(juror.email)


def seat_at(round_: Round, email: str) -> Juror | None:
    """The seat offered to this address in the round, whatever its state."""
    return db.session.scalar(select(Juror).where(Juror.round_id == round_.id, Juror.email == email).limit(1))


def progress_of(seats: Iterable[Juror], *, without: frozenset[int] = frozenset()) -> dict[int, Progress]:
    """How far each juror is, in one query; only applications that take part, and are not hidden from who asks, count."""
    ids = [seat.id for seat in seats]
    wanted = (
        select(Assignment.juror_id, Review.state, func.count())
        .join(Review, Review.assignment_id == Assignment.id)
        .join(Application, Application.id == Assignment.application_id)
        .where(
            Assignment.juror_id.in_(ids),
            Application.state == ApplicationState.ADMITTED,
            Application.id.not_in(sorted(without)),
        )
        .group_by(Assignment.juror_id, Review.state)
    )
    counts = {(juror_id, state): count for juror_id, state, count in db.session.execute(wanted)}

    def of(juror_id: int) -> Progress:
        signed, draft, assigned, recused = (
            counts.get((juror_id, state), 0)
            for state in (ReviewState.SIGNED, ReviewState.DRAFT, ReviewState.ASSIGNED, ReviewState.RECUSED)
        )
        return Progress(signed, draft, signed + draft + assigned, recused)

    return {juror_id: of(juror_id) for juror_id in ids}


def panel(round_: Round, actor: Actor) -> list[Seat]:
    """The jury with its progress and numbers of conflicts, never scores; what is hidden from the actor is not counted."""
    found, hidden = jurors(round_), hidden_ids(round_, actor)
    progress = progress_of(found, without=hidden)
    counted = (
        select(ConflictOfInterest.juror_id, func.count())
        .where(
            ConflictOfInterest.juror_id.in_([one.id for one in found]),
            ConflictOfInterest.lifted_at.is_(None),
            ConflictOfInterest.application_id.not_in(sorted(hidden)),
        )
        .group_by(ConflictOfInterest.juror_id)
    )
    conflicts: dict[int, int] = dict(db.session.execute(counted).all())
    return [Seat(one, progress[one.id], conflicts.get(one.id, 0)) for one in found]


# --- Applications, conflicts, assignments -------------------------------------------------------------------------------


def admitted(round_: Round) -> Sequence[Application]:
    """The applications that take part, by code."""
    wanted = select(Application).where(
        Application.competition_id == round_.competition_id, Application.state == ApplicationState.ADMITTED
    )
    return db.session.scalars(wanted.order_by(Application.code)).all()


def with_applicants(application_ids: Sequence[int]) -> list[tuple[Application, Person]]:
    """These applications by code, each with who applied: for letters."""
    wanted = select(Application, Person).join(Person, Person.id == Application.applicant_id)
    rows = db.session.execute(wanted.where(Application.id.in_(application_ids)).order_by(Application.code))
    return [(row[0], row[1]) for row in rows]


def conflicts_of(round_: Round) -> Sequence[tuple[ConflictOfInterest, Juror, Application]]:
    """The standing conflicts of a round, with seat and application."""
    wanted = (
        select(ConflictOfInterest, Juror, Application)
        .join(Juror, Juror.id == ConflictOfInterest.juror_id)
        .join(Application, Application.id == ConflictOfInterest.application_id)
        .where(Juror.round_id == round_.id, ConflictOfInterest.lifted_at.is_(None))
        .options(joinedload(Juror.person))
        .order_by(Application.code, Juror.id)
    )
    return [(conflict, juror, application) for conflict, juror, application in db.session.execute(wanted)]


def conflicts_by_application(juror: Juror) -> dict[int, ConflictOfInterest]:
    """The standing conflicts of one seat."""
    wanted = select(ConflictOfInterest).where(ConflictOfInterest.juror_id == juror.id, ConflictOfInterest.lifted_at.is_(None))
    return {one.application_id: one for one in db.session.scalars(wanted)}


def conflict_in(round_: Round, public_id: str) -> ConflictOfInterest | None:
    """One standing conflict of a round."""
    wanted = (
        select(ConflictOfInterest)
        .join(Juror, Juror.id == ConflictOfInterest.juror_id)
        .where(
            Juror.round_id == round_.id,
            ConflictOfInterest.public_id == public_id,
            ConflictOfInterest.lifted_at.is_(None),
        )
    )
    return db.session.scalar(wanted)


def suggested_conflicts(round_: Round) -> list[Suggestion]:
    """Jurors and applicants of one family name who are not in conflict yet."""
    people = (
        select(Application, Person.family_name)
        .join(Person, Person.id == Application.applicant_id)
        .where(Application.competition_id == round_.competition_id, Application.state == ApplicationState.ADMITTED)
        .order_by(Application.code)
    )
    applicants = [(application, family) for application, family in db.session.execute(people)]
    standing = conflict_pairs(round_)
    return [
        Suggestion(juror, application, ConflictKind.FAMILY)
        for juror in sitting_jurors(round_)
        for application, family in applicants
        if same_family(juror.person.family_name, family) and (juror.id, application.id) not in standing
    ]


def conflict_pairs(round_: Round) -> frozenset[Pair]:
    """Who may not review what: standing conflicts, and a juror's own application."""
    declared = (
        select(ConflictOfInterest.juror_id, ConflictOfInterest.application_id)
        .join(Juror, Juror.id == ConflictOfInterest.juror_id)
        .where(Juror.round_id == round_.id, ConflictOfInterest.lifted_at.is_(None))
    )
    own = (
        select(Juror.id, Application.id)
        .join(Application, Application.applicant_id == Juror.person_id)
        .where(Juror.round_id == round_.id, Application.competition_id == round_.competition_id)
    )
    return frozenset((one, two) for wanted in (declared, own) for one, two in db.session.execute(wanted))


def assigned_pairs(round_: Round) -> frozenset[Pair]:
    """Who is to review what."""
    wanted = (
        select(Assignment.juror_id, Assignment.application_id)
        .join(Juror, Juror.id == Assignment.juror_id)
        .where(Juror.round_id == round_.id)
    )
    return frozenset((one, two) for one, two in db.session.execute(wanted))


def started_pairs(round_: Round) -> frozenset[Pair]:
    """Assignments of which a sheet was begun, signed or recused."""
    wanted = (
        select(Assignment.juror_id, Assignment.application_id)
        .join(Juror, Juror.id == Assignment.juror_id)
        .join(Review, Review.assignment_id == Assignment.id)
        .where(Juror.round_id == round_.id, Review.state != ReviewState.ASSIGNED)
    )
    return frozenset((one, two) for one, two in db.session.execute(wanted))


def assignments_of(round_: Round) -> dict[Pair, Assignment]:
    """The rows behind `assigned_pairs`."""
    wanted = select(Assignment).join(Juror, Juror.id == Assignment.juror_id).where(Juror.round_id == round_.id)
    return {(one.juror_id, one.application_id): one for one in db.session.scalars(wanted)}


def assignments_to(juror: Juror) -> Sequence[Assignment]:
    """What one juror is to review."""
    return db.session.scalars(select(Assignment).where(Assignment.juror_id == juror.id)).all()


def reviews_of(assignment_ids: Iterable[int]) -> Sequence[Review]:
    """The sheets of some assignments."""
    return db.session.scalars(select(Review).where(Review.assignment_id.in_(sorted(assignment_ids)))).all()


def reviews_between(juror: Juror, application_id: int) -> Sequence[Review]:
    """The sheets of one juror on one application, in all stages."""
    wanted = (
        select(Review)
        .join(Assignment, Assignment.id == Review.assignment_id)
        .where(Assignment.juror_id == juror.id, Assignment.application_id == application_id)
    )
    return db.session.scalars(wanted.order_by(Review.id)).all()


def assignment_of(review: Review) -> Assignment:
    """The assignment of a sheet, with its seat."""
    wanted = select(Assignment).where(Assignment.id == review.assignment_id)
    return db.session.scalars(wanted.options(joinedload(Assignment.juror).joinedload(Juror.person))).one()


def reached_stages(round_: Round) -> dict[int, set[int]]:
    """Which stages have sheets, by application."""
    wanted = (
        select(Assignment.application_id, Review.stage_id)
        .join(Review, Review.assignment_id == Assignment.id)
        .join(Stage, Stage.id == Review.stage_id)
        .where(Stage.round_id == round_.id)
        .distinct()
    )
    found: dict[int, set[int]] = {}
    for application_id, stage_id in db.session.execute(wanted):
        found.setdefault(application_id, set()).add(stage_id)
    return found


def next_stage(round_: Round) -> Stage | None:
    """The stage that can be opened next: the first after the one that has sheets."""
    opened = set().union(*reached_stages(round_).values())
    if not opened:
        return None
    return next((stage for stage in round_.stages[1:] if stage.id not in opened), None)
