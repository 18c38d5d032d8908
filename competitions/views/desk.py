"""What an organiser's desk shows of one competition: the funnel of its applications and what comes next."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.access.actor import Actor
from app.access.door import decide_all
from app.jinja import moment, sentence, tr_plain
from app.modules import Todo
from competitions.models import Competition
from competitions.policy import Permission
from competitions.queries.access import present
from competitions.queries.competition import Gap, manageable_competitions
from competitions.rules.calendar import Calendar
from competitions.rules.checking import Order
from competitions.states import ApplicationState, CompetitionState, Milestone

# Until when each act is due, and how loudly it is said.
DUE: Mapping[Permission, tuple[Milestone, str]] = {
    Permission.COMPETITION_APPROVE: (Milestone.OPENS, "accent"),
    Permission.COMPETITION_ANNOUNCE: (Milestone.OPENS, "accent"),
    Permission.APPLICATION_CHECK: (Milestone.CHECKED, "warning"),
    Permission.APPLICATION_EXPORT: (Milestone.CLOSES, "info"),
    Permission.COMPETITION_EDIT: (Milestone.CLOSES, "info"),
}


@dataclass(frozen=True, slots=True)
class FunnelRow:
    """One gate and how many have passed it."""

    label: str
    value: int


@dataclass(frozen=True, slots=True)
class NextAct:
    """One thing to do now: its words, its page, and until when."""

    text: str
    href: str
    due: datetime | None
    tone: str
    permission: Permission

    @property
    def note(self) -> str:
        """Until when, in words."""
        return _("Until %(when)s", when=moment(self.due)) if self.due else ""


def funnel(counts: Mapping[ApplicationState, int]) -> list[FunnelRow]:
    """Started, ever submitted, and those that take part now: who withdrew or was refused is not among the admitted."""
    started = sum(counts.values())
    return [
        FunnelRow(_("Started"), started),
        FunnelRow(_("Submitted"), started - counts.get(ApplicationState.DRAFT, 0)),
        FunnelRow(_("Admitted"), counts.get(ApplicationState.ADMITTED, 0)),
    ]


def next_acts(
    competition: Competition,
    calendar: Calendar,
    counts: Mapping[ApplicationState, int],
    allowed: Container[Permission],
    at: datetime,
) -> list[NextAct]:
    """What the competition needs now of somebody who may do what is `allowed`, the most urgent first."""
    state, is_running = competition.state, competition.state is CompetitionState.ANNOUNCED
    waiting, drafts = counts.get(ApplicationState.SUBMITTED, 0), counts.get(ApplicationState.DRAFT, 0)
    wanted = (
        (state is CompetitionState.DRAFT, _("Approve the rules"), Permission.COMPETITION_APPROVE, "approve_rules"),
        (state is CompetitionState.APPROVED, _("Announce the call"), Permission.COMPETITION_ANNOUNCE, "announce"),
        (
            is_running and waiting > 0,
            _("Applications that wait for a check: %(count)s", count=waiting),
            Permission.APPLICATION_CHECK,
            "applications",
        ),
        (
            is_running and drafts > 0 and calendar.is_open(at),
            _("Drafts that are not submitted yet: %(count)s", count=drafts),
            Permission.APPLICATION_EXPORT,
            "applications",
        ),
        (
            is_running and calendar.is_before(Milestone.CLOSES, at) and not competition.questions_and_answers,
            _("Answer on the call page what people ask you"),
            Permission.COMPETITION_EDIT,
            "edit_questions",
        ),
    )
    return [
        _act(competition, calendar, text, permission, view)
        for is_due, text, permission, view in wanted
        if is_due and permission in allowed
    ]


def allowed_acts(actor: Actor, competitions: Sequence[Competition]) -> dict[int, set[Permission]]:
    """Which of these acts the door allows on each competition."""
    allowed: dict[int, set[Permission]] = {one.id: set() for one in competitions}
    for permission in DUE:
        for one, decision in zip(competitions, decide_all(actor, permission, competitions), strict=True):
            if decision.is_allowed:
                allowed[one.id].add(permission)
    return allowed


def _act(competition: Competition, calendar: Calendar, text: str, permission: Permission, view: str) -> NextAct:
    milestone, tone = DUE[permission]
    query: dict[str, Any] = (
        {"state": ApplicationState.SUBMITTED, "order": Order.WAITING} if permission is Permission.APPLICATION_CHECK else {}
    )
    return NextAct(
        text=text,
        href=url_for(f"competitions_organiser.{view}", public_id=competition.public_id, **query),
        due=calendar.at(milestone),
        tone=tone,
        permission=permission,
    )


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a call with the page on which it is written, what is missing there, and whether it is empty and may be."""

    label: str
    href: str
    missing: Sequence[str]
    is_empty: bool = False


def parts(competition: Competition, found: Sequence[Gap]) -> list[Part]:
    """The parts of a call in the order in which they are made, each with what it lacks."""
    places = (
        ("competitions_organiser.edit_texts", _("Texts and contacts")),
        ("competitions_organiser.edit_dates", _("Dates")),
        ("competitions_organiser.edit_numbers", _("Money, terms and criteria")),
        ("competitions_organiser.rules", _("Rules")),
        ("competitions_organiser.edit_questions", _("Questions and answers")),
    )
    form = url_for("competitions_organiser.form", public_id=competition.public_id)
    lacks = {endpoint: [sentence(one.refusal) for one in found if one.endpoint == endpoint] for endpoint, _label in places}
    of_form = [sentence(one.refusal) for one in found if one.refusal.field == "form"]
    unused = set() if competition.questions_and_answers else {"competitions_organiser.edit_questions"}
    made = [
        Part(
            label,
            url_for(endpoint, public_id=competition.public_id),
            [one for one in lacks[endpoint] if one not in of_form],
            is_empty=endpoint in unused,
        )
        for endpoint, label in places
    ]
    return [*made, Part(_("Application form"), form, of_form)]


def competition_todos(actor: Actor) -> list[Todo]:
    """What needs her in all her competitions, for her first page."""
    if not actor.roles:
        return []
    at = present()
    rows = manageable_competitions(actor, at)
    allowed = allowed_acts(actor, [row.competition for row in rows])
    return [
        Todo(text=f"{tr_plain(row.competition.name)}: {act.text}", href=act.href, due=act.due, tone=act.tone)
        for row in rows
        for act in next_acts(row.competition, row.calendar, row.counts, allowed[row.competition.id], at)
        if act.permission is not Permission.COMPETITION_EDIT
    ]
