"""The pages of the decision."""

import re
from datetime import timedelta

from app.core.db import db, writing
from app.programmes.models import Programme
from app.programmes.queries import actor_of
from app.programmes.states import Role
from awards import queries, services
from competitions.models import Competition
from tests import factories
from tests.awards.test_services import AT as DECIDED_AT
from tests.awards.test_services import freeze
from tests.competitions.scene import CLOSES_AT, MADE_AT, open_call, sign_in

AFTER = CLOSES_AT + timedelta(days=150)


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


def test_applicant_reads_that_results_are_public_instead_of_that_she_still_takes_part(app, client, at):
    at(AFTER)
    with app.app_context(), writing():
        competition = factories.called()
        account = factories.user(language="en")
        one = factories.application(competition, 1, applicant=account.person)
        url, key = f"/my/applications/{one.public_id}", competition.id
        sign_in(client, account, AFTER)

    assert "Your application takes part in the competition" in client.get(url).text

    with app.app_context(), writing():
        db.session.get_one(Competition, key).published_at = AFTER

    page = client.get(url).text
    assert "The results are public" in page
    assert "Your application takes part in the competition" not in page


def test_page_before_publication_shows_the_points_behind_every_award(app, client, at):
    at(DECIDED_AT)
    with app.app_context(), writing():
        owner = factories.programme()
        competition = factories.called(owner)
        snapshot, _made = freeze(competition)
        account = factories.user(member_of=owner, role=Role.ORGANISER, language="en")
        services.decide(competition, snapshot_sha256=snapshot.sha256, by=actor_of(account), at=DECIDED_AT)
        sign_in(client, account, DECIDED_AT)
        decided = queries.decided(competition)
        signer_count = queries.signer_count(snapshot)
        totals = [queries.points_by_code(snapshot)[one.code].total for one in decided]
        url = f"/manage/competitions/{competition.public_id}/awards/publish"

    page = client.get(url).text

    assert len(totals) > 1
    assert [one for one in totals if f"<strong>{float(one or 0):.2f}</strong>" not in page] == []
    assert f"The rules ask for a quorum of 4. Jurors who signed sheets: {signer_count}." in confirmed(page)


def test_page_before_the_decision_says_in_what_is_confirmed_that_the_quorum_is_missed(app, client, at):
    at(DECIDED_AT)
    with app.app_context(), writing():
        owner = factories.programme()
        competition = factories.called(owner)
        snapshot, _made = freeze(competition)
        sign_in(client, factories.user(member_of=owner, role=Role.ORGANISER, language="en"), DECIDED_AT)
        signer_count = queries.signer_count(snapshot)
        url = f"/manage/competitions/{competition.public_id}/awards"

    asked = confirmed(client.get(url).text)

    assert "Decide</button>" in asked.replace("</span>", "")
    assert f"The rules ask for a quorum of 4. Jurors who signed sheets: {signer_count}." in asked


def confirmed(page):
    """What stands in the form of the act itself, with its button."""
    start = re.search(r'<input type="hidden" name="(?:preview|snapshot)"', page)
    assert start
    return page[page.rindex("<form", 0, start.start()) : page.index("</form>", start.start())]
