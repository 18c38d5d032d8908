"""Letters to everybody who has begun an application: the dates have moved, the competition is called off."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from app.messages.services import post_to_all
from app.modules import MessageKind
from competitions.models import Competition, Form, Rules
from competitions.queries.application import calendar_of
from competitions.queries.competition import applicants_of
from competitions.queries.form import drafts_where
from competitions.rules.calendar import Calendar
from competitions.states import Milestone

KINDS = (
    MessageKind(
        "competitions.dates_moved",
        _l("The dates of %(competition)s have changed"),
        "competitions/email/dates_moved",
    ),
    MessageKind(
        "competitions.form_changed",
        _l("The questions of %(competition)s have changed"),
        "competitions/email/form_changed",
    ),
    MessageKind(
        "competitions.competition_cancelled",
        _l("%(competition)s will not take place"),
        "competitions/email/competition_cancelled",
    ),
)


def tell_dates_moved(competition: Competition, calendar: Calendar, rules: Rules) -> None:
    """Which dates hold now, by which act; one letter a person and version of the rules."""
    post_to_all(
        "competitions.dates_moved",
        key=f"{competition.public_id}:{rules.number}",
        recipients=applicants_of(competition),
        programme_id=competition.programme_id,
        closes_at=calendar.dates[Milestone.CLOSES],
        act_number=rules.act_number,
        act_on=rules.act_on,
        **_facts(competition),
    )


def tell_cancelled(competition: Competition) -> None:
    """That it will not take place, and why."""
    post_to_all(
        "competitions.competition_cancelled",
        key=competition.public_id,
        recipients=applicants_of(competition),
        programme_id=competition.programme_id,
        reason=competition.cancellation,
        **_facts(competition),
    )


def tell_form_changed(competition: Competition, form: Form) -> None:
    """That a draft is asked otherwise from now on; one letter a draft and version of the form."""
    post_to_all(
        "competitions.form_changed",
        key=f"{competition.public_id}:form:{form.number}",
        recipients=applicants_of(competition).where(*drafts_where(competition)),
        programme_id=competition.programme_id,
        closes_at=calendar_of(competition).dates[Milestone.CLOSES],
        **_facts(competition),
    )


def _facts(competition: Competition) -> Mapping[str, object]:
    return {
        "competition": dict(competition.name),
        "slug": competition.slug,
        "helpline": competition.helpline,
    }
