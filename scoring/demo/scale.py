"""A jury of a given size for the competition that lower modules made: sheets in bulk, their moves recorded as everywhere."""

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from app.access.actor import COMMAND
from app.core import clock
from app.core.db import db
from app.core.transitions import move
from app.demo import acting, enter, insert_rows
from app.people.models import User
from app.people.queries import user_by_email
from competitions.models import Application
from scoring.models import Assignment, Juror, Review, Round, Score, ScoreChange
from scoring.queries import jury
from scoring.rules import Entry, canonical_sheet, digest
from scoring.services import assigning, seats
from scoring.states import ReviewState

ORGANISER = "organiser@demo.example"
# Points that need no comment.
POINTS = (4, 5, 6, 7, 8)


def scale(_applications: int, jurors: int, reviews: int, seed: int, addresses: Mapping[str, str]) -> dict[str, str]:
    """Jurors scale1@demo.example and on; all sheets of all but the first of them are signed."""
    found = jury.round_at(addresses["competition"].rsplit("/", 1)[-1])
    if found is None:
        return {}
    seated = [_seat(found, number) for number in range(1, jurors + 1)]
    dealt = _deal(list(jury.admitted(found)), seated, reviews, random.Random(seed))  # noqa: S311 - sizes, not secrets
    first = _enter_sheets(found, dealt, random.Random(seed))  # noqa: S311 - the same
    return {
        "juror_queue": f"/jury/{seated[0].public_id}",
        "review": f"/jury/reviews/{first}",
        "scores": f"/jury/reviews/{first}/scores",
        "export": f"{addresses['competition']}/applications.csv",
    }


def _seat(found: Round, number: int) -> Juror:
    email = f"scale{number}@demo.example"
    user: User = user_by_email(email) or enter({"email": email, "family_name": "Бағалаушы", "given_name": f"№{number}"})
    at = found.stages[0].opens_at - timedelta(days=5)
    secret = seats.offer_seat(
        found, user.person, email=email, languages=["kk", "ru"], is_chair=number == 1, by=acting(ORGANISER), at=at
    )
    juror = seats.accept_seat(secret, by=acting(email), at=at)
    assigning.declare_conflicts(juror, conflicts={}, by=acting(email), at=at)
    return juror


def _deal(
    applications: list[Application], jurors: list[Juror], reviews: int, chance: random.Random
) -> list[tuple[Application, Juror]]:
    """`reviews` jurors for each application, loads equal within one."""
    order = list(jurors)
    chance.shuffle(order)
    width = len(order)
    return [
        (application, order[(place * reviews + step) % width])
        for place, application in enumerate(applications)
        for step in range(reviews)
    ]


def _enter_sheets(found: Round, dealt: list[tuple[Application, Juror]], chance: random.Random) -> str:
    """Assignments, sheets and scores, by one statement a table; the public id of a sheet that is still to be written."""
    stage, at = found.stages[0], _signed_at(found)
    shared = {"programme_id": found.programme_id}
    assigned = [
        shared | {"juror_id": juror.id, "application_id": application.id, "assigned_at": stage.opens_at}
        for application, juror in dealt
    ]
    points = [{one.key: chance.choice(POINTS) for one in stage.criteria} for _pair in dealt]
    chair = min(juror.id for _application, juror in dealt)
    sheets: list[dict[str, Any]] = []
    hashes: list[str | None] = []
    for (application, juror), key, given in zip(dealt, insert_rows(Assignment, assigned), points, strict=True):
        content = canonical_sheet(
            application=application.code or "",
            juror=juror.public_id,
            stage=stage.key,
            entries={name: Entry(value) for name, value in given.items()},
            feedback="",
        )
        sheets.append(shared | {"assignment_id": key, "stage_id": stage.id})
        hashes.append(None if juror.id == chair else digest(content))
    keys = insert_rows(Review, sheets)
    signed = {key: sha256 for key, sha256 in zip(keys, hashes, strict=True) if sha256 is not None}
    _enter_scores(found, {key: given for key, given in zip(keys, points, strict=True) if key in signed}, at=at)
    _sign(found, signed, at=at)
    return db.session.get_one(Review, next(key for key in keys if key not in signed)).public_id


def _enter_scores(found: Round, given: Mapping[int, Mapping[str, int]], *, at: datetime) -> None:
    """Scores and their history, before the states: a signed sheet takes no score."""
    criteria = {one.key: one.id for one in found.stages[0].criteria}
    insert_rows(
        Score,
        [
            {"review_id": key, "criterion_id": criteria[name], "points": value, "comment": "", "saved_at": at}
            for key, points in given.items()
            for name, value in points.items()
        ],
    )
    insert_rows(
        ScoreChange,
        [
            {"review_id": key, "field": name, "change_id": name, "value": str(value), "version": 1, "is_late": False, "at": at}
            for key, points in given.items()
            for name, value in points.items()
        ],
    )


def _sign(found: Round, signed: Mapping[int, str], *, at: datetime) -> None:
    """Recorded one by one, as what the command did."""
    wanted = select(Review).options(lazyload(Review.scores)).where(Review.stage_id == found.stages[0].id).order_by(Review.id)
    reviews = db.session.scalars(wanted).all()
    with db.session.no_autoflush:
        for one in (one for one in reviews if one.id in signed):
            one.sha256, one.signed_at = signed[one.id], at
            move(one, ReviewState.DRAFT, by=COMMAND, at=at)
            move(one, ReviewState.SIGNED, by=COMMAND, at=at, sha256=one.sha256)
    db.session.flush()
    db.session.expire_all()


def _signed_at(found: Round) -> datetime:
    return max(found.stages[0].opens_at, clock.now() - timedelta(hours=3))
