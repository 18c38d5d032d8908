"""Who may do what with programmes, their members and their audit. Pure."""

from collections.abc import Mapping
from enum import StrEnum

from app.programmes.states import STAFF, Role


class Permission(StrEnum):
    """Acts of this package."""

    PROGRAMME_READ = "programme:read"
    PROGRAMME_MEMBERS = "programme:members"
    PROGRAMME_AUDIT = "programme:audit"
    PROGRAMME_EDIT = "programme:edit"
    ORGANISATION_EDIT = "organisation:edit"


# What roles in a programme give; the rest is the administrators'.
GRANTS: Mapping[StrEnum, frozenset[Role]] = {
    Permission.PROGRAMME_READ: STAFF | {Role.FUNDER, Role.INSTITUTION},
    Permission.PROGRAMME_MEMBERS: frozenset({Role.ORGANISER}),
    Permission.PROGRAMME_AUDIT: frozenset({Role.ORGANISER}),
}
# What must not happen at a screen that was left open: the password is asked once more.
DANGEROUS = frozenset({"Programme.invite", "Membership.end_role"})
MEMBER_GRANTS: Mapping[StrEnum, frozenset[Role]] = {
    Permission.PROGRAMME_MEMBERS: GRANTS[Permission.PROGRAMME_MEMBERS],
}
# An administrator appoints the first organiser and answers questions about the record; she sees no application for it.
ADMINISTRATOR = frozenset({Permission.PROGRAMME_MEMBERS, Permission.PROGRAMME_AUDIT, Permission.PROGRAMME_EDIT})
