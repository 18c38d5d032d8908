"""Appeals at the checking desk: one to answer, and those that wait."""

from flask import url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from app.access.actor import Actor
from app.access.door import AbsentError
from app.access.routes import requires
from app.jinja import tr_plain
from app.modules import Todo
from app.request import actor, arrived_at, done, page
from competitions.forms.appeal import AnswerAppealForm
from competitions.policy import Permission
from competitions.queries.appeal import appealing, waiting_appeals
from competitions.services import appeal as services
from competitions.views.checker import inspected
from competitions.views.checker_bulk import blueprint

__all__ = ["blueprint"]


@blueprint.route("/<public_id>/appeal", methods=["GET", "POST"])
@requires(Permission.APPLICATION_CHECK)
def appeal(public_id: str) -> BaseResponse:
    """What she objects to, the reasons of the refusal, and the answer."""
    application, seen, call = inspected(public_id, Permission.APPLICATION_CHECK)
    found = appealing(seen.contents)
    if found.appeal is None:
        raise AbsentError
    form = AnswerAppealForm()
    tried = form.attempt(
        lambda: services.answer_appeal(
            application, form.text.data or "", is_upheld=form.outcome.data == "upheld", by=actor(), at=arrived_at()
        )
    )
    if tried.is_done:
        here = url_for("competitions_checker.application", public_id=public_id)
        return done(_("Your answer is sent: it stands here, and a letter is on its way."), here)
    return page(
        "competitions/checker/appeal.html",
        status=tried.status, application=application, seen=seen, call=call, found=found, form=form, refusals=tried.refusals,
        is_own_refusal=found.refusal is not None and found.refusal.user_id == actor().user_id,
    )  # fmt: skip


def appeal_todos(who: Actor) -> list[Todo]:
    """Whose appeals wait for an answer, each until its day."""
    return [
        Todo(
            text=_("%(name)s: appeal of %(code)s", name=tr_plain(one.competition_name), code=one.application.code),
            href=url_for("competitions_checker.appeal", public_id=one.application.public_id),
            due=one.due_at,
            tone="warning",
        )
        for one in (waiting_appeals(who) if who.roles else [])
    ]
