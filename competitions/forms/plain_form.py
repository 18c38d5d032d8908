"""What a screen sends without JavaScript: each input as a change, lines added and removed, files and rivals."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from app.core.columns import new_public_id
from competitions.models import Question
from competitions.queries.form import asked_of
from competitions.rules.answers import CHOICE_KINDS, PARTS, ROW_KINDS, ROW_LIMIT, UNANSWERED_KINDS, columns_of
from competitions.rules.change import Change
from competitions.states import QuestionKind

VERSION = "version-"


@dataclass(frozen=True, slots=True)
class Sent:
    """A screen as it was sent: its changes, and the button that was pressed."""

    changes: tuple[Change, ...]
    add_row: str = ""
    is_row_removed: bool = False
    remove_document: str = ""
    goes_on: bool = False


def read_screen(questions: Iterable[Question], form: MultiDict[str, str]) -> Sent:
    """The changes of all inputs of these questions that were sent.

    An input whose other text she takes is left as the server has it.
    """
    taken, removed = form.get("take", ""), form.get("remove_row", "")
    changes = []
    for question in questions:
        base = _base_version(form.get(f"{VERSION}{question.key}"))
        for name, typed in _inputs(question, form, removed):
            if name != taken:
                changes.append(Change(name, typed, new_public_id(), base))
    return Sent(
        changes=tuple(changes),
        add_row=form.get("add_row", ""),
        is_row_removed=bool(removed),
        remove_document=form.get("remove_document", ""),
        goes_on=form.get("save", "") == "next",
    )


def _base_version(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 9 else None  # noqa: PLR2004


def _inputs(question: Question, form: MultiDict[str, str], removed: str) -> Iterable[tuple[str, Any]]:
    if question.kind in PARTS:
        for part in PARTS[question.kind]:
            name = f"{question.key}-{part}"
            if name in form:
                yield name, form[name]
    elif question.kind in ROW_KINDS:
        if f"{VERSION}{question.key}" in form:
            yield question.key, _rows(question, form, removed)
    elif question.kind in {QuestionKind.MULTIPLE_CHOICE, QuestionKind.CONSENT}:
        if f"{VERSION}{question.key}" in form:  # what is not ticked is not sent
            yield question.key, form.getlist(question.key) if question.kind in CHOICE_KINDS else form.get(question.key, "")
    elif question.kind not in {*UNANSWERED_KINDS, QuestionKind.FILE} and question.key in form:
        yield question.key, form[question.key]


def _rows(question: Question, form: MultiDict[str, str], removed: str) -> list[dict[str, str]]:
    """The lines NAME-0-COLUMN, NAME-1-COLUMN, ... in their order, without the one whose removal was asked."""
    columns = [column["key"] for column in columns_of(asked_of(question))]
    pattern = re.compile(rf"{re.escape(question.key)}-(\d{{1,4}})-({'|'.join(map(re.escape, columns))})")
    lines: dict[int, dict[str, str]] = {}
    for name, typed in form.items():
        found = pattern.fullmatch(name)
        if found and f"{question.key}-{found[1]}" != removed:
            lines.setdefault(int(found[1]), {})[found[2]] = typed
    return [lines[index] for index in sorted(lines)][: ROW_LIMIT * 2]
