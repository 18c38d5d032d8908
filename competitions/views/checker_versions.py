"""Two versions of one application side by side, question by question, with what the checker had asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, g, request

from app.access.door import AbsentError, fetch
from app.access.routes import requires
from app.jinja import money
from app.request import arrived_at, page
from competitions.models import Application
from competitions.policy import Permission
from competitions.queries.application import Contents, applicant_of
from competitions.queries.check import competition_of
from competitions.queries.competition import programme_of
from competitions.queries.versions import Compared, compared
from competitions.rules.difference import Difference, differing
from competitions.views.checker_thread import blueprint
from competitions.views.masking import masked_answers
from competitions.views.status import ShownAnswer

__all__ = ["blueprint"]


@dataclass(frozen=True, slots=True)
class ComparedAnswer:
    """One question with both answers; `is_hidden` where they differ only in what is masked."""

    label: Any
    difference: Difference
    reasons: tuple[str, ...]
    is_changed: bool
    is_hidden: bool
    is_own_words: bool


@blueprint.get("/<public_id>/versions")
@requires(Permission.APPLICATION_INSPECT)
def versions(public_id: str) -> Response:
    """What changed between two versions, and what of the corrections asked for did not."""
    found = fetch(Application, public_id, may=Permission.APPLICATION_INSPECT)
    earlier, later = (request.args.get(name, type=int) for name in ("before", "after"))
    seen = compared(found, arrived_at(), earlier=earlier, later=later)
    if seen is None:
        raise AbsentError
    competition = competition_of(found)
    g.timezone = programme_of(competition).timezone
    answers = _answers(seen)
    return page(
        "competitions/checker/versions.html",
        application=found,
        competition=competition,
        seen=seen,
        spoken=applicant_of(found).language,
        shown=[one for one in answers if one.is_changed or one.reasons],
        same=[one for one in answers if not one.is_changed and not one.reasons],
    )


def _answers(seen: Compared) -> list[ComparedAnswer]:
    """Of every question that was asked in either version: another answer may have brought it, or taken it away."""
    before, after = _masked(seen.before), _masked(seen.after)
    gone = [key for key in before if key not in after]
    return [_answer(key, before.get(key), after.get(key), seen) for key in (*after, *gone)]


def _masked(what: Contents) -> Mapping[str, ShownAnswer]:
    return {one.question.key: one for shown in masked_answers(what) for one in shown.answers}


def _answer(key: str, before: ShownAnswer | None, after: ShownAnswer | None, seen: Compared) -> ComparedAnswer:
    texts = tuple(_plain(one) if one else "" for one in (before, after))
    pairs = ((before, seen.before), (after, seen.after))
    values = [what.values.get(key) if shown else None for shown, what in pairs]
    files = [[one.sha256 for one in shown.documents] if shown else [] for shown, _what in pairs]
    is_changed = values[0] != values[1] or files[0] != files[1]
    either = after or before
    assert either is not None  # noqa: S101 - it was asked in one of them
    return ComparedAnswer(
        label=either.label,
        difference=differing(texts[0], texts[1]),
        reasons=seen.reasons.get(key, ()),
        is_changed=is_changed,
        is_hidden=is_changed and texts[0] == texts[1],
        is_own_words=either.is_own_words,
    )


def _plain(shown: ShownAnswer) -> str:
    """An answer as lines of text, so that two can be compared word by word."""
    if shown.documents:
        return "\n".join(one.name for one in shown.documents)
    if shown.totals is not None:
        return "\n".join(_budget_line(row) for row in shown.rows)
    if shown.rows:
        return "\n".join(" · ".join(str(cell) for cell in row.values() if cell) for row in shown.rows)
    return shown.text


def _budget_line(row: Mapping[str, Any]) -> str:
    cells = (row["item"], row["category"], f"{row['quantity']} {row['unit']} × {money(row['price'])}")
    return " · ".join((*(str(one) for one in cells if one), f"{money(row['grant'])} + {money(row['own'])}"))
