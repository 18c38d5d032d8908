"""Every SELECT over applications: contents, history, versions, documents; rows of the applicant's own pages."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from app.access.actor import Actor
from app.access.door import visible_to
from app.core import audit
from app.core.db import db, is_writing
from app.people.models import Person
from app.people.queries import same_person_ids
from app.programmes.models import Programme
from competitions.models import (
    Answer,
    AnswerChange,
    Application,
    ApplicationVersion,
    Check,
    Competition,
    Document,
    Question,
    Rules,
)
from competitions.policy import Permission
from competitions.queries.form import Group, asked_of, groups_of
from competitions.rules.answers import Asked, is_empty
from competitions.rules.calendar import Calendar
from competitions.rules.checking import known_state
from competitions.rules.conditions import answerable, screen_keys
from competitions.rules.readiness import Limits, Missing, limits_of, missing
from competitions.rules.settings import RulesSettings, from_json
from competitions.rules.version import canonical, fingerprint
from competitions.states import ApplicationState, CheckOutcome, CompetitionState, Milestone, RulesState

UNDO_WITHDRAWAL = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Contents:
    """All that stands in one application now, with what the rules demand of it."""

    application: Application
    competition: Competition
    settings: RulesSettings
    calendar: Calendar
    limits: Limits
    groups: tuple[Group, ...]
    values: Mapping[str, Any]
    versions: Mapping[str, int]
    saved_at: datetime
    documents: tuple[Document, ...]
    known_state: ApplicationState

    @property
    def asked(self) -> tuple[Asked, ...]:
        """All questions of the form as the rules need them."""
        return tuple(map(asked_of, self.application.form.questions))

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions that the answers leave to be answered, in the order of the form."""
        due = answerable(self.asked, self.values)
        return tuple(question for group in self.groups for question in group.questions if question.key in due)

    @property
    def screens(self) -> tuple[Group, ...]:
        """The groups with what stands on their screens; one that asks nothing is no screen."""
        shown = screen_keys(self.asked, self.values)
        kept = (replace(one, questions=tuple(each for each in one.questions if each.key in shown)) for one in self.groups)
        return tuple(one for one in kept if one.questions)

    def document_counts(self) -> dict[str, int]:
        """How many files each question has."""
        counts: dict[str, int] = {}
        for document in self.documents:
            counts[document.question_key] = counts.get(document.question_key, 0) + 1
        return counts

    def missing(self) -> list[Missing]:
        """What still stands between these answers and submitting them."""
        return missing(self.asked, self.values, self.document_counts(), self.limits)


def calendar_of(competition: Competition) -> Calendar:
    """The calendar of a competition as a value."""
    return Calendar({one.milestone: one.at for one in competition.dates})


def closes_at(competition: Competition) -> datetime | None:
    """When applications close."""
    return calendar_of(competition).at(Milestone.CLOSES)


def limits_for(competition: Competition, settings: RulesSettings, at: datetime, *, zone: tzinfo) -> Limits:
    """What the rules demand, counted by the days of the programme's zone."""
    last = closes_at(competition) or at
    return limits_of(settings, closes_on=last.astimezone(zone).date(), today=at.astimezone(zone).date())


def contents(application: Application, at: datetime) -> Contents:
    """All that stands in the application, in a fixed number of queries."""
    wanted = (
        select(Application)
        .where(Application.id == application.id)
        .options(
            joinedload(Application.competition).joinedload(Competition.programme).joinedload(Programme.organisation),
            joinedload(Application.form),
            joinedload(Application.rules),
        )
    )
    one = db.session.scalars(wanted).one()
    answers = db.session.scalars(select(Answer).where(Answer.application_id == one.id)).all()
    settings = from_json(one.rules.settings)
    return Contents(
        application=one,
        competition=one.competition,
        settings=settings,
        calendar=calendar_of(one.competition),
        limits=limits_for(one.competition, settings, at, zone=ZoneInfo(one.competition.programme.timezone)),
        groups=groups_of(one.form),
        values={answer.question_key: value_of(answer) for answer in answers},
        versions={answer.question_key: answer.version for answer in answers},
        saved_at=max((answer.saved_at for answer in answers), default=one.edited_at),
        documents=tuple(documents_of(one)),
        known_state=known_states([one], at)[one.id],
    )


def value_of(kept: Answer | AnswerChange) -> Any:
    """What was answered; private answers are opened."""
    return json.loads(kept.sealed) if kept.sealed is not None else kept.value


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What would be submitted now: the project part, the sealed private part, the files, and the fingerprint."""

    content: dict[str, Any]
    sealed: str
    documents: list[Any]
    sha256: str


def snapshot(what: Contents) -> Snapshot:
    """The answers and files as a version keeps them."""
    answered = [(one, what.values[one.key]) for one in what.questions if not is_empty(what.values.get(one.key))]
    content = {one.key: value for one, value in answered if not one.is_private}
    names = ("public_id", "question_key", "sha256", "size", "extension")
    due = {one.key for one in what.questions}
    documents = [{name: getattr(one, name) for name in names} for one in what.documents if one.question_key in due]
    sealed = canonical({one.key: value for one, value in answered if one.is_private})
    return Snapshot(content, sealed, documents, fingerprint(content, documents))


def is_sent(what: Contents, last: ApplicationVersion) -> bool:
    """Whether what stands there now is what was submitted last."""
    now = snapshot(what)
    return (now.sha256, now.sealed) == (last.sha256, last.sealed)


def titles_of(applications: Iterable[Application]) -> dict[int, str]:
    """The names of the projects, by application: as last submitted, and of what never was, as they stand."""
    ids = [one.id for one in applications]
    written = select(Answer.application_id, Answer.value).where(Answer.application_id.in_(ids), Answer.question_key == "title")
    sent = select(ApplicationVersion.application_id, ApplicationVersion.content["title"].as_string())
    sent = sent.where(ApplicationVersion.application_id.in_(ids)).order_by(ApplicationVersion.number)
    return {key: str(title or "") for wanted in (written, sent) for key, title in db.session.execute(wanted)}


def documents_of(application: Application) -> Sequence[Document]:
    """The files of an application, oldest first."""
    wanted = select(Document).where(Document.application_id == application.id, Document.removed_at.is_(None))
    return db.session.scalars(wanted.order_by(Document.id)).all()


def own_document(application: Application, public_id: str) -> Document | None:
    """One file of an application."""
    wanted = select(Document).where(Document.application_id == application.id, Document.public_id == public_id)
    return db.session.scalar(wanted.where(Document.removed_at.is_(None)))


def all_sizes(application: Application) -> tuple[int, int]:
    """How many files an application has, and their bytes."""
    wanted = select(func.count(), func.coalesce(func.sum(Document.size), 0)).where(
        Document.application_id == application.id, Document.removed_at.is_(None)
    )
    count, size = db.session.execute(wanted).one()
    return int(count), int(size)


def kept_bytes(application: Application) -> int:
    """The bytes of all files of its applicant, in every application and version."""
    wanted = select(func.coalesce(func.sum(Document.size), 0)).join(Application, Application.id == Document.application_id)
    return int(db.session.scalar(wanted.where(Application.applicant_id == application.applicant_id)) or 0)


# --- Answers and their history ------------------------------------------------------------------------------------------


def answer_to(application: Application, key: str) -> Answer | None:
    """The present answer to one question, as the database has it now."""
    wanted = select(Answer).where(Answer.application_id == application.id, Answer.question_key == key)
    return db.session.scalar(wanted.execution_options(populate_existing=True))


# --- Applications -------------------------------------------------------------------------------------------------------


def own_applications(actor: Actor) -> Sequence[Application]:
    """The actor's applications with their competitions, the latest first."""
    wanted = (
        visible_to(actor, Application, Permission.APPLICATION_SAVE)
        .options(joinedload(Application.competition).joinedload(Competition.programme))
        .order_by(Application.created_at.desc(), Application.id.desc())
    )
    return db.session.scalars(wanted).all()


def standing_application(competition: Competition, person_ids: Iterable[int]) -> Application | None:
    """The one application a human being has in a competition, unless withdrawn."""
    wanted = select(Application).where(
        Application.competition_id == competition.id,
        Application.applicant_id.in_(sorted(person_ids)),
        Application.state != ApplicationState.WITHDRAWN,
    )
    return db.session.scalar(wanted.order_by(Application.id).limit(1))


def submitted_by_her(application: Application, person_ids: Iterable[int]) -> bool:
    """Whether another application of the same human being was submitted in the same competition."""
    wanted = select(Application.id).where(
        Application.competition_id == application.competition_id,
        Application.id != application.id,
        Application.state.not_in((ApplicationState.WITHDRAWN, ApplicationState.DRAFT)),
        Application.applicant_id.in_(sorted(person_ids)),
    )
    return db.session.scalar(wanted.limit(1)) is not None


def is_admitted_somewhere(person: Person) -> bool:
    """Whether a checker has admitted an application under this record."""
    wanted = select(Application.id).where(Application.applicant_id == person.id, Application.state == ApplicationState.ADMITTED)
    return db.session.scalar(wanted.limit(1)) is not None


def admitted_twin(application: Application) -> str | None:
    """The code of an admitted application in the same competition whose applicant has the same identity number."""
    applicant = applicant_of(application)
    hers = Application.applicant_id.in_(sorted(same_person_ids(applicant)))
    same = or_(hers, Person.iin_index == applicant.iin_index) if applicant.iin_index else hers
    wanted = (
        select(Application.code)
        .join(Person, Person.id == Application.applicant_id)
        .where(
            Application.competition_id == application.competition_id,
            Application.id != application.id,
            Application.state == ApplicationState.ADMITTED,
            same,
        )
    )
    return db.session.scalar(wanted.order_by(Application.code).limit(1))


def lock_competition(competition: Competition) -> None:
    """Wait until nobody else holds this competition."""
    db.session.execute(select(Competition.id).where(Competition.id == competition.id).with_for_update())


def lock_for_deciding(public_id: str) -> None:
    """Lock the competition of an application before the application itself, as an act on many of them does.

    Where one locks first what the other locks last, each waits for the other until the database ends one of them.
    """
    if not is_writing():
        return
    owner = select(Application.competition_id).where(Application.public_id == public_id).scalar_subquery()
    db.session.execute(select(Competition.id).where(Competition.id == owner).with_for_update())


def locked_competition(application: Application) -> Competition:
    """The competition of an application, locked: its row is what gives out numbers."""
    wanted = select(Competition).where(Competition.id == application.competition_id).with_for_update()
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one()


def applicant_of(application: Application) -> Person:
    """The person who applies."""
    return db.session.scalars(select(Person).where(Person.id == application.applicant_id)).one()


def versions_of(application: Application) -> Sequence[ApplicationVersion]:
    """All that was submitted, first to last."""
    wanted = select(ApplicationVersion).where(ApplicationVersion.application_id == application.id)
    return db.session.scalars(wanted.order_by(ApplicationVersion.number)).all()


def last_version(application: Application) -> ApplicationVersion | None:
    """What was submitted last."""
    wanted = select(ApplicationVersion).where(ApplicationVersion.application_id == application.id)
    return db.session.scalar(wanted.order_by(ApplicationVersion.number.desc()).limit(1))


def return_terms(applications: Iterable[Application]) -> dict[int, datetime]:
    """Until when each returned application may be completed: the term of its last standing return."""
    standing = (
        select(func.max(Check.id))
        .join(Application, Application.id == Check.application_id)
        .where(
            Check.application_id.in_([one.id for one in applications]),
            Check.outcome == CheckOutcome.RETURNED,
            Check.undone_at.is_(None),
            Application.state == ApplicationState.RETURNED,
        )
        .group_by(Check.application_id)
    )
    wanted = select(Check.application_id, Check.due_at).where(Check.id.in_(standing))
    return {application_id: due_at for application_id, due_at in db.session.execute(wanted) if due_at is not None}


def known_states(applications: Iterable[Application], at: datetime) -> dict[int, ApplicationState]:
    """Each application's state as its applicant knows it."""
    found = list(applications)
    wanted = (
        select(Check.application_id, func.max(Check.at))
        .where(Check.application_id.in_([one.id for one in found]), Check.undone_at.is_(None))
        .group_by(Check.application_id)
    )
    decided = {row[0]: row[1] for row in db.session.execute(wanted)}
    return {one.id: known_state(one.state, decided.get(one.id), at=at) for one in found}


def standing_return(application: Application) -> Check | None:
    """The return that the applicant must answer now."""
    wanted = select(Check).where(Check.application_id == application.id, Check.undone_at.is_(None))
    found = db.session.scalar(wanted.order_by(Check.id.desc()).limit(1))
    is_standing = found is not None and found.outcome is CheckOutcome.RETURNED
    return found if is_standing and application.state is ApplicationState.RETURNED else None


def last_check(application: Application) -> Check | None:
    """The latest decision of a checker that was not undone."""
    wanted = select(Check).where(Check.application_id == application.id, Check.undone_at.is_(None))
    return db.session.scalar(wanted.order_by(Check.id.desc()).limit(1))


def reasons_of(check: Check | None) -> list[dict[str, Any]]:
    """The reasons of a check: each with the question it is about, or none, and the text."""
    return list(json.loads(check.reasons)) if check is not None else []


def last_withdrawal(application: Application) -> audit.AuditEntry | None:
    """The act by which the application was last withdrawn."""
    found = [entry for entry in audit.history(application) if entry.verb == "withdraw"]
    return found[-1] if found else None


def withdrawal_final_at(competition: Competition, withdrawn_at: datetime) -> datetime:
    """When a withdrawal cannot be undone any more: after 72 hours, and not once the jury has begun."""
    begins_at = calendar_of(competition).judging_begins_at
    last = withdrawn_at + UNDO_WITHDRAWAL
    return last if begins_at is None else min(last, begins_at)


def withdrawal_open_until(application: Application, at: datetime) -> datetime | None:
    """Until when its withdrawal can be undone; None where it cannot."""
    done = last_withdrawal(application) if application.state is ApplicationState.WITHDRAWN else None
    if done is None:
        return None
    competition = db.session.get_one(Competition, application.competition_id)
    until = withdrawal_final_at(competition, done.at)
    return until if competition.state is CompetitionState.ANNOUNCED and at < until else None


def state_before_withdrawal(application: Application) -> ApplicationState:
    """Where a withdrawn application stood; a checker looks again where that identity number was admitted since."""
    done = last_withdrawal(application)
    before = ApplicationState(done.details["source"]) if done is not None else ApplicationState.SUBMITTED
    is_taken = before is ApplicationState.ADMITTED and admitted_twin(application) is not None
    return ApplicationState.SUBMITTED if is_taken else before


# --- Competitions, as an applicant needs them ---------------------------------------------------------------------------


def rules_in_force(competition: Competition) -> Rules | None:
    """The approved rules."""
    wanted = select(Rules).where(Rules.competition_id == competition.id, Rules.state == RulesState.APPROVED)
    return db.session.scalar(wanted)
