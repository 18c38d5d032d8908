"""Who only asks for a page changes nothing: held where writing begins, and by a crawl of the demo in `test_no_500`."""

from sqlalchemy import select

from app.access.routes import public
from app.core.db import db, writing
from app.programmes.models import Programme
from tests import factories


def test_only_downloads_write_when_they_are_asked_for(app):
    marked = {endpoint for endpoint, view in app.view_functions.items() if hasattr(view, "__records_looks__")}

    assert marked == {
        "certificates_account.document",
        "certificates_organiser.document",
        "competitions_organiser.export_applications",
        "scoring_juror_chair.inputs",
        "scoring_juror_sheet.document",
        "scoring_organiser_ranking.inputs",
    }


def test_page_that_is_only_asked_for_cannot_begin_to_write(app, client):
    """Also where it calls a verb, which elsewhere opens a transaction of its own."""

    @public
    def wrong_page():
        with writing():
            factories.programme()
        return "made"

    app.add_url_rule("/wrong", view_func=wrong_page)

    assert client.get("/wrong").status_code == 500
    with app.app_context():
        assert db.session.scalar(select(Programme.id)) is None
