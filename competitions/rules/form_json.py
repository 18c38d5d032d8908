"""A form as JSON, to take it elsewhere and bring it back; `from_json` trusts nothing it reads. Pure."""

import re
from collections.abc import Mapping
from typing import Any, NoReturn

from app.core.refusals import Refusal, RefusedError
from app.core.texts import clean_text
from competitions.rules.form import (
    QUESTION_LIMIT,
    TITLE,
    FormRefusal,
    FormText,
    GroupText,
    QuestionText,
    in_order,
    is_always_private,
)
from competitions.rules.readiness import AMOUNT, BIRTH_DATE
from competitions.rules.settings import LANGUAGES
from competitions.states import QuestionKind

FORMAT = "baiqau-form-1"
COLUMN_KINDS = ("text", "number", "money")
LARGEST_NUMBER = 10**12
# A name, because inputs are called by it: NAME, NAME-PART, NAME-0-COLUMN.
KEY = re.compile(r"[a-z][a-z0-9_]{0,38}")
# What the page and its form call by themselves: no question is called so.
RESERVED = frozenset(
    {
        "add_row", "attempt", "conflicts", "csrf_token", "data", "errors", "field", "form_errors", "go", "hidden_tag",
        "is_submitted", "meta", "next", "populate_obj", "post_process", "process", "remove_document", "remove_row", "save",
        "shown", "status_of_faults", "take", "upload", "validate", "validate_on_submit",
    }
)  # fmt: skip


def to_json(form: FormText) -> dict[str, Any]:
    """As plain JSON values."""
    return {
        "format": FORMAT,
        "groups": [{"key": one.key, "title": dict(one.title)} for one in form.groups],
        "questions": [
            {
                "key": one.key, "group": one.group, "kind": one.kind.value, "label": dict(one.label), "hint": dict(one.hint),
                "is_required": one.is_required, "is_private": one.is_private, "max_length": one.max_length,
                "options": dict(one.options),
            }
            for one in form.questions
        ],
    }  # fmt: skip


def from_json(data: Any) -> FormText:
    """The form that `to_json` wrote, perhaps changed by hand since; refuses what is no form, naming the first place."""
    if not isinstance(data, Mapping) or data.get("format") != FORMAT:
        _refuse("format")
    groups = tuple(_group(one, f"groups[{n}]") for n, one in enumerate(_list(data.get("groups"), "groups")))
    questions = tuple(_question(one, f"questions[{n}]") for n, one in enumerate(_list(data.get("questions"), "questions")))
    for keys in ([one.key for one in groups], [one.key for one in questions]):
        if twice := [one for one in keys if keys.count(one) > 1]:
            _refuse(twice[0])
    if unknown := [one.key for one in questions if one.group not in {each.key for each in groups}]:
        _refuse(unknown[0])
    return in_order(FormText(groups, questions))


def _refuse(place: str) -> NoReturn:
    raise RefusedError(Refusal(FormRefusal.NOT_A_FORM, {"place": place}, field="file"))


def _list(value: Any, place: str) -> list[Any]:
    if not isinstance(value, list) or len(value) > QUESTION_LIMIT:
        _refuse(place)
    return value


def _key(value: Any, place: str) -> str:
    if not isinstance(value, str) or not KEY.fullmatch(value):
        _refuse(place)
    return value


def _name(value: Any, place: str) -> str:
    if (name := _key(value, place)) in RESERVED:
        _refuse(f"{place}.key")
    return name


def _text(value: Any, place: str) -> dict[str, str]:
    if not isinstance(value, Mapping) or not all(one in LANGUAGES and isinstance(text, str) for one, text in value.items()):
        _refuse(place)
    texts = {language: clean_text(value[language]) or "" for language in LANGUAGES if language in value}
    return {language: text for language, text in texts.items() if text}


def _group(value: Any, place: str) -> GroupText:
    if not isinstance(value, Mapping):
        _refuse(place)
    return GroupText(_key(value.get("key"), place), _text(value.get("title"), place))


# What the rules know by its key is of one kind.
_KINDS = {TITLE: QuestionKind.SHORT, BIRTH_DATE: QuestionKind.DATE, AMOUNT: QuestionKind.MONEY}


def _question(value: Any, place: str) -> QuestionText:
    if not isinstance(value, Mapping) or value.get("kind") not in list(QuestionKind):
        _refuse(place)
    kind, limit = QuestionKind(value["kind"]), value.get("max_length")
    if limit is not None and (not isinstance(limit, int) or isinstance(limit, bool)):
        _refuse(f"{place}.max_length")
    flags = {name: value.get(name, default) for name, default in (("is_required", True), ("is_private", False))}
    if not all(isinstance(one, bool) for one in flags.values()):
        _refuse(place)
    key = _name(value.get("key"), place)
    if _KINDS.get(key, kind) is not kind:
        _refuse(f"{place}.kind")
    return QuestionText(
        key=key,
        group=_key(value.get("group"), place),
        kind=kind,
        label=_text(value.get("label"), place),
        hint=_text(value.get("hint", {}), place),
        is_required=flags["is_required"],
        is_private=flags["is_private"] or is_always_private(key, kind),
        max_length=limit,
        options=_options(value.get("options", {}), f"{place}.options"),
    )


def _options(value: Any, place: str) -> dict[str, Any]:
    """Only what is known, each of its type."""
    if not isinstance(value, Mapping):
        _refuse(place)
    found: dict[str, Any] = {}
    if "choices" in value:
        found["choices"] = [_option(one, place) for one in _list(value["choices"], place)]
    if "columns" in value:
        found["columns"] = [_column(one, place) for one in _list(value["columns"], place)]
    if "example" in value:
        found["example"] = _text(value["example"], place)
    if "limit" in value:
        found["limit"] = _number(value["limit"], place)
    if "is_quotes" in value:
        found["is_quotes"] = value["is_quotes"] is True
    if "show_if" in value:
        found["show_if"] = _condition(value["show_if"], place)
    return found


def _option(value: Any, place: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        _refuse(place)
    return {"key": _key(value.get("key"), place), "label": _text(value.get("label"), place)}


def _column(value: Any, place: str) -> dict[str, Any]:
    found = _option(value, place)
    if value.get("kind", "text") not in COLUMN_KINDS:
        _refuse(place)
    more = {"is_optional": value["is_optional"] is True} if "is_optional" in value else {}
    return found | {"kind": value.get("kind", "text")} | more


def _condition(value: Any, place: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        _refuse(place)
    found: dict[str, Any] = {"question": _key(value.get("question"), place)}
    if "is" in value:
        found["is"] = [_key(one, place) for one in _list(value["is"], place)]
    return found | {name: _number(value[name], place) for name in ("at_least", "at_most") if name in value}


def _number(value: Any, place: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LARGEST_NUMBER:
        _refuse(place)
    return value
