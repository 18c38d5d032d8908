"""Every SELECT over forms: their questions, in groups and as the rules need them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select

from app.core.columns import Translation
from app.core.db import db
from competitions.models import Application, Competition, Form, FormEdit, Question, Rules
from competitions.rules.answers import Asked
from competitions.rules.form import FormText, GroupText, QuestionText
from competitions.states import ApplicationState, CompetitionState


@dataclass(frozen=True, slots=True)
class Group:
    """One screen of the form."""

    key: str
    title: Translation
    questions: tuple[Question, ...]


def asked_of(question: Question) -> Asked:
    """A question as the rules need it."""
    return Asked(
        key=question.key,
        kind=question.kind,
        group=question.group,
        is_required=question.is_required,
        is_private=question.is_private,
        max_length=question.max_length,
        options=question.options or {},
    )


def groups_of(form: Form) -> tuple[Group, ...]:
    """The screens of a form in order; a group without questions is no screen."""
    found = []
    for group in form.groups:
        questions = tuple(one for one in form.questions if one.group == group["key"])
        if questions:
            found.append(Group(group["key"], Translation(group["title"]), questions))
    return tuple(found)


def form_in_force(competition: Competition) -> Form | None:
    """The form by which applications are written: the newest that was published, before the call the first."""
    wanted = select(Form).where(Form.competition_id == competition.id, _is_in_force())
    return db.session.scalar(wanted.order_by(Form.number.desc()).limit(1))


def _is_in_force() -> ColumnElement[bool]:
    return or_(Form.locked_at.is_not(None), Form.number == 1)


def question_of(application: Application, key: str) -> Question | None:
    """The question of the application's form with this key."""
    return db.session.scalar(select(Question).where(Question.form_id == application.form_id, Question.key == key))


def questions_on(public_id: str, group: str) -> Sequence[Question]:
    """The questions of one screen of the form of an application; they are public, whoever asks."""
    wanted = select(Question).join(Application, Application.form_id == Question.form_id)
    return db.session.scalars(wanted.where(Application.public_id == public_id, Question.group == group)).all()


def form_in_making(competition: Competition) -> Form | None:
    """The version that was not published yet: the first one until the rules are approved, later a new one."""
    is_first = competition.state is CompetitionState.DRAFT
    wanted = select(Form).where(Form.competition_id == competition.id, Form.locked_at.is_(None))
    return db.session.scalar(wanted.where(Form.number == 1 if is_first else Form.number > 1).limit(1))


def form_of_rules(competition: Competition, rules: Rules) -> Form | None:
    """The form as it was when the rules were approved: what the rules say of it does not change later."""
    wanted = select(Form).where(Form.competition_id == competition.id)
    was = or_(Form.number == 1, Form.locked_at <= rules.approved_at) if rules.approved_at else _is_in_force()
    return db.session.scalar(wanted.where(was).order_by(Form.number.desc()).limit(1))


def form_text(form: Form) -> FormText:
    """A form as a value."""
    return FormText(
        groups=tuple(GroupText(one["key"], dict(one["title"])) for one in form.groups),
        questions=tuple(
            QuestionText(
                key=one.key, group=one.group, kind=one.kind, label=dict(one.label), hint=dict(one.hint or {}),
                is_required=one.is_required, is_private=one.is_private, max_length=one.max_length,
                options=dict(one.options or {}),
            )
            for one in form.questions
        ),
    )  # fmt: skip


def last_edit(form: Form) -> FormEdit | None:
    """The change that would be taken back now."""
    wanted = select(FormEdit).where(FormEdit.form_id == form.id)
    return db.session.scalar(wanted.order_by(FormEdit.id.desc()).limit(1))


def asked_questions(competition: Competition) -> tuple[QuestionText, ...]:
    """Every question that applicants were ever asked, as the newest published version that asked each has it."""
    wanted = select(Form).where(Form.competition_id == competition.id, Form.locked_at.is_not(None)).order_by(Form.number)
    found = {one.key: one for form in db.session.scalars(wanted) for one in form_text(form).questions}
    return tuple(found.values())


def drafts_where(competition: Competition) -> tuple[ColumnElement[bool], ...]:
    """The applications that a new version of the form concerns: those that were never sent."""
    return Application.competition_id == competition.id, Application.state == ApplicationState.DRAFT


def draft_count(competition: Competition) -> int:
    """How many applications a new version of the form concerns."""
    return db.session.scalar(select(func.count()).select_from(Application).where(*drafts_where(competition))) or 0


def ever_asked(application: Application, keys: Collection[str] | None = None) -> dict[str, Question]:
    """All questions that an application was ever asked, or those with these keys, by key.

    Each is as the application's own form has it, else as the newest published version that asked it.
    """
    wanted = select(Question).join(Form, Form.id == Question.form_id).where(Form.competition_id == application.competition_id)
    wanted = wanted.where(or_(Form.id == application.form_id, Form.locked_at.is_not(None)))
    if keys is not None:
        wanted = wanted.where(Question.key.in_(sorted(keys)))
    own_last = Form.id == application.form_id
    return {one.key: one for one in db.session.scalars(wanted.order_by(own_last, Form.number, Question.position))}
