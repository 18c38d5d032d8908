"""Every SELECT over competitions, their calendars, rules and forms, for those who run them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, literal, select
from sqlalchemy.orm import joinedload

from app.access.actor import Actor
from app.access.door import can, visible_to
from app.core.columns import Translation
from app.core.db import db
from app.core.refusals import Refusal
from app.people.models import Person, User
from app.programmes.models import Programme
from competitions.models import Application, Competition, Form, Rules
from competitions.policy import Permission
from competitions.queries.application import calendar_of
from competitions.queries.document import call_values
from competitions.queries.form import form_in_force, form_text
from competitions.rules.calendar import Calendar, CalendarRefusal, phase_of
from competitions.rules.parity import ParityRefusal, check_parity, places
from competitions.rules.publishing import CallFacts, Place, PublishingRefusal, check_ready
from competitions.rules.settings import RulesSettings, SettingsRefusal, from_json
from competitions.states import ApplicationState, CompetitionState, Phase, RulesState

# Applications whose authors must hear what becomes of the competition.
LIVING = (
    ApplicationState.DRAFT,
    ApplicationState.SUBMITTED,
    ApplicationState.RETURNED,
    ApplicationState.ADMITTED,
)
SETTLED = (CompetitionState.ANNOUNCED, CompetitionState.DECIDED, CompetitionState.PUBLISHED)
PUBLIC = (
    CompetitionState.ANNOUNCED,
    CompetitionState.DECIDED,
    CompetitionState.PUBLISHED,
    CompetitionState.CANCELLED,
)
ON_THE_FRONT = 12


@dataclass(frozen=True, slots=True)
class CompetitionRow:
    """One competition in the organiser's list."""

    competition: Competition
    programme: Programme
    calendar: Calendar
    phase: Phase | None
    counts: Mapping[ApplicationState, int]

    @property
    def draft_count(self) -> int:
        """How many are begun and not sent."""
        return self.counts.get(ApplicationState.DRAFT, 0)

    @property
    def submitted_count(self) -> int:
        """How many were ever sent."""
        return sum(self.counts.values()) - self.draft_count


@dataclass(frozen=True, slots=True)
class Call:
    """A competition with all that makes its call, read once for one page or verb."""

    competition: Competition
    programme: Programme
    calendar: Calendar
    rules: Rules
    settings: RulesSettings
    form: Form | None

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which its dates are shown and typed."""
        return ZoneInfo(self.programme.timezone)


def programme_of(competition: Competition) -> Programme:
    """The programme with its organisation."""
    wanted = select(Programme).where(Programme.id == competition.programme_id).options(joinedload(Programme.organisation))
    return db.session.scalars(wanted).one()


def creatable_programmes(actor: Actor) -> Sequence[Programme]:
    """Programmes in which the actor may make a competition."""
    wanted: Select[Any] = visible_to(actor, Programme, Permission.COMPETITION_CREATE).options(
        joinedload(Programme.organisation)
    )
    return db.session.scalars(wanted.order_by(Programme.id)).all()


def call_of(competition: Competition) -> Call:
    """The competition with its calendar, present rules and form."""
    rules = current_rules(competition)
    return Call(
        competition=competition,
        programme=programme_of(competition),
        calendar=calendar_of(competition),
        rules=rules,
        settings=from_json(rules.settings),
        form=form_in_force(competition),
    )


def current_rules(competition: Competition) -> Rules:
    """The approved rules, or the draft where none are approved: the newest version that is not superseded."""
    wanted = select(Rules).where(Rules.competition_id == competition.id, Rules.state != RulesState.SUPERSEDED)
    return db.session.scalars(wanted.order_by(Rules.number.desc()).limit(1)).one()


def rules_of(competition_ids: Collection[int]) -> dict[int, Rules]:
    """`current_rules` of several competitions, in one query."""
    wanted = select(Rules).where(Rules.competition_id.in_(sorted(competition_ids)), Rules.state != RulesState.SUPERSEDED)
    return {one.competition_id: one for one in db.session.scalars(wanted.order_by(Rules.number))}


def rules_versions(competition: Competition) -> Sequence[Rules]:
    """All versions of the rules, the newest first."""
    return db.session.scalars(select(Rules).where(Rules.competition_id == competition.id).order_by(Rules.number.desc())).all()


def manageable_competitions(actor: Actor, at: datetime) -> list[CompetitionRow]:
    """The competitions the actor works on, the latest first; always three queries."""
    wanted: Select[Any] = (
        visible_to(actor, Competition, Permission.COMPETITION_READ)
        .options(joinedload(Competition.programme).joinedload(Programme.organisation))
        .order_by(Competition.created_at.desc(), Competition.id.desc())
    )
    found = db.session.scalars(wanted).all()
    counts = _counts([one.id for one in found])
    return [_row(one, counts.get(one.id, {}), at) for one in found]


def _row(competition: Competition, counts: Mapping[ApplicationState, int], at: datetime) -> CompetitionRow:
    calendar = calendar_of(competition)
    return CompetitionRow(
        competition=competition,
        programme=competition.programme,
        calendar=calendar,
        phase=phase_of(competition.state, calendar, at) if competition.state in SETTLED else None,
        counts=counts,
    )


def state_counts(competition: Competition) -> Mapping[ApplicationState, int]:
    """How many applications are in each state."""
    return _counts([competition.id]).get(competition.id, {})


def _counts(ids: Sequence[int]) -> dict[int, dict[ApplicationState, int]]:
    wanted = (
        select(Application.competition_id, Application.state, func.count())
        .where(Application.competition_id.in_(ids))
        .group_by(Application.competition_id, Application.state)
    )
    found: dict[int, dict[ApplicationState, int]] = {}
    for competition_id, state, count in db.session.execute(wanted):
        found.setdefault(competition_id, {})[state] = count
    return found


def address_is_taken(slug: str, *, but: Competition | None = None) -> bool:
    """Whether another competition has this address."""
    wanted = select(Competition.id).where(Competition.slug == slug)
    if but is not None:
        wanted = wanted.where(Competition.id != but.id)
    return db.session.scalar(wanted.limit(1)) is not None


def code_prefixes(beginning: str) -> frozenset[str]:
    """The beginnings of codes so far that begin so, in all programmes: certificates are numbered by them."""
    return frozenset(db.session.scalars(select(Competition.code_prefix).where(Competition.code_prefix.startswith(beginning))))


def call_facts(call: Call) -> CallFacts:
    """All that is looked at before the call goes out."""
    one = call.competition
    return CallFacts(
        state=one.state,
        languages=tuple(one.languages),
        texts={Place.NAME: one.name, Place.TAGLINE: one.tagline, Place.DESCRIPTION: one.description},
        questions_and_answers=tuple(one.questions_and_answers),
        settings=call.settings,
        sections=tuple(call.rules.sections),
        known_values=frozenset(call_values(one, call.programme, call.settings, call.form)),
        calendar=call.calendar,
        form=form_text(call.form) if call.form else None,
        has_contact=bool(one.helpline or one.contact_email),
    )


def call_places(call: Call) -> dict[str, Any]:
    """The texts of the call and its rules whose languages are held together."""
    one = call.competition
    texts = {Place.NAME: one.name, Place.TAGLINE: one.tagline, Place.DESCRIPTION: one.description}
    return places(texts, one.questions_and_answers, call.rules.sections)


def languages_behind(call: Call) -> list[Refusal]:
    """The texts of which one language is older than another."""
    return check_parity(call.competition.edits, call_places(call), call.competition.languages)


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that keeps the call from going out, and the page on which it is mended."""

    refusal: Refusal
    endpoint: str


# Where each kind of gap is mended; anything about the rules' words is mended in their sections.
MENDED_ON: Mapping[type[StrEnum], str] = {
    CalendarRefusal: "competitions_organiser.edit_dates",
    SettingsRefusal: "competitions_organiser.edit_numbers",
}
TEXT_FIELDS = frozenset({Place.NAME.value, Place.TAGLINE.value, Place.DESCRIPTION.value, "helpline"})


def gaps(call: Call, at: datetime) -> list[Gap]:
    """All that keeps the call from going out, but the approval itself, which is an act of its own."""
    return placed(one for one in check_ready(call_facts(call), at=at) if one.code is not PublishingRefusal.RULES_NOT_APPROVED)


def placed(refusals: Iterable[Refusal]) -> list[Gap]:
    """Refusals with the pages on which they are mended."""
    return [Gap(one, _mended_on(one)) for one in refusals]


def _mended_on(refusal: Refusal) -> str:
    if refusal.code is PublishingRefusal.RULES_NOT_APPROVED:
        return "competitions_organiser.approve_rules"
    if refusal.field in TEXT_FIELDS:
        return "competitions_organiser.edit_texts"
    if refusal.field == "questions_and_answers" or refusal.code is ParityRefusal.ANSWER_OLDER:
        return "competitions_organiser.edit_questions"
    return MENDED_ON.get(type(refusal.code), "competitions_organiser.rules")


def applicants_of(competition: Competition) -> Select[Any]:
    """Everybody with a living application here, as letters to many need them: address, language, name and what it is about."""
    address = func.coalesce(User.email, Person.email)
    recipients: Any = (
        select(
            address.label("email"),
            Person.language.label("language"),
            (Person.family_name + literal(" ") + Person.given_name).label("name"),
            Application.public_id.label("about"),
        )
        .select_from(Application)
        .join(Person, Person.id == Application.applicant_id)
        .outerjoin(User, User.person_id == Person.id)
        .where(
            Application.competition_id == competition.id,
            Application.state.in_(LIVING),
            address.is_not(None),
        )
    )
    return recipients  # type: ignore[no-any-return]  # four columns; whoever writes to many takes any


def public_competition(slug: str) -> Competition | None:
    """The competition at this address, once it is announced; those who work on it see it before."""
    found = db.session.scalar(select(Competition).where(Competition.slug == slug))
    if found is None:
        return None
    is_public = found.announced_at is not None and found.state in PUBLIC
    return found if is_public or can(Permission.COMPETITION_READ, found) else None


def names_by_public_id(public_ids: Iterable[str]) -> dict[str, Translation]:
    """How the competitions are called for which consents were given."""
    wanted = select(Competition.public_id, Competition.name).where(Competition.public_id.in_(sorted(set(public_ids))))
    return {row[0]: row[1] for row in db.session.execute(wanted)}


def announced_competitions() -> Sequence[Competition]:
    """The competitions of the first page, the latest first."""
    wanted = (
        select(Competition)
        .where(Competition.state.in_(PUBLIC), Competition.announced_at.is_not(None))
        .options(joinedload(Competition.programme).joinedload(Programme.organisation))
        .order_by(Competition.announced_at.desc())
        .limit(ON_THE_FRONT)
    )
    return db.session.scalars(wanted).all()
