"""A form as an applicant would find it, with nothing written yet."""

from datetime import datetime

from app.core.columns import Translation
from competitions.models import Application, Form, Question
from competitions.queries.application import Contents, limits_for
from competitions.queries.competition import Call
from competitions.queries.form import groups_of
from competitions.rules.form import FormText
from competitions.states import ApplicationState


def preview(call: Call, text: FormText, at: datetime) -> Contents:
    """The contents of an application that nobody has begun; none of its rows belongs to the database."""
    form = Form(groups=[{"key": one.key, "title": dict(one.title)} for one in text.groups])
    form.questions = [
        Question(
            key=one.key, group=one.group, kind=one.kind, label=Translation(one.label), hint=Translation(one.hint),
            is_required=one.is_required, is_private=one.is_private, max_length=one.max_length, options=dict(one.options),
        )
        for one in text.questions
    ]  # fmt: skip
    return Contents(
        application=Application(public_id="", form=form, state=ApplicationState.DRAFT),
        competition=call.competition,
        settings=call.settings,
        calendar=call.calendar,
        limits=limits_for(call.competition, call.settings, at, zone=call.zone),
        groups=groups_of(form),
        values={},
        versions={},
        saved_at=at,
        documents=(),
        known_state=ApplicationState.DRAFT,
    )
