"""The words of roles and organisations."""

from typing import Any

from flask import current_app
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

# Acts as the record of acts names them, by `Noun.verb`.
ACTS: dict[str, Any] = {
    "Organisation.create": _l("an organisation was entered"),
    "Organisation.edit": _l("an organisation was edited"),
    "Programme.found": _l("a programme was opened"),
    "Programme.edit": _l("a programme was edited"),
    "Programme.invite": _l("somebody was invited to the team"),
    "Programme.withdraw_invitation": _l("an invitation was withdrawn"),
    "Membership.give_role": _l("a role was given"),
    "Membership.end_role": _l("a role was ended"),
}


def act_phrase(noun: str, verb: str) -> str | None:
    """How the record of acts calls an act; None where its module has no phrase for it."""
    phrase = current_app.extensions["baiqau"].acts.get(f"{noun}.{verb}")
    return None if phrase is None else str(phrase)
