"""Forms of an appeal: what the applicant writes, and what she is answered."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than its types

from app.core.forms import Form, at_most, required
from competitions.rules.appeal import APPEAL_LENGTH


class AppealForm(Form):
    """Why the refusal is wrong."""

    text = TextAreaField(_l("With what you do not agree, and why"), [required(), at_most(APPEAL_LENGTH)])


class AnswerAppealForm(Form):
    """What was found, and why."""

    outcome = RadioField(
        _l("What was found"),
        [required()],
        choices=[
            SelectChoice("upheld", _l("The appeal is right: the application is checked again")),
            SelectChoice("rejected", _l("The refusal stands")),
        ],
    )
    text = TextAreaField(_l("The answer to the applicant"), [required(), at_most(APPEAL_LENGTH)])
