"""Forms of whoever makes the application form: a group, a question of any kind, a form brought from elsewhere."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FileField, FormField, HiddenField, IntegerField, SelectField, SelectMultipleField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.widgets import CheckboxInput, ListWidget

from app.core.columns import Translation
from app.core.forms import EditForm, Form, Part, between, optional, required, translated
from app.core.refusals import Refusal, RefusedError
from app.core.texts import read_json
from app.jinja import tr_plain
from competitions.labels import word
from competitions.rules.answers import CHOICE_KINDS, TEXT_KINDS, UNANSWERED_KINDS
from competitions.rules.application import FILE_LIMIT
from competitions.rules.form import (
    HINT_LENGTH,
    LABEL_LENGTH,
    LONGEST_ANSWER,
    TITLE,
    FormRefusal,
    FormText,
    GroupText,
    QuestionText,
    answers_to,
    is_always_private,
    may_be_depended_on,
)
from competitions.rules.form_json import COLUMN_KINDS, KEY, LARGEST_NUMBER, from_json
from competitions.states import QuestionKind

# So many empty lines for choices and columns stand below those that are there.
EMPTY_LINES = 3
LARGEST_FILE = 1_000_000
# A form, its questions, one of them, its options, the choices, one of them, its label.
DEEPEST_FORM = 7
COLUMN_WORDS = {"text": _l("text"), "number": _l("number"), "money": _l("sum of money")}


class GroupForm(EditForm):
    """One screen of the form."""

    title = translated(_l("Name of the group"), limit=LABEL_LENGTH, required_in=("kk",))

    def group(self, key: str) -> GroupText:
        """The group as the rules need it."""
        return GroupText(key, self.title.data)


class OptionPart(Part):
    """One line that may be chosen."""

    key = HiddenField()
    label = translated(_l("Choice"), limit=LABEL_LENGTH)


class ColumnPart(Part):
    """One column of a table."""

    key = HiddenField()
    label = translated(_l("Column"), limit=LABEL_LENGTH)
    kind = SelectField(_l("What stands in it"), choices=[SelectChoice(one, COLUMN_WORDS[one]) for one in COLUMN_KINDS])


class QuestionForm(EditForm):
    """What every question has; `question_form` adds what its kind has."""

    label = translated(_l("Question"), limit=LABEL_LENGTH, required_in=("kk",))
    hint = translated(_l("Hint"), limit=HINT_LENGTH, lines=2)
    group = SelectField(_l("Group"), [required()])

    def question(self, before: QuestionText, form: FormText) -> QuestionText:
        """The question as it was typed; what its kind has not stays as it was."""
        return replace(
            before,
            group=self.group.data,
            label=dict(self.label.data),
            hint=dict(self.hint.data),
            is_required=self._or("is_required", before.is_required),
            is_private=self._or("is_private", before.is_private),
            max_length=self._or("max_length", before.max_length),
            options=self._options(before, form),
        )

    def _options(self, before: QuestionText, form: FormText) -> dict[str, Any]:
        found = {name: value for name, value in before.options.items() if name != "show_if"}
        if "choices" in self:
            found["choices"] = _kept_lines(self["choices"], "c", was=before.options.get("choices", ()))
        if "columns" in self:
            found["columns"] = _kept_lines(self["columns"], "k", was=before.options.get("columns", ()))
        if "limit" in self:
            found["limit"] = self["limit"].data or FILE_LIMIT
        if "example" in self:
            found.pop("example", None)
            found |= {"example": dict(self["example"].data)} if self["example"].data else {}
        condition = self._condition(form)
        return found | ({"show_if": condition} if condition else {})

    def _condition(self, form: FormText) -> dict[str, Any] | None:
        """The condition as it is stored; answers of other questions than the chosen one are left out."""
        on = self["condition_question"].data if "condition_question" in self else ""
        if not on:
            return None
        chosen = [one.partition(":")[2] for one in self["condition_answers"].data or () if one.partition(":")[0] == on]
        bounds = {"at_least": self["condition_from"].data, "at_most": self["condition_to"].data}
        is_number = form.question(on).kind in {QuestionKind.NUMBER, QuestionKind.MONEY}
        found: dict[str, Any] = {"question": on}
        found |= {"is": chosen} if chosen else {}
        return found | {name: one for name, one in bounds.items() if is_number and one is not None}

    def _or(self, name: str, otherwise: Any) -> Any:
        return self[name].data if name in self else otherwise


def question_form(form: FormText, question: QuestionText) -> QuestionForm:
    """The form of a question, with what its kind has and the conditions that the questions before it allow."""
    fields: dict[str, Any] = {}
    if question.kind not in UNANSWERED_KINDS and question.key != TITLE:
        fields["is_required"] = BooleanField(_l("An answer is required"))
    if not is_always_private(question.key, question.kind) and question.key != TITLE:
        fields["is_private"] = BooleanField(_l("The jury does not see the answer"))
    if question.kind in TEXT_KINDS:
        fields["max_length"] = IntegerField(_l("Longest answer, characters"), [optional(), between(1, LONGEST_ANSWER)])
        fields["example"] = translated(_l("Example of an answer"), limit=LABEL_LENGTH)
    if question.kind in CHOICE_KINDS:
        fields["choices"] = FieldList(FormField(OptionPart))
    if question.kind is QuestionKind.TABLE:
        fields["columns"] = FieldList(FormField(ColumnPart))
    if question.kind is QuestionKind.FILE:
        fields["limit"] = IntegerField(_l("How many files at most"), [required(), between(1, FILE_LIMIT)])
    earlier = _earlier(form, question)
    if earlier and question.key != TITLE:
        fields |= _condition_fields(earlier)
    kind = type("QuestionOfItsKindForm", (QuestionForm,), fields)
    made: QuestionForm = kind(data=_data(question))
    made.group.choices = [(one.key, tr_plain(Translation(one.title))) for one in form.groups]
    return made


def _earlier(form: FormText, question: QuestionText) -> list[QuestionText]:
    """The questions a condition may look at; all that stand before it, and while it is new, all there are."""
    keys = [one.key for one in form.questions]
    before = form.questions[: keys.index(question.key)] if question.key in keys else form.questions
    return [one for one in before if may_be_depended_on(one)]


def _condition_fields(earlier: Sequence[QuestionText]) -> dict[str, Any]:
    questions = [SelectChoice("", _("Always")), *(SelectChoice(one.key, tr_plain(Translation(one.label))) for one in earlier)]
    answers = [SelectChoice(f"{one.key}:{key}", said) for one in earlier for key, said in _answers_in_words(one)]
    return {
        "condition_question": SelectField(_l("Ask only after an answer to"), choices=questions),
        "condition_answers": SelectMultipleField(
            _l("When the answer is one of these"),
            choices=answers,
            option_widget=CheckboxInput(),
            widget=ListWidget(prefix_label=False),
        ),
        "condition_from": IntegerField(_l("When the number is at least"), [optional(), between(0, LARGEST_NUMBER)]),
        "condition_to": IntegerField(_l("When the number is at most"), [optional(), between(0, LARGEST_NUMBER)]),
    }


def _answers_in_words(question: QuestionText) -> list[tuple[str, str]]:
    words = {"yes": _("Consent given") if question.kind is QuestionKind.CONSENT else _("Yes"), "no": _("No")}
    words |= {one["key"]: tr_plain(Translation(one["label"])) for one in question.choices}
    label = tr_plain(Translation(question.label))
    return [(key, f"{label} – {words[key]}") for key in answers_to(question)]


def _data(question: QuestionText) -> dict[str, Any]:
    options = question.options
    condition = question.condition
    return {
        "label": question.label,
        "hint": question.hint,
        "group": question.group,
        "is_required": question.is_required,
        "is_private": question.is_private,
        "max_length": question.max_length,
        "limit": options.get("limit", FILE_LIMIT),
        "example": options.get("example", {}),
        "choices": [*options.get("choices", ()), *({} for _line in range(EMPTY_LINES))],
        "columns": [*options.get("columns", ()), *({} for _line in range(EMPTY_LINES))],
        "condition_question": condition.question if condition else "",
        "condition_answers": [f"{condition.question}:{one}" for one in condition.choices] if condition else [],
        "condition_from": condition.at_least if condition else None,
        "condition_to": condition.at_most if condition else None,
    }


def _kept_lines(listed: Any, beginning: str, was: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The lines that were filled in, each with the key it had or a new one; what a line has beside is kept."""
    before = {one["key"]: one for one in was}
    filled = [one.form for one in listed.entries if any(one.form.label.data.values())]
    found = []
    for one in filled:
        key = one.key.data if KEY.fullmatch(one.key.data or "") else new_key(beginning)
        more = {"kind": one["kind"].data} if "kind" in one else {}
        found.append({**before.get(key, {}), "key": key, "label": dict(one.label.data), **more})
    return found


def new_key(beginning: str) -> str:
    """A key that nothing has or ever had: answers are kept by it, and must not fall to what is asked later."""
    return f"{beginning}_{secrets.token_hex(5)}"


def new_question(group: str, kind: QuestionKind) -> QuestionText:
    """An empty question of this kind, under a key of its own."""
    key = new_key("q")
    return QuestionText(
        key=key,
        group=group,
        kind=kind,
        label={},
        is_required=kind not in UNANSWERED_KINDS,
        is_private=is_always_private(key, kind),
    )


def kinds() -> list[tuple[QuestionKind, str]]:
    """The kinds of questions in words, in the order in which they are offered."""
    return [(one, str(word(one))) for one in QuestionKind]


class ImportForm(Form):
    """A form from a file."""

    file = FileField(_l("File with a form"))

    def imported(self) -> FormText:
        """The form in the file; refuses what is none."""
        sent = self.file.data
        try:
            data = read_json(sent.read(LARGEST_FILE).decode("utf-8-sig") if sent else "", deepest=DEEPEST_FORM)
        except ValueError as error:
            raise RefusedError(Refusal(FormRefusal.NOT_A_FORM, {"place": "JSON"}, field="file")) from error
        return from_json(data)
