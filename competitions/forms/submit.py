"""The forms by which an application is declared and sent, or withdrawn."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import InputRequired

from app.core.forms import Form
from app.jinja import label
from app.people.models import Consent
from app.people.states import ConsentKind, PublicName
from competitions.queries.declarations import ConsentText
from competitions.rules.withdrawal import WithdrawalReason

NAMED = (PublicName.FULL, PublicName.INITIAL)


class SubmitForm(Form):
    """One box a consent, none ticked beforehand; how to be named counts where the name may be published.

    Of the ways to be named the one that tells least is chosen beforehand; no name at all is the box left empty.
    """

    processing = BooleanField(_l("Processing of personal data"))
    name = BooleanField(_l("Publication of the name"))
    public_name = RadioField(
        _l("How should a winner be named?"),
        default=PublicName.INITIAL.value,
        description=_l("To be named by the project only, leave the box above empty."),
    )
    photo = BooleanField(_l("Photo and video"))
    graduate = BooleanField(_l("Being called a graduate of a children's home"))

    def agreed(self, texts: Iterable[ConsentText]) -> list[tuple[ConsentKind, str, PublicName | None]]:
        """What was ticked, with the exact words and how to be named."""
        chosen = PublicName(self.public_name.data) if self.public_name.data in set(map(str, NAMED)) else PublicName.INITIAL
        return [
            (one.kind, one.text, chosen if one.kind is ConsentKind.NAME else None) for one in texts if self[one.kind.value].data
        ]


def submit_form(texts: Iterable[ConsentText], standing: Mapping[ConsentKind, Consent]) -> SubmitForm:
    """The form with the words of this competition; what she has agreed to before stays ticked."""
    given: dict[str, Any] = {kind.value: True for kind in standing}
    chosen = standing[ConsentKind.NAME].public_name if ConsentKind.NAME in standing else None
    given |= {"name": chosen in NAMED} | ({"public_name": chosen.value} if chosen in NAMED else {})
    form = SubmitForm(data=given)
    form.public_name.choices = [SelectChoice(name.value, str(label(name).text)) for name in NAMED]
    for one in texts:
        form[one.kind.value].label.text = one.label
        form[one.kind.value].description = one.text
    return form


class WithdrawForm(Form):
    """Why she withdraws."""

    reason = RadioField(_l("Why do you withdraw?"), [InputRequired(_l("Please choose one of the answers."))])


def withdraw_form() -> WithdrawForm:
    """The form with its reasons in the page's language."""
    form = WithdrawForm()
    form.reason.choices = [SelectChoice(one.value, str(label(one).text)) for one in WithdrawalReason]
    return form
