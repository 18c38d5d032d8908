"""What must never be true of competitions and applications; run by `baiqau doctor` and after every database test."""

from collections.abc import Iterator

from sqlalchemy import Select, Subquery, and_, func, or_, select
from sqlalchemy.orm import aliased

from app.core import audit, storage
from app.core.db import db
from app.modules import Invariant, Seal
from app.people.models import Person, User
from competitions.models import Application, ApplicationVersion, CalendarDate, Check, Competition, Document, Form, Rules
from competitions.queries.search import all_submitted, index_of, kept_rows, rows_asked
from competitions.rules.version import fingerprint
from competitions.states import ApplicationState, CheckOutcome, Milestone, RulesState

READ_AT_ONCE = 200


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


def _changed_versions() -> Iterator[str]:
    """By code and number: what was submitted, by whom or when, is not what the receipt and the record say, or is gone."""
    recorded = _recorded_versions()
    same = (recorded.c.subject == Application.public_id, recorded.c.number == ApplicationVersion.number)
    last = func.max(ApplicationVersion.number).over(partition_by=ApplicationVersion.application_id)
    kept = (
        select(ApplicationVersion, Application, last, Person.public_id, recorded)
        .join(Application, Application.id == ApplicationVersion.application_id)
        .join(Person, Person.id == Application.applicant_id)
        .outerjoin(recorded, and_(*same))
        .order_by(ApplicationVersion.id)
        .execution_options(populate_existing=True, yield_per=READ_AT_ONCE)
    )
    for one, application, newest, person, *_same, at, sha256, applicant in db.session.execute(kept):
        arrived = application.submitted_at if one.number == newest else one.submitted_at
        is_dated = arrived == one.submitted_at == at
        if not is_dated or person != applicant or not fingerprint(one.content, one.documents) == one.sha256 == sha256:
            yield f"{application.code or application.public_id} {one.number}"
    present = select(ApplicationVersion.id).join(Application, Application.id == ApplicationVersion.application_id).where(*same)
    lost = (
        select(func.coalesce(Application.code, recorded.c.subject), recorded.c.number)
        .outerjoin(Application, Application.public_id == recorded.c.subject)
        .where(~present.correlate(recorded).exists())
    )
    yield from (f"{code} {number}" for code, number in db.session.execute(lost.execution_options(yield_per=READ_AT_ONCE)))


def _recorded_versions() -> Subquery:
    entry = audit.AuditEntry
    number, sha256 = entry.details["version"].as_integer(), entry.details["sha256"].as_string()
    applicant = entry.details["applicant"].as_string().label("applicant")
    told = select(entry.subject, number.label("number"), entry.at, sha256.label("sha256"), applicant)
    return told.where(entry.noun == Application.__name__, number.is_not(None)).subquery()


def _changed_rules() -> Iterator[str]:
    """By id: the rules are not what was approved."""
    last = audit.newest(Rules, audit.AuditEntry.verb == "approve")
    approved = select(Rules, last.c.details["sha256"].as_string()).outerjoin(last, last.c.subject == Rules.public_id)
    wanted = approved.where(Rules.state != RulesState.DRAFT).order_by(Rules.id)
    for one, sha256 in db.session.execute(wanted.execution_options(populate_existing=True, yield_per=READ_AT_ONCE)):
        if fingerprint(one.settings, one.sections) != sha256:
            yield one.public_id


def _changed_documents() -> Iterator[str]:
    """By application and document: the file is gone or is not the one that was attached."""
    entry = audit.AuditEntry
    document, sha256 = entry.details["document"].as_string(), entry.details["sha256"].as_string()
    acts = select(entry.subject, document.label("document"), sha256.label("sha256"))
    attached = acts.where(entry.noun == Application.__name__, entry.verb == "attach").subquery()
    same = and_(attached.c.subject == Application.public_id, attached.c.document == Document.public_id)
    kept = (
        select(Document, attached.c.sha256, Application.code, Application.public_id)
        .join(Application, Application.id == Document.application_id)
        .outerjoin(attached, same)
        .order_by(Document.id)
        .execution_options(populate_existing=True, yield_per=READ_AT_ONCE)
    )
    for one, digest, code, application in db.session.execute(kept):
        if not storage.sha256_of(one.storage_key) == one.sha256 == digest:
            yield f"{code or application} {one.public_id}"


def _changed_sums() -> Iterator[str]:
    """By address: the fund or an award's most is not what the approved rules give."""
    approved = select(Competition, Rules.settings).join(Rules, Rules.competition_id == Competition.id)
    wanted = approved.where(Rules.state == RulesState.APPROVED).order_by(Competition.id)
    for one, settings in db.session.execute(wanted.execution_options(populate_existing=True, yield_per=READ_AT_ONCE)):
        given = tuple(settings.get(name) for name in ("fund", "award_cap", "award_count"))
        if (one.fund, one.award_cap, one.award_count) != given:
            yield one.slug


def _changed_words() -> Iterator[str]:
    """By code: it is found by other words, or another sum, region or age, than it was submitted with."""
    ids = all_submitted()
    for start in range(0, len(ids), READ_AT_ONCE):
        some = ids[start : start + READ_AT_ONCE]
        kept = kept_rows(some)
        for application_id, one in rows_asked(some).items():
            if kept.get(application_id) != (one.sum, one.region, index_of(one), one.project, one.name):
                yield str(application_id)


INVARIANTS = (
    Invariant("nobody checks her own application", _checked_by_herself),
    Invariant("a returned application has standing reasons and a term", _returned_without_reasons),
    Invariant("an application uses the form and the rules of its competition", _form_or_rules_of_another_competition),
    Invariant("nobody is admitted twice in a competition", _admitted_twice),
    Invariant("a competition has one draft of its rules at most", _two_drafts_of_rules),
    Invariant("applications close after they open", _closes_before_it_opens),
)
SEALS = (
    Seal("submitted applications", _changed_versions),
    Seal("documents of applications", _changed_documents),
    Seal("what applications are found by", _changed_words),
    Seal("approved rules", _changed_rules),
    Seal("sums of the approved rules", _changed_sums),
)
