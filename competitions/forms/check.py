"""Forms of the checking desk: search, return with reasons, not admit."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, IntegerField, RadioField, SelectField, TextAreaField
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from app.core.columns import Translation
from app.core.forms import Form, LocalDateTimeField, Part, at_most, optional, required
from competitions.rules.checking import REASON_LENGTH, Reason
from competitions.rules.document import fill
from competitions.rules.settings import Reason as RuleReason

LINES = 3
OWN_WORDS = "own"


class ReasonPart(Part):
    """One thing to correct: where, why by the rules, and in own words."""

    question = SelectField(_l("What it is about"), validators=[Optional()])
    preset = SelectField(_l("Reason from the rules"), validators=[Optional()])
    text = TextAreaField(_l("In your own words"), [optional(), at_most(REASON_LENGTH)])


class SeenForm(Form):
    """A decision on one application, and which of its versions its page showed."""

    seen = IntegerField(widget=HiddenInput())

    @property
    def version(self) -> int:
        """The number of the version that was on the page; 0, before all others, where none was sent along."""
        return self.seen.data or 0

    def show(self, version: int) -> None:
        """The version that whoever gets this page reads beside it."""
        self.seen.data, self.seen.raw_data = version, None


class ReturnForm(Form):
    """What must be corrected, until when."""

    reasons = FieldList(FormField(ReasonPart), min_entries=LINES, max_entries=LINES)
    due_at = LocalDateTimeField(_l("Corrections are due"), [required()])

    def offer(self, questions: Iterable[tuple[str, str]], presets: Mapping[str, str]) -> None:
        """What may be chosen."""
        asked = [("", _l("The whole application")), *questions]
        known = [("", _l("No ready reason")), *presets.items()]
        for line in self.reasons.entries:
            line.form.question.choices, line.form.preset.choices = asked, known

    def validate(self, extra_validators: Any = None) -> bool:
        """At least one reason; what is missing is said at the first line."""
        is_well: bool = super().validate(extra_validators)
        if any(line.form.preset.data or line.form.text.data for line in self.reasons.entries):
            return is_well
        missing = self.reasons.entries[0].form.text
        missing.errors = [*missing.errors, _l("Write at least one reason: the applicant must know what to do.")]
        return False

    def chosen(self, presets: Mapping[str, str]) -> list[Reason]:
        """The reasons as the applicant reads them: the ready sentence, then the checker's own words."""
        found = []
        for line in self.reasons.entries:
            parts = (presets.get(line.form.preset.data or "", ""), line.form.text.data or "")
            found.append(Reason(line.form.question.data or None, " ".join(part for part in parts if part)))
        return [one for one in found if one.text]


class ReturnOneForm(SeenForm, ReturnForm):
    """What must be corrected in one application."""


class RefuseForm(SeenForm):
    """Why an application is not admitted."""

    reason = RadioField(_l("Reason from the rules"), [required()])
    text = TextAreaField(_l("In your own words"), [optional(), at_most(REASON_LENGTH)])

    def offer(self, presets: Mapping[str, str]) -> None:
        """What may be chosen."""
        self.reason.choices = [*presets.items(), (OWN_WORDS, _l("Another reason, in your own words"))]

    def chosen(self, presets: Mapping[str, str]) -> list[Reason]:
        """The reason as the applicant reads it."""
        parts = (presets.get(self.reason.data or "", ""), self.text.data or "")
        return [Reason(None, " ".join(part for part in parts if part))] if any(parts) else []


def sentences(reasons: Iterable[RuleReason], language: str, values: Mapping[str, Any]) -> dict[str, str]:
    """The ready reasons in the applicant's language, with the values of the rules."""
    return {one.key: fill(Translation(one.text).best(language)[0], values) for one in reasons}
