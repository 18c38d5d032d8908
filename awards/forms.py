"""Forms of the decision."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField

from app.core.forms import Form, at_most, required


class DecideForm(Form):
    """Which frozen ranking the decider saw."""

    snapshot = HiddenField(_l("Mark of the frozen ranking that was looked at"), validators=[required()])


class PublishForm(Form):
    """What the publisher saw."""

    preview = HiddenField(_l("Mark of the page that was looked at"), validators=[required()])


class ReconsiderForm(Form):
    """Why a decision is taken back."""

    reason = TextAreaField(_l("Why is the decision taken back?"), [required(), at_most(500)])
