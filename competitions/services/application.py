"""The verbs of an applicant: start, submit, withdraw, take the withdrawal back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.access.actor import Actor
from app.core import audit
from app.core.audit import By
from app.core.db import db, use_case
from app.core.events import emit
from app.core.refusals import Refusal, RefusedError, refuse_if
from app.core.transitions import move
from app.people.models import Person
from app.people.queries import same_person_ids, standing_consents
from app.people.services.consents import give_consent, withdraw_consent
from app.people.services.persons import set_identity, set_name
from app.people.states import ConsentKind, PublicName
from competitions.events import ApplicationRestored, ApplicationSubmitted, ApplicationWithdrawn
from competitions.models import Application, ApplicationVersion, Competition, Form
from competitions.notices.application import tell_restored, tell_submitted, tell_withdrawn
from competitions.policy import Obstacle
from competitions.queries.application import (
    Contents,
    applicant_of,
    calendar_of,
    contents,
    is_admitted_somewhere,
    is_sent,
    last_version,
    limits_for,
    locked_competition,
    rules_in_force,
    snapshot,
    standing_application,
    state_before_withdrawal,
    submitted_by_her,
    withdrawal_open_until,
)
from competitions.queries.competition import programme_of
from competitions.queries.form import form_in_force
from competitions.rules.application import ApplicationRefusal
from competitions.rules.eligibility import check_answers
from competitions.rules.readiness import BIRTH_DATE
from competitions.rules.settings import from_json
from competitions.rules.withdrawal import WithdrawalReason
from competitions.services.answer import put_answer
from competitions.services.search import index_applications
from competitions.states import ApplicationState, CompetitionState, Milestone, QuestionKind


@dataclass(frozen=True, slots=True)
class Agreed:
    """One consent as it was asked: the exact words, and for the name how to be named."""

    kind: ConsentKind
    text: str
    value: PublicName | None = None


@dataclass(frozen=True, slots=True)
class Declarations:
    """What she declares when she submits, and in which language she read it."""

    consents: tuple[Agreed, ...]
    language: str
    address: str = ""


@use_case
def start_application(
    competition: Competition, *, by: Actor, eligibility: Mapping[str, bool], language: str, at: datetime
) -> Application:
    """Her application in this competition: the one she has, or a new draft if she may apply and it is open."""
    db.session.refresh(competition, with_for_update={"of": Competition})
    standing = standing_application(competition, by.person_ids)
    if standing is not None:
        return standing
    refuse_if(opening_obstacles(competition, at))
    rules, form = rules_in_force(competition), form_in_force(competition)
    if rules is None or form is None or by.person_id is None:
        raise RefusedError(Refusal(ApplicationRefusal.NO_RULES))
    limits = limits_for(competition, from_json(rules.settings), at, zone=ZoneInfo(programme_of(competition).timezone))
    refuse_if(check_answers(eligibility, limits.eligibility))
    application = Application(
        programme_id=competition.programme_id,
        competition_id=competition.id,
        applicant_id=by.person_id,
        language=language,
        form_id=form.id,
        rules_id=rules.id,
        eligibility=dict(eligibility),
        created_at=at,
        edited_at=at,
    )
    form.locked_at = form.locked_at or at
    db.session.add(application)
    db.session.flush()
    audit.record("start", application, by=by, at=at)
    _fill_in_what_is_known(application, competition, form, by=by, at=at)
    return application


def opening_obstacles(competition: Competition, at: datetime) -> list[Refusal]:
    """Why nobody can start an application now."""
    calendar = calendar_of(competition)
    opens_at, closes_at = calendar.at(Milestone.OPENS), calendar.at(Milestone.CLOSES)
    if competition.state is not CompetitionState.ANNOUNCED or opens_at is None or closes_at is None:
        return [Refusal(Obstacle.COMPETITION_NOT_RUNNING, {"state": competition.state})]
    if at < opens_at:
        return [Refusal(Obstacle.NOT_OPEN_YET, {"instant": opens_at})]
    return [Refusal(Obstacle.APPLICATIONS_CLOSED, {"instant": closes_at})] if at >= closes_at else []


def _fill_in_what_is_known(application: Application, competition: Competition, form: Form, *, by: Actor, at: datetime) -> None:
    """Nobody is asked twice: her name, address and region are written where the form asks for them."""
    person = applicant_of(application)
    known: dict[QuestionKind, Any] = {
        QuestionKind.CONTACT: {"phone": person.phone or "", "email": by.email, "language": application.language},
        QuestionKind.REGION_DISTRICT: {"region": competition.region, "district": person.district},
    }
    if person.family_name:
        known[QuestionKind.PERSON_NAME] = {
            "family": person.family_name,
            "given": person.given_name,
            "patronymic": person.patronymic,
        }
    for question in form.questions:
        if question.kind in known:
            put_answer(application, question, known[question.kind], by=by, at=at)


@use_case
def submit_application(application: Application, *, by: By, at: datetime, declarations: Declarations) -> ApplicationVersion:
    """Submit what stands there now: checked, numbered, kept word for word, and told to her, all or nothing.

    The same again changes nothing: clicked twice, it is submitted once. Whether it is her time to submit was asked at the door.
    """
    competition = locked_competition(application)
    what = contents(application, at)
    last = last_version(application)
    person = applicant_of(application)
    if last is not None and application.state is not ApplicationState.RETURNED and is_sent(what, last):
        refuse_if(_undeclared(declarations))
        _keep_consents(person, competition, declarations, by=by, at=at)
        return last
    refuse_if([*(one.refusal for one in what.missing()), *_undeclared(declarations), *_moved_identity(what, person)])
    refuse_if(_second_of_hers(application, person))
    _keep_person(person, what, by=by, at=at)
    _keep_consents(person, competition, declarations, by=by, at=at)
    made = _version(what, number=last.number + 1 if last else 1, by=by, at=at)
    _move_on(application, competition, made, by=by, at=at)
    db.session.add(made)
    db.session.flush()
    index_applications([application.id])
    tell_submitted(what, made, to=person)
    emit(ApplicationSubmitted(application.id))
    return made


def _move_on(application: Application, competition: Competition, made: ApplicationVersion, *, by: By, at: datetime) -> None:
    """The code is given once, under the lock of the competition; a version over a submitted or admitted one is an amendment."""
    sent: dict[str, Any] = {"version": made.number, "sha256": made.sha256, "applicant": applicant_of(application).public_id}
    if application.code is None:
        competition.last_number += 1
        application.code = f"{competition.code_prefix}-{competition.last_number:03d}"
    application.submitted_at = at
    if application.state in {ApplicationState.DRAFT, ApplicationState.RETURNED}:
        move(application, ApplicationState.SUBMITTED, by=by, at=at, **sent)
    else:
        audit.record("amend", application, by=by, at=at, **sent)


def _version(what: Contents, *, number: int, by: By, at: datetime) -> ApplicationVersion:
    made = snapshot(what)
    return ApplicationVersion(
        application_id=what.application.id,
        number=number,
        content=made.content,
        sealed=made.sealed,
        documents=made.documents,
        sha256=made.sha256,
        submitted_at=at,
        user_id=by.user_id,
    )


def _undeclared(declarations: Declarations) -> list[Refusal]:
    is_given = any(one.kind is ConsentKind.PROCESSING for one in declarations.consents)
    return [] if is_given else [Refusal(ApplicationRefusal.CONSENT_NEEDED, field="processing")]


def _second_of_hers(application: Application, person: Person) -> list[Refusal]:
    """Another application of her own, under any of her records. Of others' nothing is said here: a checker compares them."""
    return [Refusal(ApplicationRefusal.ANOTHER_STANDS)] if submitted_by_her(application, same_person_ids(person)) else []


def _moved_identity(what: Contents, person: Person) -> list[Refusal]:
    """The identity number under which a checker admitted her is not exchanged for another."""
    iin = next((what.values.get(one.key) for one in what.questions if one.kind is QuestionKind.IIN), None)
    if not iin or not person.iin or iin == person.iin or not is_admitted_somewhere(person):
        return []
    return [Refusal(ApplicationRefusal.IDENTITY_CHECKED, {"phone": what.competition.helpline}, field="iin")]


def _keep_consents(person: Person, competition: Competition, declarations: Declarations, *, by: By, at: datetime) -> None:
    """What she ticked is given; what she ticked once and not now is withdrawn."""
    scope = competition.public_id
    standing = standing_consents(same_person_ids(person), scope)
    for one in declarations.consents:
        give_consent(
            person,
            one.kind,
            scope=scope,
            text=one.text,
            language=declarations.language,
            value=one.value,
            address=declarations.address,
            by=by,
            at=at,
        )
    given = {one.kind for one in declarations.consents}
    for kind, consent in standing.items():
        if kind not in given:
            withdraw_consent(consent, by=by, at=at)


def _keep_person(person: Person, what: Contents, *, by: By, at: datetime) -> None:
    """What she says of herself goes to the vault, where checkers and contracts find it."""
    values: dict[QuestionKind, Any] = {one.kind: what.values.get(one.key) or {} for one in what.questions if one.is_private}
    name, contact = values.get(QuestionKind.PERSON_NAME, {}), values.get(QuestionKind.CONTACT, {})
    place = values.get(QuestionKind.REGION_DISTRICT, {})
    if name:
        parts = {"family_name": name["family"], "given_name": name["given"], "patronymic": name.get("patronymic", "")}
        set_name(person, **parts, by=by, at=at)
    born = next((what.values.get(one.key) for one in what.questions if one.key == BIRTH_DATE), None)
    set_identity(
        person,
        iin=values.get(QuestionKind.IIN) or None,
        born_on=date.fromisoformat(born) if born else None,
        phone=contact.get("phone") or None,
        by=by,
        at=at,
    )
    person.language = contact.get("language") or person.language
    person.region, person.district = place.get("region") or person.region, place.get("district") or person.district
    db.session.flush()


@use_case
def withdraw_application(application: Application, *, reason: WithdrawalReason, by: By, at: datetime) -> None:
    """Take the application out of the competition; within 72 hours this can be taken back."""
    move(application, ApplicationState.WITHDRAWN, by=by, at=at, reason=reason)
    tell_withdrawn(application, to=applicant_of(application), at=at)
    emit(ApplicationWithdrawn(application.id))


@use_case
def undo_withdrawal(application: Application, *, by: Actor, at: datetime) -> None:
    """Put a withdrawn application back to where it stood: a returned one keeps its term, an admitted one stays admitted."""
    if application.state is ApplicationState.WITHDRAWN and withdrawal_open_until(application, at) is None:
        raise RefusedError(Refusal(ApplicationRefusal.UNDO_TOO_LATE))
    competition = locked_competition(application)
    standing = standing_application(competition, by.person_ids)
    if standing is not None and standing.id != application.id:
        raise RefusedError(Refusal(ApplicationRefusal.ANOTHER_STANDS))
    move(application, state_before_withdrawal(application), by=by, at=at, verb="undo_withdraw")
    tell_restored(application, to=applicant_of(application), at=at)
    emit(ApplicationRestored(application.id))
