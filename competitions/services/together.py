"""The verbs of writing an application together: invite by a link, join by it, leave."""

from datetime import datetime, timedelta

from app.access.actor import Actor
from app.core import audit, tokens
from app.core.audit import By
from app.core.db import db, use_case
from app.core.refusals import CoreRefusal, Refusal, RefusedError, refuse_if
from competitions.models import Application, CoApplicant
from competitions.queries.application import locked_competition, standing_application
from competitions.queries.together import part_of, shared_application, together_with, writes_with_another
from competitions.rules.application import TOGETHER_LIMIT, ApplicationRefusal
from competitions.services.application import opening_obstacles
from competitions.states import ApplicationState, SharePurpose

JOINABLE = frozenset({ApplicationState.DRAFT, ApplicationState.SUBMITTED, ApplicationState.RETURNED})
LINK_LASTS = timedelta(days=7)


@use_case
def invite(application: Application, *, may_edit: bool, by: By, at: datetime) -> str:
    """Make a link for one person and return its secret; a link that nobody has used yet is worth nothing any more."""
    refuse_if(opening_obstacles(locked_competition(application), at))
    _refuse_closed(application)
    tokens.revoke(SharePurpose.CO_APPLICANT, application.public_id)
    secret = tokens.issue(SharePurpose.CO_APPLICANT, application.public_id, lasts=LINK_LASTS, at=at, may_edit=may_edit)
    audit.record("share", application, by=by, at=at, may_edit=may_edit)
    return secret


@use_case
def join(secret: str, *, by: Actor, at: datetime) -> Application:
    """Become a co-applicant by a link; whoever competes there already does not."""
    found = shared_application(secret)
    if found is None or by.person_id is None:
        raise RefusedError(Refusal(CoreRefusal.LINK_USED))
    application, may_edit = found
    competition = locked_competition(application)
    refuse_if(opening_obstacles(competition, at))
    if standing_application(competition, by.person_ids) or writes_with_another(competition, by.person_ids):
        raise RefusedError(Refusal(ApplicationRefusal.HAS_HER_OWN))
    _refuse_closed(application)
    tokens.consume(SharePurpose.CO_APPLICANT, secret, at=at)
    made = CoApplicant(application_id=application.id, person_id=by.person_id, may_edit=may_edit, joined_at=at)
    db.session.add(made)
    db.session.flush()
    audit.record("join", application, by=by, at=at, co_applicant=made.public_id, may_edit=may_edit)
    return application


@use_case
def leave(application: Application, one: CoApplicant, *, by: By, at: datetime) -> None:
    """End somebody's part: she leaves, or the applicant takes her off. That she was there stays known."""
    if one.left_at is None:
        one.left_at = at
        audit.record("leave", application, by=by, at=at, co_applicant=one.public_id)


@use_case
def leave_by_herself(application: Application, *, by: Actor, at: datetime) -> None:
    """End the actor's own part."""
    part = part_of(application, by)
    if part is not None:
        leave(application, part, by=by, at=at)


def _refuse_closed(application: Application) -> None:
    """Who is in is known before an application is given to jurors; and a few are enough."""
    if application.state not in JOINABLE:
        raise RefusedError(Refusal(ApplicationRefusal.TOGETHER_CLOSED))
    if len(together_with(application)) >= TOGETHER_LIMIT:
        raise RefusedError(Refusal(ApplicationRefusal.TOO_MANY_TOGETHER, {"limit": TOGETHER_LIMIT}))
