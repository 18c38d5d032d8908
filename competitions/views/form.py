"""How an organiser makes the application form: groups, order, undo, files, and new versions under a running call."""

import json
from collections.abc import Callable

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from app.access.door import AbsentError, fetch
from app.access.routes import WRITING_LIMIT, dangerous, requires, takes
from app.core.forms import Form as Pressed
from app.core.refusals import RefusedError
from app.jinja import sentence
from app.request import actor, arrived_at, done, page
from competitions.forms.application import conditions_in_words
from competitions.forms.form import GroupForm, ImportForm, new_key
from competitions.models import Competition, Form
from competitions.policy import Permission
from competitions.queries.competition import Call, call_of
from competitions.queries.form import draft_count, form_in_making, form_text, last_edit
from competitions.rules import form as changes
from competitions.rules.form import FormDifference, FormText, GroupText
from competitions.rules.form_json import to_json
from competitions.rules.form_publishing import is_changeable
from competitions.services import form as services
from competitions.views.editing import blueprint

__all__ = ["blueprint"]  # with all that is bound to it

MAY = Permission.COMPETITION_EDIT


@blueprint.get("/<public_id>/form")
@requires(MAY)
def form(public_id: str) -> Response:
    """All groups and questions in order, what can be done with each, and what a new version would mean."""
    call = call_of(fetch(Competition, public_id, may=MAY))
    making = making_of(call)
    shown = making or in_force(call)
    return page(
        "competitions/organiser/form.html",
        call=call,
        form=shown,
        text=form_text(shown),
        making=making,
        may_prepare=making is None and is_changeable(call.competition.state, call.calendar, arrived_at()),
        may_undo=making is not None and last_edit(making) is not None,
        conditions=conditions_in_words(shown.questions),
        difference=_difference(call, making),
    )


@blueprint.route("/<public_id>/form/groups", methods=["GET", "POST"])
@requires(MAY)
def add_group(public_id: str) -> BaseResponse:
    """A new group at the end."""
    call = call_of(fetch(Competition, public_id, may=MAY))
    return _group_page("add_group", call, GroupText(new_key("g"), {}))


@blueprint.route("/<public_id>/form/groups/<key>", methods=["GET", "POST"])
@requires(MAY)
def edit_group(public_id: str, key: str) -> BaseResponse:
    """The name of a group."""
    call = call_of(fetch(Competition, public_id, may=MAY))
    return _group_page("edit_group", call, form_text(making_of(call) or in_force(call)).group(key))


def _group_page(view: str, call: Call, group: GroupText) -> BaseResponse:
    typed = GroupForm(data={"title": group.title})

    def change(text: FormText) -> FormText:
        return changes.put_group(text, typed.group(group.key))

    tried = typed.attempt(lambda: services.edit_form(call.competition, change, by=actor(), at=arrived_at()))
    if tried.is_done:
        return done(_("Saved."), place_of(call, f"group-{group.key}"))
    return page(f"competitions/organiser/{view}.html", status=tried.status, call=call, form=typed, refusals=tried.refusals)


@blueprint.post("/<public_id>/form/groups/<key>/move")
@requires(MAY)
def move_group(public_id: str, key: str) -> BaseResponse:
    """One place up or down, with all its questions."""
    return changed(public_id, lambda text: changes.move_group(text, key, step()), f"group-{key}")


@blueprint.post("/<public_id>/form/groups/<key>/remove")
@requires(MAY)
def remove_group(public_id: str, key: str) -> BaseResponse:
    """Take an empty group out."""
    return changed(public_id, lambda text: changes.remove_group(text, key))


@blueprint.post("/<public_id>/form/undo")
@requires(MAY)
def undo_form_edit(public_id: str) -> BaseResponse:
    """Take the last change back, and the one before it when pressed again."""
    found = fetch(Competition, public_id, may=MAY)
    services.undo_form_edit(found, by=actor(), at=arrived_at())
    return done(_("The last change is taken back."), _page_of(found))


@blueprint.post("/<public_id>/form/prepare")
@requires(MAY)
def prepare_form(public_id: str) -> BaseResponse:
    """Begin a new version of the form of a running call."""
    found = fetch(Competition, public_id, may=MAY)
    services.prepare_form(found, by=actor(), at=arrived_at())
    return done(_("This is a copy. Applicants see your changes only after you publish it."), _page_of(found))


@blueprint.route("/<public_id>/form/publish", methods=["GET", "POST"])
@requires(MAY)
@dangerous(_l("Publish the new version"), "Competition.publish_form")
def publish_form(public_id: str) -> BaseResponse:
    """What the new version means for those who are writing, in numbers; then let it be the one they write by."""
    call = call_of(fetch(Competition, public_id, may=MAY))
    making = making_of(call)
    if making is None or making.id == in_force(call).id:
        return done(_("There is no new version of the form."), _page_of(call.competition), tone="info")
    tried = Pressed().attempt(lambda: services.publish_form(call.competition, by=actor(), at=arrived_at()))
    if tried.is_done:
        said = _("The new form is in force. Drafts that follow it: %(count)s.", count=tried.made)
        return done(said, _page_of(call.competition))
    return page(
        "competitions/organiser/publish_form.html",
        status=tried.status, call=call, refusals=tried.refusals,
        difference=_difference(call, making), count=draft_count(call.competition),
    )  # fmt: skip


@blueprint.post("/<public_id>/form/discard")
@requires(MAY)
def discard_form(public_id: str) -> BaseResponse:
    """Give the new version up."""
    found = fetch(Competition, public_id, may=MAY)
    services.discard_form(found, by=actor(), at=arrived_at())
    return done(_("The new version is given up. The form in force stays as it is."), _page_of(found))


@blueprint.get("/<public_id>/form.json")
@requires(MAY)
def download_form(public_id: str) -> Response:
    """The form as a file, for another competition or another house."""
    call = call_of(fetch(Competition, public_id, may=MAY))
    body = json.dumps(to_json(form_text(making_of(call) or in_force(call))), ensure_ascii=False, indent=1)
    answer = Response(body, mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{call.competition.slug}-form.json"'
    return answer


@blueprint.route("/<public_id>/form/import", methods=["GET", "POST"])
@takes(WRITING_LIMIT)
@requires(MAY)
def import_form(public_id: str) -> BaseResponse:
    """Put a form from a file in place of this one; that can be taken back like any change."""
    call = call_of(fetch(Competition, public_id, may=MAY))
    typed = ImportForm()

    def put() -> FormText:
        brought = typed.imported()
        return services.edit_form(call.competition, lambda _text: brought, by=actor(), at=arrived_at())

    tried = typed.attempt(put)
    if tried.is_done:
        return done(_("The form from the file is in place. You can take that back."), _page_of(call.competition))
    return page("competitions/organiser/import_form.html", status=tried.status, call=call, form=typed, refusals=tried.refusals)


def changed(public_id: str, change: Callable[[FormText], FormText], place: str = "") -> BaseResponse:
    """Apply a change that has no page of its own, and go back to where it was made."""
    found = fetch(Competition, public_id, may=MAY)
    try:
        services.edit_form(found, change, by=actor(), at=arrived_at())
    except RefusedError as refused:
        return done(" ".join(sentence(one) for one in refused.refusals), _page_of(found), tone="warning")
    return done(_("Saved."), f"{_page_of(found)}#{place}")


def step() -> int:
    """Where a pressed arrow points."""
    return -1 if request.form.get("step") == "up" else 1


def making_of(call: Call) -> Form | None:
    """The version that may be changed now."""
    is_open = is_changeable(call.competition.state, call.calendar, arrived_at())
    return form_in_making(call.competition) if is_open else None


def in_force(call: Call) -> Form:
    """The form by which applications are written."""
    if call.form is None:
        raise AbsentError
    return call.form


def place_of(call: Call, key: str) -> str:
    """The place of a question or group on the page of the form."""
    return f"{_page_of(call.competition)}#{key}"


def _page_of(competition: Competition) -> str:
    return url_for("competitions_organiser.form", public_id=competition.public_id)


def _difference(call: Call, making: Form | None) -> FormDifference | None:
    before = in_force(call)
    return changes.difference(form_text(before), form_text(making)) if making is not None and making.id != before.id else None
