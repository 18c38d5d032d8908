"""An applicant's own applications: the list, where each stands, check and send, withdraw, read and print."""

from collections.abc import Collection
from typing import Any

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from app.access.actor import Actor
from app.access.door import AbsentError, Decision, admit, decide, decide_all, fetch
from app.access.routes import requires, signed_in
from app.core import pdf, storage
from app.core.limits import account_key, limiter
from app.core.refusals import Refusal, RefusedError
from app.jinja import sentence
from app.modules import Outcome, Todo
from app.panels import outcomes
from app.people.queries import standing_consents, withdrawn_consents
from app.people.services.consents import give_consent
from app.people.states import ConsentKind
from app.request import actor, arrived_at, done, language, page
from competitions.forms.application import label_of_input
from competitions.forms.submit import SubmitForm, submit_form, withdraw_form
from competitions.models import Application
from competitions.policy import Permission
from competitions.queries.appeal import appealing
from competitions.queries.application import (
    Contents,
    applicant_of,
    closes_at,
    contents,
    is_sent,
    known_states,
    last_version,
    lock_for_deciding,
    own_applications,
    own_document,
    return_terms,
    titles_of,
    versions_of,
    withdrawal_final_at,
    withdrawal_open_until,
)
from competitions.queries.check import as_submitted, project_text
from competitions.queries.competition import call_of, names_by_public_id
from competitions.queries.declarations import ConsentText, consent_texts
from competitions.queries.history import copyable_into
from competitions.queries.thread import notes_of
from competitions.rules.application import ApplicationRefusal
from competitions.rules.checking import addresses_in, names_phone
from competitions.rules.withdrawal import WithdrawalReason
from competitions.services.application import (
    Agreed,
    Declarations,
    submit_application,
    undo_withdrawal,
    withdraw_application,
)
from competitions.states import ApplicationState, Milestone, QuestionKind
from competitions.views.status import (
    Status,
    is_received,
    late_texts,
    reasons,
    sending,
    shown_answers,
    status,
    steps,
    unasked_texts,
    what_is_next,
)

WAITING = frozenset({ApplicationState.DRAFT, ApplicationState.RETURNED})

bp = Blueprint("competitions_applicant", __name__, url_prefix="/my")
# Far more requests of a kind than a person makes on several devices; what is over it waits on the device.
SAVES_A_MINUTE = 240
PRINTS_A_MINUTE = 6
limiter.limit(f"{SAVES_A_MINUTE}/minute", key_func=account_key, methods=["POST"])(bp)


@bp.get("")
@signed_in
def my_applications() -> Response:
    """All her applications; each says where it stands."""
    found = own_applications(actor())
    may_edit = [one.is_allowed for one in decide_all(actor(), Permission.APPLICATION_EDIT, found)]
    rows = list(zip(found, may_edit, strict=True))
    return page(
        "competitions/applicant/my_applications.html",
        rows=rows,
        titles=titles_of(found),
        states=known_states(found, arrived_at()),
        terms=return_terms(found),
        outcomes=outcomes("application", found),
        closes_at=closes_at,
    )


@bp.get("/applications/<public_id>")
@requires(Permission.APPLICATION_SAVE)
def application(public_id: str) -> Response:
    """Where it stands, what is missing, what is next, and all that was sent."""
    own, what = _own(public_id)
    lacking, outcome = what.missing(), outcomes("application", [own]).get(own.id)
    return page(
        "competitions/applicant/application.html",
        what=what,
        call=what,
        title=titles_of([own]).get(own.id, ""),
        outcome=outcome,
        standing=_standing(what, own, outcome),
        reasons=reasons(what),
        lacking=_listed(what),
        steps=steps(what, lacking),
        sending=sending(what, is_editable=decide(actor(), Permission.APPLICATION_EDIT, own).is_allowed),
        next_dates=what_is_next(what, arrived_at(), outcome),
        versions=versions_of(own),
        late=late_texts(what),
        **_beside(own, what),
        may_withdraw=decide(actor(), Permission.APPLICATION_WITHDRAW, own).is_allowed,
        undo_until=withdrawal_open_until(own, arrived_at()),
    )


def _beside(own: Application, what: Contents) -> dict[str, Any]:
    """What stands beside the application itself."""
    found = appealing(what)
    withdrawn = withdrawn_consents(actor().person_ids, what.competition.public_id) if own.code else {}
    return {
        "withdrawn": withdrawn,
        "consent": _processing(what) if ConsentKind.PROCESSING in withdrawn else None,
        "unasked": unasked_texts(what),
        "notes": notes_of(own),
        "copyable": copyable_into(own, actor()),
        "appealing": found,
        "may_appeal": found.may_appeal(arrived_at()),
    }


@bp.get("/applications/<public_id>/check")
@requires(Permission.APPLICATION_SAVE)
def check_answers(public_id: str) -> Response:
    """All answers once more, each group with a way to change it, what is missing, and the consents."""
    _application, what = _own(public_id)
    return _check_page(what, _submit_form(what))


@bp.post("/applications/<public_id>/submit")
@requires(Permission.APPLICATION_SUBMIT)
def submit(public_id: str) -> BaseResponse:
    """Send it; a second click gives the same receipt, even one that came after the deadline."""
    lock_for_deciding(public_id)
    own, what = _own(public_id)
    may = decide(actor(), Permission.APPLICATION_SUBMIT, own)
    if not may.is_allowed and is_received(what):
        return redirect(url_for(".receipt", public_id=public_id), code=303)
    admit(own, may=Permission.APPLICATION_SUBMIT)
    form = _submit_form(what)
    if not form.validate():
        return _check_page(what, form, status=422)
    consents = tuple(Agreed(*one) for one in form.agreed(_consent_texts(what)))
    declared = Declarations(consents, language(), request.remote_addr or "")
    try:
        submit_application(own, by=actor(), at=arrived_at(), declarations=declared)
    except RefusedError as refused:
        return _check_page(own_contents(own), form, status=409, refusals=refused.refusals)
    return redirect(url_for(".receipt", public_id=public_id), code=303)


@bp.post("/applications/<public_id>/consent")
@requires(Permission.APPLICATION_SAVE)
def consent_again(public_id: str) -> BaseResponse:
    """Give the consent to the processing of personal data again, in the words that stand on the page of the application."""
    own, what = _own(public_id)
    scope, text, address = what.competition.public_id, _processing(what).text, request.remote_addr or ""
    give_consent(
        applicant_of(own), ConsentKind.PROCESSING, scope=scope, text=text, language=language(), address=address,
        by=actor(), at=arrived_at(),
    )  # fmt: skip
    return done(_("The consent is given again."), url_for(".application", public_id=public_id))


@bp.get("/applications/<public_id>/receipt")
@requires(Permission.APPLICATION_SAVE)
def receipt(public_id: str) -> BaseResponse:
    """The code, the instant and the fingerprint of what was sent, to keep or print."""
    own, what = _own(public_id)
    versions = versions_of(own)
    if not versions:
        return redirect(url_for(".application", public_id=public_id))
    sent = as_submitted(what, versions[-1])
    return page(
        "competitions/applicant/receipt.html",
        what=sent,
        call=sent,
        version=versions[-1],
        state=what.known_state,
        reply_by=what.calendar.at(Milestone.CHECKED) if what.calendar.is_before(Milestone.CHECKED, arrived_at()) else None,
        sending=sending(what, is_editable=decide(actor(), Permission.APPLICATION_EDIT, own).is_allowed),
        consents=standing_consents(actor().person_ids, what.competition.public_id).values(),
    )


@bp.get("/applications/<public_id>/print.pdf")
@limiter.limit(f"{PRINTS_A_MINUTE}/minute", key_func=account_key)
@requires(Permission.APPLICATION_SAVE)
def print_application(public_id: str) -> Response:
    """The whole application as a document of her own: as it stands, or as it was sent last."""
    own, what = _own(public_id)
    versions = versions_of(own) if "sent" in request.args else ()
    what = as_submitted(what, versions[-1]) if versions else what
    body = pdf.render_apart("competitions/pdf/application.html", language=language(), what=what, groups=shown_answers(what))
    name = f"{own.code or 'draft'}.pdf"
    return Response(body, mimetype="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'})


@bp.get("/applications/<public_id>/documents/<document_id>")
@requires(Permission.APPLICATION_SAVE)
def download(public_id: str, document_id: str) -> BaseResponse:
    """One of her own files."""
    own = fetch(Application, public_id, may=Permission.APPLICATION_SAVE)
    document = own_document(own, document_id)
    if document is None:
        raise AbsentError
    return storage.send(document.storage_key, name=document.name, media_type=document.media_type)


@bp.route("/applications/<public_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.APPLICATION_WITHDRAW)
def withdraw(public_id: str) -> BaseResponse:
    """Ask why once, say what will happen, and do it."""
    own = fetch(Application, public_id, may=Permission.APPLICATION_WITHDRAW)
    what, form = own_contents(own), withdraw_form()
    if not form.validate_on_submit():
        status, until = 422 if form.is_submitted() else 200, withdrawal_final_at(what.competition, arrived_at())
        return page("competitions/applicant/withdraw.html", what=what, form=form, undo_until=until, status=status)
    withdraw_application(own, reason=WithdrawalReason(form.reason.data), by=actor(), at=arrived_at())
    return done(_("Your application is withdrawn. Below you see until when you can take this back."), _href(public_id))


@bp.post("/applications/<public_id>/undo")
@requires(Permission.APPLICATION_SAVE)
def undo(public_id: str) -> BaseResponse:
    """Take a withdrawal back."""
    lock_for_deciding(public_id)
    own = fetch(Application, public_id, may=Permission.APPLICATION_SAVE)
    undo_withdrawal(own, by=actor(), at=arrived_at())
    return done(_("Your application takes part again."), _href(public_id))


def consents_panel(consents: tuple[str, Collection[str]], _actor: Actor) -> str:
    """The competition to which some of her consents belong: one scope of all; the names of all are read once a page."""
    scope, scopes = consents
    if "consented" not in g:
        g.consented = names_by_public_id(scopes)
    name = g.consented.get(scope)
    return render_template("competitions/panels/consents.html", name=name) if name else ""


def applicant_todos(who: Actor) -> list[Todo]:
    """What waits for her: drafts to send and returned applications to complete, each with its last moment."""
    found = own_applications(who) if who.is_signed_in else []
    may_edit = decide_all(who, Permission.APPLICATION_EDIT, found)
    due = [one for one, may in zip(found, may_edit, strict=True) if may.is_allowed and one.state in WAITING]
    terms = return_terms(due)
    return [
        Todo(
            text=_("Complete your application %(code)s", code=one.code) if one.code else _("Finish and send your application"),
            href=url_for("competitions_applicant.application", public_id=one.public_id),
            due=terms.get(one.id) or closes_at(one.competition),
            tone="warning",
        )
        for one in due
    ]


def _href(public_id: str) -> str:
    return url_for(".application", public_id=public_id)


def _own(public_id: str) -> tuple[Application, Contents]:
    own = fetch(Application, public_id, may=Permission.APPLICATION_SAVE)
    return own, own_contents(own)


def own_contents(own: Application) -> Contents:
    what = contents(own, arrived_at())
    g.timezone = what.competition.programme.timezone
    return what


def _standing(what: Contents, own: Application, outcome: Outcome | None) -> Status:
    if outcome is not None:
        return Status(outcome.title, outcome.text, outcome.tone)
    is_editable = decide(actor(), Permission.APPLICATION_EDIT, own).is_allowed
    return status(what, arrived_at(), is_editable=is_editable)


def _listed(what: Contents) -> list[dict[str, str]]:
    """What is missing: a sentence, and the way to the very input."""
    names = {question.key: question for question in what.questions}
    return [
        {
            "label": label_of_input(names[one.question], one.refusal.field),
            "text": sentence(one.refusal),
            "href": url_for(
                ".group",
                public_id=what.application.public_id,
                group=one.group,
                _anchor=one.refusal.field if one.refusal.field and not one.is_empty else one.question,
            ),
        }
        for one in what.missing()
    ]


def _consent_texts(what: Contents) -> tuple[ConsentText, ...]:
    name = what.values.get("name") or {}
    full = " ".join(str(name.get(part) or "") for part in ("family", "given", "patronymic")).strip()
    return consent_texts(call_of(what.competition), name=full, language=language())


def _processing(what: Contents) -> ConsentText:
    return next(one for one in _consent_texts(what) if one.kind is ConsentKind.PROCESSING)


def _submit_form(what: Contents) -> SubmitForm:
    standing = standing_consents(actor().person_ids, what.competition.public_id)
    return submit_form(_consent_texts(what), standing)


def _check_page(what: Contents, form: SubmitForm, *, status: int = 200, refusals: tuple[Refusal, ...] = ()) -> Response:
    may: Decision = decide(actor(), Permission.APPLICATION_SUBMIT, what.application)
    elsewhere = [one for one in refusals if one.field == "processing" or isinstance(one.code, ApplicationRefusal)]
    for refusal in elsewhere:
        if refusal.field == "processing":
            form.processing.errors = [sentence(refusal)]
    return page(
        "competitions/applicant/check_answers.html",
        status=status,
        what=what,
        call=what,
        form=form,
        groups=shown_answers(what),
        steps=steps(what, what.missing(), "check"),
        sending=sending(what, is_editable=may.is_allowed),
        lacking=_listed(what),
        refusals=[sentence(one) for one in elsewhere if one.field != "processing"],
        was_sent=bool(refusals),
        obstacles=[sentence(one) for one in may.reasons],
        telling=_telling(what),
        unchanged=reasons(what) if _is_returned_unchanged(what) else (),
    )


def _telling(what: Contents) -> list[str]:
    """What in her words about the project may tell the jury who she is."""
    words = project_text(what)
    contact = next((what.values.get(one.key) for one in what.questions if one.kind is QuestionKind.CONTACT), None) or {}
    phones = [str(_("your phone number"))] if names_phone(words, contact.get("phone")) else []
    return [*phones, *addresses_in(words)]


def _is_returned_unchanged(what: Contents) -> bool:
    """Whether it was returned to her and stands word for word as it was sent."""
    last = last_version(what.application)
    return what.known_state is ApplicationState.RETURNED and last is not None and is_sent(what, last)
