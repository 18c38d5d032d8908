"""Forms of events."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from app.core import clock
from app.core.columns import Translation
from app.core.forms import EditForm, Form, LocalDateTimeField, at_most, between, optional, required, translated
from seminars.labels import LABELS
from seminars.queries import Guest
from seminars.states import EventKind

LARGEST_HALL = 5000
LONGEST_DAY = 40
KINDS = [SelectChoice(kind.value, LABELS[0][kind].text) for kind in EventKind]


class EventForm(EditForm):
    """The facts of an event."""

    kind = SelectField(_l("Kind"), choices=KINDS, coerce=EventKind)
    title = translated(_l("Title"), limit=150, required_in=("kk", "ru"))
    description = translated(_l("What will be discussed, and what to bring"), limit=3000, lines=4)
    place = translated(_l("Place: town, street, room"), limit=200, required_in=("kk", "ru"))
    online_url = StringField(
        _l("Link for those who join online"),
        [optional(), at_most(300), Regexp(r"https?://\S+$", message=_l("Write a whole address that begins with https://."))],
    )
    starts_at = LocalDateTimeField(_l("Begins"), [required()])
    ends_at = LocalDateTimeField(_l("Ends"), [required()])
    capacity = IntegerField(_l("Number of seats"), [required(), between(1, LARGEST_HALL)])
    academic_hours = IntegerField(_l("Academic hours, printed on certificates"), [optional(), between(1, LONGEST_DAY)])

    def validate_starts_at(self, field: Field) -> None:
        """Nobody can come to what is in the past; what has begun keeps its time."""
        now = clock.now()
        if field.data is not None and field.data <= now and (field.object_data is None or field.object_data > now):
            raise ValidationError(_("This time has passed. Choose a later one."))

    def facts(self) -> dict[str, Any]:
        """The values as the services take them."""
        names = ("kind", "starts_at", "ends_at", "capacity", "academic_hours")
        values = {name: self[name].data for name in names}
        texts = {name: Translation(self[name].data) for name in ("title", "description", "place")}
        return values | texts | {"online_url": self.online_url.data or ""}


class NewEventForm(EventForm):
    """An event that does not exist yet: also where it belongs."""

    competition = SelectField(_l("Competition"))


class CancelForm(Form):
    """Why an event is called off."""

    reason = TextAreaField(
        _l("Reason, sent to everyone who has a seat or waits for one; it stands on the page of the event too"),
        [required(), at_most(500)],
        description=_l("Everybody reads exactly these words, so write them in all languages that are needed."),
    )


class AttendanceForm(Form):
    """Ticks on the attendance list, and which of them were there when the page was opened: others mark it too."""

    present = SelectMultipleField(_l("Present"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False))
    seen = SelectMultipleField(validate_choice=False)

    def list_guests(self, guests: Sequence[Guest], session_id: int) -> None:
        """Whom the list holds, and who of them is marked by now."""
        self.present.choices = [(one.person.public_id, one.person.full_name) for one in guests]
        if not self.is_submitted():
            marked = [one.person.public_id for one in guests if session_id in one.attended_ids]
            self.present.data, self.seen.data = marked, marked

    def ticked(self) -> set[str]:
        """Who was marked on this page."""
        return set(self.present.data or ()) - set(self.seen.data or ())

    def unticked(self) -> set[str]:
        """Whose mark was taken away on this page."""
        return set(self.seen.data or ()) - set(self.present.data or ())
