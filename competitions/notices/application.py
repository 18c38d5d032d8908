"""Letters to an applicant about her application, in her language: submitted, again, withdrawn, taken back, answered."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from app.core.db import db
from app.messages.services import Address, post
from app.modules import MessageKind
from app.people.models import Person
from app.people.queries import account_address
from competitions.models import Application, ApplicationVersion, Competition, Note
from competitions.queries.application import Contents, withdrawal_final_at
from competitions.states import ApplicationState, Milestone

KINDS = (
    MessageKind(
        "competitions.application_submitted",
        _l("Your application %(code)s is registered"),
        "competitions/email/application_submitted",
        sms=_l("Application %(code)s registered. We will reply by %(reply_by)s."),
    ),
    MessageKind(
        "competitions.application_amended",
        _l("The new version of your application %(code)s is registered"),
        "competitions/email/application_amended",
    ),
    MessageKind(
        "competitions.application_withdrawn",
        _l("Your application %(code)s is withdrawn"),
        "competitions/email/application_withdrawn",
    ),
    MessageKind(
        "competitions.application_restored",
        _l("Your application %(code)s stands again"),
        "competitions/email/application_restored",
    ),
    MessageKind(
        "competitions.application_answered",
        _l("An answer to you about your application"),
        "competitions/email/application_answered",
    ),
)


def address_of(person: Person) -> Address:
    """Where letters to a person go: the confirmed address of her account, whatever she typed; in the language she chose."""
    return Address(account_address(person) or "", person.language, person.full_name)


def tell_submitted(what: Contents, made: ApplicationVersion, *, to: Person) -> None:
    """The receipt: code, instant and fingerprint of what was submitted, and what happens next."""
    application = what.application
    kind = "competitions.application_submitted" if made.number == 1 else "competitions.application_amended"
    post(
        kind,
        to=address_of(to),
        key=f"{application.public_id}:{made.number}",
        programme_id=application.programme_id,
        code=application.code,
        competition=what.competition.name,
        project=str(what.values.get("title") or ""),
        version=made.number,
        submitted_at=made.submitted_at,
        sha256=made.sha256,
        reply_by=_reply_by(what, made),
        editable_until=what.calendar.at(Milestone.CLOSES),
        helpline=what.competition.helpline,
        application_id=application.public_id,
    )


def _reply_by(what: Contents, made: ApplicationVersion) -> datetime | None:
    """By when somebody answers; none where nobody will: it is admitted already, or that day has passed."""
    waits = what.application.state is ApplicationState.SUBMITTED
    is_ahead = what.calendar.is_before(Milestone.CHECKED, made.submitted_at)
    return what.calendar.at(Milestone.CHECKED) if waits and is_ahead else None


def tell_withdrawn(application: Application, *, to: Person, at: datetime) -> None:
    """What was done, and until when it can be taken back."""
    _tell("competitions.application_withdrawn", application, to=to, at=at)


def tell_restored(application: Application, *, to: Person, at: datetime) -> None:
    """The application takes part again."""
    _tell("competitions.application_restored", application, to=to, at=at)


def tell_answered(application: Application, note: Note, *, to: Person) -> None:
    """What the organiser wrote to her, and where she can answer."""
    post(
        "competitions.application_answered",
        to=address_of(to),
        key=f"{application.public_id}:{note.id}",
        programme_id=application.programme_id,
        text=note.text,
        application_id=application.public_id,
    )


def _tell(kind: str, application: Application, *, to: Person, at: datetime) -> None:
    post(
        kind,
        to=address_of(to),
        key=f"{application.public_id}:{at.isoformat()}",
        programme_id=application.programme_id,
        code=application.code,
        at=at,
        undo_until=withdrawal_final_at(db.session.get_one(Competition, application.competition_id), at),
        application_id=application.public_id,
    )
