"""The words of accounts, consents and the platform's own refusals."""

from typing import Any

from flask_babel import lazy_gettext as _l

from app.core.refusals import CoreRefusal
from app.modules import Label
from app.people.states import ConsentKind, PublicName, UserState

LABELS: tuple[dict[Any, Label], ...] = (
    {
        UserState.UNVERIFIED: Label(_l("address not confirmed"), "warning"),
        UserState.ACTIVE: Label(_l("active"), "success"),
        UserState.BLOCKED: Label(_l("blocked"), "danger"),
    },
    {
        ConsentKind.PROCESSING: Label(_l("Processing of personal data")),
        ConsentKind.NAME: Label(_l("Publication of the name")),
        ConsentKind.PHOTO: Label(_l("Photo and video")),
        ConsentKind.GRADUATE: Label(_l("Being called a graduate of a children's home")),
    },
    {
        PublicName.FULL: Label(_l("Full name")),
        PublicName.INITIAL: Label(_l("Surname and initial")),
        PublicName.PROJECT_ONLY: Label(_l("Project only, no name")),
    },
    {
        CoreRefusal.STATE_CHANGED: Label(_l("This has already been done or changed by someone else. Reload the page to see it.")),
        CoreRefusal.NOT_ALLOWED: Label(_l("Your role does not allow this.")),
        CoreRefusal.STALE: Label(_l("Someone changed this while you were editing. Both texts are shown below; nothing was lost.")),
        CoreRefusal.LINK_USED: Label(_l("This link has been used or has expired. Ask for a new one.")),
        CoreRefusal.TOO_MANY: Label(_l("Too many attempts. Please try again at %(until)s.")),
    },
)
