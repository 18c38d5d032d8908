"""Forms of the jury: parsing and shape only."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, PasswordField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import AnyOf, DataRequired, InputRequired, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.core.forms import Form, at_most, optional, required
from app.core.texts import clean_line
from app.jinja import LANGUAGE_NAMES
from app.people.rules import LONGEST_PASSWORD, canonical_email
from competitions.models import Application
from scoring.labels import TIES_OF_MINE
from scoring.models import Juror
from scoring.rules import Pair
from scoring.states import ConflictKind

KINDS = [(kind.value, TIES_OF_MINE[kind]) for kind in ConflictKind]
KIND_CHOICES = [SelectChoice(value, text) for value, text in KINDS]
NAME_LENGTH = 100
NOTE_LENGTH = 500
# Blanks are no reason.
SAID = DataRequired(_l("Please fill this in."))


def _is_email(_form: Form, field: EmailField) -> None:
    if canonical_email(field.data or "") is None:
        raise ValidationError(_l("Write an e-mail address, such as aigul@example.kz."))


class InviteForm(Form):
    """Whom to invite."""

    family_name = StringField(_l("Family name"), [required(), at_most(NAME_LENGTH)])
    given_name = StringField(_l("Given name"), [required(), at_most(NAME_LENGTH)])
    email = EmailField(_l("E-mail"), [required(), _is_email])
    languages = SelectMultipleField(
        _l("Reads projects in"),
        [InputRequired(_l("Choose at least one language."))],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    language = SelectField(_l("Language of the letter"))
    is_chair = BooleanField(_l("Chair of the jury"))

    def __init__(self, languages: Sequence[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        choices = [SelectChoice(code, LANGUAGE_NAMES.get(code, code)) for code in languages]
        self.languages.choices = self.language.choices = choices

    def facts(self) -> dict[str, Any]:
        """The values as the services take them."""
        names = ("family_name", "given_name", "email", "languages", "language", "is_chair")
        return {name: self[name].data for name in names}


class AcceptForm(Form):
    """The juror's word that she keeps the terms."""

    terms = BooleanField(_l("I accept these terms"), [InputRequired(_l("Accept the terms, or decline the invitation."))])


class AcceptWithAccountForm(AcceptForm):
    """The same, with a password for a new account; whether it is good is judged where it is hashed."""

    password = PasswordField(_l("Choose a password"), [InputRequired(_l("Choose a password.")), at_most(LONGEST_PASSWORD)])


class RecuseForm(Form):
    """Why a juror steps back from an application."""

    kind = SelectField(_l("What ties you to this application"), choices=KIND_CHOICES, coerce=ConflictKind)
    note = TextAreaField(_l("Explain it to the organiser in a sentence"), [SAID, at_most(NOTE_LENGTH)])


class PinConflictForm(Form):
    """A conflict the organiser knows of."""

    juror = SelectField(_l("Juror"))
    application = SelectField(_l("Application"))
    kind = SelectField(_l("What ties them"), choices=KIND_CHOICES, coerce=ConflictKind)
    note = StringField(_l("Note"), [optional(), at_most(NOTE_LENGTH)])

    def __init__(self, jurors: Iterable[Juror], applications: Iterable[Application], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.juror.choices = [SelectChoice(one.public_id, one.person.full_name) for one in jurors]
        self.application.choices = [SelectChoice(one.public_id, one.code or "") for one in applications]


class AssignmentForm(Form):
    """The buttons of the assignment matrix. Only `apply` acts; the others show what it would do."""

    act = StringField(validators=[AnyOf(["apply"])])
    scope = StringField()
    signature = StringField()

    @property
    def is_for_all(self) -> bool:
        """Whether every juror shall read every application."""
        return self.act.data == "all" or (self.act.data == "apply" and self.scope.data == "all")


class ReasonForm(Form):
    """A reason that is kept."""

    reason = TextAreaField(_l("Reason"), [SAID, at_most(NOTE_LENGTH)])


class FreezeForm(Form):
    """Why a later ranking replaces a frozen one; not needed for the first."""

    reason = TextAreaField(_l("Reason for a new version"), [optional(), at_most(NOTE_LENGTH)])


def declared_conflicts(applications: Mapping[str, int]) -> dict[int, tuple[ConflictKind, str]]:
    """The ticks of the conflicts page: `kind-CODE` and `note-CODE`, by application id; an empty kind is no conflict."""
    found = {}
    for code, application_id in applications.items():
        kind = request.form.get(f"kind-{code}", "")
        if kind in set(ConflictKind):
            found[application_id] = (ConflictKind(kind), (clean_line(request.form.get(f"note-{code}")) or "")[:NOTE_LENGTH])
    return found


def wanted_pairs(seats: Mapping[str, int], applications: Mapping[str, int]) -> frozenset[Pair]:
    """The ticks of the assignment matrix: values `SEAT:CODE`; what names nobody is left out."""
    found = set()
    for value in request.form.getlist("pair"):
        seat, _colon, code = value.partition(":")
        if seat in seats and code in applications:
            found.add((seats[seat], applications[code]))
    return frozenset(found)
