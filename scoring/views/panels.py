"""What scoring shows on pages of lower modules."""

from flask import render_template

from app.access.actor import Actor
from app.access.door import decide
from competitions.models import Competition
from scoring.policy import Permission
from scoring.queries import jury


def desk(competition: Competition, actor: Actor) -> str:
    """The jury and the ranking, on the organiser's page of a competition."""
    found = jury.round_of(competition.id)
    if found is None or not decide(actor, Permission.ROUND_READ, found).is_allowed:
        return ""
    return render_template("scoring/panels/desk.html", competition=competition, panel=jury.panel(found))
