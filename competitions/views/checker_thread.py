"""The threads with applicants: those of a competition, and one of them to answer."""

from collections.abc import Sequence

from flask import Response, g, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from app.access.actor import Actor
from app.access.door import fetch
from app.access.routes import requires
from app.core.refusals import Refusal, RefusedError
from app.core.tables import page_number
from app.jinja import sentence, tr_plain
from app.modules import Todo
from app.request import actor, arrived_at, done, page
from competitions.forms.thread import AnswerForm
from competitions.models import Application, Competition
from competitions.policy import Permission
from competitions.queries.check import competition_of
from competitions.queries.competition import programme_of
from competitions.queries.thread import named_competitions, notes_of, threads_of, unanswered, waiting_counts, writers_of
from competitions.rules.application import ApplicationRefusal
from competitions.services import thread as services
from competitions.states import ApplicationState
from competitions.views.checker import blueprint
from competitions.views.organiser import blueprint as organiser

__all__ = ["blueprint"]


@organiser.get("/<public_id>/threads")
@requires(Permission.APPLICATION_REPLY)
def threads(public_id: str) -> Response:
    """What applicants have asked, what waits for an answer first."""
    competition = fetch(Competition, public_id, may=Permission.APPLICATION_REPLY)
    found = threads_of(actor(), competition, number=page_number(request.args.get("page")))
    return page("competitions/organiser/threads.html", competition=competition, threads=found)


@blueprint.route("/<public_id>/thread", methods=["GET", "POST"])
@requires(Permission.APPLICATION_REPLY)
def thread(public_id: str) -> BaseResponse:
    """One thread; of a draft nothing but the thread."""
    found = fetch(Application, public_id, may=Permission.APPLICATION_REPLY)
    form = AnswerForm()
    seen = form.seen.data or 0
    tried = form.attempt(lambda: services.answer(found, form.text.data or "", seen=seen, by=actor(), at=arrived_at()))
    if tried.is_done:
        return done(_("Your answer is sent: it stands here, and a letter is on its way."), _here(found))
    return _shown(found, form, tried.status, tried.refusals)


def _shown(found: Application, form: AnswerForm, status: int, refusals: Sequence[Refusal]) -> Response:
    """The thread as it stands now, with what was typed."""
    competition, notes = competition_of(found), notes_of(found)
    form.seen.data, form.seen.raw_data = len(notes), None
    g.timezone = programme_of(competition).timezone
    return page(
        "competitions/checker/thread.html",
        status=status, application=found, competition=competition, form=form, notes=notes, names=writers_of(notes),
        is_waiting=bool(unanswered(notes)), is_sent=found.state is not ApplicationState.DRAFT, refusals=refusals,
    )  # fmt: skip


@blueprint.post("/<public_id>/thread/settle")
@requires(Permission.APPLICATION_REPLY)
def settle(public_id: str) -> BaseResponse:
    """Say that it needs no answer; refused where one was typed and would be lost."""
    found = fetch(Application, public_id, may=Permission.APPLICATION_REPLY)
    form = AnswerForm()
    if (form.text.data or "").strip():
        return _shown(found, form, 409, [Refusal(ApplicationRefusal.ANSWER_TYPED)])
    try:
        services.settle(found, seen=form.seen.data or 0, by=actor(), at=arrived_at())
    except RefusedError as refused:
        return done(sentence(refused.refusals[0]), _here(found), tone="warning")
    return done(_("It waits no longer for an answer."), _here(found))


def thread_todos(who: Actor) -> list[Todo]:
    """Whose applicants wait for an answer."""
    counts = waiting_counts(who) if who.roles else {}
    return [
        Todo(
            text=_("%(name)s: applicants who wait for an answer: %(count)s", name=tr_plain(name), count=counts[one]),
            href=url_for("competitions_organiser.threads", public_id=public_id),
            due=None,
            tone="warning",
        )
        for one, public_id, name in named_competitions(sorted(counts))
    ]


def _here(application: Application) -> str:
    return url_for("competitions_checker.thread", public_id=application.public_id)
