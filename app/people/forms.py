"""Forms of accounts and the vault: parsing and shape only."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, HiddenField, PasswordField, RadioField, StringField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import DataRequired, InputRequired, ValidationError

from app.core.forms import Form, at_most
from app.core.refusals import Refusal
from app.jinja import label, sentence
from app.people.rules import LONGEST_EMAIL, LONGEST_PASSWORD, canonical_email, check_password
from app.people.states import NameReason, PeopleRefusal, PublicName, RevealReason

NAME_LENGTH = 100


def is_email(_form: Any, field: EmailField) -> None:
    """Refuse what cannot be an address."""
    if canonical_email(field.data or "") is None:
        raise ValidationError(sentence(Refusal(PeopleRefusal.EMAIL_INVALID)))


def _is_good_password(_form: Any, field: PasswordField) -> None:
    faults = check_password(field.data or "")
    if faults:
        raise ValidationError(" ".join(map(sentence, faults)))


EMAIL = (DataRequired(_l("Enter your e-mail address.")), at_most(LONGEST_EMAIL + 66), is_email)


class PasswordForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Base of forms with passwords: unlike `core.forms.Form` it changes nothing of what was typed."""


class SignInForm(PasswordForm):
    """Address and password; the address is not judged here, so that every failure reads the same."""

    email = EmailField(_l("E-mail"), [DataRequired(_l("Enter your e-mail address.")), at_most(LONGEST_EMAIL + 66)])
    password = PasswordField(_l("Password"), [InputRequired(_l("Enter your password.")), at_most(LONGEST_PASSWORD)])
    remember = BooleanField(_l("Keep me signed in on this device for 14 days"))
    next = HiddenField()
    kept = HiddenField()


class EmailForm(Form):
    """An address a letter shall go to."""

    email = EmailField(_l("E-mail"), EMAIL)
    next = HiddenField()


class NewPasswordForm(PasswordForm):
    """A password that is chosen."""

    password = PasswordField(_l("New password"), [InputRequired(_l("Enter a password.")), _is_good_password])


class ChangePasswordForm(PasswordForm):
    """A new password in place of a known one."""

    current = PasswordField(
        _l("Present password"), [InputRequired(_l("Enter your present password.")), at_most(LONGEST_PASSWORD)]
    )
    password = PasswordField(_l("New password"), [InputRequired(_l("Enter a password.")), _is_good_password])


class ConfirmForm(PasswordForm):
    """The present password before a dangerous act, which is kept meanwhile."""

    current = PasswordField(_l("Password"), [InputRequired(_l("Enter your password.")), at_most(LONGEST_PASSWORD)])
    kept = HiddenField()


class ChangeEmailForm(PasswordForm):
    """Another address for the account."""

    email = EmailField(_l("New e-mail address"), EMAIL)
    current = PasswordField(
        _l("Present password"), [InputRequired(_l("Enter your present password.")), at_most(LONGEST_PASSWORD)]
    )


class NameForm(Form):
    """A name as documents write it."""

    family_name = StringField(_l("Family name"), [DataRequired(_l("Enter the family name.")), at_most(NAME_LENGTH)])
    given_name = StringField(_l("Given name"), [DataRequired(_l("Enter the given name.")), at_most(NAME_LENGTH)])
    patronymic = StringField(_l("Patronymic"), [at_most(NAME_LENGTH)])


class CorrectNameForm(NameForm):
    """The name as it should have been admitted, and what was wrong."""

    reason = RadioField(_l("Why is it corrected?"), [InputRequired(_l("Choose a reason."))])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.reason.choices = [SelectChoice(reason.value, str(label(reason).text)) for reason in NameReason]


class RevealForm(Form):
    """Why what is masked shall be shown in full."""

    reason = RadioField(_l("Why do you need it?"), [InputRequired(_l("Choose a reason."))])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.reason.choices = [SelectChoice(reason.value, str(label(reason).text)) for reason in RevealReason]


class PublicNameForm(Form):
    """How a winner is named in public."""

    public_name = RadioField(_l("How should a winner be named?"), [InputRequired(_l("Please choose one of the answers."))])


def public_name_form(present: str) -> PublicNameForm:
    """The form with its answers in the page's language, the present one chosen."""
    form = PublicNameForm(data={"public_name": present})
    form.public_name.choices = [SelectChoice(one.value, str(label(one).text)) for one in PublicName]
    return form
