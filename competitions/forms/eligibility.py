"""The form of the three questions before an application."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import InputRequired

from app.core.forms import Form
from competitions.queries.declarations import EligibilityText
from competitions.rules.eligibility import EligibilityQuestion

YES, NO = "yes", "no"
LANGUAGE_NAMES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}


class EligibilityForm(Form):
    """Yes or no to each question, and the language she will write in; `eligibility_form` gives it its questions."""

    language = RadioField(_l("In which language will you write?"), [InputRequired(_l("Please choose one of the answers."))])

    def said(self) -> dict[str, bool]:
        """The answers by question."""
        return {one.value: self[one.value].data == YES for one in EligibilityQuestion if one.value in self}


def eligibility_form(
    questions: Mapping[EligibilityQuestion, EligibilityText], *, languages: list[str], language: str, said: Mapping[str, bool]
) -> EligibilityForm:
    """The form with these questions; `said` are answers given before."""
    fields: dict[str, Any] = {
        key.value: RadioField(
            one.text,
            [InputRequired(_l("Please choose one of the answers."))],
            choices=[SelectChoice(YES, _l("Yes")), SelectChoice(NO, _l("No"))],
        )
        for key, one in questions.items()
    }
    form_class: type[EligibilityForm] = type("QuestionsForm", (EligibilityForm,), fields)
    given = {key: YES if is_so else NO for key, is_so in said.items()}
    form = form_class(data={**given, "language": language if language in languages else languages[0]})
    form.language.choices = [SelectChoice(code, LANGUAGE_NAMES.get(code, code)) for code in languages]
    return form


def explanations(questions: Mapping[EligibilityQuestion, EligibilityText], said: Mapping[str, bool]) -> list[str]:
    """What every "no" means and what to do next."""
    return [one.explanation for key, one in questions.items() if said.get(key.value) is False]
