"""A jury at work: a called competition with applications, jurors who sit and have declared, and sheets assigned to them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.access.actor import COMMAND, Actor
from app.core.db import db, writing
from app.core.transitions import move
from app.people.models import User
from app.people.services.sessions import open_session
from app.programmes.models import Programme
from app.programmes.queries import actor_of
from app.programmes.states import Role
from competitions.models import Application, Competition
from scoring.models import Assignment, Juror, Review, Round, Score
from scoring.queries import jury, sheet
from scoring.rules import COMMENT
from scoring.services import assigning, seats, sheets
from scoring.services.sheets import Stroke, new_change_id
from scoring.states import ConflictKind, JurorState, ReviewState
from tests import factories
from tests.client import Client

INVITED_AT = datetime(2026, 9, 10, 12, tzinfo=factories.ALMATY)
SCORED_AT = datetime(2026, 9, 25, 12, tzinfo=factories.ALMATY)


@dataclass
class Jury:
    """Names for what tests speak of; `jurors[0]` is the chair."""

    programme: Programme
    competition: Competition
    round: Round
    organiser: User
    users: list[User]
    jurors: list[Juror]
    applications: list[Application]
    # What outlives a context: keys of the rows, and ids for addresses, by name.
    keys: dict[str, Any] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    def again(self) -> "Jury":
        """The same scene with its rows read in the present context."""

        def rows(model: type[Any], name: str) -> list[Any]:
            return [db.session.get_one(model, one) for one in self.keys[name]]

        programme, organiser = rows(Programme, "programme")[0], rows(User, "organiser")[0]
        competition, found = rows(Competition, "competition")[0], rows(Round, "round")[0]
        people = rows(User, "users"), rows(Juror, "jurors"), rows(Application, "applications")
        return Jury(programme, competition, found, organiser, *people, keys=self.keys, ids=self.ids)

    def remember(self) -> "Jury":
        """Keep keys and ids for other contexts."""
        lists: dict[str, list[Any]] = {
            "programme": [self.programme], "organiser": [self.organiser], "competition": [self.competition],
            "round": [self.round], "users": self.users, "jurors": self.jurors, "applications": self.applications,
        }  # fmt: skip
        self.keys = {name: [one.id for one in found] for name, found in lists.items()}
        self.ids = {"competition": self.competition.public_id, "seat": self.jurors[0].public_id}
        self.ids |= {f"code{place}": one.code or "" for place, one in enumerate(self.applications)}
        return self

    def by(self, number: int) -> Actor:
        """The actor of one juror."""
        return actor_of(self.users[number])

    def manager(self) -> Actor:
        """The organiser's actor."""
        return actor_of(self.organiser)

    def review(self, juror: int, application: int, stage: int = 0) -> Review:
        """The sheet of one juror on one application."""
        found = jury.reviews_between(self.jurors[juror], self.applications[application].id)
        return next(one for one in found if one.stage_id == self.round.stages[stage].id)

    def fill(self, juror: int, application: int, points: int = 7, *, stage: int = 0, at: datetime = SCORED_AT) -> Review:
        """Give the same points for every criterion, with comments where they are due."""
        review = self.review(juror, application, stage)
        found = sheet.sheet_of(review)
        values = {one.key: str(points) for one in found.criteria}
        due = [one.key for one in found.criteria if sheet.facts_of(one).needs_comment(points)]
        values |= {COMMENT + key: "Себебі айқын." for key in due}
        strokes = {name: Stroke(name, value, found.versions.get(name, 0), new_change_id()) for name, value in values.items()}
        sheets.save_sheet(review, strokes, by=self.by(juror), at=at)
        return review

    def sign(self, juror: int, application: int, points: int = 7, *, stage: int = 0, at: datetime = SCORED_AT) -> Review:
        """Fill a sheet and sign it."""
        review = self.fill(juror, application, points, stage=stage, at=at)
        sheets.sign(review, by=self.by(juror), at=at)
        return review

    def sign_all(self, stage: int = 0, *, at: datetime = SCORED_AT) -> None:
        """Sign every open sheet: the first application best."""
        for number in range(len(self.jurors)):
            for place, application in enumerate(self.applications):
                found = jury.reviews_between(self.jurors[number], application.id)
                mine = [one for one in found if one.stage_id == self.round.stages[stage].id]
                if mine and mine[0].state is not ReviewState.RECUSED:
                    self.sign(number, place, 8 - place, stage=stage, at=at)

    def conflict(self, juror: int, application: int, kind: ConflictKind = ConflictKind.MENTOR) -> None:
        """Let a juror declare one conflict."""
        chosen = {self.applications[application].id: (kind, "")}
        assigning.declare_conflicts(self.jurors[juror], conflicts=chosen, by=self.by(juror), at=SCORED_AT)

    def assign_all(self) -> None:
        """Everybody reviews everything."""
        wanted = assigning.everybody(self.round)
        planned = assigning.planned(self.round, wanted)
        assigning.assign(self.round, wanted=wanted, signature=planned.signature, by=self.manager(), at=INVITED_AT)


def make_jury(
    *, jurors: int = 3, applications: int = 3, key: str = "start_app", is_declared: bool = True, is_assigned: bool = True
) -> Jury:
    """The whole scene."""
    programme = factories.programme()
    competition = factories.called(programme, key)
    found = jury.round_of(competition.id)
    assert found is not None
    organiser = factories.user(member_of=programme, role=Role.ORGANISER)
    made = Jury(programme, competition, found, organiser, [], [], [])
    made.applications = [factories.application(competition, number) for number in range(1, applications + 1)]
    for number in range(jurors):
        user = factories.user()
        secret = seats.offer_seat(
            found, user.person, email=user.email, languages=["kk", "ru"], is_chair=number == 0, by=COMMAND, at=INVITED_AT
        )
        juror = seats.accept_seat(secret, by=actor_of(user), at=INVITED_AT)
        made.users.append(user)
        made.jurors.append(juror)
        if is_declared:
            assigning.declare_conflicts(juror, conflicts={}, by=actor_of(user), at=INVITED_AT)
    if is_assigned:
        made.assign_all()
    return made.remember()


def jury_at_work() -> Jury:
    """The scene that most tests begin with."""
    with writing():
        return make_jury()


def scored_in_order(
    competition: Competition, applications: list[Application], *, failing: tuple[Application, ...] = ()
) -> None:
    """One juror signs every sheet of these applications, the first best: no ties, and only `failing` under the marks."""
    found = jury.round_of(competition.id)
    assert found is not None
    account = factories.user()
    seat = Juror(
        programme_id=found.programme_id, round_id=found.id, person_id=account.person_id, email=account.email, languages=["kk"],
        is_chair=True, invited_at=INVITED_AT, answered_at=INVITED_AT, conflicts_declared_at=INVITED_AT,
    )  # fmt: skip
    db.session.add(seat)
    db.session.flush()
    move(seat, JurorState.ACCEPTED, by=actor_of(account), at=INVITED_AT)
    for place, application in enumerate(applications):
        assignment = Assignment(
            programme_id=found.programme_id, juror_id=seat.id, application_id=application.id, assigned_at=INVITED_AT
        )
        db.session.add(assignment)
        db.session.flush()
        for stage in found.stages:
            review = Review(programme_id=found.programme_id, assignment_id=assignment.id, stage_id=stage.id)
            for one in stage.criteria:
                points = 4 if application in failing else one.high - (place if one is stage.criteria[0] else 0)
                review.scores.append(Score(criterion_id=one.id, points=points, comment="Себебі айқын.", saved_at=SCORED_AT))
            db.session.add(review)
            db.session.flush()
            move(review, ReviewState.DRAFT, by=actor_of(account), at=SCORED_AT)
            sheets.sign(review, by=actor_of(account), at=SCORED_AT)


def sign_in(client: Client, user: User, at: datetime = SCORED_AT) -> Client:
    """Let the client hold a session of this account."""
    secret = open_session(db.session.get_one(User, user.id), device="", at=at)
    client.hold_session(secret)
    return client
