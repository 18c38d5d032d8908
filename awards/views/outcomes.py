"""How an application ended, in words, for its applicant's list and page."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from app.jinja import label
from app.modules import Label, Outcome
from awards import queries
from awards.models import Award
from awards.states import AwardKind, Result
from competitions.models import Application
from competitions.states import CompetitionKind, Milestone

APPEAL = frozenset({Milestone.PUBLISHES, Milestone.APPEALS_CLOSE})
CONTRACT = frozenset({Milestone.CONTRACTS, Milestone.PAYS, Milestone.INTERIM_REPORTS, Milestone.REPORTS})


def outcomes(applications: Sequence[Application]) -> Mapping[int, Outcome]:
    """The published outcome of each of these applications that was judged."""
    awards = queries.judged_awards(applications)
    return {one.id: _outcome(one, awards[one.id]) for one in applications if one.id in awards}


def _outcome(application: Application, award: Award | None) -> Outcome:
    if award is None:
        text = _("Thank you for the work you put into it. It stays here, and we will gladly help you to go on with it.")
        return Outcome(label(Result.NOT_SELECTED), _("This time your project did not win"), text, "info", APPEAL)
    return _awarded(label(award.kind), award, is_prize=application.competition.kind is CompetitionKind.PRIZE)


def _awarded(badge: Label, award: Award, *, is_prize: bool) -> Outcome:
    if award.kind is AwardKind.RESERVE:
        text = _("If a winner gives a grant up, it goes to the first on this list, and we will call you at once.")
        return Outcome(badge, _("Your project is on the reserve list"), text, "info", APPEAL | {Milestone.CONTRACTS})
    title = _("Your project won a prize") if is_prize else _("Your project won a grant")
    return Outcome(badge, title, _("Congratulations! We will contact you about the contract."), "success", APPEAL | CONTRACT)
