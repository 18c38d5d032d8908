"""Who may do what with competitions and applications, and what stands in the way now. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.access.actor import SYSTEM, Actor
from app.core.refusals import Refusal
from app.people.policy import Permission as PersonPermission
from app.programmes.states import STAFF, Role
from competitions.rules.calendar import Calendar
from competitions.rules.checking import known_state
from competitions.states import ApplicationState, CompetitionState, Milestone


class Permission(StrEnum):
    """Acts of this package."""

    COMPETITION_READ = "competition:read"
    COMPETITION_CREATE = "competition:create"
    COMPETITION_EDIT = "competition:edit"
    COMPETITION_APPROVE = "competition:approve"
    COMPETITION_ANNOUNCE = "competition:announce"
    COMPETITION_CANCEL = "competition:cancel"
    APPLICATION_LIST = "application:list"
    APPLICATION_READ = "application:read"
    APPLICATION_INSPECT = "application:inspect"
    APPLICATION_SAVE = "application:save"
    APPLICATION_EDIT = "application:edit"
    APPLICATION_SUBMIT = "application:submit"
    APPLICATION_WITHDRAW = "application:withdraw"
    APPLICATION_CHECK = "application:check"
    APPLICATION_REPLY = "application:reply"
    APPLICATION_CONTACT = "application:contact"
    APPLICATION_IDENTITY = "application:identity"
    APPLICATION_NAME = "application:name"
    APPLICATION_EXPORT = "application:export"


CHECKING = frozenset({Role.ORGANISER, Role.SECRETARY, Role.CHECKER})

# Ownership is not a role: what an applicant may do with her own application stands in OWNER.
GRANTS: Mapping[StrEnum, frozenset[Role]] = {
    Permission.COMPETITION_READ: STAFF | {Role.FUNDER},
    Permission.COMPETITION_CREATE: frozenset({Role.ORGANISER}),
    Permission.COMPETITION_EDIT: frozenset({Role.ORGANISER}),
    Permission.COMPETITION_APPROVE: frozenset({Role.ORGANISER}),
    Permission.COMPETITION_ANNOUNCE: frozenset({Role.ORGANISER}),
    Permission.COMPETITION_CANCEL: frozenset({Role.ORGANISER}),
    Permission.APPLICATION_LIST: CHECKING,
    Permission.APPLICATION_READ: CHECKING,
    Permission.APPLICATION_INSPECT: CHECKING,
    Permission.APPLICATION_CHECK: frozenset({Role.CHECKER, Role.ORGANISER}),
    Permission.APPLICATION_REPLY: CHECKING,
    Permission.APPLICATION_CONTACT: CHECKING,
    Permission.APPLICATION_IDENTITY: frozenset({Role.CHECKER}),
    Permission.APPLICATION_NAME: frozenset({Role.ORGANISER}),
    Permission.APPLICATION_EXPORT: frozenset({Role.ORGANISER, Role.CHECKER}),
}
# What must not happen at a screen that was left open: the password is asked once more.
DANGEROUS = frozenset(
    {
        "Competition.approve",
        "Competition.reopen",
        "Competition.cancel",
        "Competition.export",
        "Competition.publish_form",
        "Rules.approve",
    }
)
OWNER = frozenset(
    {
        Permission.APPLICATION_READ,
        Permission.APPLICATION_SAVE,
        Permission.APPLICATION_EDIT,
        Permission.APPLICATION_SUBMIT,
        Permission.APPLICATION_WITHDRAW,
    }
)
APPLICATION_PERMISSIONS = frozenset(one for one in Permission if one.startswith("application:"))
COMPETITION_PERMISSIONS = frozenset(one for one in Permission if one.startswith("competition:")) - {
    Permission.COMPETITION_CREATE
}
# Staff permissions that a member of staff has not on an application of her own.
IMPARTIAL = APPLICATION_PERMISSIONS - OWNER
# What opens a person's data: the permission on her goes by the permission on her applications.
OPENING: Mapping[StrEnum, Permission] = {
    PersonPermission.PERSON_CONTACT: Permission.APPLICATION_CONTACT,
    PersonPermission.PERSON_IDENTITY: Permission.APPLICATION_IDENTITY,
    PersonPermission.PERSON_NAME: Permission.APPLICATION_NAME,
}
# Working through the applications of a competition begins on a page of the competition.
LISTING = frozenset(
    {
        Permission.APPLICATION_LIST,
        Permission.APPLICATION_CHECK,
        Permission.APPLICATION_REPLY,
        Permission.APPLICATION_EXPORT,
    }
)
# Staff learn that a draft exists and how far it is, and what its author asks them; never what it says.
ON_DRAFTS = frozenset({Permission.APPLICATION_LIST, Permission.APPLICATION_REPLY})
WITHDRAWABLE = frozenset({ApplicationState.SUBMITTED, ApplicationState.RETURNED, ApplicationState.ADMITTED})
# While its results are not public, an applicant of a competition reads neither letters nor the record of its programme.
UNDECIDED = frozenset({CompetitionState.ANNOUNCED, CompetitionState.DECIDED})
# Once it is decided who wins, nobody calls the competition off.
DECIDED = frozenset({CompetitionState.DECIDED, CompetitionState.PUBLISHED})


class Obstacle(StrEnum):
    """What stands in the way of an act that is otherwise granted."""

    OWN_APPLICATION = "own_application"
    OWN_INTEREST = "own_interest"
    NOT_OPEN_YET = "not_open_yet"
    DEADLINE_PASSED = "deadline_passed"
    APPLICATIONS_CLOSED = "applications_closed"
    RETURN_TERM_PASSED = "return_term_passed"
    FROZEN = "frozen"
    BEING_CHECKED = "being_checked"
    APPLICATION_ENDED = "application_ended"
    NOT_SUBMITTED_YET = "not_submitted_yet"
    SCORING_STARTED = "scoring_started"
    COMPETITION_NOT_RUNNING = "competition_not_running"
    COMPETITION_OVER = "competition_over"
    DECIDED_ALREADY = "decided_already"
    ADMITTED_ELSEWHERE = "admitted_elsewhere"


@dataclass(frozen=True, slots=True)
class ApplicationFacts:
    """What decides about acts on one application at one instant."""

    programme_id: int
    applicant_id: int
    is_applicant: bool  # the actor applied to the same competition, with this application or another
    state: ApplicationState
    competition_state: CompetitionState
    calendar: Calendar
    due_at: datetime | None
    decided_at: datetime | None
    at: datetime

    @property
    def is_untold(self) -> bool:
        """Whether a decision stands of which its applicant has not been told."""
        return known_state(self.state, self.decided_at, at=self.at) is not self.state


@dataclass(frozen=True, slots=True)
class CompetitionFacts:
    """What decides about acts on one competition."""

    programme_id: int
    state: CompetitionState
    is_applicant: bool


@dataclass(frozen=True, slots=True)
class IdentityFacts:
    """What decides about opening a person's identity number or contacts."""

    programmes: frozenset[int]  # where this person has submitted an application
    has_interest: bool  # the actor competes with this person in a competition whose results are not public
    is_own: bool
    admitted: frozenset[int] = frozenset()  # programmes where a checker has admitted this person


def grants_competition(permission: StrEnum, actor: Actor, facts: CompetitionFacts) -> bool:
    """Whether a role of the actor allows the act on a competition."""
    return actor is SYSTEM or actor.has_role(facts.programme_id, *GRANTS.get(permission, ()))


def competition_obstacles(permission: StrEnum, facts: CompetitionFacts) -> tuple[Refusal, ...]:
    """Nobody runs what she applied to herself; a competition that is closed or cancelled is read only."""
    if permission == Permission.COMPETITION_READ:
        return ()
    found = [Refusal(Obstacle.OWN_INTEREST)] if facts.is_applicant else []
    if permission not in LISTING and facts.state is CompetitionState.CANCELLED:
        found.append(Refusal(Obstacle.COMPETITION_OVER, {"state": facts.state}))
    if permission == Permission.COMPETITION_CANCEL and facts.state in DECIDED:
        found.append(Refusal(Obstacle.DECIDED_ALREADY))
    return tuple(found)


def grants_identity(permission: StrEnum, actor: Actor, facts: IdentityFacts) -> bool:
    """Who works on applications of a programme may open the contacts of those who applied there; checkers the numbers too."""
    roles = GRANTS[OPENING[permission]]
    return any(actor.has_role(one, *roles) for one in facts.programmes)


def identity_obstacles(permission: StrEnum, actor: Actor, facts: IdentityFacts) -> tuple[Refusal, ...]:
    """Nobody opens the number of whom she competes with, or corrects the name under which she was admitted herself.

    Nor a name that a programme admitted in which she has no role.
    """
    is_name = permission == PersonPermission.PERSON_NAME
    found = interest_obstacles(has_interest=facts.has_interest or (facts.is_own and is_name))
    if is_name and not facts.admitted <= actor.roles.keys():
        return (*found, Refusal(Obstacle.ADMITTED_ELSEWHERE))
    return found


def interest_obstacles(*, has_interest: bool) -> tuple[Refusal, ...]:
    """Whoever competes leaves what tells of the others to somebody else."""
    return (Refusal(Obstacle.OWN_INTEREST),) if has_interest else ()


def is_owner(actor: Actor, facts: ApplicationFacts) -> bool:
    """Whether the application is the actor's own, under any of her records."""
    return facts.applicant_id in actor.person_ids


def grants_application(permission: StrEnum, actor: Actor, facts: ApplicationFacts) -> bool:
    """Whether ownership or a role allows the act; staff are granted nothing on a draft but its line in the list."""
    if permission in OWNER and is_owner(actor, facts):
        return True
    if facts.state is ApplicationState.DRAFT and permission not in ON_DRAFTS:
        return False
    roles = GRANTS.get(permission, frozenset())
    return bool(roles) and (actor is SYSTEM or actor.has_role(facts.programme_id, *roles))


def application_obstacles(permission: StrEnum, actor: Actor, facts: ApplicationFacts) -> tuple[Refusal, ...]:
    """What stands in the way: her own interest for staff, the state and the clock for the applicant."""
    if permission in IMPARTIAL and is_owner(actor, facts):
        return (Refusal(Obstacle.OWN_APPLICATION),)
    if facts.is_applicant and not is_owner(actor, facts):
        return (Refusal(Obstacle.OWN_INTEREST),)
    if permission in {Permission.APPLICATION_EDIT, Permission.APPLICATION_SUBMIT}:
        found = _editing_obstacle(facts)
    elif permission == Permission.APPLICATION_WITHDRAW:
        found = _withdrawing_obstacle(facts)
    else:
        found = None
    return (found,) if found else ()


def _editing_obstacle(facts: ApplicationFacts) -> Refusal | None:
    """Drafts and submitted ones until the deadline, returned ones until their term, admitted ones until the freeze."""
    if facts.competition_state is not CompetitionState.ANNOUNCED:
        return Refusal(Obstacle.COMPETITION_NOT_RUNNING, {"state": facts.competition_state})
    if facts.is_untold:
        return Refusal(Obstacle.BEING_CHECKED)
    match facts.state:
        case ApplicationState.DRAFT:
            return _draft_obstacle(facts)
        case ApplicationState.RETURNED:
            is_late = facts.due_at is None or facts.at >= facts.due_at
            return Refusal(Obstacle.RETURN_TERM_PASSED, {"instant": facts.due_at or facts.at}) if is_late else None
        case ApplicationState.ADMITTED:
            return _admitted_obstacle(facts)
        case ApplicationState.SUBMITTED:
            return None if facts.calendar.is_open(facts.at) else Refusal(Obstacle.BEING_CHECKED)
        case _:
            return Refusal(Obstacle.APPLICATION_ENDED, {"state": facts.state})


def _draft_obstacle(facts: ApplicationFacts) -> Refusal | None:
    if facts.calendar.is_open(facts.at):
        return None
    opens_at, closes_at = facts.calendar.at(Milestone.OPENS), facts.calendar.at(Milestone.CLOSES)
    if opens_at is None or closes_at is None:
        return Refusal(Obstacle.COMPETITION_NOT_RUNNING, {"state": facts.competition_state})
    if facts.at < opens_at:
        return Refusal(Obstacle.NOT_OPEN_YET, {"instant": opens_at})
    return Refusal(Obstacle.DEADLINE_PASSED, {"instant": closes_at})


def _admitted_obstacle(facts: ApplicationFacts) -> Refusal | None:
    freezes_at = facts.calendar.at(Milestone.FREEZES)
    if freezes_at is None:
        return Refusal(Obstacle.APPLICATION_ENDED, {"state": facts.state})
    return Refusal(Obstacle.FROZEN, {"instant": freezes_at}) if facts.at >= freezes_at else None


def _withdrawing_obstacle(facts: ApplicationFacts) -> Refusal | None:
    if facts.state is ApplicationState.DRAFT:
        return Refusal(Obstacle.NOT_SUBMITTED_YET)
    if facts.is_untold:
        return Refusal(Obstacle.BEING_CHECKED)
    if facts.state not in WITHDRAWABLE:
        return Refusal(Obstacle.APPLICATION_ENDED, {"state": facts.state})
    if facts.competition_state is not CompetitionState.ANNOUNCED:
        return Refusal(Obstacle.COMPETITION_NOT_RUNNING, {"state": facts.competition_state})
    begins_at = facts.calendar.judging_begins_at
    return Refusal(Obstacle.SCORING_STARTED, {"instant": begins_at}) if begins_at and facts.at >= begins_at else None
