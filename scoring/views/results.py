"""The pages of results, the same on the organiser's desk and on the chair's; each shows what its reader may see."""

from dataclasses import dataclass

from flask import Response

from app.access.door import can
from app.core.refusals import Refusal
from app.core.sheets import send_csv
from app.request import actor, arrived_at, page
from scoring.forms import FreezeForm
from scoring.labels import points_text
from scoring.models import Round
from scoring.policy import Permission
from scoring.queries import needs, result
from scoring.services import results


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the pages of results are for this reader."""

    ranking: str
    sheets: str
    inputs: str


def ranking_page(
    found: Round, addresses: Addresses, *, form: FreezeForm | None = None, refusals: tuple[Refusal, ...] = ()
) -> Response:
    """The table of results by the rules' formula."""
    seen, may_freeze = result.result_for(found, actor()), can(Permission.ROUND_FREEZE, found)
    snapshots = result.snapshots(found)
    return page(
        "scoring/organiser/ranking.html",
        status=409 if refusals else 200,
        round=found,
        addresses=addresses,
        result=seen,
        snapshots=snapshots,
        is_frozen=bool(snapshots) and results.is_true(snapshots[0]),
        command=result.command_of(found),
        may_read_desk=can(Permission.ROUND_READ, found),
        may_manage=can(Permission.ROUND_MANAGE, found),
        may_freeze=may_freeze,
        waits_for=results.freeze_faults(found, seen.ranking, at=arrived_at()) if may_freeze else [],
        may_see_sheets=can(Permission.ROUND_SHEETS, found),
        form=form or FreezeForm(),
        refusals=refusals,
        points_text=points_text,
        signer_count=seen.signer_count,
        without_words=result.without_words(found, actor(), arrived_at()) if may_freeze else result.WithoutWords(),
        missed_quorum=needs.missed_quorum(found.competition, seen.signer_count) if may_freeze else None,
        now=arrived_at(),
    )


def sheets_page(found: Round, addresses: Addresses) -> Response:
    """Every counted sheet by juror."""
    matrix = result.matrix_for(found, actor())
    return page("scoring/organiser/sheets.html", round=found, addresses=addresses, matrix=matrix, points_text=points_text)


def inputs_file(found: Round) -> Response:
    """The counted sheets as CSV; who took them is recorded."""
    heading, rows = result.export_rows(found, actor())
    results.note_export(found, count=len(rows), by=actor(), at=arrived_at())
    return send_csv("scores.csv", heading, rows)
