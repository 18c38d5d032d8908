"""Every SELECT of the checking desk: the list of applications, one application as submitted, what was decided of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, literal, select, tuple_
from sqlalchemy.orm import joinedload

from app.access.actor import Actor
from app.access.door import visible_to
from app.core import audit
from app.core.db import db, in_kazakh_order
from app.core.tables import Page, paged
from app.people.models import Person
from app.people.queries import same_person_ids
from app.programmes.queries import names_of
from competitions.labels.check import VERBS
from competitions.models import Answer, Application, ApplicationVersion, Check, Competition, Document, Question
from competitions.policy import Permission
from competitions.queries.access import present
from competitions.queries.application import Contents, contents, last_version, value_of
from competitions.queries.form import asked_of
from competitions.queries.search import found
from competitions.rules.answers import PROSE_KINDS, Asked, is_empty
from competitions.rules.budget import lines, suspicious_items, totals
from competitions.rules.checking import Hint, HintFacts, Order, hints
from competitions.rules.conditions import answerable
from competitions.rules.query_text import WHOLE, Query
from competitions.states import ApplicationState, QuestionKind

LISTED_ANSWERS = ("title", "amount", "place")


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """One line of the list; of a draft only how far it is."""

    application: Application
    title: str
    name: str
    place: str
    amount: int | None
    answered_count: int
    asked_count: int


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision on an application, with the name of who made it."""

    check: Check
    reasons: tuple[Mapping[str, Any], ...]
    by: str


@dataclass(frozen=True, slots=True)
class Act:
    """One line of the history."""

    at: datetime
    text: Any
    by: str


@dataclass(frozen=True, slots=True)
class Inspection:
    """One application as it was last submitted, with all a checker needs."""

    contents: Contents
    version: ApplicationVersion
    applicant: Person
    hints: tuple[tuple[Hint, Mapping[str, Any]], ...]
    decisions: tuple[Decided, ...]
    history: tuple[Act, ...]


def listed(
    actor: Actor,
    competition: Competition,
    *,
    state: ApplicationState | None,
    query: Query,
    order: Order,
    number: int,
    total: int | None = None,
) -> Page[ApplicationRow]:
    """One page of the competition's applications, in as many queries however many; `total` if it is counted already."""
    wanted = _found(actor, competition, query)
    if state is not None:
        wanted = wanted.where(Application.state == state)
    page = paged(wanted.order_by(*_order(order), Application.id), number=number, total=total)
    return Page(_rows(page.items), page.number, page.pages, page.total)


def exported(
    actor: Actor, competition: Competition, *, state: ApplicationState | None = None, query: Query = WHOLE
) -> list[ApplicationRow]:
    """The submitted applications of a list that the actor may export, by code."""
    wanted = found(actor, competition, query, may=Permission.APPLICATION_EXPORT)
    if state is not None:
        wanted = wanted.where(Application.state == state)
    wanted = wanted.options(joinedload(Application.applicant)).order_by(func.length(Application.code), Application.code)
    return _rows(db.session.scalars(wanted).all())


def listed_counts(actor: Actor, competition: Competition, query: Query) -> dict[ApplicationState, int]:
    """How many applications the search finds in each state."""
    found_ones = found(actor, competition, query, may=Permission.APPLICATION_LIST).with_only_columns(
        Application.state, func.count()
    )
    return {row[0]: row[1] for row in db.session.execute(found_ones.group_by(Application.state))}


def _found(actor: Actor, competition: Competition, query: Query) -> Select[Any]:
    wanted = found(actor, competition, query, may=Permission.APPLICATION_LIST)
    return wanted.join(Application.applicant).options(joinedload(Application.applicant))


def _order(order: Order) -> tuple[Any, ...]:
    if order is Order.NAME:
        # Drafts have no name here, so they stand apart, in the order in which they were begun.
        is_draft = Application.state == ApplicationState.DRAFT
        names = (case((is_draft, ""), else_=name) for name in (Person.family_name, Person.given_name))
        return (is_draft, *in_kazakh_order(*names))
    if order is Order.WAITING:
        return (Application.state != ApplicationState.SUBMITTED, Application.submitted_at, func.length(Application.code))
    if order is Order.NEWEST:
        return (Application.edited_at.desc(),)
    return (Application.code.is_(None), func.length(Application.code), Application.code)


def _rows(ones: Sequence[Application]) -> list[ApplicationRow]:
    answers = _shown_values(ones)
    wanted = select(Question).where(Question.form_id.in_({one.form_id for one in ones})).order_by(Question.position)
    forms: dict[int, list[Asked]] = {}
    for question in db.session.scalars(wanted):
        forms.setdefault(question.form_id, []).append(asked_of(question))
    return [_row(one, answers.get(one.id, {}), forms.get(one.form_id, [])) for one in ones]


def _shown_values(ones: Sequence[Application]) -> dict[int, dict[str, Any]]:
    """The words last submitted; of a draft what stands in it, which only counts how far it is."""
    drafts = [one.id for one in ones if one.state is ApplicationState.DRAFT]
    values: dict[int, dict[str, Any]] = {}
    for answer in db.session.scalars(select(Answer).where(Answer.application_id.in_(drafts))):
        values.setdefault(answer.application_id, {})[answer.question_key] = value_of(answer)
    submitted = (
        select(ApplicationVersion)
        .where(ApplicationVersion.application_id.in_([one.id for one in ones if one.id not in values]))
        .order_by(ApplicationVersion.number)
    )
    for version in db.session.scalars(submitted):
        values[version.application_id] = {**version.content, **json.loads(version.sealed)}
    return values


def _row(application: Application, answers: Mapping[str, Any], form: Sequence[Asked]) -> ApplicationRow:
    due = answerable(form, answers)
    required = [one.key for one in form if one.is_required and one.key in due]
    is_draft = application.state is ApplicationState.DRAFT
    shown = {} if is_draft else {key: answers.get(key) for key in LISTED_ANSWERS}
    amount = shown.get("amount")
    return ApplicationRow(
        application=application,
        title=str(shown.get("title") or ""),
        name="" if is_draft else application.applicant.full_name,
        place=str(shown.get("place") or ""),
        amount=amount if isinstance(amount, int) else None,
        answered_count=sum(not is_empty(answers.get(key)) for key in required),
        asked_count=len(required),
    )


def inspection(application: Application, at: datetime) -> Inspection | None:
    """The application as it was last submitted; None while nothing was."""
    version = last_version(application)
    if version is None:
        return None
    what = as_submitted(contents(application, at), version)
    applicant = db.session.scalars(select(Person).where(Person.id == application.applicant_id)).one()
    checks = db.session.scalars(select(Check).where(Check.application_id == application.id).order_by(Check.id.desc())).all()
    entries = audit.history(application)
    names = names_of([*(one.user_id for one in checks), *(one.user_id for one in entries)])
    return Inspection(
        contents=what,
        version=version,
        applicant=applicant,
        hints=tuple(hints(_hint_facts(what, applicant, version))),
        decisions=tuple(Decided(one, tuple(json.loads(one.reasons)), names.get(one.user_id, "")) for one in checks),
        history=tuple(Act(one.at, VERBS.get(one.verb, one.verb), names.get(one.user_id or 0, "")) for one in reversed(entries)),
    )


def inspected_of(person: Person, actor: Actor) -> list[Contents]:
    """What a person has submitted, as far as the actor may read it, the latest first."""
    wanted = visible_to(actor, Application, Permission.APPLICATION_INSPECT).where(
        Application.applicant_id.in_(sorted(same_person_ids(person)))
    )
    found = db.session.scalars(wanted.order_by(Application.id.desc())).all()
    return [as_submitted(contents(one, present()), version) for one in found if (version := last_version(one)) is not None]


def as_submitted(what: Contents, version: ApplicationVersion) -> Contents:
    """The contents with the words and files of one version, whatever was written since."""
    ids = [one["public_id"] for one in version.documents]
    wanted = select(Document).where(Document.application_id == version.application_id, Document.public_id.in_(ids))
    documents = tuple(db.session.scalars(wanted.order_by(Document.id)))
    return replace(what, values={**version.content, **json.loads(version.sealed)}, documents=documents)


def project_text(what: Contents) -> str:
    """The words of the project part, which the jury reads."""
    texts = (str(what.values.get(one.key) or "") for one in what.questions if not one.is_private and one.kind in PROSE_KINDS)
    return "\n".join(texts)


def _hint_facts(what: Contents, applicant: Person, version: ApplicationVersion) -> HintFacts:
    kinds = {question.kind: question.key for question in what.questions}
    budget = lines(what.values.get(kinds.get(QuestionKind.BUDGET, ""), []))
    amount = what.values.get("amount")
    counts = what.document_counts()
    return HintFacts(
        is_unchanged=_says_what_stood(version),
        born_on=applicant.born_on,
        iin=applicant.iin,
        family_name=applicant.family_name,
        phone=applicant.phone,
        project_text=project_text(what),
        forbidden_items=tuple(suspicious_items(what.values.get(kinds.get(QuestionKind.BUDGET, ""), []), what.limits.budget)),
        other_codes=_same_person_codes(what.application, applicant),
        quote_count=counts.get("quotes", 0),
        dearest=max((one.price or 0 for one in budget), default=0),
        quote_from=what.settings.quote_threshold,
        has_status_proof=counts.get("status_proof", 0) > 0,
        amount=amount if isinstance(amount, int) else None,
        granted=totals(budget).grant if budget else None,
        limits=what.limits.eligibility,
    )


def _says_what_stood(version: ApplicationVersion) -> bool:
    """Whether a version is word for word the one before it."""
    before = select(ApplicationVersion).where(
        ApplicationVersion.application_id == version.application_id, ApplicationVersion.number == version.number - 1
    )
    found = db.session.scalars(before).one_or_none()
    return found is not None and (found.sha256, found.sealed) == (version.sha256, version.sealed)


def _same_person_codes(application: Application, applicant: Person) -> tuple[str, ...]:
    """Codes of other applications in this competition whose applicant has the same identity number."""
    if not applicant.iin_index:
        return ()
    wanted = (
        select(Application.code)
        .join(Person, Person.id == Application.applicant_id)
        .where(
            Application.competition_id == application.competition_id,
            Application.id != application.id,
            Application.code.is_not(None),
            Person.iin_index == applicant.iin_index,
        )
    )
    return tuple(sorted(code for code in db.session.scalars(wanted) if code))


def submitted_document(application: Application, public_id: str) -> Document | None:
    """A file that some submitted version names."""
    version_documents = db.session.scalars(
        select(ApplicationVersion.documents).where(ApplicationVersion.application_id == application.id)
    )
    if public_id not in {one["public_id"] for documents in version_documents for one in documents}:
        return None
    return db.session.scalar(select(Document).where(Document.application_id == application.id, Document.public_id == public_id))


def neighbours(actor: Actor, application: Application) -> tuple[Application | None, Application | None]:
    """The applications before and after this one among those that wait for a check, by code."""
    wanted: Select[Any] = visible_to(actor, Application, Permission.APPLICATION_INSPECT).where(
        Application.competition_id == application.competition_id, Application.state == ApplicationState.SUBMITTED
    )
    place = tuple_(func.length(Application.code), Application.code)
    here = tuple_(literal(len(application.code or "")), literal(application.code or ""))
    length, code = func.length(Application.code), Application.code
    before = db.session.scalar(wanted.where(place < here).order_by(length.desc(), code.desc()).limit(1))
    after = db.session.scalar(wanted.where(place > here).order_by(length, code).limit(1))
    return before, after


def check_by_id(check_id: int) -> Check | None:
    """One decision, for the letter about it."""
    return db.session.get(Check, check_id)


def competition_of(application: Application) -> Competition:
    """The competition of an application."""
    return db.session.get_one(Competition, application.competition_id)
