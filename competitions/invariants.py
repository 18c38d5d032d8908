"""What must never be true of competitions and applications; run by `baiqau doctor` and after every database test."""

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from app.modules import Invariant
from app.people.models import Person, User
from competitions.models import Application, CalendarDate, Check, Form, Rules
from competitions.states import ApplicationState, CheckOutcome, Milestone, RulesState


def _checked_by_herself() -> Select[int]:
    return (
        select(Check.id)
        .join(Application, Application.id == Check.application_id)
        .join(User, User.id == Check.user_id)
        .where(User.person_id == Application.applicant_id)
    )


def _returned_without_reasons() -> Select[int]:
    standing = select(Check.id).where(
        Check.application_id == Application.id, Check.outcome == CheckOutcome.RETURNED, Check.undone_at.is_(None)
    )
    return select(Application.id).where(
        Application.state == ApplicationState.RETURNED, ~standing.correlate(Application).exists()
    )


def _form_or_rules_of_another_competition() -> Select[int]:
    return (
        select(Application.id)
        .join(Form, Form.id == Application.form_id)
        .join(Rules, Rules.id == Application.rules_id)
        .where(or_(Form.competition_id != Application.competition_id, Rules.competition_id != Application.competition_id))
    )


def _admitted_twice() -> Select[int]:
    one, other, her, herself = aliased(Application), aliased(Application), aliased(Person), aliased(Person)
    return (
        select(one.id)
        .join(her, her.id == one.applicant_id)
        .join(other, and_(other.competition_id == one.competition_id, other.id > one.id))
        .join(herself, and_(herself.id == other.applicant_id, herself.iin_index == her.iin_index))
        .where(one.state == ApplicationState.ADMITTED, other.state == ApplicationState.ADMITTED)
    )


def _two_drafts_of_rules() -> Select[int]:
    drafts = select(Rules.competition_id).where(Rules.state == RulesState.DRAFT)
    return drafts.group_by(Rules.competition_id).having(func.count() > 1)


def _closes_before_it_opens() -> Select[int]:
    opens, closes = aliased(CalendarDate), aliased(CalendarDate)
    joined = and_(closes.competition_id == opens.competition_id, closes.milestone == Milestone.CLOSES)
    return select(opens.competition_id).join(closes, joined).where(opens.milestone == Milestone.OPENS, closes.at <= opens.at)


INVARIANTS = (
    Invariant("nobody checks her own application", _checked_by_herself),
    Invariant("a returned application has standing reasons and a term", _returned_without_reasons),
    Invariant("an application uses the form and the rules of its competition", _form_or_rules_of_another_competition),
    Invariant("nobody is admitted twice in a competition", _admitted_twice),
    Invariant("a competition has one draft of its rules at most", _two_drafts_of_rules),
    Invariant("applications close after they open", _closes_before_it_opens),
)
