"""What awards show on pages of lower modules."""

from flask import render_template, url_for
from flask_babel import gettext as _

from app.access.actor import Actor
from app.access.door import decide
from app.jinja import tr_plain
from app.modules import Todo
from app.request import arrived_at
from awards import queries
from awards.policy import Permission
from competitions.models import Application, Competition
from competitions.queries.application import calendar_of
from competitions.states import Milestone
from scoring.labels import points_text


def desk(competition: Competition, actor: Actor) -> str:
    """The decision, on the organiser's page of a competition; a draft has no ranking to decide on."""
    if competition.announced_at is None or not decide(actor, Permission.AWARD_READ, competition).is_allowed:
        return ""
    return render_template(
        "awards/panels/desk.html",
        competition=competition,
        decided=queries.decided(competition),
        may_publish=decide(actor, Permission.AWARD_PUBLISH, competition).is_allowed,
    )


def application(one: Application, _actor: Actor) -> str:
    """The published result of her project: her points by stage, the diploma, and how to appeal; on her own page."""
    awards = queries.judged_awards([one])
    if one.id not in awards:
        return ""
    return render_template(
        "awards/panels/application.html",
        award=awards[one.id],
        points=queries.own_points(one),
        competition=one.competition,
        appeals_close_at=calendar_of(one.competition).at(Milestone.APPEALS_CLOSE),
        now=arrived_at(),
        points_text=points_text,
    )


def todos(actor: Actor) -> list[Todo]:
    """Decisions to make and to publish."""
    found = [
        Todo(
            text=_("Publish the results: %(competition)s", competition=tr_plain(one.name)),
            href=url_for("awards_organiser.publish", public_id=one.public_id),
            tone="warning",
        )
        for one in queries.decidable(actor, Permission.AWARD_PUBLISH)
    ]
    found += [
        Todo(
            text=_("Decide on the frozen ranking: %(competition)s", competition=tr_plain(one.name)),
            href=url_for("awards_organiser.awards", public_id=one.public_id),
        )
        for one in queries.frozen_to_decide(actor)
    ]
    return found
