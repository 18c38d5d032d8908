"""What awards show on pages of lower modules."""

from flask import render_template, url_for
from flask_babel import gettext as _

from app.access.actor import Actor
from app.access.door import decide
from app.jinja import tr_plain
from app.modules import Todo
from awards import queries
from awards.policy import Permission
from competitions.models import Application, Competition


def desk(competition: Competition, actor: Actor) -> str:
    """The decision, on the organiser's page of a competition; a draft has no ranking to decide on."""
    if competition.announced_at is None or not decide(actor, Permission.AWARD_READ, competition).is_allowed:
        return ""
    return render_template("awards/panels/desk.html", competition=competition, decided=queries.decided(competition))


def application(one: Application, _actor: Actor) -> str:
    """What was decided of her project and where her diploma is, on the applicant's own page."""
    award = queries.published_award(one)
    return render_template("awards/panels/application.html", award=award) if award else ""


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
        for one in queries.decidable(actor, Permission.AWARD_DECIDE)
        if queries.last_snapshot(one) is not None
    ]
    return found
