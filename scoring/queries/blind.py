"""What a juror may know of an application: values built from an allow-list, out of the version that was frozen.

Only answers to questions that are not private, the budget and the files of such questions pass. Who applies, from where, when,
by which device and under what file names does not exist in these types, so no template can show it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import func, select

from app.core.columns import Translation
from app.core.db import db
from app.people.models import Person
from competitions.models import Application, ApplicationVersion, Document, Form, Question, Rules
from competitions.queries.form import asked_of
from competitions.queries.judged import judged_version_ids
from competitions.rules import budget as budgets
from competitions.rules.answers import CHOICE_KINDS
from competitions.rules.conditions import answerable
from competitions.rules.settings import RulesSettings, from_json
from competitions.states import ApplicationState, QuestionKind
from scoring.models import Round

TITLE = "title"
Value = str | int | bool | date | Translation | tuple[Translation, ...]


@dataclass(frozen=True, slots=True)
class BlindTable:
    """An answer made of rows."""

    columns: tuple[Translation, ...]
    rows: tuple[tuple[str | int, ...], ...]


@dataclass(frozen=True, slots=True)
class BlindAnswer:
    """One answer of the project part: a text, a sum, a choice, or a table."""

    label: Translation
    kind: QuestionKind
    value: Value | None = None
    table: BlindTable | None = None


@dataclass(frozen=True, slots=True)
class BlindLine:
    """One line of the budget."""

    category: Translation
    item: str
    unit: str
    quantity: str
    price: int | None
    sum: int | None
    grant: int | None
    own: int | None


@dataclass(frozen=True, slots=True)
class BlindBudget:
    """The budget with its foot."""

    lines: tuple[BlindLine, ...]
    totals: budgets.Totals


@dataclass(frozen=True, slots=True)
class BlindDocument:
    """One file under a name that tells nothing."""

    number: int
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class BlindApplication:
    """All that a juror sees of an application while it is blind."""

    code: str
    language: str
    title: str
    district: str
    answers: tuple[BlindAnswer, ...]
    budget: BlindBudget | None
    documents: tuple[BlindDocument, ...]


@dataclass(frozen=True, slots=True)
class BlindCard:
    """An application in a list: enough to notice a conflict, and no more."""

    application_id: int
    code: str
    language: str
    title: str
    district: str


@dataclass(frozen=True, slots=True)
class BlindFile:
    """What a download needs; made for the handler, never for a template."""

    name: str
    media_type: str
    storage_key: str


def blind_cards(round_: Round) -> list[BlindCard]:
    """The applications that take part, by code."""
    places = _district_keys(round_.competition_id)
    district = func.coalesce(*(ApplicationVersion.content[key].as_string() for key in places), "") if places else func.lower("")
    wanted = (
        select(
            Application.id,
            Application.code,
            Application.language,
            ApplicationVersion.content[TITLE].as_string(),
            district,
        )
        .join(ApplicationVersion, ApplicationVersion.application_id == Application.id)
        .where(
            ApplicationVersion.id.in_(judged_version_ids(round_.competition_id)),
            Application.state == ApplicationState.ADMITTED,
        )
        .order_by(Application.code)
    )
    return [
        BlindCard(one, code or "", spoken, title or "", place) for one, code, spoken, title, place in db.session.execute(wanted)
    ]


def blind_application(application_id: int) -> BlindApplication:
    """One application as it was frozen."""
    application, version, form, rules = _frozen(application_id)
    content: Mapping[str, Any] = version.content
    shown = _shown(form, content)
    settings = from_json(rules.settings)
    plain = [one for one in shown if one.kind not in {QuestionKind.BUDGET, QuestionKind.FILE} and one.key != TITLE]
    budget = next((content.get(one.key) for one in shown if one.kind is QuestionKind.BUDGET), None)
    return BlindApplication(
        code=application.code or "",
        language=application.language,
        title=str(content.get(TITLE) or ""),
        district=next((str(content.get(one.key) or "") for one in shown if one.kind is QuestionKind.DISTRICT), ""),
        answers=tuple(_answer(one, content.get(one.key)) for one in plain),
        budget=_budget(budget, settings) if budget else None,
        documents=tuple(
            BlindDocument(number, _name(application, number, document), document.size)
            for number, document in enumerate(_documents(application, version, shown), start=1)
        ),
    )


def blind_file(application_id: int, number: int) -> BlindFile | None:
    """The file with this number, under its blind name."""
    application, version, form, _rules = _frozen(application_id)
    found = _documents(application, version, _shown(form, version.content))
    if not 0 < number <= len(found):
        return None
    document = found[number - 1]
    return BlindFile(_name(application, number, document), document.media_type, document.storage_key)


def presenter(application_id: int) -> str:
    """The given name of who pitches: asked for only where a stage is not blind."""
    wanted = select(Person.given_name).join(Application, Application.applicant_id == Person.id)
    return db.session.scalar(wanted.where(Application.id == application_id)) or ""


def _frozen(application_id: int) -> tuple[Application, ApplicationVersion, Form, Rules]:
    application = db.session.scalars(select(Application).where(Application.id == application_id)).one()
    wanted = select(ApplicationVersion).where(
        ApplicationVersion.application_id == application_id,
        ApplicationVersion.id.in_(judged_version_ids(application.competition_id)),
    )
    form = db.session.scalars(select(Form).where(Form.id == application.form_id)).one()
    rules = db.session.scalars(select(Rules).where(Rules.id == application.rules_id)).one()
    return application, db.session.scalars(wanted).one(), form, rules


def _shown(form: Form, content: Mapping[str, Any]) -> list[Question]:
    """The questions of the project part that this application was asked; none of them depends on a private answer."""
    project = [one for one in form.questions if not one.is_private]
    asked = answerable([asked_of(one) for one in project], content)
    return [one for one in project if one.key in asked]


def _district_keys(competition_id: int) -> Sequence[str]:
    wanted = (
        select(Question.key)
        .join(Form, Form.id == Question.form_id)
        .where(
            Form.competition_id == competition_id,
            Question.kind == QuestionKind.DISTRICT,
            Question.is_private.is_(False),
        )
        .distinct()
    )
    return db.session.scalars(wanted.order_by(Question.key)).all()


def _documents(application: Application, version: ApplicationVersion, questions: Iterable[Question]) -> list[Document]:
    """The files that the version names, of questions the jury sees, in the version's order."""
    keys = {one.key for one in questions}
    named = [one["public_id"] for one in version.documents if one.get("question_key") in keys]
    wanted = select(Document).where(Document.application_id == application.id, Document.public_id.in_(named))
    found = {one.public_id: one for one in db.session.scalars(wanted)}
    return [found[public_id] for public_id in named if public_id in found]


def _name(application: Application, number: int, document: Document) -> str:
    return f"{application.code}-{number}.{document.extension.lstrip('.')}"


def _answer(question: Question, value: Any) -> BlindAnswer:
    if question.kind is QuestionKind.TABLE:
        return BlindAnswer(question.label, question.kind, table=_table(question, value))
    return BlindAnswer(question.label, question.kind, value=_value(question, value))


def _value(question: Question, value: Any) -> Value | None:
    if value is None or value == "":
        return None
    if question.kind in CHOICE_KINDS:
        chosen = value if isinstance(value, list) else [value]
        choices = {one["key"]: one["label"] for one in question.options.get("choices", ())}
        labels = tuple(Translation(choices[one]) for one in chosen if one in choices)
        return labels[0] if question.kind is QuestionKind.CHOICE and labels else labels
    if question.kind is QuestionKind.DATE:
        return _date(str(value))
    return value if isinstance(value, (str, int, bool)) else str(value)


def _date(text: str) -> date | str:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def _table(question: Question, rows: Any) -> BlindTable:
    columns = [one for one in question.options.get("columns", ()) if isinstance(one, Mapping)]
    listed = [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
    return BlindTable(
        columns=tuple(Translation(one.get("label", {})) for one in columns),
        rows=tuple(tuple(_cell(row.get(one["key"])) for one in columns) for row in listed),
    )


def _cell(value: Any) -> str | int:
    return value if isinstance(value, int) and not isinstance(value, bool) else str(value or "")


def _budget(rows: Any, settings: RulesSettings) -> BlindBudget:
    found = budgets.lines(rows)
    return BlindBudget(tuple(_line(one, settings) for one in found), budgets.totals(found))


def _line(line: budgets.Line, settings: RulesSettings) -> BlindLine:
    category = settings.category(line.category)
    return BlindLine(
        category=Translation(category.label if category else {}),
        item=line.item,
        unit=line.unit,
        quantity=_quantity(line.quantity),
        price=line.price,
        sum=line.sum,
        grant=line.grant,
        own=line.own,
    )


def _quantity(quantity: Fraction | None) -> str:
    if quantity is None:
        return ""
    return str(quantity.numerator) if quantity.denominator == 1 else f"{float(quantity):g}"
