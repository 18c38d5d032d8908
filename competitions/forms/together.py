"""The form by which an applicant invites somebody to her application."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than its types

from app.core.forms import Form, required

READS, WRITES = "reads", "writes"


class ShareForm(Form):
    """What the invited may do."""

    right = RadioField(
        _l("What may this person do?"),
        [required()],
        choices=[SelectChoice(WRITES, _l("Read and write with me")), SelectChoice(READS, _l("Only read"))],
    )
