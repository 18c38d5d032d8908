"""How an organiser writes one question, and sees it as an applicant will."""

from dataclasses import replace

from flask import Response, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from app.access.door import AbsentError, fetch
from app.access.routes import WRITING_LIMIT, requires, takes
from app.core.refusals import RefusedError
from app.core.uploads import SIZE_LIMIT
from app.request import actor, arrived_at, done, page
from competitions.forms.application import Screen, screen
from competitions.forms.form import QuestionForm, kinds, new_question, question_form
from competitions.models import Competition
from competitions.policy import Permission
from competitions.queries.competition import Call, call_of
from competitions.queries.form import form_text
from competitions.queries.preview import preview
from competitions.rules import form as changes
from competitions.rules.form import FormText, QuestionText
from competitions.services import form as services
from competitions.states import QuestionKind
from competitions.views.form import blueprint, changed, in_force, making_of, place_of, step

__all__ = ["blueprint"]  # with all that is bound to it

MAY = Permission.COMPETITION_EDIT
LARGEST_PLACE = 3


@blueprint.route("/<public_id>/form/add", methods=["GET", "POST"])
@takes(WRITING_LIMIT)
@requires(MAY)
def add_question(public_id: str) -> BaseResponse:
    """Choose a kind, then write the question."""
    call, text = _call_and_text(public_id)
    group = text.group(request.args.get("group") or text.groups[0].key)
    kind = request.args.get("kind", "")
    if kind in set(QuestionKind):
        return _question_page("add_question", call, text, new_question(group.key, QuestionKind(kind)))
    return page("competitions/organiser/add_question.html", call=call, group=group, kinds=kinds(), question=None)


@blueprint.route("/<public_id>/form/questions/<key>", methods=["GET", "POST"])
@takes(WRITING_LIMIT)
@requires(MAY)
def edit_question(public_id: str, key: str) -> BaseResponse:
    """One question: its words, who sees the answer, when it is asked."""
    call, text = _call_and_text(public_id)
    return _question_page("edit_question", call, text, text.question(key))


def _question_page(view: str, call: Call, text: FormText, question: QuestionText) -> BaseResponse:
    typed = question_form(text, question)

    def change(now: FormText) -> FormText:
        if view == "add_question":
            return changes.put_question(now, typed.question(question, now))
        return changes.put_question(now, typed.question(now.question(question.key), now))

    tried = typed.attempt(lambda: services.edit_form(call.competition, change, by=actor(), at=arrived_at()))
    if tried.is_done:
        return done(_("Saved."), place_of(call, question.key))
    shown = _as_typed(typed, question, text) if typed.is_submitted() else question
    return page(
        f"competitions/organiser/{view}.html",
        status=tried.status, call=call, form=typed, question=question, refusals=tried.refusals,
        screen=_alone(call, text, shown), file_limit=SIZE_LIMIT,
    )  # fmt: skip


@blueprint.post("/<public_id>/form/look")
@takes(WRITING_LIMIT)
@requires(MAY)
def look(public_id: str) -> Response:
    """The question that is being written, as an applicant would see it now; nothing is kept."""
    call, text = _call_and_text(public_id)
    key, kind = request.args.get("key", ""), request.args.get("kind", "")
    question = next((one for one in text.questions if one.key == key), None)
    if question is None and kind in set(QuestionKind):
        question = new_question(text.groups[0].key, QuestionKind(kind))
    if question is None:
        raise AbsentError
    shown = _as_typed(question_form(text, question), question, text)
    return page("competitions/organiser/look.html", call=call, screen=_alone(call, text, shown), file_limit=SIZE_LIMIT)


@blueprint.get("/<public_id>/form/preview/<group>")
@requires(MAY)
def preview_form(public_id: str, group: str) -> Response:
    """One screen as an applicant gets it; what is tried there is not kept."""
    call, text = _call_and_text(public_id)
    what = preview(call, text, arrived_at())
    found = next((one for one in what.groups if one.key == group), None)
    if found is None:
        raise AbsentError
    return page(
        "competitions/organiser/preview_form.html",
        call=call, screen=screen(what, found), groups=what.groups, file_limit=SIZE_LIMIT,
    )  # fmt: skip


@blueprint.post("/<public_id>/form/questions/<key>/move")
@requires(MAY)
def move_question(public_id: str, key: str) -> BaseResponse:
    """One place up or down, or to the place of a group where it was dropped."""
    group, place = request.form.get("group", ""), request.form.get("place", "")
    if place.isascii() and place.isdigit() and len(place) < LARGEST_PLACE:
        return changed(public_id, lambda text: changes.place_question(text, key, group, int(place)), key)
    return changed(public_id, lambda text: changes.move_question(text, key, step()), key)


@blueprint.post("/<public_id>/form/questions/<key>/remove")
@requires(MAY)
def remove_question(public_id: str, key: str) -> BaseResponse:
    """Take a question out; the button above takes that back."""
    return changed(public_id, lambda text: changes.remove_question(text, key))


def _call_and_text(public_id: str) -> tuple[Call, FormText]:
    call = call_of(fetch(Competition, public_id, may=MAY))
    return call, form_text(making_of(call) or in_force(call))


def _as_typed(typed: QuestionForm, question: QuestionText, text: FormText) -> QuestionText:
    """The question with what stands in the inputs, right or wrong."""
    try:
        return typed.question(question, text)
    except RefusedError:
        return question


def _alone(call: Call, text: FormText, question: QuestionText) -> Screen:
    """A screen with this question only."""
    options = {name: one for name, one in question.options.items() if name != "show_if"}
    what = preview(call, FormText((text.group(question.group),), (replace(question, options=options),)), arrived_at())
    return screen(what, what.groups[0])
