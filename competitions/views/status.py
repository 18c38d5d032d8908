"""What an applicant sees of her application: where it stands, what is next, what is missing, and her answers to read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.jinja import long_date, moment, money, number, short_date, tr, tr_plain
from app.modules import Outcome
from app.people.rules import canonical_phone, shown_phone
from competitions.models import Check, Document, Question
from competitions.queries.application import Contents, is_sent, last_check, last_version, reasons_of, standing_return, value_of
from competitions.queries.form import Group, asked_of, ever_asked
from competitions.queries.history import late_changes
from competitions.rules import budget as budget_rules
from competitions.rules.answers import PARTS, ROW_KINDS, calendar_date, columns_of, is_empty
from competitions.rules.readiness import Missing
from competitions.rules.regions import REGIONS
from competitions.states import ApplicationState, CheckOutcome, CompetitionState, Milestone, QuestionKind
from competitions.views.call import TimelineItem, time_left, timeline

CLOSING = frozenset({Milestone.CLOSES})
# Of the calendar, what still concerns an applicant who takes no further part.
CONCERNS: Mapping[ApplicationState, frozenset[Milestone]] = {
    ApplicationState.NOT_ADMITTED: frozenset({Milestone.CLOSES, Milestone.CHECKED}),
    ApplicationState.WITHDRAWN: CLOSING,
}
LANGUAGE_NAMES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}


@dataclass(frozen=True, slots=True)
class Status:
    """Where the application stands, in one line and one sentence, and the tone of it."""

    title: str
    text: str
    tone: str
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason of a checker, with the question it is about."""

    text: str
    question_key: str | None
    group: str | None
    label: str


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """One answer to read: text, or lines of a table or budget, or files."""

    question: Question
    label: Any
    text: str
    rows: tuple[Mapping[str, Any], ...] = ()
    columns: tuple[str, ...] = ()
    totals: budget_rules.Totals | None = None
    documents: tuple[Document, ...] = ()
    is_empty: bool = False

    @property
    def is_own_words(self) -> bool:
        """Whether the text is what she wrote herself, in her language: not a choice, a sum, a name or a number."""
        return self.question.kind in {QuestionKind.SHORT, QuestionKind.LONG}


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """One group of answers to read."""

    group: Group
    answers: tuple[ShownAnswer, ...]


@dataclass(frozen=True, slots=True)
class Sending:
    """The last step of an application, what to say of it where its state has a word of its own, and until when it is open."""

    state: str
    word: str = ""
    is_editable: bool = False
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One group in the stepper of an application."""

    key: str
    label: Any
    state: str


def has_unsent_changes(what: Contents) -> bool:
    """Whether answers were changed since they were submitted."""
    last = last_version(what.application)
    return last is not None and not is_sent(what, last)


def is_received(what: Contents) -> bool:
    """Whether exactly this was submitted and stands."""
    return what.known_state is ApplicationState.SUBMITTED and not has_unsent_changes(what)


def status(what: Contents, at: datetime, *, is_editable: bool) -> Status:
    """The status line: it says what is true now and what she can do."""
    state, closes_at = what.known_state, what.calendar.at(Milestone.CLOSES)
    match state:
        case ApplicationState.DRAFT:
            return _draft_status(at, is_editable=is_editable, closes_at=closes_at)
        case ApplicationState.RETURNED:
            return _returned_status(what, is_editable=is_editable)
        case ApplicationState.SUBMITTED | ApplicationState.ADMITTED:
            return _standing_status(what, is_editable=is_editable)
        case ApplicationState.NOT_ADMITTED:
            return Status(
                _("Your application was not admitted"),
                _("The reasons stand below. Advice is free: call us, and we will look for another way together."),
                "info",
            )
        case _:
            return Status(_("You have withdrawn this application"), _("Your texts stay here for you to read."), "info")


def _draft_status(at: datetime, *, is_editable: bool, closes_at: datetime | None) -> Status:
    if is_editable and closes_at is not None:
        text = _(
            "Nobody has received it yet. Applications close on %(when)s. Time left: %(left)s.",
            when=moment(closes_at),
            left=time_left(closes_at, at),
        )
        return Status(_("This is a draft, it is not sent"), text, "warning", closes_at)
    if closes_at is not None and at >= closes_at:
        text = _("Applications closed on %(when)s. The texts stay here for you to read.", when=moment(closes_at))
        return Status(_("This draft was not sent"), text, "warning")
    return Status(_("This is a draft, it is not sent"), _("Applications are not taken now."), "warning")


def _returned_status(what: Contents, *, is_editable: bool) -> Status:
    check = standing_return(what.application)
    due_at = check.due_at if check is not None else None
    if is_editable and due_at is not None:
        text = _("Mend what is named below and send it again by %(when)s.", when=moment(due_at))
        return Status(_("Your application came back: please complete it"), text, "warning", due_at)
    return Status(_("The time to complete this application has passed"), _("Call us if something held you up."), "warning")


def _standing_status(what: Contents, *, is_editable: bool) -> Status:
    checked_at = what.calendar.at(Milestone.CHECKED)
    if is_editable and has_unsent_changes(what):
        text = _("What you sent stands until you send the new version.")
        return Status(_("You have changed answers and not sent them again"), text, "warning")
    if what.known_state is ApplicationState.ADMITTED and what.competition.published_at is not None:
        text = _("Thank you for taking part. The winners stand on the page of results.")
        return Status(_("The results are public"), text, "info")
    if what.known_state is ApplicationState.ADMITTED:
        return Status(
            _("Your application takes part in the competition"), _("The dates of what comes next stand below."), "success"
        )
    text = _("We will reply by %(date)s.", date=short_date(checked_at)) if checked_at else _("We will reply by letter.")
    if not is_editable and what.competition.state is CompetitionState.ANNOUNCED:
        text = _("It is being checked and cannot be changed now.") + " " + text
    return Status(_("Your application is received"), text, "success")


def reasons(what: Contents) -> tuple[Reason, ...]:
    """Why it came back or was not admitted, each with the question it is about."""
    check = last_check(what.application)
    if check is None or check.outcome is CheckOutcome.ADMITTED or not _concerns(check, what.known_state):
        return ()
    by_key = {question.key: question for question in what.questions}
    return tuple(_reason(one, by_key.get(one.get("question") or "")) for one in reasons_of(check))


def _concerns(check: Check, state: ApplicationState) -> bool:
    expected = {CheckOutcome.RETURNED: ApplicationState.RETURNED, CheckOutcome.NOT_ADMITTED: ApplicationState.NOT_ADMITTED}
    return expected.get(check.outcome) is state


def _reason(given: Mapping[str, Any], question: Question | None) -> Reason:
    text = given.get("text")
    return Reason(
        text=tr_plain(text) if isinstance(text, Mapping) else str(text or ""),
        question_key=question.key if question else None,
        group=question.group if question else None,
        label=tr_plain(question.label) if question else "",
    )


@dataclass(frozen=True, slots=True)
class LateText:
    """A text that came after the deadline: hers to read, no part of the application."""

    question_key: str
    label: Any
    text: str
    arrived_at: datetime


def late_texts(what: Contents, questions: Iterable[Question] | None = None) -> tuple[LateText, ...]:
    """What she wrote last when it was too late, by question."""
    changes = late_changes(what.application)
    if questions is None:
        questions = ever_asked(what.application, changes).values() if changes else ()
    return tuple(
        LateText(one.key, tr(one.label), readable(one, value_of(changes[one.key]), what), changes[one.key].arrived_at)
        for one in questions
        if one.key in changes
    )


def unasked_texts(what: Contents) -> tuple[ShownAnswer, ...]:
    """What she wrote and attached to questions that are not asked any more: it is not sent, and stays hers to read."""
    asked = {one.key for one in what.questions}
    answered = {key for key, value in what.values.items() if not is_empty(value)} | set(what.document_counts())
    keys = answered - asked
    return tuple(shown_answer(one, what) for one in ever_asked(what.application, keys).values()) if keys else ()


def readable(question: Question, value: Any, what: Contents) -> str:
    """Any value of a question as plain text."""
    if isinstance(value, list) and question.kind in ROW_KINDS:
        return "\n".join(" · ".join(str(cell) for cell in row.values() if not is_empty(cell)) for row in value)
    shown = shown_answer(question, replace(what, values={question.key: value}))
    return shown.text


def steps(what: Contents, lacking: list[Missing], current: str | None = None) -> tuple[Step, ...]:
    """The groups with how far each is: done, current, with faults, begun, or to do."""
    return tuple(
        Step(group.key, tr(group.title), "current" if group.key == current else _group_state(what, group, lacking))
        for group in what.screens
    )


def sending(what: Contents, *, is_editable: bool) -> Sending:
    """How far the last step is: to do, done, or to do anew because answers were changed or are to be completed."""
    is_admitted = what.known_state is ApplicationState.ADMITTED
    until = what.calendar.at(Milestone.FREEZES if is_admitted else Milestone.CLOSES)
    if what.known_state is ApplicationState.DRAFT:
        return Sending("todo", "", is_editable, until)
    if is_editable and (what.known_state is ApplicationState.RETURNED or has_unsent_changes(what)):
        return Sending("error", _("To be sent again"), is_editable, until)
    return Sending("done", _("Submitted"), is_editable, until)


def _group_state(what: Contents, group: Group, lacking: list[Missing]) -> str:
    mine = [one for one in lacking if one.group == group.key]
    if any(not one.is_empty for one in mine):
        return "error"
    asked = [one for one in what.questions if one.group == group.key]
    if asked and all(is_empty(what.values.get(question.key)) for question in asked):
        return "todo"
    return "begun" if mine else "done"


def what_is_next(what: Contents, at: datetime, outcome: Outcome | None = None) -> tuple[TimelineItem, ...]:
    """The dates of the competition that concern her: all from the closing on while she takes part, then what is left."""
    kept = outcome.dates if outcome else CONCERNS.get(what.known_state, frozenset(Milestone)) - {Milestone.OPENS}
    is_late = what.known_state is ApplicationState.DRAFT and what.calendar.has_passed(Milestone.CLOSES, at)
    shown = timeline(what.calendar, at, published_at=what.competition.published_at)
    return tuple(one for one in shown if one.milestone in (CLOSING if is_late else kept))


def shown_answers(what: Contents) -> tuple[ShownGroup, ...]:
    """All answers to read, group by group."""
    found = ((group, [one for one in what.questions if one.group == group.key]) for group in what.groups)
    return tuple(ShownGroup(group, tuple(shown_answer(one, what) for one in asked)) for group, asked in found if asked)


def shown_answer(question: Question, what: Contents) -> ShownAnswer:
    """One answer as a reader sees it."""
    value: Any = what.values.get(question.key)
    shown = ShownAnswer(question, tr(question.label), "", is_empty=is_empty(value))
    if question.kind is QuestionKind.FILE:
        documents = tuple(one for one in what.documents if one.question_key == question.key)
        return ShownAnswer(question, shown.label, "", documents=documents, is_empty=not documents)
    if shown.is_empty:
        return shown
    if question.kind is QuestionKind.BUDGET:
        lines = budget_rules.lines(value)
        names = {one.key: tr_plain(one.label) for one in what.settings.budget_categories}
        rows = tuple(_budget_row(row, line, names) for row, line in zip(value, lines, strict=False))
        return ShownAnswer(question, shown.label, "", rows=rows, totals=budget_rules.totals(lines))
    if question.kind is QuestionKind.TABLE:
        columns = columns_of(asked_of(question))
        rows = tuple({column["key"]: _cell(column["kind"], row.get(column["key"])) for column in columns} for row in value)
        return ShownAnswer(question, shown.label, "", rows=rows, columns=tuple(tr_plain(one["label"]) for one in columns))
    return ShownAnswer(question, shown.label, _text(question, value))


def _budget_row(row: Mapping[str, Any], line: budget_rules.Line, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "category": names.get(line.category, line.category),
        "item": line.item,
        "unit": line.unit,
        "quantity": str(row.get("quantity") or ""),
        "price": line.price or 0,
        "sum": line.sum or 0,
        "grant": line.grant or 0,
        "own": line.own or 0,
    }


def _cell(kind: str, value: Any) -> str:
    if not isinstance(value, int):
        return str(value if value is not None else "")
    return money(value) if kind == "money" else number(value)


def _text(question: Question, value: Any) -> str:
    match question.kind:
        case QuestionKind.MONEY if isinstance(value, int):
            return money(value)
        case QuestionKind.NUMBER if isinstance(value, int):
            return number(value)
        case QuestionKind.YES_NO if isinstance(value, bool):
            return str(_("Yes") if value else _("No"))
        case QuestionKind.DATE:
            day = calendar_date(str(value))
            return long_date(day) if day else str(value)
        case QuestionKind.CHOICE | QuestionKind.MULTIPLE_CHOICE:
            choices = {one["key"]: tr_plain(one["label"]) for one in (question.options or {}).get("choices", ())}
            return "\n".join(choices.get(one, str(one)) for one in (value if isinstance(value, list) else [value]))
        case QuestionKind.CONSENT if value is True:
            return str(_("Consent given"))
        case QuestionKind.PHONE:
            return shown_phone(canonical_phone(str(value))) or str(value)
        case _:
            return "\n".join(_parts(question.kind, value)) if isinstance(value, Mapping) else str(value)


def _parts(kind: QuestionKind, value: Mapping[str, Any]) -> list[str]:
    """The parts of a compound answer, one a line; a name stands on one line."""
    if kind is QuestionKind.PERSON_NAME:
        return [" ".join(str(value.get(part) or "") for part in ("family", "given", "patronymic")).strip()]
    return [_part(part, value[part]) for part in PARTS[kind] if not is_empty(value.get(part))]


def _part(part: str, value: Any) -> str:
    if part == "region":
        return tr_plain(REGIONS.get(value)) or str(value)
    if part == "phone":
        return shown_phone(canonical_phone(str(value))) or str(value)
    return LANGUAGE_NAMES.get(value, str(value)) if part == "language" else str(value)
