"""The verbs on a form: change it and take a change back; under a running call, make a new version, publish or discard it."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete, select, update

from app.core import audit
from app.core.audit import By
from app.core.columns import Translation
from app.core.db import db, use_case
from app.core.refusals import Refusal, RefusedError, refuse_if
from competitions.models import Application, Competition, Form, FormEdit, Question
from competitions.notices.competition import tell_form_changed
from competitions.queries.application import calendar_of
from competitions.queries.competition import current_rules
from competitions.queries.form import (
    asked_questions,
    draft_count,
    drafts_where,
    form_in_force,
    form_in_making,
    form_text,
    last_edit,
)
from competitions.rules.form import FormRefusal, FormText, check_form, difference
from competitions.rules.form_json import from_json, to_json
from competitions.rules.form_publishing import check_changed, check_needed, check_words, is_changeable
from competitions.rules.publishing import PublishingRefusal
from competitions.rules.settings import from_json as settings_from_json
from competitions.states import CompetitionState

EDITS_KEPT = 100


@use_case
def edit_form(competition: Competition, change: Callable[[FormText], FormText], *, by: By, at: datetime) -> FormText:
    """Apply a change to the form that is being made; it can be taken back. A change that changes nothing leaves no trace."""
    form = _locked_making(competition, at)
    before = form_text(form)
    after = change(before)
    if after == before:
        return before
    refuse_if(_faults(competition, after))
    db.session.add(FormEdit(form_id=form.id, before=to_json(before), at=at, user_id=by.user_id))
    _forget_oldest(form)
    put_form(form, after)
    audit.record("edit_form", competition, by=by, at=at, form=form.number, questions=len(after.questions))
    return after


@use_case
def undo_form_edit(competition: Competition, *, by: By, at: datetime) -> None:
    """Take the last change back; pressed once more, the one before it. With none left it does nothing."""
    form = _locked_making(competition, at)
    edit = last_edit(form)
    if edit is None:
        return
    put_form(form, from_json(edit.before))
    db.session.delete(edit)
    audit.record("undo_form_edit", competition, by=by, at=at, form=form.number)


@use_case
def prepare_form(competition: Competition, *, by: By, at: datetime) -> Form:
    """A new version of the form of a running call, a copy to be changed; the one that there is if it was begun already."""
    _lock(competition)
    standing = form_in_making(competition)
    if standing is not None:
        return standing
    _refuse_unless_running(competition, at)
    inforce = _in_force(competition)
    made = Form(
        programme_id=competition.programme_id,
        competition_id=competition.id,
        number=inforce.number + 1,
        groups=[],
        created_at=at,
    )
    db.session.add(made)
    db.session.flush()
    put_form(made, form_text(inforce))
    audit.record("prepare_form", competition, by=by, at=at, form=made.number)
    return made


@use_case
def publish_form(competition: Competition, *, by: By, at: datetime) -> int:
    """Let every draft, and every application begun from now on, be written by the new version; how many drafts that were.

    What was sent stays as it was sent, by the version it was written by. Who has a draft gets a letter.
    """
    _lock(competition)
    made, inforce = form_in_making(competition), _in_force(competition)
    _refuse_unless_running(competition, at)
    if made is None or made.id == inforce.id or difference(form_text(inforce), form_text(made)).is_nothing:
        raise RefusedError(Refusal(FormRefusal.NOTHING_CHANGED))
    refuse_if([*_faults(competition, form_text(made)), *check_words(form_text(made), competition.languages)])
    tell_form_changed(competition, made)
    count = draft_count(competition)
    db.session.execute(update(Application).where(*drafts_where(competition)).values(form_id=made.id))
    made.locked_at = at
    _forget_edits(made)
    audit.record("publish_form", competition, by=by, at=at, form=made.number, drafts=count)
    return count


@use_case
def discard_form(competition: Competition, *, by: By, at: datetime) -> None:
    """Give the new version up; the one in force stays."""
    _lock(competition)
    made, inforce = form_in_making(competition), _in_force(competition)
    if made is None or made.id == inforce.id:
        return
    _forget_edits(made)
    audit.record("discard_form", competition, by=by, at=at, form=made.number)
    db.session.delete(made)


def put_form(form: Form, text: FormText) -> None:
    """Write the groups and questions; a question keeps its row as long as it keeps its key."""
    kept = {one.key: one for one in form.questions}
    for gone in kept.keys() - {one.key for one in text.questions}:
        form.questions.remove(kept[gone])
    form.groups = [{"key": one.key, "title": dict(one.title)} for one in text.groups]
    for position, one in enumerate(text.questions, start=1):
        question = kept.get(one.key) or Question(key=one.key)
        question.position, question.group, question.kind = position, one.group, one.kind
        question.label, question.hint = Translation(one.label), Translation(one.hint)
        question.is_required, question.is_private = one.is_required, one.is_private
        question.max_length, question.options = one.max_length, dict(one.options)
        if one.key not in kept:
            form.questions.append(question)
    db.session.flush()
    db.session.expire(form, ["questions"])


def lock_form(competition: Competition, *, at: datetime) -> None:
    """The call goes out: from now on its form changes by new versions only."""
    form = _in_force(competition)
    form.locked_at = form.locked_at or at
    _forget_edits(form)


def _lock(competition: Competition) -> None:
    db.session.refresh(competition, with_for_update={"of": Competition})


def _locked_making(competition: Competition, at: datetime) -> Form:
    _lock(competition)
    form = form_in_making(competition)
    if form is None:
        raise RefusedError(Refusal(PublishingRefusal.RULES_LOCKED))
    if not is_changeable(competition.state, calendar_of(competition), at):
        raise RefusedError(Refusal(FormRefusal.TOO_LATE))
    return form


def _in_force(competition: Competition) -> Form:
    form = form_in_force(competition)
    if form is None:
        raise RefusedError(Refusal(PublishingRefusal.FORM_EMPTY))
    return form


def _refuse_unless_running(competition: Competition, at: datetime) -> None:
    """A form changes while applications can still be written: later it would change nothing."""
    is_announced = competition.state is CompetitionState.ANNOUNCED
    if not is_announced or not is_changeable(competition.state, calendar_of(competition), at):
        raise RefusedError(Refusal(FormRefusal.TOO_LATE))


def _faults(competition: Competition, text: FormText) -> list[Refusal]:
    settings = settings_from_json(current_rules(competition).settings)
    return [*check_form(text), *check_needed(text, settings), *check_changed(asked_questions(competition), text)]


def _forget_oldest(form: Form) -> None:
    db.session.flush()
    newest = select(FormEdit.id).where(FormEdit.form_id == form.id).order_by(FormEdit.id.desc()).limit(EDITS_KEPT)
    kept = db.session.scalars(newest).all()
    db.session.execute(delete(FormEdit).where(FormEdit.form_id == form.id, FormEdit.id.not_in(kept)))


def _forget_edits(form: Form) -> None:
    db.session.execute(delete(FormEdit).where(FormEdit.form_id == form.id))
