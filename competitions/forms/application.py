"""The screens of an application: inputs of one group with what is stored or was typed, and what is wrong with it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.widgets import CheckboxInput, ListWidget

from app.core.forms import Form, MoneyField
from app.core.refusals import Refusal
from app.jinja import money, number, sentence, tr, tr_plain
from app.request import actor, language
from competitions.models import Document, Question
from competitions.queries.application import Contents
from competitions.queries.document import Written, call_values
from competitions.queries.form import Group, asked_of
from competitions.rules import budget as budget_rules
from competitions.rules.answers import CHOICE_KINDS, PARTS, ROW_KINDS, UNANSWERED_KINDS, calendar_date, columns_of, is_empty
from competitions.rules.application import FILE_LIMIT
from competitions.rules.change import Saved
from competitions.rules.conditions import Condition, condition_of
from competitions.rules.document import fill
from competitions.rules.readiness import answer_faults, are_quotes
from competitions.rules.regions import REGIONS
from competitions.states import QuestionKind

LANGUAGE_NAMES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
PART_LABELS = {
    "family": _l("Family name"),
    "given": _l("Given name"),
    "patronymic": _l("Patronymic, if there is one"),
    "phone": _l("Phone"),
    "email": _l("E-mail"),
    "language": _l("Language of letters to you"),
    "region": _l("Region"),
    "district": _l("District or city"),
    "institution": _l("Institution you left"),
    "year": _l("Year in which you left it"),
}
AUTOCOMPLETE = {
    "family": "family-name",
    "given": "given-name",
    "patronymic": "additional-name",
    "phone": "tel",
    "email": "email",
}
KEYBOARDS = {"phone": "tel", "email": "email", "year": "numeric"}
SIMPLE_KEYBOARDS = {
    QuestionKind.NUMBER: "numeric", QuestionKind.IIN: "numeric", QuestionKind.DATE: "numeric",
    QuestionKind.PHONE: "tel", QuestionKind.EMAIL: "email",
}  # fmt: skip
BLANK_ROWS = 1


@dataclass(frozen=True, slots=True)
class Conflict:
    """What was saved from another place over the version she saw."""

    field: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Input:
    """One input with what the page says of it."""

    field: Field
    name: str
    autocomplete: str | None = None
    keyboard: str | None = None
    is_optional: bool = False
    counter: int | None = None
    conflict: Conflict | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One question on the screen: its inputs, or its lines, or its files."""

    question: Question
    label: Any
    hint: Any
    example: Any
    version: int
    inputs: tuple[Input, ...] = ()
    rows: tuple[Mapping[str, Any], ...] = ()
    columns: tuple[Mapping[str, Any], ...] = ()
    totals: budget_rules.Totals | None = None
    documents: tuple[Document, ...] = ()
    file_limit: int = FILE_LIMIT
    quote_from: int | None = None
    error: str = ""
    warnings: tuple[str, ...] = ()
    conflict: Conflict | None = None
    condition: Condition | None = None
    condition_words: str = ""


@dataclass(frozen=True, slots=True)
class Screen:
    """One group of questions as the page shows it; `faults` are (address of the input, sentence)."""

    form: Form
    group: Group
    items: tuple[Item, ...]
    faults: tuple[tuple[str, str], ...]
    categories: tuple[tuple[str, str], ...] = ()
    cap: int | None = None


@dataclass(frozen=True, slots=True)
class Typed:
    """What a plain form sent in vain: texts by input, rivals by input, and the lines of tables."""

    texts: Mapping[str, Any] = field(default_factory=dict)
    conflicts: Mapping[str, Saved] = field(default_factory=dict)
    extra_row: str = ""


def screen(what: Contents, group: Group, typed: Typed | None = None) -> Screen:
    """The screen of a group; `typed` stands in the inputs where it was not saved."""
    typed = typed or Typed()
    fields = {name: one for question in group.questions for name, one in _fields(question)}
    form = type("GroupForm", (Form,), fields)()
    found, values = _faults(what, group), _values(what)
    for name, one in ((name, form[name]) for name in fields):
        question, part = question_and_part(group, name)
        _fill(one, question, part, typed.texts.get(name, _stored(what, question, part)))
        one.errors = found.get(name, [])
    items = tuple(replace(_item(what, one, form, found, typed), hint=_hint(one, values)) for one in group.questions)
    return Screen(
        form=form,
        group=group,
        items=items,
        faults=tuple(_addressed(group, found)),
        categories=tuple((one.key, tr_plain(one.label)) for one in what.settings.budget_categories),
        cap=what.settings.award_cap,
    )


def _values(what: Contents) -> Written:
    """What hints name: sums and terms of the rules, in the page's language."""
    one = what.competition
    values = call_values(one, one.programme, what.settings, what.application.form, what.calendar)
    return Written(values, language(), ZoneInfo(one.programme.timezone))


def hint_of(question: Question, values: Mapping[str, str]) -> str | None:
    """The hint in the page's language, with the values of the rules."""
    return fill(tr_plain(question.hint), values) or None


def label_of_input(question: Question, name: str | None) -> str:
    """What an input is called: a part of a compound answer by its own name, else the question."""
    part = (name or "").removeprefix(f"{question.key}-")
    return str(PART_LABELS[part]) if part in PARTS.get(question.kind, ()) and part != name else tr_plain(question.label)


def question_and_part(group: Group, name: str) -> tuple[Question, str | None]:
    """The question an input belongs to, and which part of it."""
    by_key = {question.key: question for question in group.questions}
    if name in by_key:
        return by_key[name], None
    key, _dash, part = name.rpartition("-")
    return by_key[key], part


def _fields(question: Question) -> Iterable[tuple[str, Any]]:
    """The inputs of a question; tables and files have macros of their own."""
    if question.kind in PARTS:
        for part in PARTS[question.kind]:
            yield f"{question.key}-{part}", _part_field(part)
    elif question.kind not in {*ROW_KINDS, *UNANSWERED_KINDS, QuestionKind.FILE}:
        yield question.key, _simple_field(question)


def _part_field(part: str) -> Any:
    label = PART_LABELS[part]
    if part == "region":
        return SelectField(
            label, choices=[SelectChoice("", ""), *(SelectChoice(code, tr_plain(name)) for code, name in REGIONS.items())]
        )
    if part == "language":
        return RadioField(label, choices=[SelectChoice(code, name) for code, name in LANGUAGE_NAMES.items()])
    return StringField(label)


def _simple_field(question: Question) -> Any:
    label = tr(question.label)
    match question.kind:
        case QuestionKind.LONG:
            return TextAreaField(label)
        case QuestionKind.MONEY:
            return MoneyField(label)
        case QuestionKind.YES_NO:
            return RadioField(label, choices=[SelectChoice("yes", _("Yes")), SelectChoice("no", _("No"))])
        case QuestionKind.CHOICE:
            return RadioField(label, choices=_choices(question))
        case QuestionKind.MULTIPLE_CHOICE:
            return SelectMultipleField(
                label, choices=_choices(question), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
            )
        case QuestionKind.CONSENT:
            return BooleanField(label)
        case _:
            return StringField(label)


def _choices(question: Question) -> list[SelectChoice]:
    return [SelectChoice(one["key"], tr_plain(one["label"])) for one in (question.options or {}).get("choices", ())]


def _fill(one: Field, question: Question, part: str | None, value: Any) -> None:
    if isinstance(one, MoneyField):
        one.data = value if isinstance(value, int) else None
        one.typed = value if isinstance(value, str) else None
    elif question.kind is QuestionKind.MULTIPLE_CHOICE:
        one.data = list(value or ())
    elif question.kind is QuestionKind.CONSENT:
        one.data = value in {True, "y"}
    else:
        one.data = shown_as_typed(question, part, value)


def shown_as_typed(question: Question, part: str | None, value: Any) -> str:
    """A stored value as it stands in its input."""
    if question.kind in ROW_KINDS:
        return json.dumps(_rows_as_typed(question, value), ensure_ascii=False, separators=(",", ":"))
    if question.kind is QuestionKind.MULTIPLE_CHOICE:
        return json.dumps(list(value or ()), ensure_ascii=False, separators=(",", ":"))
    if value is None or isinstance(value, Mapping):
        return ""
    if question.kind is QuestionKind.CONSENT:
        return "y"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if question.kind is QuestionKind.DATE and part is None:
        day = calendar_date(str(value))
        return day.strftime("%d.%m.%Y") if day else str(value)
    return str(value)


def _rows_as_typed(question: Question, value: Any) -> list[dict[str, str]]:
    names = [column["key"] for column in columns_of(asked_of(question))]
    rows = value if isinstance(value, list) else []
    return [{name: str(row.get(name) if row.get(name) is not None else "") for name in names} for row in rows]


def _stored(what: Contents, question: Question, part: str | None) -> Any:
    value = what.values.get(question.key)
    if part is None:
        return value
    return value.get(part) if isinstance(value, Mapping) else None


def _faults(what: Contents, group: Group) -> dict[str, list[str]]:
    """Sentences by input, for answers that are not empty; what is merely missing is said on the page that checks all."""
    found: dict[str, list[str]] = {}
    for question in group.questions:
        value = what.values.get(question.key)
        refusals = answer_faults(asked_of(question), value, what.values, what.limits) if not is_empty(value) else []
        for refusal in refusals:
            if not _is_only_missing(refusal):
                found.setdefault(refusal.field or question.key, []).append(sentence(refusal))
    return found


def _is_only_missing(refusal: Refusal) -> bool:
    return refusal.code == "required"


def _addressed(group: Group, found: Mapping[str, list[str]]) -> Iterable[tuple[str, str]]:
    for name, sentences in found.items():
        question = next((one for one in group.questions if name == one.key or name.startswith(f"{one.key}-")), None)
        is_choice = question is not None and question.kind in {QuestionKind.YES_NO, *CHOICE_KINDS}
        said = f"{tr_plain(question.label)}: " if question is not None else ""
        yield (f"#{name}-0" if is_choice else f"#{name}", said + " ".join(sentences))


def _item(what: Contents, question: Question, form: Form, found: Mapping[str, list[str]], typed: Typed) -> Item:
    rival, condition = typed.conflicts.get(question.key), _condition_here(question, what)
    item = Item(
        question=question,
        label=tr(question.label),
        hint=None,
        example=tr_plain((question.options or {}).get("example")),
        version=what.versions.get(question.key, 0),
        error=" ".join(found.get(question.key, [])),
        conflict=_conflict(question, question.key, rival) if rival else None,
        condition=condition,
        condition_words=_in_words(condition, what.application.form.questions) if condition else "",
    )
    if question.kind is QuestionKind.FILE:
        mine = tuple(one for one in what.documents if one.question_key == question.key)
        due_from = what.settings.quote_threshold if are_quotes(asked_of(question)) else None
        return replace(item, documents=mine, file_limit=int(question.options.get("limit", FILE_LIMIT)), quote_from=due_from)
    if question.kind in ROW_KINDS:
        return _with_rows(item, what, found, typed)
    inputs = tuple(_input(question, name, form[name], typed) for name, _field in _fields(question))
    return replace(item, inputs=inputs)


def _condition_here(question: Question, what: Contents) -> Condition | None:
    """The condition that an answer on the same screen decides; one on an earlier screen is decided already."""
    condition = condition_of(asked_of(question))
    groups = {one.key: one.group for one in what.application.form.questions}
    return condition if condition is not None and groups[condition.question] == question.group else None


def conditions_in_words(questions: Sequence[Question]) -> dict[str, str]:
    """When each question that has a condition is asked, for a page that shows it in any case."""
    found = {one.key: condition_of(asked_of(one)) for one in questions}
    return {key: _in_words(one, questions) for key, one in found.items() if one is not None}


def _in_words(condition: Condition, questions: Iterable[Question]) -> str:
    on = next(one for one in questions if one.key == condition.question)
    said, label = _said_of(condition, on), tr_plain(on.label)
    if said:
        return str(_("Answer this only if your answer to “%(question)s” is: %(answer)s", question=label, answer=said))
    return str(_("Answer this only if you have answered “%(question)s”", question=label))


def _said_of(condition: Condition, on: Question) -> str:
    words = {"yes": _("Consent given") if on.kind is QuestionKind.CONSENT else _("Yes"), "no": _("No")}
    words |= {one["key"]: tr_plain(one["label"]) for one in (on.options or {}).get("choices", ())}
    write = money if on.kind is QuestionKind.MONEY else number
    bounds = [
        *([_("from %(least)s", least=write(condition.at_least))] if condition.at_least is not None else []),
        *([_("up to %(most)s", most=write(condition.at_most))] if condition.at_most is not None else []),
    ]
    return ", ".join([*(words.get(one, one) for one in condition.choices), *bounds])


def _hint(question: Question, values: Mapping[str, str]) -> str | None:
    hint = hint_of(question, values)
    if question.kind is not QuestionKind.CONTACT:
        return hint
    said: str = _(
        "Letters about your application go to the address of your account, %(email)s. "
        "An e-mail address given here is only another way to reach you.",
        email=actor().email,
    )
    return f"{hint} {said}" if hint else said


def _input(question: Question, name: str, one: Field, typed: Typed) -> Input:
    part = name.removeprefix(f"{question.key}-") if question.kind in PARTS else None
    rival = typed.conflicts.get(name)
    return Input(
        field=one,
        name=name,
        autocomplete=AUTOCOMPLETE.get(part or ""),
        keyboard=KEYBOARDS.get(part or "") or SIMPLE_KEYBOARDS.get(question.kind),
        is_optional=part in {"patronymic", "email"} if part else not question.is_required,
        counter=asked_of(question).limit if question.max_length else None,
        conflict=_conflict(question, name, rival, part) if rival else None,
    )


def _conflict(question: Question, name: str, rival: Saved, part: str | None = None) -> Conflict:
    if question.kind in ROW_KINDS:
        lines = (" · ".join(cell for cell in row.values() if cell) for row in _rows_as_typed(question, rival.value))
        return Conflict(name, "\n".join(lines))
    return Conflict(name, shown_as_typed(question, part, rival.value))


def _with_rows(item: Item, what: Contents, found: Mapping[str, list[str]], typed: Typed) -> Item:
    question = item.question
    value = typed.texts.get(question.key, what.values.get(question.key))
    rows: list[dict[str, Any]] = [dict(row) for row in value] if isinstance(value, list) else []
    lines = budget_rules.lines(rows) if question.kind is QuestionKind.BUDGET else []
    for index, row in enumerate(rows):
        prefix = f"{question.key}-{index}-"
        row["errors"] = {name.removeprefix(prefix): " ".join(said) for name, said in found.items() if name.startswith(prefix)}
        if lines:
            row["sum"] = lines[index].sum
    if not rows or typed.extra_row == question.key:
        rows += [{} for _row in range(BLANK_ROWS)]
    if question.kind is QuestionKind.BUDGET:
        warnings = tuple(
            _("Line %(row)s may be something the grant must not pay for: %(word)s. Please check the rules.", row=row, word=word)
            for row, word in budget_rules.suspicious_items(value, what.limits.budget)
        )
        return replace(item, rows=tuple(rows), totals=budget_rules.totals(lines), warnings=warnings)
    return replace(item, rows=tuple(rows), columns=tuple(_column(column) for column in columns_of(asked_of(question))))


def _column(column: Mapping[str, Any]) -> dict[str, Any]:
    is_wide = column["kind"] == "text"
    return {"name": column["key"], "label": tr_plain(column["label"]), "kind": column["kind"], "span": 8 if is_wide else 4}
