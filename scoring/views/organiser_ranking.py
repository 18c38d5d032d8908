"""The official ranking: computed by the rules, shown, exported to be computed again, frozen."""

import csv
import io

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from app.access.door import can
from app.access.routes import requires
from app.core.refusals import Refusal, RefusedError
from app.request import actor, arrived_at, done, page
from scoring.forms import FreezeForm
from scoring.labels import points_text
from scoring.models import Round
from scoring.policy import Permission
from scoring.queries import result
from scoring.services import results
from scoring.views.organiser import round_for

blueprint = Blueprint("scoring_organiser_ranking", __name__, url_prefix="/manage/competitions/<public_id>/ranking")


@blueprint.get("")
@requires(Permission.ROUND_RANKING)
def ranking(public_id: str) -> Response:
    """The table of results by the rules' formula."""
    return _ranking(round_for(public_id, Permission.ROUND_RANKING))


def _ranking(found: Round, *, form: FreezeForm | None = None, refusals: tuple[Refusal, ...] = ()) -> Response:
    return page(
        "scoring/organiser/ranking.html",
        status=409 if refusals else 200,
        round=found,
        result=result.result_for(found, actor()),
        snapshots=result.snapshots(found),
        command=result.command_of(found),
        may_read_desk=can(Permission.ROUND_READ, found),
        may_freeze=can(Permission.ROUND_FREEZE, found),
        may_see_sheets=can(Permission.ROUND_SHEETS, found),
        form=form or FreezeForm(),
        refusals=refusals,
        points_text=points_text,
    )


@blueprint.get("/sheets")
@requires(Permission.ROUND_SHEETS)
def sheets(public_id: str) -> Response:
    """Every counted sheet by juror, once scoring is over."""
    found = round_for(public_id, Permission.ROUND_SHEETS)
    matrix = result.matrix_for(found, actor())
    return page("scoring/organiser/sheets.html", round=found, matrix=matrix, points_text=points_text)


@blueprint.get("/inputs.csv")
@requires(Permission.ROUND_SHEETS)
def inputs(public_id: str) -> Response:
    """The counted sheets as a file that `baiqau scoring rank` turns into the same ranking; jurors are J1, J2, ..."""
    found = round_for(public_id, Permission.ROUND_SHEETS)
    heading, rows = result.export_rows(found, actor())
    file = io.StringIO(newline="")
    csv.writer(file).writerows([heading, *rows])
    response = Response(file.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="scores.csv"'
    return response


@blueprint.post("/freeze")
@requires(Permission.ROUND_FREEZE)
def freeze(public_id: str) -> BaseResponse:
    """Keep the ranking as it stands: the commission decides on this and nothing else."""
    found = round_for(public_id, Permission.ROUND_FREEZE)
    form = FreezeForm()
    try:
        made = results.freeze_ranking(found, reason=form.reason.data or "", by=actor(), at=arrived_at())
    except RefusedError as refused:
        return _ranking(found, form=form, refusals=refused.refusals)
    here = url_for("scoring_organiser_ranking.ranking", public_id=public_id)
    return done(_("The ranking is frozen as version %(number)s.", number=made.number), here)
