"""What competitions do when a person changes."""

from app.core import audit
from app.core.db import db
from app.core.refusals import Refusal, RefusedError
from app.people.events import NameChanging, NameCorrected
from app.people.models import Person
from competitions.queries.judged import helpline_of_admission, programmes_applied_to
from competitions.rules.application import ApplicationRefusal


def on_name_changing(event: NameChanging) -> None:
    """The name a checker admitted stands on results, letters and diplomas: its owner alone does not exchange it."""
    helpline = helpline_of_admission(event.person_ids)
    if helpline is not None:
        raise RefusedError(Refusal(ApplicationRefusal.NAME_CHECKED, {"phone": helpline}))


def on_name_corrected(event: NameCorrected) -> None:
    """Each programme she applied to finds in its own record of acts that the name on its lists is another now."""
    person = db.session.get_one(Person, event.person_id)
    for programme_id in programmes_applied_to(person.id):
        audit.record_in(programme_id, "correct_name", person, by=event.by, at=event.at, **event.details)


REACTIONS = ((NameChanging, on_name_changing), (NameCorrected, on_name_corrected))
