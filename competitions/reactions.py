"""What competitions do when a person changes."""

from app.core.refusals import Refusal, RefusedError
from app.people.events import NameChanging
from competitions.queries.judged import helpline_of_admission
from competitions.rules.application import ApplicationRefusal


def on_name_changing(event: NameChanging) -> None:
    """The name a checker admitted stands on results, letters and diplomas: its owner alone does not exchange it."""
    helpline = helpline_of_admission(event.person_ids)
    if helpline is not None:
        raise RefusedError(Refusal(ApplicationRefusal.NAME_CHECKED, {"phone": helpline}))


REACTIONS = ((NameChanging, on_name_changing),)
