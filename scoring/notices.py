"""Which letters go to whom after which verb of this package."""

from collections.abc import Sequence
from datetime import datetime

from app.messages.services import Address, post
from app.people.queries import language_of
from app.programmes.queries import organisers
from scoring.models import Juror, Round, Stage
from scoring.queries import jury
from scoring.queries.result import pitch_minutes
from scoring.queries.sheet import Sheet
from scoring.rules import Difference
from seminars.queries import announced_pitch


def _to(juror: Juror, language: str | None = None) -> Address:
    return Address(juror.email, language or language_of(juror.person), juror.person.full_name)


def jury_invite(juror: Juror, *, secret: str, language: str, at: datetime) -> None:
    """A seat is offered: dates, load, and the link that answers."""
    seat = jury.seat_with_round(juror)
    post(
        "scoring.jury_invite",
        to=_to(juror, language),
        key=f"{juror.public_id}:{at.isoformat()}",
        programme_id=juror.programme_id,
        competition=seat.round.competition.name,
        stages=seat.round.stages,
        load=len(jury.admitted(seat.round)),
        is_chair=juror.is_chair,
        secret=secret,
    )


def seat_answered(juror: Juror, *, at: datetime) -> None:
    """The organisers learn that a seat was taken or given back."""
    seat = jury.seat_with_round(juror)
    for user in organisers(juror.programme_id):
        post(
            "scoring.seat_answered",
            to=Address(user.email, user.language or user.person.language, user.person.full_name),
            key=f"{juror.public_id}:{user.public_id}:{at.isoformat()}",
            programme_id=juror.programme_id,
            competition=seat.round.competition.name,
            competition_id=seat.round.competition.public_id,
            juror=juror.person.full_name,
            answer=juror.state,
        )


def seat_removed(juror: Juror, *, at: datetime) -> None:
    """A juror's work has ended early."""
    _tell(juror, "scoring.seat_removed", at=at)


def sheets_assigned(round_: Round, difference: Difference, *, at: datetime) -> None:
    """Each juror with new applications learns how many and until when."""
    counts: dict[int, int] = {}
    for seat, _application in difference.added:
        counts[seat] = counts.get(seat, 0) + 1
    for juror in jury.sitting_jurors(round_):
        if juror.id in counts and juror.answered_at is not None:
            _tell(juror, "scoring.sheets_assigned", at=at, count=counts[juror.id], stage=round_.stages[0])


def sheet_reopened(sheet: Sheet, *, at: datetime) -> None:
    """The chair gave a sheet back."""
    juror = jury.seat_with_round(sheet.juror)
    _tell(juror, "scoring.sheet_reopened", at=at, code=sheet.code, reason=sheet.review.reopen_reason, review=sheet.review)


def sheets_voided(juror: Juror, application_id: int, *, reason: str, at: datetime) -> None:
    """The juror reads that an organiser's word took her signed sheets out of the ranking, and why.

    The chair, who scores too, learns that it happened, unless the application is closed to her.
    """
    chair = jury.standing_chair(jury.seat_with_round(juror).round)
    ((application, _applicant),) = jury.with_applicants([application_id])
    facts = {"code": application.code, "whose": juror.person.full_name}
    _tell(juror, "scoring.sheets_voided", at=at, reason=reason, **facts)
    if chair is not None and chair.id != juror.id and application_id not in jury.conflicts_by_application(chair):
        _tell(chair, "scoring.sheets_voided", at=at, reason="", **facts)


def _tell(juror: Juror, kind: str, *, at: datetime, **context: object) -> None:
    seat = jury.seat_with_round(juror)
    post(
        kind,
        to=_to(juror),
        key=f"{juror.public_id}:{at.isoformat()}",
        programme_id=juror.programme_id,
        competition=seat.round.competition.name,
        seat=juror,
        **context,
    )


def finalists(round_: Round, stage: Stage, application_ids: Sequence[int], *, at: datetime) -> None:
    """Those who go on learn when and where they present their projects, and for how long."""
    minutes = pitch_minutes([round_.competition_id]).get(round_.competition_id, 0)
    gathering = announced_pitch(round_.competition_id, at)
    for application, person in jury.with_applicants(application_ids):
        if person.email:
            post(
                "scoring.finalist",
                to=Address(person.email, person.language, person.given_name),
                key=f"{application.public_id}:{stage.public_id}",
                programme_id=round_.programme_id,
                competition=round_.competition.name,
                code=application.code,
                application=application.public_id,
                begins_at=stage.opens_at,
                minutes=minutes,
                place=gathering.place if gathering else None,
                helpline=round_.competition.helpline,
            )
