"""The verbs of an organiser on a competition: make, edit, approve, reopen, announce, amend, cancel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import count, product
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError

from app.core import audit
from app.core.audit import By
from app.core.columns import Translation
from app.core.db import db, use_case
from app.core.events import emit
from app.core.refusals import Refusal, RefusedError, refuse_if
from app.core.transitions import move
from app.programmes.models import Programme
from competitions.events import CalendarMoved, CompetitionAnnounced, CompetitionCancelled
from competitions.models import CalendarDate, Competition, Form, Question, Rules
from competitions.notices.competition import tell_cancelled, tell_dates_moved
from competitions.queries.competition import (
    address_is_taken,
    call_facts,
    call_of,
    call_places,
    code_prefixes,
    current_rules,
    languages_behind,
    rules_versions,
)
from competitions.queries.starters import Starter
from competitions.rules.address import address_of, code_letters, year_in
from competitions.rules.calendar import Calendar, check_calendar
from competitions.rules.parity import compared, noted
from competitions.rules.publishing import PublishingRefusal, check_act, check_moved, check_ready, check_rules
from competitions.rules.settings import RulesSettings, check_settings, from_json, to_json
from competitions.rules.version import fingerprint
from competitions.services.form import lock_form
from competitions.states import CompetitionState, QuestionKind, RulesState

SUFFIXES = "BCDEFGHJKLMNPQRSTUVWXYZ"
EDITABLE_RULES = frozenset({CompetitionState.DRAFT})


@dataclass(frozen=True, slots=True)
class CallTexts:
    """What a call says beside its rules."""

    slug: str
    name: Translation
    tagline: Translation
    description: Translation
    questions_and_answers: tuple[Mapping[str, Translation], ...]
    languages: tuple[str, ...]
    helpline: str
    contact_email: str


@dataclass(frozen=True, slots=True)
class Act:
    """The act by which rules are approved: order No. 1 of 17.07.2026."""

    number: str
    on: date | None


def texts_of(competition: Competition) -> CallTexts:
    """The texts as they stand."""
    return CallTexts(
        slug=competition.slug,
        name=competition.name,
        tagline=competition.tagline,
        description=competition.description,
        questions_and_answers=tuple(
            {part: Translation(text) for part, text in pair.items()} for pair in competition.questions_and_answers
        ),
        languages=tuple(competition.languages),
        helpline=competition.helpline,
        contact_email=competition.contact_email,
    )


@use_case
def create_competition(
    programme: Programme,
    starter: Starter,
    *,
    name: Translation,
    region: str,
    opens_on: date,
    by: By,
    at: datetime,
    slug: str | None = None,
    code_prefix: str | None = None,
) -> Competition:
    """A draft with everything the starter knows: texts, rules, form, and a calendar counted from the opening."""
    settings = replace(starter.settings, region=region)
    address, codes = _address_and_codes(starter, name, opens_on)
    competition = Competition(
        programme_id=programme.id,
        kind=starter.kind,
        region=region,
        name=name,
        tagline=Translation(starter.tagline),
        description=Translation(starter.description),
        questions_and_answers=[dict(one) for one in starter.questions_and_answers],
        languages=list(starter.languages),
        fund=settings.fund,
        award_cap=settings.award_cap,
        award_count=settings.award_count,
        helpline=starter.helpline,
        contact_email=starter.contact_email,
        created_at=at,
    )
    _add_under_free_names(competition, slug or address, code_prefix or codes)
    _put_dates(competition, starter.calendar(opens_on, ZoneInfo(programme.timezone)))
    _add_rules(competition, to_json(settings), starter.sections, number=1, at=at)
    _add_form(competition, starter, at=at)
    audit.record("create", competition, by=by, at=at, starter=starter.key)
    return competition


@use_case
def edit_texts(competition: Competition, texts: CallTexts, *, by: By, at: datetime) -> None:
    """Change what the call says; the rules stay as they are. An announced address and an approved name stay."""
    if competition.announced_at is None and texts.slug != competition.slug:
        if address_is_taken(texts.slug, but=competition):
            raise RefusedError(Refusal(PublishingRefusal.ADDRESS_TAKEN, field="slug"))
        competition.slug = texts.slug
    if competition.state is not CompetitionState.DRAFT and any(
        text != texts.name.get(language) for language, text in competition.name.items()
    ):
        raise RefusedError(Refusal(PublishingRefusal.NAME_LOCKED, field="name"))
    before = call_places(call_of(competition))
    competition.name, competition.tagline, competition.description = texts.name, texts.tagline, texts.description
    competition.questions_and_answers = [
        {part: dict(text) for part, text in pair.items()} for pair in texts.questions_and_answers
    ]
    competition.languages = list(texts.languages)
    competition.helpline, competition.contact_email = texts.helpline, texts.contact_email
    competition.edits = noted(competition.edits, before, call_places(call_of(competition)), at=at)
    if competition.state is CompetitionState.ANNOUNCED:
        refuse_if(check_ready(call_facts(call_of(competition)), at=competition.announced_at or at))
    audit.record("edit_texts", competition, by=by, at=at)


@use_case
def edit_dates(competition: Competition, calendar: Calendar, *, by: By, at: datetime) -> None:
    """Change the calendar while the rules are a draft; the document names these dates."""
    _refuse_if_locked(competition)
    refuse_if(check_calendar(calendar))
    _put_dates(competition, calendar)
    audit.record("edit_dates", competition, by=by, at=at, **_dates_as_details(calendar))


@use_case
def edit_settings(competition: Competition, settings: RulesSettings, *, by: By, at: datetime) -> None:
    """Change the numbers of the draft rules; the facts of the call follow them."""
    _refuse_if_locked(competition)
    refuse_if(check_settings(settings, tuple(competition.languages)))
    current_rules(competition).settings = to_json(settings)
    competition.fund, competition.award_cap, competition.award_count = settings.fund, settings.award_cap, settings.award_count
    audit.record("edit_settings", competition, by=by, at=at, fund=settings.fund, award_cap=settings.award_cap)


@use_case
def edit_section(
    competition: Competition, number: int, *, title: Translation, articles: Sequence[Translation], by: By, at: datetime
) -> None:
    """Change one section of the draft rules; articles that are empty in every language are dropped."""
    _refuse_if_locked(competition)
    rules, before = current_rules(competition), call_places(call_of(competition))
    sections = list(rules.sections)
    kept = [dict(article) for article in articles if any(text.strip() for text in article.values())]
    sections[number - 1] = {"title": dict(title), "articles": kept}
    rules.sections = sections
    competition.edits = noted(competition.edits, before, call_places(call_of(competition)), at=at)
    audit.record("edit_section", competition, by=by, at=at, section=number, rules=rules.number)


@use_case
def compare_languages(competition: Competition, place: str, *, by: By, at: datetime) -> None:
    """Somebody has read a text in all its languages: they say the same, although one was changed later."""
    competition.edits = compared(competition.edits, place, competition.languages, at=at)
    audit.record("compare_languages", competition, by=by, at=at, text=place)


@use_case
def approve_rules(competition: Competition, act: Act, *, by: By, at: datetime) -> None:
    """Lock the rules by an act; refuses while anything in them is missing or contradicts itself."""
    call = call_of(competition)
    today = at.astimezone(call.zone).date()
    refuse_if([*check_act(act.number, act.on, today=today), *check_rules(call_facts(call))])
    _approve(call.rules, act, by=by, at=at)
    move(competition, CompetitionState.APPROVED, by=by, at=at, rules=call.rules.number)


@use_case
def reopen_rules(competition: Competition, *, by: By, at: datetime) -> None:
    """Take the approval back before the call is announced: the approved version stays on record, a copy becomes the draft."""
    approved = current_rules(competition)
    move(competition, CompetitionState.DRAFT, by=by, at=at, rules=approved.number)
    _copy_rules(approved, by=by, at=at)


@use_case
def announce(competition: Competition, *, by: By, at: datetime) -> None:
    """Make the call public; refuses while a required language is missing or behind, or anything is out of order or unpaid."""
    call = call_of(competition)
    refuse_if([*check_ready(call_facts(call), at=at), *languages_behind(call)])
    competition.announced_at = at
    lock_form(competition, at=at)
    move(competition, CompetitionState.ANNOUNCED, by=by, at=at)
    emit(CompetitionAnnounced(competition.id))


@use_case
def amend_dates(competition: Competition, calendar: Calendar, act: Act, *, by: By, at: datetime) -> None:
    """Move dates of an announced call by an act: a new version of the rules replaces the one in force, and everyone is told."""
    call = call_of(competition)
    today = at.astimezone(call.zone).date()
    refuse_if(
        [
            *check_act(act.number, act.on, today=today),
            *check_calendar(calendar),
            *check_moved(call.calendar, calendar, at=at),
        ]
    )
    _put_dates(competition, calendar)
    amended = _copy_rules(call.rules, by=by, at=at)
    _approve(amended, act, by=by, at=at)
    tell_dates_moved(competition, calendar, amended)
    audit.record("amend_dates", competition, by=by, at=at, **_dates_as_details(calendar))
    emit(CalendarMoved(competition.id))


@use_case
def cancel(competition: Competition, *, reason: str, by: By, at: datetime) -> None:
    """Call the competition off, saying why to everybody who has begun an application."""
    if not reason.strip():
        raise RefusedError(Refusal(PublishingRefusal.REASON_MISSING, field="reason"))
    competition.cancellation = reason.strip()
    move(competition, CompetitionState.CANCELLED, by=by, at=at)
    tell_cancelled(competition)
    emit(CompetitionCancelled(competition.id, by, at))


def _refuse_if_locked(competition: Competition) -> None:
    if competition.state not in EDITABLE_RULES:
        raise RefusedError(Refusal(PublishingRefusal.RULES_LOCKED))


def _put_dates(competition: Competition, calendar: Calendar) -> None:
    kept = {one.milestone: one for one in competition.dates}
    for milestone, instant in calendar.dates.items():
        if milestone in kept:
            kept[milestone].at = instant
        else:
            competition.dates.append(CalendarDate(milestone=milestone, at=instant))
    for milestone in kept.keys() - calendar.dates.keys():
        competition.dates.remove(kept[milestone])
    db.session.flush()


def _dates_as_details(calendar: Calendar) -> dict[str, datetime]:
    return {milestone.value: instant for milestone, instant in calendar.dates.items()}


def _add_rules(
    competition: Competition, settings: Mapping[str, Any], sections: Sequence[Mapping[str, Any]], *, number: int, at: datetime
) -> Rules:
    rules = Rules(
        programme_id=competition.programme_id,
        competition_id=competition.id,
        number=number,
        settings=dict(settings),
        sections=[dict(one) for one in sections],
        created_at=at,
    )
    db.session.add(rules)
    db.session.flush()
    return rules


def _copy_rules(approved: Rules, *, by: By, at: datetime) -> Rules:
    """A draft with the words of an approved version, which is superseded."""
    move(approved, RulesState.SUPERSEDED, by=by, at=at)
    competition = db.session.get_one(Competition, approved.competition_id)
    number = rules_versions(competition)[0].number + 1
    return _add_rules(competition, to_json(from_json(approved.settings)), approved.sections, number=number, at=at)


def _approve(rules: Rules, act: Act, *, by: By, at: datetime) -> None:
    rules.act_number, rules.act_on, rules.approved_at = act.number.strip(), act.on, at
    move(rules, RulesState.APPROVED, by=by, at=at, number=rules.number, sha256=fingerprint(rules.settings, rules.sections))


def _add_form(competition: Competition, starter: Starter, *, at: datetime) -> None:
    form = Form(
        programme_id=competition.programme_id,
        competition_id=competition.id,
        number=1,
        groups=[dict(one) for one in starter.groups],
        created_at=at,
    )
    form.questions = [
        Question(
            **{
                **one,
                "position": position,
                "kind": QuestionKind(one["kind"]),
                "label": Translation(one["label"]),
                "hint": Translation(one["hint"]),
            }
        )
        for position, one in enumerate(starter.questions, start=1)
    ]
    db.session.add(form)
    db.session.flush()


def _address_and_codes(starter: Starter, name: Translation, opens_on: date) -> tuple[str, str]:
    """Both follow the name of the competition, and its year."""
    called = name.get("en") or name.get("ru") or name.get("kk") or ""
    year = year_in(called) or opens_on.year
    return address_of(called) or f"{starter.slug}-{year}", f"{code_letters(called) or starter.code}{year % 100}"


def _add_under_free_names(competition: Competition, address: str, prefix: str) -> None:
    """Add it at the first free address and with the first free beginning of codes, whoever else adds one meanwhile."""
    while True:
        competition.slug, competition.code_prefix = _free_address(address), _free_prefix(prefix)
        try:
            with db.session.begin_nested():
                db.session.add(competition)
                db.session.flush()
        except IntegrityError:
            if (competition.slug, competition.code_prefix) == (_free_address(address), _free_prefix(prefix)):
                raise
        else:
            return


def _free_address(wanted: str) -> str:
    addresses = (wanted if number == 1 else f"{wanted}-{number}" for number in count(1))
    return next(one for one in addresses if not address_is_taken(one))


def _free_prefix(wanted: str) -> str:
    """SA26, SA26B, SA26C ... SA26BB: no two competitions give the same codes or numbers of certificates."""
    taken = code_prefixes(wanted)
    letters = ("".join(one) for length in count(0) for one in product(SUFFIXES, repeat=length))
    return next(f"{wanted}{one}" for one in letters if f"{wanted}{one}" not in taken)
