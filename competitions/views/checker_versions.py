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
    before, after = _masked(seen.before), _masked(seen.after)
    return [_answer(before[key], after[key], seen) for key in after]


def _masked(what: Contents) -> Mapping[str, ShownAnswer]:
    return {one.question.key: one for shown in masked_answers(what) for one in shown.answers}


def _answer(before: ShownAnswer, after: ShownAnswer, seen: Compared) -> ComparedAnswer:
    key, texts = after.question.key, (_plain(before), _plain(after))
    values = [one.values.get(key) for one in (seen.before, seen.after)]
    files = [[one.sha256 for one in shown.documents] for shown in (before, after)]
    is_changed = values[0] != values[1] or files[0] != files[1]
    return ComparedAnswer(
        label=after.label,
        difference=differing(*texts),
        reasons=seen.reasons.get(key, ()),
        is_changed=is_changed,
        is_hidden=is_changed and texts[0] == texts[1],
        is_own_words=after.is_own_words,
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
