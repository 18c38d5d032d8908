"""What the list of applications takes from its address and gives to its tabs and tables."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.core.refusals import Refusal, RefusedError
from app.core.sheets import Row
from app.jinja import label
from app.request import actor, arrived_at, language
from competitions.models import Application, Competition
from competitions.queries.application import calendar_of, return_terms
from competitions.queries.bulk import fresh_count
from competitions.queries.check import ApplicationRow, listed, listed_counts
from competitions.queries.competition import programme_of
from competitions.queries.search import asked_query, marks, views_for
from competitions.rules.checking import BulkAct, Order
from competitions.rules.query import All, Between, Field, Flag, Node, Not, OneOf, Some, Word
from competitions.rules.query_text import LONGEST_QUERY, WHOLE, Query
from competitions.rules.query_words import FIELDS, LANGUAGES, STATES, shown_value
from competitions.rules.working_days import working_days_between
from competitions.states import ApplicationState, Milestone

COLUMNS = (
    _l("Code"),
    _l("State"),
    _l("Project"),
    _l("Place"),
    _l("Amount requested,\u00a0₸"),
    _l("Language"),
    _l("Submitted"),
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of applications is narrowed to; `refusal` tells why the words could not be read."""

    state: ApplicationState | None
    search: str
    order: Order
    query: Query
    refusal: Refusal | None = None

    def href(self, competition: Competition, state: ApplicationState | None, search: str | None = None) -> str:
        """The address of the list in another state or with other words, in the same order."""
        return url_for("competitions_organiser.applications", public_id=competition.public_id, **self._known(state, search))

    @property
    def whole(self) -> str:
        """The words with the state among them, as one query."""
        spoken = language()
        said = "" if self.state is None else f"{FIELDS[Field.STATUS][spoken][0]}:{STATES[self.state][spoken][0]}"
        return f"{said} {self.search}".strip()

    def bulk_href(self, competition: Competition, act: BulkAct) -> str:
        """The address where one act is done on all that were found."""
        known = self._known(self.state)
        return url_for("competitions_organiser.decide_many", public_id=competition.public_id, act=act.value, **known)

    def export_href(self, competition: Competition, kind: str) -> str:
        """The address of the same applications as a table for other programs."""
        known = self._known(self.state)
        return url_for("competitions_organiser.export_applications", public_id=competition.public_id, kind=kind, **known)

    def _known(self, state: ApplicationState | None, search: str | None = None) -> dict[str, Any]:
        words = self.search if search is None else search
        values = {"state": state, "q": words or None, "order": self.order if self.order is not Order.CODE else None}
        return {name: value for name, value in values.items() if value}


@dataclass(frozen=True, slots=True)
class Chip:
    """One part of the query in words, and the list without it."""

    text: str
    href: str


def filters(given: Mapping[str, str]) -> Filters:
    """State, words and order out of an address; what is not known is left out, what cannot be read is said."""
    states, orders = {one.value: one for one in ApplicationState}, {one.value: one for one in Order}
    search = given.get("q", "").strip()
    state, order = states.get(given.get("state", "")), orders.get(given.get("order", ""), Order.CODE)
    try:
        return Filters(state, search, order, asked_query(search))
    except RefusedError as refused:
        return Filters(state, search[:LONGEST_QUERY], order, WHOLE, refused.refusals[0])


def narrowed(competition: Competition, chosen: Filters, number: int) -> dict[str, Any]:
    """One page of what was found, how much there is in each state, and all the page says about the search."""
    counts = listed_counts(actor(), competition, chosen.query)
    total = sum(counts.values()) if chosen.state is None else counts.get(chosen.state, 0)
    state, query, order = chosen.state, chosen.query, chosen.order
    rows = listed(actor(), competition, state=state, query=query, order=order, number=number, total=total)
    return {
        "rows": rows,
        "waiting_count": counts.get(ApplicationState.SUBMITTED, 0) if state in {None, ApplicationState.SUBMITTED} else 0,
        "fresh_count": fresh_count(competition, arrived_at()),
        "waits": waits(competition, [one.application for one in rows.items], arrived_at()),
        "tabs": state_tabs(competition, counts, chosen),
        "chips": chips(competition, chosen),
        "unread": marked(chosen.search, chosen.refusal) if chosen.refusal else None,
        "help_lines": help_lines(),
        "views": views_for(actor(), competition),
        "orders": list(Order),
        "acts": BulkAct,
        "here": chosen.href(competition, chosen.state),
    }


@dataclass(frozen=True, slots=True)
class Wait:
    """How long an application lies there and how much time is left, in words; `is_late` when none is."""

    age: str
    left: str
    is_late: bool


def waits(competition: Competition, applications: Iterable[Application], at: datetime) -> dict[int, Wait]:
    """Of those that wait for the checker or for their applicant: since when and until when, in working days."""
    found, zone = list(applications), ZoneInfo(programme_of(competition).timezone)
    checked_at, terms = calendar_of(competition).at(Milestone.CHECKED), return_terms(found)
    waiting: dict[int, Wait] = {}
    for one in found:
        if one.state is ApplicationState.SUBMITTED and one.submitted_at is not None:
            days = working_days_between(one.submitted_at.astimezone(zone).date(), at.astimezone(zone).date())
            age = ngettext("waits %(count)s working day", "waits %(count)s working days", days, count=days)
            waiting[one.id] = _wait(age if days else _("came today"), checked_at, at, zone)
        elif one.id in terms:
            waiting[one.id] = _wait(_("the applicant corrects it"), terms[one.id], at, zone)
    return waiting


def _wait(age: str, until: datetime | None, at: datetime, zone: ZoneInfo) -> Wait:
    if until is None:
        return Wait(age, "", is_late=False)
    days = working_days_between(at.astimezone(zone).date(), until.astimezone(zone).date())
    if at >= until:
        late = ngettext("%(count)s working day late", "%(count)s working days late", -days, count=-days)
        return Wait(age, late if days else _("the time is over"), is_late=True)
    left = ngettext("%(count)s working day left", "%(count)s working days left", days, count=days)
    return Wait(age, left if days else _("today is the last day"), is_late=False)


def marked(search: str, refusal: Refusal) -> tuple[str, str, str]:
    """The words before the place that could not be read, the place itself, and the rest."""
    start, end = (int(str(refusal.params.get(name, 0))) for name in ("start", "end"))
    return search[:start], search[start:end], search[end:]


def chips(competition: Competition, chosen: Filters) -> list[Chip]:
    """What narrows the list, part by part; each is taken away by one tap."""
    query = chosen.query
    return [
        Chip(said(one.node, query.text[one.start : one.end]), chosen.href(competition, chosen.state, query.without(one)))
        for one in query.pieces
    ]


def said(node: Node, typed: str) -> str:
    """A part of a query in the words of the page; what has no short words of its own stays as typed."""
    match node:
        case Not(inner) if not isinstance(inner, All | Some | Not | Word):
            return str(_("not %(what)s", what=said(inner, typed)))
        case OneOf(field, values):
            shown = (shown_value(field, one, language()) for one in sorted(values))
            return f"{_name(field)}: {', '.join(shown)}"
        case Between(field):
            return f"{_name(field)}: {typed.partition(':')[2].strip()}"
        case Flag(name):
            return str(next(one.says for one in marks() if one.name == name))
        case _:
            return typed


def _name(field: Field) -> str:
    return str(label(field).text)


@dataclass(frozen=True, slots=True)
class HelpLine:
    """One thing to ask for: its word in each language, an example in the language of the page, and what it finds."""

    words: tuple[tuple[str, str], ...]
    example: str
    says: str


def help_lines() -> list[HelpLine]:
    """All that can be typed into the box, the same in three languages."""
    spoken = language()
    examples = {
        Field.STATUS: (STATES[ApplicationState.RETURNED][spoken][0], _("its state; several with commas")),
        Field.LANGUAGE: (LANGUAGES["kk"][spoken][0], _("in which language it is written")),
        Field.REGION: ("33", _("where the applicant lives: the number or the name of the region")),
        Field.AGE: ("18..25", _("how old the applicant is on the closing day")),
        Field.SUM: (">800000", _("how much is asked for; also <, >=, <= and 500000..800000")),
        Field.SUBMITTED: (">=2026-08-01", _("the day it was submitted")),
        Field.NAME: ("Айгүл", _("only in the applicant's name")),
        Field.CODE: ("SA26-001", _("only among the words of the project and its code")),
    }
    found = [
        HelpLine(_spoken(FIELDS[field], ":"), f"{FIELDS[field][spoken][0]}:{example}", says)
        for field, (example, says) in examples.items()
    ]
    return found + [HelpLine(_spoken(one.words), one.words[spoken][0], str(one.says)) for one in marks()]


def _spoken(words: Mapping[str, tuple[str, ...]], end: str = "") -> tuple[tuple[str, str], ...]:
    return tuple((code, words[code][0] + end) for code in ("kk", "ru", "en"))


def state_tabs(competition: Competition, counts: Mapping[ApplicationState, int], chosen: Filters) -> list[dict[str, Any]]:
    """All, then every state that has any; the chosen one even when it has none."""
    shown = [one for one in ApplicationState if counts.get(one) or one is chosen.state]
    return [
        {
            "label": label(one).text if one is not None else _l("All"),
            "href": chosen.href(competition, one),
            "is_current": one is chosen.state,
            "count": sum(counts.values()) if one is None else counts.get(one, 0),
        }
        for one in (None, *shown)
    ]


def export_rows(rows: Iterable[ApplicationRow]) -> list[Row]:
    """The lines of the table for other programs."""
    return [
        (
            row.application.code,
            str(label(row.application.state).text),
            row.title,
            row.place,
            row.amount,
            row.application.language,
            row.application.submitted_at,
        )
        for row in rows
    ]
