"""The official ranking: computed by the rules, shown, exported to be computed again, frozen."""

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from app.access.routes import dangerous, requires
from app.core.refusals import RefusedError
from app.kept import named, names_of
from app.request import actor, arrived_at, done, records_looks
from scoring.forms import FreezeForm
from scoring.policy import Permission
from scoring.services import results
from scoring.views.organiser import round_for
from scoring.views.results import Addresses, inputs_file, ranking_page, sheets_page

blueprint = Blueprint("scoring_organiser_ranking", __name__, url_prefix="/manage/competitions/<public_id>/ranking")


@blueprint.get("")
@requires(Permission.ROUND_RANKING)
def ranking(public_id: str) -> Response:
    """The table of results by the rules' formula."""
    return ranking_page(round_for(public_id, Permission.ROUND_RANKING), _addresses(public_id))


@blueprint.get("/sheets")
@requires(Permission.ROUND_SHEETS)
def sheets(public_id: str) -> Response:
    """Every counted sheet by juror, once scoring is over."""
    return sheets_page(round_for(public_id, Permission.ROUND_SHEETS), _addresses(public_id))


@blueprint.get("/inputs.csv")
@records_looks
@requires(Permission.ROUND_SHEETS)
@dangerous(_l("Download the scores"), "Round.export")
def inputs(public_id: str) -> Response:
    """The counted sheets as a file that `baiqau scoring rank` turns into the same ranking; jurors are J1, J2, ..."""
    return inputs_file(round_for(public_id, Permission.ROUND_SHEETS))


@blueprint.post("/freeze")
@requires(Permission.ROUND_FREEZE)
@dangerous(_l("Freeze the ranking"), "RankingSnapshot.freeze")
@named(lambda **_values: names_of(FreezeForm()))
def freeze(public_id: str) -> BaseResponse:
    """Keep the ranking as it stands: the commission decides on this and nothing else."""
    found = round_for(public_id, Permission.ROUND_FREEZE)
    form = FreezeForm()
    try:
        made = results.freeze_ranking(found, reason=form.reason.data or "", by=actor(), at=arrived_at())
    except RefusedError as refused:
        return ranking_page(found, _addresses(public_id), form=form, refusals=refused.refusals)
    said = _("The ranking is frozen as version %(number)s.", number=made.number)
    return done(said, url_for("scoring_organiser_ranking.ranking", public_id=public_id))


def _addresses(public_id: str) -> Addresses:
    return Addresses(
        ranking=url_for("scoring_organiser_ranking.ranking", public_id=public_id),
        sheets=url_for("scoring_organiser_ranking.sheets", public_id=public_id),
        inputs=url_for("scoring_organiser_ranking.inputs", public_id=public_id),
    )
