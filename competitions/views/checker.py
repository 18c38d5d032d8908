"""The checking desk: the list of a competition's applications, one application, and the decision on it."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, g, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from app.access.door import AbsentError, can, fetch
from app.access.routes import dangerous, requires
from app.core import storage
from app.core.refusals import refuse_if
from app.core.sheets import send_csv, send_xlsx
from app.core.tables import page_number
from app.core.transitions import require_arrow
from app.people.policy import Permission as PersonPermission
from app.people.queries import same_person_ids, withdrawn_consents
from app.people.rules import masked_iin
from app.request import actor, arrived_at, done, language, page, records_looks
from competitions.forms.check import RefuseForm, ReturnOneForm, SeenForm, sentences
from competitions.forms.search import ViewForm
from competitions.models import Application, Competition, SavedView
from competitions.policy import Permission
from competitions.queries.appeal import appealing
from competitions.queries.application import lock_for_deciding
from competitions.queries.check import Inspection, exported, inspection, neighbours, submitted_document
from competitions.queries.competition import Call, call_of, programme_of
from competitions.queries.document import Written, call_values
from competitions.queries.likeness import alike
from competitions.queries.search import own_view, views_for
from competitions.rules.checking import CheckRefusal, tells_at, term_of_return
from competitions.rules.settings import LANGUAGE_NAMES, Reason
from competitions.rules.working_days import end_of_term
from competitions.services import check as services
from competitions.services import search as searches
from competitions.states import ApplicationState, Milestone
from competitions.views.listing import COLUMNS, export_rows, filters, narrowed, waits
from competitions.views.masking import masked_answers
from competitions.views.organiser import blueprint as organiser
from competitions.views.status import shown_answers

blueprint = Blueprint("competitions_checker", __name__, url_prefix="/manage/applications")


@organiser.get("/<public_id>/applications")
@requires(Permission.APPLICATION_LIST)
def applications(public_id: str) -> Response:
    """The applications of one competition: by state, by word, page by page."""
    competition = fetch(Competition, public_id, may=Permission.APPLICATION_LIST)
    chosen = filters(request.args)
    return page(
        "competitions/organiser/applications.html",
        status=422 if chosen.refusal else 200,
        competition=competition,
        chosen=chosen,
        may_export=can(Permission.APPLICATION_EXPORT, competition),
        may_check=can(Permission.APPLICATION_CHECK, competition),
        **narrowed(competition, chosen, page_number(request.args.get("page"))),
    )


@organiser.route("/<public_id>/applications/views", methods=["GET", "POST"])
@requires(Permission.APPLICATION_LIST)
def saved_views(public_id: str) -> BaseResponse:
    """Searches that are kept: her own and those shared with her; one more, or another under the same name."""
    competition = fetch(Competition, public_id, may=Permission.APPLICATION_LIST)
    form = ViewForm(query=filters(request.args).whole)
    tried = form.attempt(lambda: _keep(competition, form))
    if tried.is_done:
        return done(_("The search is kept."), url_for("competitions_organiser.saved_views", public_id=public_id))
    return page(
        "competitions/organiser/saved_views.html",
        status=tried.status, competition=competition, form=form, refusals=tried.refusals,
        views=views_for(actor(), competition), user_id=actor().user_id,
    )  # fmt: skip


def _keep(competition: Competition, form: ViewForm) -> SavedView:
    name, query = form.name.data or "", form.query.data or ""
    return searches.save_view(competition, name=name, query=query, is_shared=form.is_shared.data, by=actor(), at=arrived_at())


@organiser.post("/<public_id>/applications/views/<view_id>/forget")
@requires(Permission.APPLICATION_LIST)
def forget_view(public_id: str, view_id: str) -> BaseResponse:
    """Keep one of her own searches no longer."""
    competition = fetch(Competition, public_id, may=Permission.APPLICATION_LIST)
    view = own_view(actor(), competition, view_id)
    if view is None:
        raise AbsentError
    searches.forget_view(view, by=actor(), at=arrived_at())
    return done(_("The search is not kept any more."), url_for("competitions_organiser.saved_views", public_id=public_id))


@organiser.get("/<public_id>/applications.<any(csv, xlsx):kind>")
@records_looks
@requires(Permission.APPLICATION_EXPORT)
@dangerous(_l("Download the list of applications"), "Competition.export")
def export_applications(public_id: str, kind: str) -> Response:
    """The submitted applications that were found, as a table for other programs; identity is not in it."""
    competition = fetch(Competition, public_id, may=Permission.APPLICATION_EXPORT)
    chosen = filters(request.args)
    refuse_if([chosen.refusal] if chosen.refusal else [])
    rows = export_rows(exported(actor(), competition, state=chosen.state, query=chosen.query))
    services.note_export(competition, count=len(rows), by=actor(), at=arrived_at())
    name, zone = f"{competition.slug}.{kind}", programme_of(competition).timezone
    columns = [str(one) for one in COLUMNS]
    return (
        send_csv(name, columns, rows, zone=zone)
        if kind == "csv"
        else send_xlsx(name, competition.slug, columns, rows, zone=zone)
    )


@blueprint.get("/<public_id>")
@requires(Permission.APPLICATION_INSPECT)
def application(public_id: str) -> Response:
    """One application as it was last submitted, for who checks it."""
    found, seen, call = inspected(public_id, Permission.APPLICATION_INSPECT)
    may_check = can(Permission.APPLICATION_CHECK, found)
    return page(
        "competitions/checker/application.html",
        application=found,
        seen=seen,
        call=call,
        groups=masked_answers(seen.contents),
        language_names=LANGUAGE_NAMES,
        masked=masked_iin(seen.applicant.iin),
        **_beside(found, seen, may_check=may_check),
        may_check=may_check,
        may_reply=can(Permission.APPLICATION_REPLY, found),
        may_reveal=can(PersonPermission.PERSON_CONTACT, seen.applicant),
        may_correct=can(PersonPermission.PERSON_NAME, seen.applicant),
    )


def _beside(application: Application, seen: Inspection, *, may_check: bool) -> dict[str, Any]:
    """What stands around the answers: those that wait beside it, those that are like it, and its terms."""
    before, after = neighbours(actor(), application)
    return {
        "before": before,
        "after": after,
        "alike": alike(actor(), seen.contents, seen.applicant) if may_check else (),
        "wait": waits(seen.contents.competition, [application], arrived_at()).get(application.id),
        "undo_until": _undo_until(application, seen),
        "open_until": _open_until(seen) if may_check and application.state is ApplicationState.SUBMITTED else None,
        "appeal": appealing(seen.contents).appeal,
        "consent_refusal": CheckRefusal.CONSENT_WITHDRAWN,
        "withdrawn": withdrawn_consents(same_person_ids(seen.applicant), seen.contents.competition.public_id),
    }


def _open_until(seen: Inspection) -> datetime | None:
    """Until when she may still send another version, while the call is open."""
    calendar = seen.contents.calendar
    return calendar.at(Milestone.CLOSES) if calendar.is_open(arrived_at()) else None


def _undo_until(application: Application, seen: Inspection) -> datetime | None:
    """Until when the last decision can be taken back; None if there is none, or its letter has gone."""
    last = seen.decisions[0].check if seen.decisions and seen.decisions[0].check.undone_at is None else None
    is_fresh = last is not None and last.outcome.value == application.state.value and arrived_at() < tells_at(last.at)
    return tells_at(last.at) if last is not None and is_fresh else None


@blueprint.get("/<public_id>/documents/<document_id>")
@requires(Permission.APPLICATION_INSPECT)
def document(public_id: str, document_id: str) -> Response:
    """One file that was submitted with the application."""
    found = fetch(Application, public_id, may=Permission.APPLICATION_INSPECT)
    kept = submitted_document(found, document_id)
    if kept is None:
        raise AbsentError
    return storage.send(kept.storage_key, name=kept.name, media_type=kept.media_type)


@blueprint.post("/<public_id>/admit")
@requires(Permission.APPLICATION_CHECK)
def admit(public_id: str) -> BaseResponse:
    """Let it take part."""
    lock_for_deciding(public_id)
    found = fetch(Application, public_id, may=Permission.APPLICATION_CHECK)
    services.admit(found, seen=SeenForm().version, by=actor(), at=arrived_at())
    return done(
        _("%(code)s is admitted. The letter leaves in ten minutes; until then you can take it back.", code=found.code),
        _here(found),
    )


@blueprint.route("/<public_id>/return", methods=["GET", "POST"])
@requires(Permission.APPLICATION_CHECK)
def return_application(public_id: str) -> BaseResponse:
    """Ask for corrections, each with its question, until a day."""
    lock_for_deciding(public_id)
    found, seen, call = inspected(public_id, Permission.APPLICATION_CHECK)
    _shown_only_if(found, ApplicationState.RETURNED, "return")
    offered, presets = _presets(call, seen, call.settings.return_reasons)
    form = ReturnOneForm(due_at=term_for(call))
    form.offer([(one.question.key, str(one.label)) for group in shown_answers(seen.contents) for one in group.answers], offered)

    tried = form.attempt(
        lambda: services.return_application(
            found, reasons=form.chosen(presets), due_at=form.due_at.data, seen=form.version, by=actor(), at=arrived_at()
        )
    )
    if tried.is_done:
        return done(_("%(code)s is returned. The letter leaves in ten minutes.", code=found.code), _here(found))
    form.show(seen.version.number)
    return page(
        "competitions/checker/return_application.html",
        status=tried.status, application=found, seen=seen, call=call, form=form, refusals=tried.refusals,
    )  # fmt: skip


def _shown_only_if(application: Application, to: ApplicationState, verb: str) -> None:
    """An empty form is not shown for what cannot be done; a form that was sent is answered with its words."""
    if request.method == "GET":
        require_arrow(application, to, verb=verb)


def term_for(call: Call) -> datetime:
    """Until when corrections are due if the checker says nothing else."""
    ends_at = end_of_term(arrived_at(), call.settings.return_days, call.zone)
    return term_of_return(ends_at, closes_at=call.calendar.closes_at, freezes_at=call.calendar.at(Milestone.FREEZES))


@blueprint.route("/<public_id>/refuse", methods=["GET", "POST"])
@requires(Permission.APPLICATION_CHECK)
def refuse(public_id: str) -> BaseResponse:
    """Not admit it, with a reason from the rules."""
    lock_for_deciding(public_id)
    found, seen, call = inspected(public_id, Permission.APPLICATION_CHECK)
    _shown_only_if(found, ApplicationState.NOT_ADMITTED, "refuse")
    offered, presets = _presets(call, seen, call.settings.refusal_reasons)
    form = RefuseForm()
    form.offer(offered)

    tried = form.attempt(
        lambda: services.refuse(found, reasons=form.chosen(presets), seen=form.version, by=actor(), at=arrived_at())
    )
    if tried.is_done:
        return done(_("%(code)s is not admitted. The letter leaves in ten minutes.", code=found.code), _here(found))
    form.show(seen.version.number)
    return page(
        "competitions/checker/refuse.html",
        status=tried.status, application=found, seen=seen, form=form, refusals=tried.refusals,
    )  # fmt: skip


@blueprint.post("/<public_id>/undo")
@requires(Permission.APPLICATION_CHECK)
def undo_check(public_id: str) -> BaseResponse:
    """Take the last decision back before its letter has gone."""
    lock_for_deciding(public_id)
    found = fetch(Application, public_id, may=Permission.APPLICATION_CHECK)
    services.undo_check(found, by=actor(), at=arrived_at())
    return done(_("The decision is taken back; %(code)s is being checked again.", code=found.code), _here(found))


def inspected(public_id: str, permission: Permission) -> tuple[Application, Inspection, Call]:
    """An application as it was last submitted, and the call it answers; the page speaks in its zone."""
    found = fetch(Application, public_id, may=permission)
    seen = inspection(found, arrived_at())
    if seen is None:
        raise AbsentError
    g.timezone = seen.contents.competition.programme.timezone
    return found, seen, call_of(seen.contents.competition)


def _presets(call: Call, seen: Inspection, reasons: tuple[Reason, ...]) -> tuple[dict[str, str], dict[str, str]]:
    """The ready reasons in the checker's language, to choose from, and in the applicant's, to be sent."""
    values = call_values(call.competition, call.programme, call.settings, call.form)
    spoken = (language(), seen.applicant.language)
    offered, sent = (sentences(reasons, one, Written(values, one, call.zone)) for one in spoken)
    return offered, sent


def _here(application: Application) -> str:
    return url_for("competitions_checker.application", public_id=application.public_id)
