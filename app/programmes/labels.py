"""The words of roles and organisations."""

from typing import Any

from flask_babel import lazy_gettext as _l

from app.modules import Label
from app.programmes.states import OrganisationKind, ProgrammeRefusal, Role

LABELS: tuple[dict[Any, Label], ...] = (
    {
        Role.ORGANISER: Label(_l("organiser")),
        Role.SECRETARY: Label(_l("secretary")),
        Role.CHECKER: Label(_l("checker")),
        Role.CONSULTANT: Label(_l("consultant")),
        Role.LAWYER: Label(_l("lawyer")),
        Role.PRESS: Label(_l("press officer")),
        Role.INSTITUTION: Label(_l("institution")),
        Role.FUNDER: Label(_l("funder")),
    },
    {
        OrganisationKind.ASSOCIATION: Label(_l("association")),
        OrganisationKind.CENTRE: Label(_l("centre")),
        OrganisationKind.CUSTOMER: Label(_l("customer")),
        OrganisationKind.INSTITUTION: Label(_l("children's home or other institution")),
        OrganisationKind.PARTNER: Label(_l("partner")),
    },
    {
        ProgrammeRefusal.ALREADY_MEMBER: Label(_l("This person already has this role in the programme.")),
        ProgrammeRefusal.LAST_ORGANISER: Label(_l("A programme keeps at least one organiser. Invite another one first.")),
        ProgrammeRefusal.SLUG_TAKEN: Label(_l("Another programme has this address. Choose a different one.")),
        ProgrammeRefusal.OTHER_ACCOUNT: Label(_l("The invitation is for another address. Sign out and open the link again.")),
    },
)
