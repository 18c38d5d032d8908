"""Forms of one decision on many applications."""

from typing import Any

from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from app.core.forms import Form
from competitions.forms.check import ReturnForm


class ManyForm(Form):
    """Which of the applications that were shown."""

    applications = SelectMultipleField(
        _l("Applications"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False), validate_choice=False
    )

    def offer_applications(self, lines: list[tuple[str, str]]) -> None:
        """All that can be done is ticked until she takes a tick away."""
        self.applications.choices = [(value, Markup("<bdi>{}</bdi>").format(said)) for value, said in lines]
        if not self.is_submitted():
            self.applications.data = [value for value, _words in lines]


class ReturnManyForm(ManyForm, ReturnForm):
    """What all of them must correct, until when."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        while len(self.reasons.entries) > 1:
            self.reasons.pop_entry()
