"""Letters about a checker's decision, in the applicant's language: returned, admitted, not admitted."""

import json
from datetime import datetime

from flask_babel import lazy_gettext as _l

from app.messages.services import post
from app.modules import MessageKind
from competitions.models import Appeal, Application, Check, Competition
from competitions.notices.application import address_of
from competitions.queries.application import applicant_of
from competitions.states import CheckOutcome

KINDS = (
    MessageKind(
        "competitions.application_returned",
        _l("Please complete your application %(code)s"),
        "competitions/email/application_returned",
        sms=_l("Please complete application %(code)s by %(due_at)s. Help: %(helpline)s"),
    ),
    MessageKind(
        "competitions.application_admitted",
        _l("Your application %(code)s is admitted to the competition"),
        "competitions/email/application_admitted",
        sms=_l("Application %(code)s is admitted to the competition."),
    ),
    MessageKind(
        "competitions.application_not_admitted",
        _l("Your application %(code)s was not admitted"),
        "competitions/email/application_not_admitted",
    ),
    MessageKind(
        "competitions.appeal_answered",
        _l("The answer to your appeal about application %(code)s"),
        "competitions/email/appeal_answered",
    ),
)
KIND_OF = {
    CheckOutcome.RETURNED: "competitions.application_returned",
    CheckOutcome.ADMITTED: "competitions.application_admitted",
    CheckOutcome.NOT_ADMITTED: "competitions.application_not_admitted",
}


def tell_decision(check: Check, application: Application, competition: Competition, *, appeal_due_at: datetime | None) -> None:
    """What was decided, why, what to do until when, and who helps."""
    post(
        KIND_OF[check.outcome],
        to=address_of(applicant_of(application)),
        key=str(check.id),
        programme_id=application.programme_id,
        code=application.code,
        competition=competition.name,
        reasons=[one["text"] for one in json.loads(check.reasons)],
        due_at=check.due_at,
        appeal_due_at=appeal_due_at,
        helpline=competition.helpline,
        contact_email=competition.contact_email,
        application=application,
        application_id=application.public_id,
    )


def tell_appeal_answered(appeal: Appeal, application: Application, competition: Competition) -> None:
    """What was found, why, and who helps."""
    post(
        "competitions.appeal_answered",
        to=address_of(applicant_of(application)),
        key=str(appeal.id),
        programme_id=application.programme_id,
        code=application.code,
        is_upheld=appeal.is_upheld,
        text=appeal.answer,
        helpline=competition.helpline,
        application_id=application.public_id,
    )
