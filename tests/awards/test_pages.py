"""The pages of the decision."""

from app.core.db import db, writing
from app.programmes.models import Programme
from app.programmes.states import Role
from tests import factories
from tests.competitions.scene import MADE_AT, open_call, sign_in


def test_draft_competition_offers_no_decision_that_would_lead_nowhere(app, client, at):
    at(MADE_AT)
    with app.app_context(), writing():
        competition = open_call()
        owner = db.session.get_one(Programme, competition.programme_id)
        account = factories.user(member_of=owner, role=Role.ORGANISER, language="en")
        sign_in(client, account, MADE_AT)
        home = f"/manage/competitions/{competition.public_id}"

    page = client.get(home)

    assert page.status_code == 200
    assert f'href="{home}/awards"' not in page.text
    assert f'href="{home}/ranking"' not in client.get(f"{home}/awards").text
