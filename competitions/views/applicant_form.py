"""Writing an application: one group a screen, saved by field or as a whole, with its files. Works without JavaScript."""

from collections.abc import Mapping

from flask import Response, current_app, flash, jsonify, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from app.access.door import AbsentError, Decision, decide, fetch
from app.access.routes import UPLOAD_LIMIT, WRITING_LIMIT, public, requires, takes
from app.core.refusals import Refusal, RefusedError, UploadRefusal
from app.core.uploads import SIZE_LIMIT, KeptFile, accept_upload, keep, let_go
from app.jinja import clock_time, sentence, tr_plain
from app.kept import named
from app.request import actor, arrived_at, before_writing, done, page, prepared
from competitions.forms.application import Typed, screen, shown_as_typed
from competitions.forms.plain_form import Sent, read_screen
from competitions.models import Application, Question
from competitions.policy import Permission
from competitions.queries.application import Contents, own_document
from competitions.queries.form import Group, ever_asked, question_of, questions_on
from competitions.queries.history import with_history
from competitions.rules.answers import is_empty
from competitions.rules.change import Change, Outcome, Saved
from competitions.services.answer import save_answer
from competitions.services.document import attach_document, remove_document
from competitions.states import QuestionKind
from competitions.views.applicant import bp, own_contents
from competitions.views.status import late_texts, reasons, sending, shown_answer, steps
from competitions.views.status import status as status_of

__all__ = ["bp"]

FILES_AT_ONCE = 10
# Kinds whose answers are read as they were typed; a choice is sent as a key of ours.
WORDS = frozenset({
    QuestionKind.SHORT, QuestionKind.LONG, QuestionKind.NUMBER, QuestionKind.MONEY, QuestionKind.PERSON_NAME,
    QuestionKind.TABLE, QuestionKind.BUDGET,
})  # fmt: skip
Files = list[tuple[str, KeptFile | Refusal]]


@bp.get("/applications/<public_id>/form/<group>")
@requires(Permission.APPLICATION_SAVE)
def group(public_id: str, group: str) -> BaseResponse:
    """One group of questions; after the deadline to read only. One that is not asked any more leads to her words."""
    own = fetch(Application, public_id, may=Permission.APPLICATION_SAVE)
    what = own_contents(own)
    shown = next((one for one in what.screens if one.key == group), None)
    if shown is not None:
        return _screen_page(what, shown, Typed(extra_row=request.args.get("line", "")))
    if group in {one.group for one in ever_asked(own).values()}:
        return _gone(own, "", [])
    raise AbsentError


def _clean_files(public_id: str, **_values: str) -> Files:
    """Judge, clean and store the files before the transaction opens; what is refused is said beside its question.

    The door is asked first: nobody makes the machine work on files for an application she may not change.
    """
    own = fetch(Application, public_id, may=Permission.APPLICATION_SAVE)
    if not decide(actor(), Permission.APPLICATION_EDIT, own).is_allowed:
        return []
    sent = [(name, one) for name, one in request.files.items(multi=True) if one.filename]
    found: Files = []
    for name, one in sent[:FILES_AT_ONCE]:
        try:
            found.append((name, keep(accept_upload(one, field=name))))
        except RefusedError as refused:
            found.append((name, refused.refusals[0]))
    return found + [(name, Refusal(UploadRefusal.ONE_BY_ONE, field=name)) for name, _one in sent[FILES_AT_ONCE:]]


def _labels(public_id: str, group: str) -> dict[str, str]:
    """What the typed words of a screen answer, for the page that shows them when they could not be saved."""
    own = fetch(Application, public_id, may=Permission.APPLICATION_SAVE)
    return {one.key: tr_plain(one.label) for one in questions_on(own.public_id, group) if one.kind in WORDS}


@bp.post("/applications/<public_id>/form/<group>")
@named(_labels)
@takes(UPLOAD_LIMIT)
@before_writing(_clean_files)
@requires(Permission.APPLICATION_SAVE)
def save_group(public_id: str, group: str) -> BaseResponse:
    """Keep the whole screen; faults are shown, rivals are shown with both texts, and what came late is kept apart.

    What she has on her screen may not be asked any more: her words are kept all the same, and she is told where they stand.
    """
    own = fetch(Application, public_id, may=Permission.APPLICATION_SAVE)
    known = ever_asked(own)
    sent = read_screen(known.values(), request.form)
    if not decide(actor(), Permission.APPLICATION_EDIT, own).is_allowed:
        return _keep_all_late(own, sent)
    return _keep_all(own, group, known, sent)


@bp.get("/worker.js")
@public
def worker() -> Response:
    """The script that opens a page of the form without a network; it may serve only what lies below its own address."""
    return current_app.send_static_file("js/worker.js")


@bp.post("/applications/<public_id>/answers")
@takes(WRITING_LIMIT)
@requires(Permission.APPLICATION_SAVE)
def save_field(public_id: str) -> BaseResponse:
    """Keep one field as she writes: the contract of `static/js/autosave.js`."""
    own = fetch(Application, public_id, may=Permission.APPLICATION_SAVE)
    may = decide(actor(), Permission.APPLICATION_EDIT, own)
    change = _change()
    saved = save_answer(own, change, by=actor(), at=arrived_at(), is_late=not may.is_allowed)
    if saved.outcome is Outcome.CONFLICT:
        return _both_texts(own, change, saved)
    more = {"server_value": _held(own, change.field, saved)} if saved.outcome is Outcome.UNTOUCHED else {}
    if saved.outcome is Outcome.LATE:
        more["message"] = _kept_late(may)
    elif said := _unasked_now(own, saved):
        more["message"] = said
    instant = clock_time(arrived_at().replace(second=0))
    return jsonify(version=saved.version, saved_at=instant, is_late=saved.outcome is Outcome.LATE, **more)


def _both_texts(own: Application, change: Change, saved: Saved) -> Response:
    said = _("This answer was changed in another place. Both texts are kept.")
    response = jsonify(message=said, server_value=_held(own, change.field, saved), server_version=saved.version)
    response.status_code = 409
    return response


def _kept_late(may: Decision) -> str:
    said = _("Your words are kept for you, but are not part of the application.")
    return " ".join((*map(sentence, may.reasons), said))


def _change() -> Change:
    base = request.form.get("base_version", "")
    return Change(
        field=request.form.get("field", ""),
        typed=request.form.get("value", ""),
        change_id=request.form.get("change_id", ""),
        base_version=int(base) if base.isascii() and base.isdigit() and len(base) < 10 else None,  # noqa: PLR2004
    )


def _held(own: Application, field: str, saved: Saved) -> str:
    question = ever_asked(own, {saved.question_key}).get(saved.question_key)
    part = field.removeprefix(f"{saved.question_key}-") if field != saved.question_key else None
    return shown_as_typed(question, part, saved.value) if question is not None else ""


def _keep_all(own: Application, group: str, known: Mapping[str, Question], sent: Sent) -> BaseResponse:
    """Keep what was sent, and show the screen again, or the next one, or where the words to what is not asked stand."""
    saved = _save_all(own, sent)
    refusals = _save_files(own, sent)
    what = own_contents(own)
    shown = next((one for one in what.screens if one.key == group), None)
    said = _unasked(what, known, saved)
    if shown is None:
        if not said and group not in {one.group for one in known.values()}:
            raise AbsentError
        return _gone(own, said, refusals)
    if said:
        flash(said, "warning")
    here = {one.key for one in shown.questions}
    conflicts = {one.field: each for one, each in saved if each.outcome is Outcome.CONFLICT and each.question_key in here}
    refusals += _unsent_files(shown)
    typed = Typed({one.field: one.typed for one in sent.changes if one.field in conflicts}, conflicts, sent.add_row)
    return _answer(what, shown, sent, typed, refusals)


def _unasked(what: Contents, known: Mapping[str, Question], saved: list[tuple[Change, Saved]]) -> str:
    """Which questions stood on her screen and stand on none now, with where her words to them are; else nothing."""
    shown = {one.key for screen in what.screens for one in screen.questions}
    keys = {each.question_key for _one, each in saved if each.question_key not in shown}
    names = [tr_plain(one.label) for key, one in known.items() if key in keys and not is_empty(what.values.get(key))]
    return _not_asked(names) if names else ""


def _unasked_now(own: Application, saved: Saved) -> str:
    """The sentence for one field whose question is not in the form any more: its screen was open all the while."""
    if question_of(own, saved.question_key) is not None:
        return ""
    return _not_asked([tr_plain(one.label) for one in ever_asked(own, {saved.question_key}).values()])


def _not_asked(names: list[str]) -> str:
    said: str = _(
        "Not asked any more: %(questions)s. What you wrote is kept and stands on the page of your application.",
        questions=", ".join(f"“{one}”" for one in names),
    )
    return said


def _gone(own: Application, said: str, refusals: list[Refusal]) -> BaseResponse:
    """The whole part is not asked any more: to the page where all her words stand."""
    sentences = [said or _("This part of the form is not asked any more."), *map(sentence, refusals)]
    return done(" ".join(sentences), url_for(".application", public_id=own.public_id), tone="warning")


def _save_all(own: Application, sent: Sent, *, is_late: bool = False) -> list[tuple[Change, Saved]]:
    return [(one, save_answer(own, one, by=actor(), at=arrived_at(), is_late=is_late)) for one in sent.changes]


def _keep_all_late(own: Application, sent: Sent) -> BaseResponse:
    """Only what differs from what stands there is kept; then the overview tells why it came too late."""
    for _name, file in prepared() or []:
        if isinstance(file, KeptFile):
            let_go(file)
    _save_all(own, sent, is_late=True)
    said = _kept_late(decide(actor(), Permission.APPLICATION_EDIT, own))
    return done(said, url_for(".application", public_id=own.public_id), tone="warning")


def _save_files(own: Application, sent: Sent) -> list[Refusal]:
    """Attach what was sent, take off what was asked; says what was refused."""
    refusals: list[Refusal] = []
    files: Files = prepared() or []
    for name, one in files:
        if isinstance(one, Refusal):
            refusals.append(one)
            continue
        try:
            attach_document(own, name, one, by=actor(), at=arrived_at())
        except RefusedError as refused:
            let_go(one)
            refusals += refused.refusals
    document = own_document(own, sent.remove_document) if sent.remove_document else None
    if document is not None:
        remove_document(own, document, by=actor(), at=arrived_at())
        flash(_("The file “%(name)s” is removed.", name=document.name), "info")
    return refusals


def _unsent_files(shown: Group) -> list[Refusal]:
    """What she may take for attached: a button pressed with no file chosen, and files her browser could not send."""
    found = []
    for key in (one.key for one in shown.questions if one.kind is QuestionKind.FILE):
        if request.form.get("upload") == key and not any(one.filename for one in request.files.getlist(key)):
            found.append(Refusal(UploadRefusal.NONE_CHOSEN, field=key))
        names = request.form.getlist(f"unsent-{key}")
        found += [Refusal(UploadRefusal.NOT_ATTACHED, {"name": name}, field=key) for name in names[:FILES_AT_ONCE]]
    return found


def _answer(what: Contents, shown: Group, sent: Sent, typed: Typed, refusals: list[Refusal]) -> BaseResponse:
    if typed.conflicts:
        return _screen_page(what, shown, typed, status=409, refusals=refusals)
    here = url_for(".group", public_id=what.application.public_id, group=shown.key)
    place = sent.add_row or request.form.get("remove_row", "").rpartition("-")[0]
    if place in {one.key for one in shown.questions} and not refusals:
        return redirect(f"{here}{f'?line={place}' if sent.add_row else ''}#{place}", code=303)
    made = screen(what, shown, typed)
    if refusals or (made.faults and sent.goes_on):
        return _screen_page(what, shown, typed, status=422, refusals=refusals)
    if not sent.goes_on:
        return done(_("Saved at %(time)s.", time=clock_time(arrived_at().replace(second=0))), here)
    return redirect(_next(what, shown), code=303)


def _next(what: Contents, shown: Group) -> str:
    keys, screens = [one.key for one in what.groups], {one.key for one in what.screens}
    after = [one for one in keys[keys.index(shown.key) + 1 :] if one in screens]
    if after:
        return url_for(".group", public_id=what.application.public_id, group=after[0])
    return url_for(".check_answers", public_id=what.application.public_id)


def _screen_page(
    what: Contents, shown: Group, typed: Typed, *, status: int = 200, refusals: list[Refusal] | None = None
) -> Response:
    may = decide(actor(), Permission.APPLICATION_EDIT, what.application)
    made = screen(what, shown, typed)
    said: dict[str, str] = {one.field or "": sentence(one) for one in refusals or []}
    return page(
        "competitions/applicant/group.html",
        status=status,
        what=what,
        call=what,
        screen=made,
        steps=steps(what, what.missing(), shown.key),
        sending=sending(what, is_editable=may.is_allowed),
        standing=status_of(what, arrived_at(), is_editable=may.is_allowed),
        reasons=[one for one in reasons(what) if one.group in {shown.key, None}],
        refused_files=said,
        file_limit=SIZE_LIMIT,
        next_href=_next(what, shown),
        obstacles=[sentence(one) for one in may.reasons],
        may_edit=may.is_allowed,
        answers=[] if may.is_allowed else [shown_answer(one, what) for one in shown.questions if one in what.questions],
        late=[] if may.is_allowed else late_texts(what, shown.questions),
        with_history=with_history(what.application),
    )
