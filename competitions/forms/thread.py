"""The form of one note in the thread about an application."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, TextAreaField
from wtforms.widgets import HiddenInput

from app.core.forms import Form, at_most, required
from competitions.rules.application import NOTE_LENGTH


class NoteForm(Form):
    """What somebody writes."""

    text = TextAreaField(_l("Your words"), [required(), at_most(NOTE_LENGTH)])


class AnswerForm(NoteForm):
    """An answer, with how many notes its page showed."""

    seen = IntegerField(widget=HiddenInput())
