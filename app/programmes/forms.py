"""Forms of organisations, programmes and invitations: parsing and shape only."""

from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, HiddenField, SelectField, StringField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import AnyOf, Optional, Regexp

from app.core.forms import EditForm, Form, at_most, required, translated
from app.jinja import LANGUAGE_NAMES, label, tr_plain
from app.people.forms import is_email
from app.people.rules import LONGEST_EMAIL
from app.programmes.models import Organisation
from app.programmes.states import OrganisationKind, Role

NAME_LENGTH = 200
ADDRESS_LENGTH = 300
SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
ZONES = ("Asia/Almaty", "Asia/Qyzylorda", "Asia/Aqtobe", "Asia/Aqtau", "Asia/Atyrau", "Asia/Oral", "Asia/Qostanay")


class InvitationForm(Form):
    """Whom to invite, to what, in which language."""

    email = EmailField(_l("E-mail"), [required(), at_most(LONGEST_EMAIL), is_email])
    role = SelectField(_l("Role"))
    language = SelectField(_l("Language of the letter"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.role.choices = [SelectChoice(role.value, str(label(role).text)) for role in Role]
        languages = current_app.config["SETTINGS"].languages
        self.language.choices = [SelectChoice(code, LANGUAGE_NAMES[code]) for code in languages]


class WithdrawalForm(Form):
    """Which invitation is taken back."""

    email = HiddenField(validators=[required(), at_most(LONGEST_EMAIL)])
    role = HiddenField(validators=[AnyOf([role.value for role in Role])])


class OrganisationForm(EditForm):
    """What is known of an organisation."""

    kind = SelectField(_l("Kind"))
    name = translated(_l("Name of the organisation"), limit=NAME_LENGTH, required_in=("kk", "ru"))
    bin = StringField(_l("BIN"), [Optional(), Regexp(r"^\d{12}$", message=_l("A BIN has 12 digits."))])
    address = translated(_l("Address"), limit=ADDRESS_LENGTH)
    phone = StringField(_l("Phone"), [at_most(20)])
    email = EmailField(_l("E-mail"), [Optional(), at_most(LONGEST_EMAIL), is_email])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind.choices = [SelectChoice(kind.value, str(label(kind).text)) for kind in OrganisationKind]


class ProgrammeForm(EditForm):
    """What a programme is called, where its pages are, whose it is."""

    name = translated(_l("Name of the programme"), limit=NAME_LENGTH, required_in=("kk", "ru"))
    slug = StringField(
        _l("Address on the site"),
        [required(), at_most(60), Regexp(SLUG, message=_l("Only small Latin letters, digits and hyphens, such as start-app."))],
    )
    organisation_id = SelectField(_l("Held by"), coerce=int)
    timezone = SelectField(_l("Time zone"), choices=[SelectChoice(zone) for zone in ZONES])

    def __init__(self, *, organisations: list[tuple[int, Organisation]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.organisation_id.choices = [SelectChoice(one, tr_plain(organisation.name)) for one, organisation in organisations]
