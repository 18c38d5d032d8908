"""Appeals against refusals: the one of an application with its terms, and those that wait for an answer."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.access.actor import Actor
from app.access.door import visible_to
from app.core.columns import Translation
from app.core.db import db
from competitions.models import Appeal, Application, Check, Competition
from competitions.policy import Permission
from competitions.queries.application import Contents, last_check
from competitions.rules.appeal import answer_due_at, appeal_due_at, check_appeal
from competitions.rules.settings import from_json
from competitions.states import ApplicationState, CheckOutcome

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Appealing:
    """The refusal of which an applicant knows, her newest appeal, and the terms of both.

    An appeal and its answer stay to be read whatever is decided afterwards; a refusal that came later may be appealed anew.
    """

    known_state: ApplicationState
    refusal: Check | None
    due_at: datetime | None
    appeal: Appeal | None
    answer_due_at: datetime | None

    def may_appeal(self, at: datetime) -> bool:
        """Whether she may appeal now."""
        return not check_appeal(self.known_state, due_at=self.due_at, has_appealed=self.has_appealed, at=at)

    @property
    def has_appealed(self) -> bool:
        """Whether the appeal is against this very refusal."""
        return self.appeal is not None and self.refusal is not None and self.appeal.check_id == self.refusal.id


@dataclass(frozen=True, slots=True)
class WaitingAppeal:
    """One appeal without an answer, for the first page of who may answer."""

    application: Application
    competition_name: Translation
    due_at: datetime


def appealing(what: Contents) -> Appealing:
    """Where the appeal of an application stands; the rules are those she accepted."""
    check, zone = last_check(what.application), ZoneInfo(what.competition.programme.timezone)
    is_told = what.known_state is ApplicationState.NOT_ADMITTED
    refusal = check if is_told and check is not None and check.outcome is CheckOutcome.NOT_ADMITTED else None
    found = last_appeal(what.application)
    days = what.settings.appeal_days
    return Appealing(
        known_state=what.known_state,
        refusal=refusal,
        due_at=appeal_due_at(refusal.at, days, zone) if refusal is not None else None,
        appeal=found,
        answer_due_at=answer_due_at(found.at, days, zone) if found is not None else None,
    )


def last_appeal(application: Application) -> Appeal | None:
    """The newest appeal of an application, as the database has it now."""
    wanted = select(Appeal).where(Appeal.application_id == application.id).order_by(Appeal.id.desc()).limit(1)
    return db.session.scalar(wanted.execution_options(populate_existing=True))


def waiting_appeals(actor: Actor) -> list[WaitingAppeal]:
    """The appeals that the actor may answer and nobody has, the oldest first."""
    wanted = (
        visible_to(actor, Application, Permission.APPLICATION_CHECK)
        .join(Appeal, Appeal.application_id == Application.id)
        .where(Appeal.is_upheld.is_(None))
        .options(joinedload(Application.rules), joinedload(Application.competition).joinedload(Competition.programme))
        .add_columns(Appeal.at)
        .order_by(Appeal.id)
    )
    return [_waiting(one, at) for one, at in db.session.execute(wanted.limit(SHOWN))]


def _waiting(application: Application, appealed_at: datetime) -> WaitingAppeal:
    competition = application.competition
    days, zone = from_json(application.rules.settings).appeal_days, ZoneInfo(competition.programme.timezone)
    return WaitingAppeal(application, competition.name, answer_due_at(appealed_at, days, zone))
