"""Who reads and writes an application together with its applicant."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.access.actor import Actor
from app.core import tokens
from app.core.db import db
from competitions.models import Application, CoApplicant, Competition
from competitions.states import ApplicationState, SharePurpose


def together_with(application: Application) -> Sequence[CoApplicant]:
    """The co-applicants of now, first to last."""
    wanted = select(CoApplicant).where(CoApplicant.application_id == application.id, CoApplicant.left_at.is_(None))
    wanted = wanted.options(joinedload(CoApplicant.person)).order_by(CoApplicant.id)
    return db.session.scalars(wanted.execution_options(populate_existing=True)).all()


def part_of(application: Application, actor: Actor) -> CoApplicant | None:
    """The actor's part in somebody's application."""
    return next((one for one in together_with(application) if one.person_id in actor.person_ids), None)


def co_applicant_by_id(application: Application, public_id: str) -> CoApplicant | None:
    """One of its co-applicants."""
    return next((one for one in together_with(application) if one.public_id == public_id), None)


def shared_application(secret: str) -> tuple[Application, bool] | None:
    """What a link invites to, and whether to write there; None when it was used, taken back or is too old."""
    claim = tokens.peek(SharePurpose.CO_APPLICANT, secret)
    wanted = (
        select(Application)
        .where(Application.public_id == (claim.subject if claim else ""))
        .options(joinedload(Application.competition).joinedload(Competition.programme), joinedload(Application.applicant))
    )
    found = db.session.scalar(wanted)
    return (found, bool(claim.payload["may_edit"])) if claim is not None and found is not None else None


def writes_with_another(competition: Competition, person_ids: Iterable[int]) -> bool:
    """Whether one of these records is a co-applicant in a competition now."""
    wanted = (
        select(CoApplicant.id)
        .join(Application, Application.id == CoApplicant.application_id)
        .where(
            Application.competition_id == competition.id,
            Application.state != ApplicationState.WITHDRAWN,
            CoApplicant.person_id.in_(sorted(person_ids)),
            CoApplicant.left_at.is_(None),
        )
    )
    return db.session.scalar(wanted.limit(1)) is not None
