"""What of an application is judged, under which name: the last version before the freeze; jury and awards both read it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import and_, func, or_, select

from app.core.db import db
from app.people.models import Person
from app.people.queries import same_person_ids
from competitions.models import Application, ApplicationVersion, CalendarDate, Competition
from competitions.states import ApplicationState, Milestone


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


def programmes_applied_to(person_id: int) -> Sequence[int]:
    """The programmes to which an application was sent under this record."""
    wanted = select(Application.programme_id).where(
        Application.applicant_id == person_id, Application.state != ApplicationState.DRAFT
    )
    return db.session.scalars(wanted.distinct().order_by(Application.programme_id)).all()


def helpline_of_admission(person_ids: Iterable[int]) -> str | None:
    """Whom to call about the name under which one of these records was admitted; None where none was."""
    wanted = (
        select(Competition.helpline)
        .join(Application, Application.competition_id == Competition.id)
        .where(Application.applicant_id.in_(sorted(person_ids)), Application.state == ApplicationState.ADMITTED)
    )
    found = db.session.scalars(wanted.order_by(Application.id.desc()).limit(1)).all()
    return found[0] or "" if found else None


def submitted_to(person_id: int, scope: str) -> Sequence[Application]:
    """What somebody, under any of her records, has submitted to the competition with this public id."""
    people = same_person_ids(db.session.get_one(Person, person_id))
    wanted = select(Application).join(Competition, Competition.id == Application.competition_id)
    return db.session.scalars(
        wanted.where(
            Competition.public_id == scope,
            Application.applicant_id.in_(sorted(people)),
            Application.state != ApplicationState.DRAFT,
        )
    ).all()
