"""What everybody may read of a competition: the call with its facts, dates and one next step, as finished values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from app.core.columns import Translation
from app.core.html import safe_html
from app.jinja import clock_time, label, moment, money, number, short_date, tr_plain
from app.modules import Label
from competitions.models import Competition
from competitions.queries.application import calendar_of
from competitions.queries.competition import Call, announced_competitions, call_of
from competitions.queries.document import call_values, filled
from competitions.rules.calendar import Calendar, phase_of
from competitions.rules.document import placeholders_in
from competitions.rules.regions import REGIONS
from competitions.states import CompetitionState, Milestone, Phase, QuestionKind

RUNNING = frozenset({CompetitionState.ANNOUNCED, CompetitionState.DECIDED})


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """One date as the timeline shows it."""

    label: Any
    at: datetime
    state: str
    milestone: Milestone
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sun:
    """How far the time for applications has gone, as the hero draws it."""

    title: str
    share: float
    start: str
    end: str
    strong: str
    text: str


@dataclass(frozen=True, slots=True)
class CallPage:
    """The call as its page shows it."""

    name: str
    tagline: str
    description: Any
    phase: Label
    facts: tuple[tuple[str, str], ...]
    conditions: tuple[str, ...]
    needed: tuple[str, ...]
    timeline: tuple[TimelineItem, ...]
    prizes: tuple[tuple[str, str], ...]
    faqs: tuple[tuple[Markup | str, Markup | str], ...]
    sun: Sun | None
    closes_at: datetime | None
    is_open: bool
    is_upcoming: bool
    is_cancelled: bool
    has_results: bool


@dataclass(frozen=True, slots=True)
class FrontCompetition:
    """One competition on the first page."""

    slug: str
    name: Any
    tagline: Any
    phase: Label
    is_open: bool
    closes_at: datetime | None
    time_left: str
    fund: int


def front_competitions(at: datetime) -> list[FrontCompetition]:
    """The competitions of the first page: those that accept applications first, by closing; then the latest."""
    found = [_front(one, calendar_of(one), at) for one in announced_competitions()]
    by_closing = sorted(found, key=lambda one: one.closes_at or at)
    return [one for one in by_closing if one.is_open] + [one for one in by_closing[::-1] if not one.is_open]


def _front(competition: Competition, calendar: Calendar, at: datetime) -> FrontCompetition:
    closes_at = calendar.at(Milestone.CLOSES)
    is_open = competition.state is CompetitionState.ANNOUNCED and calendar.is_open(at)
    return FrontCompetition(
        slug=competition.slug,
        name=competition.name,
        tagline=invitation(competition, calendar),
        phase=phase_label(competition, calendar, at),
        is_open=is_open,
        closes_at=closes_at,
        time_left=time_left(closes_at, at) if is_open and closes_at else "",
        fund=competition.fund,
    )


def invitation(competition: Competition, calendar: Calendar) -> Translation:
    """The short invitation with the values it names, as the call's own page fills them in."""
    if not any(placeholders_in(text) for text in competition.tagline.values()):
        return competition.tagline
    call = call_of(competition)
    return filled(competition.tagline, call_values(competition, call.programme, call.settings, call.form, calendar), call.zone)


def phase_label(competition: Competition, calendar: Calendar, at: datetime) -> Label:
    """What is going on: the phase by the calendar while it runs, else the state."""
    return label(phase_of(competition.state, calendar, at) if competition.state in RUNNING else competition.state)


def call_page(call: Call, at: datetime) -> CallPage:
    """The call in the page's language."""
    one, calendar = call.competition, call.calendar
    values = call_values(one, call.programme, call.settings, call.form, calendar)
    closes_at, opens_at = calendar.at(Milestone.CLOSES), calendar.at(Milestone.OPENS)
    is_announced = one.state is CompetitionState.ANNOUNCED
    is_open = is_announced and calendar.is_open(at)
    return CallPage(
        name=tr_plain(one.name),
        tagline=tr_plain(filled(one.tagline, values, call.zone)),
        description=safe_html(tr_plain(filled(one.description, values, call.zone))),
        phase=phase_label(one, calendar, at),
        facts=tuple(_facts(call)),
        conditions=tuple(_conditions(call)),
        needed=tuple(_needed(call)),
        timeline=timeline(calendar, at, published_at=one.published_at),
        prizes=tuple((_prize(prize.place, prize.count), money(prize.amount)) for prize in call.settings.prizes),
        faqs=tuple(
            (tr_plain(filled(pair["question"], values, call.zone)), tr_plain(filled(pair["answer"], values, call.zone)))
            for pair in one.questions_and_answers
        ),
        sun=_sun(opens_at, closes_at, at) if is_open and opens_at and closes_at else None,
        closes_at=closes_at,
        is_open=is_open,
        is_upcoming=is_announced and calendar.phase(at) is Phase.UPCOMING,
        is_cancelled=one.state is CompetitionState.CANCELLED,
        has_results=one.state is CompetitionState.PUBLISHED,
    )


def structured(call: Call, shown: CallPage, address: str) -> dict[str, Any]:
    """The call for search engines. Source: schema.org/MonetaryGrant."""
    return {
        "@context": "https://schema.org",
        "@type": "MonetaryGrant",
        "name": shown.name,
        "description": shown.tagline,
        "url": address,
        "amount": {"@type": "MonetaryAmount", "currency": "KZT", "value": call.competition.fund},
        "funder": {"@type": "Organization", "name": tr_plain(call.programme.organisation.name)},
    }


def timeline(calendar: Calendar, at: datetime, *, published_at: datetime | None = None) -> tuple[TimelineItem, ...]:
    """All dates in order; the next one is the current. Results that are public stand at the instant they were published."""
    if published_at is not None:
        calendar = Calendar({**calendar.dates, Milestone.PUBLISHES: published_at})
    ahead = calendar.next(at)
    following = ahead[0] if ahead else None
    return tuple(
        TimelineItem(
            label=label(milestone).text,
            at=instant,
            state="current" if milestone is following else "past" if at >= instant else "future",
            milestone=milestone,
        )
        for milestone, instant in sorted(calendar.dates.items(), key=lambda pair: (pair[1], pair[0].value))
    )


def time_left(until: datetime, at: datetime) -> str:
    """Days, hours and minutes until an instant, cut to whole minutes."""
    left = max(until - at, timedelta())
    hours, minutes = divmod(left.seconds // 60, 60)
    if left.days:
        return str(_("%(days)s d %(hours)s h %(minutes)s min", days=left.days, hours=hours, minutes=minutes))
    if hours:
        return str(_("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes))
    return str(_("%(minutes)s min", minutes=minutes))


def _sun(opens_at: datetime, closes_at: datetime, at: datetime) -> Sun:
    left = time_left(closes_at, at)
    return Sun(
        title=_("Applications close on %(when)s. Time left: %(left)s.", when=moment(closes_at), left=left),
        share=(at - opens_at) / (closes_at - opens_at),
        start=short_date(opens_at),
        end=f"{short_date(closes_at)} {clock_time(closes_at)}",
        strong=left,
        text=_("left; applications close on %(when)s", when=moment(closes_at)),
    )


def _facts(call: Call) -> Sequence[tuple[str, str]]:
    settings, one = call.settings, call.competition
    found = [(_("Fund"), money(one.fund))]
    if not settings.prizes:
        found += [(_("Largest grant"), money(one.award_cap)), (_("Number of grants"), number(one.award_count))]
    else:
        found.append((_("Number of prizes"), number(sum(prize.count for prize in settings.prizes))))
    return [*found, (_("Organiser"), tr_plain(call.programme.organisation.name))]


def _conditions(call: Call) -> list[str]:
    settings, region = call.settings, tr_plain(REGIONS.get(call.settings.region))
    found = []
    if settings.must_be_graduate:
        found.append(_("You are a graduate of a children's home, a children's village or a youth house."))
    found.append(
        _(
            "You will be from %(youngest)s to %(oldest)s years old on the closing day.",
            youngest=settings.age_min,
            oldest=settings.age_max,
        )
    )
    if region:
        found.append(_("You live here: %(region)s.", region=region))
    return [*found, _("You are a citizen of Kazakhstan."), _("An idea is enough: you need no registered business.")]


def _needed(call: Call) -> list[str]:
    questions = call.form.questions if call.form else []
    open_count = sum(1 for one in questions if not one.is_private)
    kinds = {one.kind for one in questions}
    found = [_("Two minutes to see whether you may apply."), _("Questions about your project: %(count)s.", count=open_count)]
    if QuestionKind.BUDGET in kinds:
        found.append(
            _("A budget in tenge; price quotes for dear things, from %(sum)s.", sum=money(call.settings.quote_threshold))
        )
    if QuestionKind.IIN in kinds:
        found.append(_("Your identity number (IIN) and phone. No copy of an identity card."))
    if any(one.key == "status_proof" for one in questions):
        found.append(
            _("A photo of the certificate of your graduate status, if you have it; if not, the institution confirms it.")
        )
    return [*found, _("Everything is saved as you write; you can stop and go on later, also on another phone.")]


def _prize(place: int, count: int) -> str:
    return str(_("Place %(place)s, prizes: %(count)s", place=place, count=count))
