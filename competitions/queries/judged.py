"""Which version of an application is judged: the last one before the freeze. Jury, awards and results all read this one."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import and_, func, or_, select

from app.core.db import db
from competitions.models import Application, ApplicationVersion, CalendarDate
from competitions.states import Milestone


def judged_version_ids(competition_id: int) -> Any:
    """The ids of the last versions before the freeze; where there is none, of the first."""
    freezes_at = db.session.scalar(
        select(CalendarDate.at).where(
            CalendarDate.competition_id == competition_id, CalendarDate.milestone == Milestone.FREEZES
        )
    )
    numbers = (
        select(
            ApplicationVersion.application_id.label("application_id"),
            func.max(ApplicationVersion.number).label("number"),
        )
        .join(Application, Application.id == ApplicationVersion.application_id)
        .where(Application.competition_id == competition_id)
        .group_by(ApplicationVersion.application_id)
    )
    if freezes_at is not None:
        numbers = numbers.where(or_(ApplicationVersion.submitted_at < freezes_at, ApplicationVersion.number == 1))
    last = numbers.subquery()
    return select(ApplicationVersion.id).join(
        last,
        and_(last.c.application_id == ApplicationVersion.application_id, last.c.number == ApplicationVersion.number),
    )


def judged_contents(competition_id: int) -> dict[int, Mapping[str, Any]]:
    """What was judged of each application: the project part of its version, by application."""
    wanted = select(ApplicationVersion.application_id, ApplicationVersion.content).where(
        ApplicationVersion.id.in_(judged_version_ids(competition_id))
    )
    return {one: content or {} for one, content in db.session.execute(wanted)}
