"""What competitions do when a person changes or a calendar moves: what is found by it changes with it."""

from app.core import audit, clock
from app.core.db import db
from app.core.refusals import Refusal, RefusedError
from app.people.events import ConsentWithdrawn, NameChanged, NameChanging, NameCorrected
from app.people.models import Person
from app.people.states import ConsentKind
from competitions.events import CalendarMoved
from competitions.notices.team import tell_consent_withdrawn
from competitions.queries.judged import helpline_of_admission, programmes_applied_to, submitted_to
from competitions.queries.search import submitted_in, submitted_of
from competitions.rules.application import ApplicationRefusal
from competitions.services.search import index_applications


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


def on_name_changed(event: NameChanged) -> None:
    """Her applications are found by the name that stands there now."""
    index_applications(submitted_of(event.person_id))


def on_calendar_moved(event: CalendarMoved) -> None:
    """Ages are counted to the closing day."""
    index_applications(submitted_in(event.competition_id))


def on_consent_withdrawn(event: ConsentWithdrawn) -> None:
    """The organisers of an application that was sent learn that its author's data may no longer be used."""
    if event.kind is ConsentKind.PROCESSING:
        for application in submitted_to(event.person_id, event.scope):
            tell_consent_withdrawn(application, at=clock.now())


REACTIONS = (
    (ConsentWithdrawn, on_consent_withdrawn),
    (NameChanging, on_name_changing),
    (NameChanged, on_name_changed),
    (NameCorrected, on_name_corrected),
    (CalendarMoved, on_calendar_moved),
)
