"""Letters to those who work on applications, each in her own language: somebody asks, appeals, or takes a consent back."""

from collections.abc import Iterable
from datetime import datetime

from flask_babel import lazy_gettext as _l

from app.messages.services import Address, post
from app.modules import MessageKind
from app.people.models import User
from app.programmes.queries import accounts_with, organisers
from competitions.models import Appeal, Application, Competition, Note
from competitions.policy import GRANTS, Permission

KINDS = (
    MessageKind(
        "competitions.question_waits",
        _l("An applicant waits for an answer"),
        "competitions/email/question_waits",
    ),
    MessageKind(
        "competitions.appeal_waits",
        _l("%(code)s: an appeal is to be answered"),
        "competitions/email/appeal_waits",
    ),
    MessageKind(
        "competitions.consent_withdrawn",
        _l("%(code)s: the consent to use personal data is withdrawn"),
        "competitions/email/consent_withdrawn",
    ),
)


def tell_asked(application: Application, competition: Competition, note: Note) -> None:
    """Who may answer learns that somebody waits; the words stay on the page."""
    to = accounts_with(application.programme_id, GRANTS[Permission.APPLICATION_REPLY])
    _tell("competitions.question_waits", application, to, key=str(note.id), competition=competition.name)


def tell_appealed(application: Application, appeal: Appeal, *, due_at: datetime) -> None:
    """Who may answer learns until when the rules want an answer."""
    to = accounts_with(application.programme_id, GRANTS[Permission.APPLICATION_CHECK])
    _tell("competitions.appeal_waits", application, to, key=str(appeal.id), due_at=due_at)


def tell_consent_withdrawn(application: Application, *, at: datetime) -> None:
    """The organisers learn that an applicant no longer lets her data be used."""
    _tell("competitions.consent_withdrawn", application, organisers(application.programme_id), key=at.isoformat(), at=at)


def _tell(kind: str, application: Application, to: Iterable[User], *, key: str, **context: object) -> None:
    for user in to:
        post(
            kind,
            to=Address(user.email, user.language or user.person.language, user.person.full_name),
            key=f"{application.public_id}:{user.public_id}:{key}",
            programme_id=application.programme_id,
            code=application.code,
            application_id=application.public_id,
            **context,
        )
