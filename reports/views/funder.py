"""What a funder sees."""

from flask import Blueprint, Response

from app.access.door import AbsentError
from app.access.routes import requires
from app.request import actor, page
from reports import queries
from reports.policy import READERS, Permission

blueprint = Blueprint("reports_funder", __name__, url_prefix="/reports")


@blueprint.get("/")
@requires(Permission.REPORT_READ)
def figures() -> Response:
    """Every competition of my programmes in numbers."""
    if not actor().programmes_with(*READERS):
        raise AbsentError
    return page("reports/funder/figures.html", rows=queries.reported_competitions(actor()))
