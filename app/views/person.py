"""The first page of a signed-in person: what needs her now, and the doors her roles open."""

from flask import Blueprint, Response

from app.access.routes import signed_in
from app.panels import todos
from app.request import actor, page

bp = Blueprint("app_person", __name__, url_prefix="/account")


@bp.get("/")
@signed_in
def home() -> Response:
    """What needs her now, whatever her roles."""
    return page("app/person/home.html", todos=todos(actor()))
