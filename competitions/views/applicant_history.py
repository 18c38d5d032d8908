"""What she wrote before: the earlier texts of one answer, to read and to put back; an earlier application, to copy."""

from dataclasses import dataclass
from datetime import datetime

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from app.access.door import AbsentError, admit, decide, fetch
from app.access.routes import requires
from app.core.tables import Page, page_number
from app.jinja import tr
from app.request import actor, arrived_at, done, page
from competitions.models import AnswerChange, Application, Question
from competitions.policy import Permission
from competitions.queries.application import Contents, value_of
from competitions.queries.form import ever_asked
from competitions.queries.history import authors_of, change_by_id, changes_of
from competitions.rules.answers import is_empty
from competitions.rules.change import Standing, standing_of
from competitions.services.answer import copy_answers, restore_answer
from competitions.views.applicant import own_contents
from competitions.views.applicant_form import bp
from competitions.views.status import readable

__all__ = ["bp"]


@dataclass(frozen=True, slots=True)
class EarlierText:
    """One acknowledged text of an answer; `author` is empty where it was the reader herself, or nobody."""

    change_id: str
    text: str
    arrived_at: datetime
    standing: Standing
    author: str


@bp.get("/applications/<public_id>/history/<key>")
@requires(Permission.APPLICATION_SAVE)
def history(public_id: str, key: str) -> Response:
    """Every text this answer ever had, the newest first; also after the closing."""
    own = fetch(Application, public_id, may=Permission.APPLICATION_SAVE)
    what = own_contents(own)
    question = ever_asked(own, {key}).get(key)
    if question is None:
        raise AbsentError
    return page(
        "competitions/applicant/history.html",
        what=what,
        call=what,
        question=question,
        label_of_question=tr(question.label),
        texts=_texts(what, question, number=page_number(request.args.get("page"))),
        may_edit=decide(actor(), Permission.APPLICATION_EDIT, own).is_allowed,
    )


@bp.post("/applications/<public_id>/history/<key>")
@requires(Permission.APPLICATION_EDIT)
def restore(public_id: str, key: str) -> BaseResponse:
    """Put one of them back."""
    own = fetch(Application, public_id, may=Permission.APPLICATION_SAVE)
    admit(own, may=Permission.APPLICATION_EDIT)
    kept = change_by_id(own, request.form.get("text", ""))
    if kept is None or kept.question_key != key:
        raise AbsentError
    restore_answer(own, kept, by=actor(), at=arrived_at())
    said = _("That text stands in the form again. The one it replaced is kept here as well.")
    return done(said, url_for(".history", public_id=public_id, key=key))


@bp.post("/applications/<public_id>/copy")
@requires(Permission.APPLICATION_EDIT)
def copy(public_id: str) -> BaseResponse:
    """Fill the empty places with what she wrote in an earlier application."""
    own = fetch(Application, public_id, may=Permission.APPLICATION_SAVE)
    admit(own, may=Permission.APPLICATION_EDIT)
    copied = copy_answers(own, request.form.get("source", ""), by=actor(), at=arrived_at())
    said = ngettext(
        "%(num)d answer is copied. Please read it once more.", "%(num)d answers are copied. Please read them once more.", copied
    )
    return done(said, url_for(".application", public_id=public_id))


def _texts(what: Contents, question: Question, *, number: int) -> Page[EarlierText]:
    found = changes_of(what.application, question.key, number=number)
    names = {user_id: name for user_id, name in authors_of(found.items).items() if user_id != actor().user_id}
    present = what.versions.get(question.key)
    texts = [_text(what, question, one, present=present, author=names.get(one.user_id or 0, "")) for one in found.items]
    return Page(texts, found.number, found.pages, found.total)


def _text(what: Contents, question: Question, one: AnswerChange, *, present: int | None, author: str) -> EarlierText:
    value = value_of(one)
    return EarlierText(
        change_id=one.change_id,
        text="" if is_empty(value) else readable(question, value, what),
        arrived_at=one.arrived_at,
        standing=standing_of(one.version, present=present, is_late=one.is_late),
        author=author,
    )
