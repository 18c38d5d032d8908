"""The demo's juries: Start App in the middle of its blind stage, JAS QADAM with its juror; later all sheets signed."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.access.actor import Actor
from app.core import clock
from app.core.audit import By
from app.core.db import db
from app.demo import acting, person, read
from competitions.models import Application, Competition
from scoring.models import Assignment, Juror, Review, Round, Stage
from scoring.queries import jury, sheet
from scoring.rules import COMMENT
from scoring.services import assigning, rounds, seats, sheets
from scoring.services.sheets import Stroke, new_change_id
from scoring.states import ConflictKind, ReviewState

START_APP, JAS_QADAM = "start-app", "jas-qadam"
ORGANISERS = {START_APP: "organiser@demo.example", JAS_QADAM: "organiser.jas@demo.example"}
JAS_JUROR = "juror1@demo.example"
CHAIR = "J1"
STROKE = timedelta(minutes=4)


def load() -> None:
    """Invite, accept, declare, assign and score; some sheets stay unfinished."""
    start_app = _round(START_APP)
    if start_app is not None:
        _score_blind(start_app)
    jas_qadam = _round(JAS_QADAM)
    if jas_qadam is not None:
        invited_at = clock.now() - timedelta(days=2)
        _seat(jas_qadam, JAS_JUROR, is_chair=True, by=acting(ORGANISERS[JAS_QADAM]), at=invited_at)


def finish_scoring() -> None:
    """Sign what is left of the blind stage, open the pitch for the finalists and sign their sheets."""
    found = _round(START_APP)
    if found is None:
        return
    told, organiser = read("scores.json"), acting(ORGANISERS[START_APP])
    rounds.move_windows(found.competition, by=organiser, at=clock.now())
    _sign_all(told, found.stages[0])
    pending = jury.next_stage(found)
    if pending is not None:
        rounds.open_next_stage(found, by=organiser, at=_within(found.stages[0], found.stages[0].closes_at))
    _sign_all(told, found.stages[1])


def _round(slug: str) -> Round | None:
    competition = db.session.scalar(select(Competition).where(Competition.slug == slug))
    return jury.round_of(competition.id) if competition is not None else None


def _score_blind(found: Round) -> None:
    told, organiser = read("scores.json"), acting(ORGANISERS[START_APP])
    blind = found.stages[0]
    invited_at = blind.opens_at - timedelta(days=10)
    jurors = {
        name: _seat(found, email, is_chair=name == CHAIR, by=organiser, at=invited_at) for name, email in told["jurors"].items()
    }
    wanted = assigning.everybody(found)
    assigned_at = blind.opens_at - timedelta(days=3)
    assigning.assign(found, wanted=wanted, signature=assigning.planned(found, wanted).signature, by=organiser, at=assigned_at)
    _declare(found, told, jurors, at=blind.opens_at - timedelta(days=1))
    for name, code, review in _sheets(told, blind):
        state = ReviewState(told["unfinished"].get(name, {}).get(code, ReviewState.SIGNED))
        _fill(review, told["scores"][code][name], name, code, until=state, at=_within(blind, clock.now()))


def _seat(found: Round, email: str, *, is_chair: bool, by: Actor, at: datetime) -> Juror:
    """A seat taken by its link."""
    somebody, told = person(email), {one["email"]: one for one in read("people.json")["staff"]}
    secret = seats.offer_seat(
        found, somebody, email=email, languages=told[email].get("reads", ["kk", "ru"]), is_chair=is_chair, by=by, at=at
    )
    return seats.accept_seat(secret, by=acting(email), at=at + timedelta(days=1))


def _declare(found: Round, told: Mapping[str, Any], jurors: Mapping[str, Juror], *, at: datetime) -> None:
    codes = {one.code: one.id for one in jury.admitted(found)}
    for name, juror in jurors.items():
        own = {
            codes[one["application"]]: (ConflictKind(one["kind"]), one["note"])
            for one in told["conflicts"]
            if one["juror"] == name and one["application"] in codes
        }
        assigning.declare_conflicts(juror, conflicts=own, by=acting(told["jurors"][name]), at=at)


def _sheets(told: Mapping[str, Any], stage: Stage) -> Iterator[tuple[str, str, Review]]:
    """Juror's name, application's code and sheet, for those that have scores."""
    people = {person(email).id: name for name, email in told["jurors"].items()}
    wanted = (
        select(Juror.person_id, Application.code, Review)
        .join(Assignment, Assignment.id == Review.assignment_id)
        .join(Juror, Juror.id == Assignment.juror_id)
        .join(Application, Application.id == Assignment.application_id)
        .where(Review.stage_id == stage.id, Review.state != ReviewState.RECUSED)
        .order_by(Application.code, Juror.id)
    )
    for person_id, code, review in db.session.execute(wanted).unique():
        name = people.get(person_id, "")
        if code is not None and name in told["scores"].get(code, {}):
            yield name, code, review


def _sign_all(told: Mapping[str, Any], stage: Stage) -> None:
    for name, code, review in _sheets(told, stage):
        if review.state is not ReviewState.SIGNED:
            at = _within(stage, stage.closes_at)
            _fill(review, told["scores"][code][name], name, code, until=ReviewState.SIGNED, at=at)


def _fill(review: Review, points: Mapping[str, int], juror: str, code: str, *, until: ReviewState, at: datetime) -> None:
    """Write the points and comments of one sheet: all and the signature, the first half, or nothing."""
    if until is ReviewState.ASSIGNED:
        return
    found = sheet.sheet_of(review)
    by = _juror_of(juror)
    keys = [one.key for one in found.criteria]
    written = keys if until is ReviewState.SIGNED else keys[: len(keys) // 2]
    comments = read("score_comments.json").get(code, {}).get("comments", {}).get(juror, {})
    values = {key: str(points[key]) for key in written} | {COMMENT + key: comments.get(key, "") for key in written}
    strokes = {
        name: Stroke(name, value, found.versions.get(name, 0), new_change_id()) for name, value in values.items() if value
    }
    sheets.save_sheet(review, strokes, by=by, at=at - STROKE)
    if until is ReviewState.SIGNED:
        sheets.sign(review, by=by, at=at)


def _juror_of(name: str) -> By:
    return acting(read("scores.json")["jurors"][name])


def _within(stage: Stage, at: datetime) -> datetime:
    """An instant of the stage's term, at the latest `at` and at the latest now."""
    return max(stage.opens_at + timedelta(hours=1), min(at, stage.closes_at, clock.now()) - timedelta(hours=2))
