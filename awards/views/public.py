"""Published results, for everybody."""

from flask import Blueprint, Response

from app.access.door import AbsentError
from app.access.routes import public
from app.core import clock
from app.request import page
from awards import queries
from competitions.queries.application import calendar_of
from competitions.states import Milestone

blueprint = Blueprint("awards_public", __name__, url_prefix="/results")


@blueprint.get("")
@public
def all_results() -> Response:
    """Competitions whose results are public."""
    return page("awards/public/all_results.html", competitions=queries.published_competitions())


@blueprint.get("/<slug>")
@public
def results(slug: str) -> Response:
    """Winners of one competition, named as each agreed to be."""
    found = queries.public_results(slug)
    if found is None:
        raise AbsentError
    appeals_close_at = calendar_of(found.competition).at(Milestone.APPEALS_CLOSE)
    return page(
        "awards/public/results.html",
        results=found,
        decided=queries.how_decided(found),
        appeals_close_at=appeals_close_at,
        is_appealable=appeals_close_at is not None and clock.now() < appeals_close_at,
    )
