"""A query as SQL, under the rights of who asks; and what is found by it, out of what was submitted."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import ColumnElement, Select, and_, false, func, not_, or_, select, true
from sqlalchemy.orm import joinedload

from app.access.actor import Actor
from app.access.door import visible_to
from app.core.columns import blind_index
from app.core.db import db
from app.core.refusals import Refusal, RefusedError
from app.modules import Mark
from competitions.models import Application, ApplicationVersion, Competition, Document, SavedView, SearchEntry, SearchWord
from competitions.policy import CompetitionFacts, Permission, grants_competition
from competitions.queries.application import calendar_of
from competitions.queries.competition import programme_of
from competitions.rules.answers import calendar_date
from competitions.rules.eligibility import age_on
from competitions.rules.query import (
    EVERYTHING,
    LIST,
    PERSON,
    PROJECT,
    All,
    Asked,
    Between,
    Field,
    Flag,
    Node,
    Not,
    OneOf,
    Scope,
    Some,
    Word,
    scopes,
)
from competitions.rules.query_text import Query, QueryRefusal, read_query
from competitions.rules.query_words import FlagWords
from competitions.rules.readiness import BIRTH_DATE
from competitions.rules.stems import stems_of
from competitions.states import QuestionKind

SLOT = "application"
OLDEST = 120
# What must be open to whoever asks, by what the query looks into.
OPENING: Mapping[Scope, Permission] = {
    LIST: Permission.APPLICATION_LIST,
    PROJECT: Permission.APPLICATION_INSPECT,
    PERSON: Permission.APPLICATION_CONTACT,
}
# The first character after all others: no stem that begins with a text comes after the text followed by it.
LAST = "\U0010ffff"


def marks() -> list[Mark]:
    """All marks on applications that some module puts there."""
    registry = current_app.extensions["baiqau"]
    found: list[Mark] = registry.marks(SLOT)
    return found


def asked_query(text: str) -> Query:
    """What somebody typed, with the marks of all modules; raises RefusedError that names the word."""
    return read_query(text, [FlagWords(one.name, one.words) for one in marks()])


def found(actor: Actor, competition: Competition, query: Query, *, may: Permission) -> Select[Any]:
    """The applications of a competition that answer the query and on which the actor may do `may`.

    Each thing the query looks into must be open to her on each application: what she may not see neither hides nor shows one.
    """
    wanted: Select[Any] = visible_to(actor, Application, may).where(Application.competition_id == competition.id)
    for permission in sorted(_needed(actor, competition, query)):
        if permission is not may:
            allowed = visible_to(actor, Application, permission).whereclause
            wanted = wanted.where(allowed if allowed is not None else false())
    if query.node == EVERYTHING:
        return wanted
    return wanted.where(_Condition(ZoneInfo(programme_of(competition).timezone)).of(query.node))


def _needed(actor: Actor, competition: Competition, query: Query) -> set[Permission]:
    """What the query needs on every application; refused at the first part that is closed to her in this competition."""
    facts = CompetitionFacts(competition.programme_id, competition.state, is_applicant=False)
    needed = {Permission.APPLICATION_LIST}
    for piece in query.pieces:
        asked = {OPENING[one] for one in scopes([piece.node])}
        if not all(grants_competition(one, actor, facts) for one in asked):
            place = {"word": query.text[piece.start : piece.end], "start": piece.start, "end": piece.end}
            raise RefusedError(Refusal(QueryRefusal.NOT_OPEN, place))
        needed |= asked
    return needed


@dataclass(frozen=True, slots=True)
class _Condition:
    """A query as a condition on applications. None of its parts is ever unknown, so that "not" means not."""

    zone: tzinfo

    def of(self, node: Node) -> ColumnElement[bool]:
        match node:
            case All(parts):
                return and_(true(), *(self.of(one) for one in parts))
            case Some(parts):
                return or_(false(), *(self.of(one) for one in parts))
            case Not(inner):
                return not_(self.of(inner))
            case Word():
                return _has_word(node)
            case OneOf(field, values):
                return _is_one_of(field, values)
            case Between():
                return self._is_between(node)
            case Flag(name):
                return next(one.holds() for one in marks() if one.name == name)

    def _is_between(self, node: Between) -> ColumnElement[bool]:
        if node.field is Field.AGE:
            low, high = (node.low if isinstance(node.low, int) else 0), (node.high if isinstance(node.high, int) else OLDEST)
            ages = range(max(low, 0), min(high, OLDEST) + 1)
            return _entries(SearchEntry.age_index.in_([age_index(one) for one in ages]))
        if node.field is Field.SUM:
            bounds = [SearchEntry.amount >= node.low] if node.low is not None else []
            bounds += [SearchEntry.amount <= node.high] if node.high is not None else []
            return _entries(SearchEntry.amount.is_not(None), *bounds)
        sent = [Application.submitted_at >= self._begins(node.low)] if isinstance(node.low, date) else []
        sent += [Application.submitted_at < self._begins(node.high, 1)] if isinstance(node.high, date) else []
        return and_(Application.submitted_at.is_not(None), *(func.coalesce(one, false()) for one in sent))

    def _begins(self, day: date, later: int = 0) -> datetime:
        return datetime.combine(day + timedelta(days=later), time(), self.zone)


def _entries(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    is_among: ColumnElement[bool] = Application.id.in_(select(SearchEntry.application_id).where(*conditions))
    return is_among


def _is_one_of(field: Field, values: Iterable[str]) -> ColumnElement[bool]:
    wanted = sorted(values)
    if field is Field.REGION:
        return _entries(SearchEntry.region.in_(wanted))
    of: Any = Application.state if field is Field.STATUS else Application.language
    is_among: ColumnElement[bool] = of.in_(wanted)
    return is_among


def _has_word(word: Word) -> ColumnElement[bool]:
    stem = SearchWord.stem
    is_meant = or_(stem.in_(sorted(word.stems)), *(and_(stem >= one, stem < one + LAST) for one in sorted(word.beginnings)))
    wanted = select(SearchWord.application_id).where(is_meant)
    if word.field is not None:
        wanted = wanted.where(SearchWord.is_name == (word.field is Field.NAME))
    is_among: ColumnElement[bool] = Application.id.in_(wanted)
    return is_among


def age_index(age: int) -> str:
    """By which an age is found without being readable."""
    return blind_index("competitions_search_entries.age", str(age))


def index_of(one: Asked) -> str | None:
    """The index of the applicant's age, where it is known."""
    return age_index(one.age) if one.age is not None else None


Kept = tuple[int | None, str | None, str | None, frozenset[str], frozenset[str]]


def kept_rows(application_ids: Sequence[int]) -> dict[int, Kept]:
    """What is kept for finding these: sum, region, index of the age, words of the project, words of the name."""
    stems: dict[tuple[int, bool], set[str]] = {}
    words = select(SearchWord.application_id, SearchWord.is_name, SearchWord.stem)
    for application_id, is_name, stem in db.session.execute(words.where(SearchWord.application_id.in_(application_ids))):
        stems.setdefault((application_id, is_name), set()).add(stem)
    entries = select(SearchEntry).where(SearchEntry.application_id.in_(application_ids))
    return {
        one.application_id: (
            one.amount,
            one.region,
            one.age_index,
            frozenset(stems.get((one.application_id, False), ())),
            frozenset(stems.get((one.application_id, True), ())),
        )
        for one in db.session.scalars(entries.execution_options(populate_existing=True))
    }


# --- Kept queries -------------------------------------------------------------------------------------------------------


def views_for(actor: Actor, competition: Competition) -> Sequence[SavedView]:
    """Her own kept queries in the programme of a competition, and those that others share there; by name.

    A shared one may name an applicant of any competition there: only who may list all of them sees it.
    """
    listed = visible_to(actor, Competition, Permission.APPLICATION_LIST).with_only_columns(Competition.id)
    of_programme = select(Competition.id).where(Competition.programme_id == competition.programme_id)
    shared = and_(SavedView.is_shared, not_(of_programme.where(Competition.id.not_in(listed)).exists()))
    wanted = select(SavedView).where(
        SavedView.programme_id == competition.programme_id, or_(SavedView.user_id == actor.user_id, shared)
    )
    return db.session.scalars(wanted.order_by(SavedView.name, SavedView.id)).all()


def own_view(actor: Actor, competition: Competition, public_id: str) -> SavedView | None:
    """One of her own kept queries."""
    wanted = select(SavedView).where(SavedView.programme_id == competition.programme_id, SavedView.public_id == public_id)
    return db.session.scalar(wanted.where(SavedView.user_id == actor.user_id))


def own_views(actor: Actor, programme_id: int) -> dict[str, SavedView]:
    """Her own kept queries in a programme, by name."""
    wanted = select(SavedView).where(SavedView.programme_id == programme_id, SavedView.user_id == actor.user_id)
    return {one.name: one for one in db.session.scalars(wanted)}


# --- What is found ------------------------------------------------------------------------------------------------------


def submitted_of(person_id: int) -> list[int]:
    """All applications that a person has submitted."""
    return _submitted(Application.applicant_id == person_id)


def submitted_in(competition_id: int) -> list[int]:
    """All applications that were submitted in a competition."""
    return _submitted(Application.competition_id == competition_id)


def all_submitted() -> list[int]:
    """All applications that were ever submitted."""
    return _submitted(true())


def _submitted(condition: ColumnElement[bool]) -> list[int]:
    wanted = select(Application.id).where(Application.code.is_not(None), condition)
    return list(db.session.scalars(wanted.order_by(Application.id)))


def rows_asked(application_ids: Sequence[int]) -> dict[int, Asked]:
    """What each of these applications is found by, as last submitted."""
    wanted = (
        select(Application)
        .where(Application.id.in_(application_ids))
        .options(
            joinedload(Application.applicant),
            joinedload(Application.form),
            joinedload(Application.competition).joinedload(Competition.programme),
        )
    )
    versions = select(ApplicationVersion).where(ApplicationVersion.application_id.in_(application_ids))
    last = {one.application_id: one for one in db.session.scalars(versions.order_by(ApplicationVersion.number))}
    return {one.id: asked_of(one, last[one.id]) for one in db.session.scalars(wanted) if one.id in last}


def asked_of(application: Application, version: ApplicationVersion) -> Asked:
    """What one application is found by: the words of its project, the applicant's name, sum, region and age."""
    sealed: dict[str, Any] = json.loads(version.sealed)
    regions = [sealed.get(one.key) or {} for one in application.form.questions if one.kind is QuestionKind.REGION_DISTRICT]
    zone = ZoneInfo(application.competition.programme.timezone)
    amount, born_on = version.content.get("amount"), calendar_date(str(sealed.get(BIRTH_DATE) or ""))
    closes_at = calendar_of(application.competition).closes_at
    return Asked(
        status=application.state.value,
        language=application.language,
        region=next((one.get("region") for one in regions), None),
        age=age_on(closes_at.astimezone(zone).date(), born_on) if closes_at and born_on else None,
        sum=amount if isinstance(amount, int) else None,
        submitted=application.submitted_at.astimezone(zone).date() if application.submitted_at else None,
        project=stems_of(" ".join((application.code or "", *_texts(version.content)))),
        name=stems_of(application.applicant.full_name),
    )


def _texts(value: Any) -> Iterable[str]:
    """Every text in an answer, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list):
        for one in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(one)


# --- Marks of this package ----------------------------------------------------------------------------------------------


def is_corrected() -> ColumnElement[bool]:
    """Whether it was submitted more than once."""
    versions = select(ApplicationVersion.id).where(
        ApplicationVersion.application_id == Application.id, ApplicationVersion.number > 1
    )
    return versions.correlate(Application).exists()


def has_files() -> ColumnElement[bool]:
    """Whether there are files with it."""
    documents = select(Document.id).where(Document.application_id == Application.id, Document.removed_at.is_(None))
    return documents.correlate(Application).exists()
