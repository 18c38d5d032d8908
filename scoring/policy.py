"""Who may do what with rounds, seats and sheets, and what stands in the way now. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.access.actor import Actor
from app.core.refusals import Refusal
from app.messages.policy import Permission as MessagePermission
from app.people.policy import OF_APPLICANTS
from app.programmes.policy import Permission as ProgrammePermission
from app.programmes.states import Role
from competitions.policy import CHECKING, IMPARTIAL, LISTING
from competitions.policy import Obstacle as CompetitionObstacle
from competitions.policy import Permission as CompetitionPermission
from competitions.states import ApplicationState, CompetitionState
from scoring.states import ReviewState
from seminars.policy import NAMING_GUESTS, WITH_GUESTS

# How long jurors keep their sheets after results are public: they must not keep them for ever.
READABLE_AFTER_RESULTS = timedelta(days=30)


class Permission(StrEnum):
    """Acts of this package."""

    ROUND_READ = "round:read"
    ROUND_MANAGE = "round:manage"
    ROUND_RANKING = "round:ranking"
    ROUND_SHEETS = "round:sheets"
    ROUND_FREEZE = "round:freeze"
    ROUND_CHAIR = "round:chair"
    SEAT_READ = "seat:read"
    SEAT_DECLARE = "seat:declare"
    REVIEW_READ = "review:read"
    REVIEW_SAVE = "review:save"
    REVIEW_WRITE = "review:write"
    REVIEW_RECUSE = "review:recuse"
    REVIEW_REOPEN = "review:reopen"


DESK = frozenset({Role.ORGANISER, Role.SECRETARY})
GRANTS: Mapping[StrEnum, frozenset[Role]] = {
    Permission.ROUND_READ: DESK,
    Permission.ROUND_MANAGE: frozenset({Role.ORGANISER}),
    Permission.ROUND_RANKING: DESK,
    Permission.ROUND_SHEETS: DESK,
    Permission.ROUND_FREEZE: DESK,
}
# What must not happen at a screen that was left open: the password is asked once more.
DANGEROUS = frozenset(
    {
        "RankingSnapshot.freeze",
        "Round.export",
        "Juror.invite",
        "Juror.invite_again",
        "Juror.remove",
        "ConflictOfInterest.lift",
    }
)
CHAIR = frozenset({Permission.ROUND_RANKING, Permission.ROUND_SHEETS, Permission.ROUND_CHAIR})
ROUND_PERMISSIONS = frozenset(one for one in Permission if one.startswith("round:"))
SEAT_PERMISSIONS = frozenset(one for one in Permission if one.startswith("seat:"))
REVIEW_PERMISSIONS = frozenset(one for one in Permission if one.startswith("review:"))
OWN_SHEET = REVIEW_PERMISSIONS - {Permission.REVIEW_REOPEN}
CHANGING = frozenset({Permission.ROUND_MANAGE, Permission.ROUND_FREEZE})
# A conflict shuts an application to this person whatever other roles she has; an applicant keeps what is her own.
IN_CONFLICT: frozenset[StrEnum] = IMPARTIAL | {CompetitionPermission.APPLICATION_READ}
# Results of a round that a juror sees only when nothing of her own is left to sign.
RESULTS = frozenset({Permission.ROUND_RANKING, Permission.ROUND_SHEETS})
# Roles that show who applied, on the list of applications or of guests at a seminar.
READING_NAMES: frozenset[Role] = CHECKING | WITH_GUESTS
# What shows who applied: closed to whoever scores without names, whatever her roles.
NAMES_OF_COMPETITION: frozenset[StrEnum] = LISTING
NAMES_OF_EVENT: frozenset[StrEnum] = NAMING_GUESTS
NAMES_OF_PERSON: frozenset[StrEnum] = OF_APPLICANTS
NAMES_OF_LETTER: frozenset[StrEnum] = frozenset(MessagePermission)
NAMES_OF_PROGRAMME: frozenset[StrEnum] = frozenset({ProgrammePermission.PROGRAMME_AUDIT})


class Obstacle(StrEnum):
    """What stands in the way of an act that is otherwise granted."""

    CONFLICT = "conflict"
    CONFLICTS_NOT_DECLARED = "conflicts_not_declared"
    STAGE_NOT_OPEN = "stage_not_open"
    STAGE_CLOSED = "stage_closed"
    SHEET_SIGNED = "sheet_signed"
    SHEET_RECUSED = "sheet_recused"
    SHEET_NOT_SIGNED = "sheet_not_signed"
    APPLICATION_LEFT = "application_left"
    ROUND_OVER = "round_over"
    ROUND_DECIDED = "round_decided"
    ROUND_STILL_OPEN = "round_still_open"
    OWN_SHEETS_UNSIGNED = "own_sheets_unsigned"
    SITS_ON_JURY = "sits_on_jury"
    TIED = "tied"
    NAMES_HIDDEN = "names_hidden"


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """What decides about acts on one round."""

    programme_id: int
    competition_state: CompetitionState
    is_chair: bool
    is_finished: bool  # every stage has closed, or all of its sheets are signed or recused
    is_applicant: bool = False  # she applied to this competition herself
    sits: bool = False
    has_conflict: bool = False  # with any application of the competition, by any seat of hers
    has_unsigned: bool = False  # sheets of her own that she can still sign


@dataclass(frozen=True, slots=True)
class SeatFacts:
    """What decides about acts on one juror's seat."""

    is_own: bool  # her seat, and she accepted it
    is_over: bool
    is_applicant: bool = False  # she applied to this competition herself
    competition_state: CompetitionState = CompetitionState.ANNOUNCED


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """What decides about acts on one sheet at one instant."""

    is_own: bool  # the sheet of her seat, which she accepted
    is_chair: bool
    in_conflict: bool  # of this person with this application, by any seat of hers or because it is her own
    is_applicant: bool  # she applied to this competition herself
    has_declared: bool
    state: ReviewState
    application_state: ApplicationState
    competition_state: CompetitionState
    opens_at: datetime
    closes_at: datetime
    published_at: datetime | None
    at: datetime


@dataclass(frozen=True, slots=True)
class ConflictFacts:
    """What scoring says of one application to one person."""

    in_conflict: bool
    is_owner: bool
    in_blind: bool = False  # she sits on the jury of its competition while names are hidden


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What scoring says of one person's identity to another person."""

    is_self: bool
    in_conflict: bool  # with any application of this person
    in_blind: bool  # she scores without names a competition to which this person applied


def is_over(competition_state: CompetitionState, published_at: datetime | None, at: datetime) -> bool:
    """Whether the jury's work is history: the competition was cancelled, or its results have long been public."""
    if competition_state is CompetitionState.CANCELLED:
        return True
    return published_at is not None and at >= published_at + READABLE_AFTER_RESULTS


def grants_round(permission: StrEnum, actor: Actor, facts: RoundFacts) -> bool:
    """Roles in the programme; the chair of this jury for what a chair does."""
    if permission in CHAIR and facts.is_chair:
        return True
    return actor.has_role(facts.programme_id, *GRANTS.get(permission, ()))


def round_obstacles(permission: StrEnum, facts: RoundFacts) -> tuple[Refusal, ...]:
    """Nobody runs her own cause or sees others' points before hers; nothing changes after the decision."""
    found = [Refusal(CompetitionObstacle.OWN_INTEREST)] if facts.is_applicant else []
    if permission in RESULTS and facts.has_unsigned:
        found.append(Refusal(Obstacle.OWN_SHEETS_UNSIGNED))
    if permission in CHANGING:
        found += _changing_obstacles(facts)
    if permission == Permission.ROUND_SHEETS and not facts.is_finished:
        found.append(Refusal(Obstacle.ROUND_STILL_OPEN))
    return tuple(found)


def _changing_obstacles(facts: RoundFacts) -> list[Refusal]:
    found = []
    if facts.sits:
        found.append(Refusal(Obstacle.SITS_ON_JURY))
    if facts.has_conflict:
        found.append(Refusal(Obstacle.TIED))
    if facts.competition_state is not CompetitionState.ANNOUNCED:
        found.append(Refusal(Obstacle.ROUND_DECIDED, {"state": facts.competition_state}))
    return found


def seat_obstacles(permission: StrEnum, facts: SeatFacts) -> tuple[Refusal, ...]:
    """A seat can be looked at until the jury's work is history; never by who applied herself.

    Conflicts are added until it is decided: later a word would void a sheet on which the decision rests.
    """
    found = [Refusal(CompetitionObstacle.OWN_INTEREST)] if facts.is_applicant else []
    if facts.is_over:
        found.append(Refusal(Obstacle.ROUND_OVER))
    elif permission == Permission.SEAT_DECLARE and facts.competition_state is not CompetitionState.ANNOUNCED:
        found.append(Refusal(Obstacle.ROUND_DECIDED, {"state": facts.competition_state}))
    return tuple(found)


def grants_review(permission: StrEnum, facts: ReviewFacts) -> bool:
    """A sheet is its juror's; only giving a signed one back is the chair's, and never her own."""
    return facts.is_chair and not facts.is_own if permission == Permission.REVIEW_REOPEN else facts.is_own


def review_obstacles(permission: StrEnum, facts: ReviewFacts) -> tuple[Refusal, ...]:
    """All that stands in the way of one act on one sheet."""
    found = []
    if facts.in_conflict:
        found.append(Refusal(Obstacle.CONFLICT))
    if facts.is_applicant:
        found.append(Refusal(CompetitionObstacle.OWN_INTEREST))
    if permission in OWN_SHEET and not facts.has_declared:
        found.append(Refusal(Obstacle.CONFLICTS_NOT_DECLARED))
    if facts.application_state is not ApplicationState.ADMITTED:
        found.append(Refusal(Obstacle.APPLICATION_LEFT))
    if facts.at < facts.opens_at and permission in {
        Permission.REVIEW_READ,
        Permission.REVIEW_SAVE,
        Permission.REVIEW_WRITE,
    }:
        found.append(Refusal(Obstacle.STAGE_NOT_OPEN, {"instant": facts.opens_at}))
    if is_over(facts.competition_state, facts.published_at, facts.at):
        found.append(Refusal(Obstacle.ROUND_OVER))
    return (*found, *_state_obstacles(permission, facts))


def _state_obstacles(permission: StrEnum, facts: ReviewFacts) -> tuple[Refusal, ...]:
    if permission == Permission.REVIEW_READ:
        return ()
    found = []
    if facts.state is ReviewState.RECUSED:
        found.append(Refusal(Obstacle.SHEET_RECUSED))
    if permission == Permission.REVIEW_REOPEN and facts.state is not ReviewState.SIGNED:
        found.append(Refusal(Obstacle.SHEET_NOT_SIGNED))
    if permission == Permission.REVIEW_WRITE and facts.state is ReviewState.SIGNED:
        found.append(Refusal(Obstacle.SHEET_SIGNED))
    if permission in {Permission.REVIEW_WRITE, Permission.REVIEW_REOPEN} and facts.at >= facts.closes_at:
        found.append(Refusal(Obstacle.STAGE_CLOSED, {"instant": facts.closes_at}))
    if permission != Permission.REVIEW_SAVE and facts.competition_state is not CompetitionState.ANNOUNCED:
        found.append(Refusal(Obstacle.ROUND_DECIDED, {"state": facts.competition_state}))
    return tuple(found)


def conflict_obstacles(permission: StrEnum, facts: ConflictFacts) -> tuple[Refusal, ...]:
    """What a conflict, and the blind, say of an application to the rest of the house."""
    if facts.is_owner and permission == CompetitionPermission.APPLICATION_READ:
        return ()
    found = [Refusal(Obstacle.CONFLICT)] if facts.in_conflict else []
    return (*found, *blind_obstacles(in_blind=facts.in_blind))


def person_obstacles(facts: PersonFacts) -> tuple[Refusal, ...]:
    """Her own number is hers; another's stays closed by a conflict and by the blind."""
    if facts.is_self:
        return ()
    found = [Refusal(Obstacle.CONFLICT)] if facts.in_conflict else []
    return (*found, *blind_obstacles(in_blind=facts.in_blind))


def blind_obstacles(*, in_blind: bool) -> tuple[Refusal, ...]:
    """Names stay closed to whoever scores without them."""
    return (Refusal(Obstacle.NAMES_HIDDEN),) if in_blind else ()
