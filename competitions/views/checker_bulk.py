"""One decision on many applications: what it would do, in numbers and by name, and the act itself."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import g, request
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from app.access.door import fetch
from app.access.routes import requires
from app.core.refusals import refuse_if
from app.jinja import tr_plain
from app.request import actor, arrived_at, done, language, page
from competitions.forms.bulk import ManyForm, ReturnManyForm
from competitions.forms.check import sentences
from competitions.models import Competition
from competitions.policy import Permission
from competitions.queries.bulk import Plan, plan_of_found
from competitions.queries.competition import Call, call_of
from competitions.queries.document import Written, call_values
from competitions.rules.checking import BulkAct
from competitions.services import bulk as services
from competitions.views.checker import term_for
from competitions.views.checker_versions import blueprint
from competitions.views.listing import Filters, filters
from competitions.views.organiser import blueprint as organiser

__all__ = ["blueprint"]


@dataclass(frozen=True, slots=True)
class Deciding:
    """One act on many: its form, and what is done when that is sent."""

    form: ManyForm
    act: Callable[[], int]


@organiser.route("/<public_id>/applications/decide/<any('admit', 'return', 'undo'):act>", methods=["GET", "POST"])
@requires(Permission.APPLICATION_CHECK)
def decide_many(public_id: str, act: str) -> BaseResponse:
    """Admit, return or take back what a search finds, as far as nothing stands in the way."""
    competition = fetch(Competition, public_id, may=Permission.APPLICATION_CHECK)
    chosen, what = filters(request.args), BulkAct(act)
    refuse_if([chosen.refusal] if chosen.refusal else [])
    call, plan = call_of(competition), _plan(competition, what, chosen)
    g.timezone = call.programme.timezone
    deciding = _deciding(call, plan)
    tried = deciding.form.attempt(deciding.act)
    if tried.is_done:
        return done(_done(what, tried.made or 0), chosen.href(competition, None))
    return page(
        "competitions/organiser/decide_many.html",
        status=tried.status, competition=competition, plan=plan, form=deciding.form,
        refusals=tried.refusals, call=call, chosen=chosen, now=arrived_at(), back=chosen.href(competition, chosen.state),
    )  # fmt: skip


def _plan(competition: Competition, act: BulkAct, chosen: Filters) -> Plan:
    return plan_of_found(actor(), competition, act, state=chosen.state, query=chosen.query, at=arrived_at())


def _deciding(call: Call, plan: Plan) -> Deciding:
    if plan.act is BulkAct.RETURN:
        return _returning(call, plan)
    form = ManyForm()
    form.offer_applications(plan.lines())
    verb = services.admit_many if plan.act is BulkAct.ADMIT else services.undo_many
    return Deciding(form, lambda: verb(plan, chosen=form.applications.data or [], by=actor(), at=arrived_at()))


def _returning(call: Call, plan: Plan) -> Deciding:
    form = ReturnManyForm(due_at=term_for(call))
    form.offer_applications(plan.lines())
    values = call_values(call.competition, call.programme, call.settings, call.form)
    ready = {
        one: sentences(call.settings.return_reasons, one, Written(values, one, call.zone))
        for one in plan.languages | {language()}
    }
    questions = call.form.questions if call.form else []
    form.offer([(one.key, tr_plain(one.label)) for one in questions], ready[language()])

    def act() -> int:
        reasons = {spoken: form.chosen(presets) for spoken, presets in ready.items()}
        choice = form.applications.data or []
        return services.return_many(plan, chosen=choice, reasons=reasons, due_at=form.due_at.data, by=actor(), at=arrived_at())

    return Deciding(form, act)


def _done(act: BulkAct, count: int) -> str:
    match act:
        case BulkAct.ADMIT:
            said = ngettext(
                "%(count)s application is admitted. Its letter leaves in ten minutes; until then you can take it back.",
                "%(count)s applications are admitted. Their letters leave in ten minutes; until then you can take them back.",
                count,
                count=count,
            )
        case BulkAct.RETURN:
            said = ngettext(
                "%(count)s application is returned. Its letter leaves in ten minutes; until then you can take it back.",
                "%(count)s applications are returned. Their letters leave in ten minutes; until then you can take them back.",
                count,
                count=count,
            )
        case _:
            said = ngettext(
                "%(count)s decision is taken back; the application is being checked again.",
                "%(count)s decisions are taken back; the applications are being checked again.",
                count,
                count=count,
            )
    return str(said)
