"""The demo's last year: four winners, published by project only."""

from sqlalchemy import select

from app.core.db import db
from app.demo import acting
from awards import services
from competitions.demo.calls import ORGANISER
from competitions.models import Application, Competition
from competitions.queries.application import calendar_of
from competitions.states import Milestone

SLUG = "start-app-previous"


def load() -> None:
    """Enter last year's results as its protocol gave them, and publish them."""
    competition = db.session.scalars(select(Competition).where(Competition.slug == SLUG)).one()
    wanted = select(Application).where(Application.competition_id == competition.id).order_by(Application.code)
    winners = [(one, competition.award_cap) for one in db.session.scalars(wanted)]
    instants = calendar_of(competition).dates
    services.enter_results(competition, winners, by=acting(ORGANISER), at=instants[Milestone.PITCH])
    seen = services.preview(competition).sha256
    services.publish(competition, preview_sha256=seen, by=acting(ORGANISER), at=instants[Milestone.PUBLISHES])
