"""Roles in a programme and kinds of organisations. Pure."""

from enum import StrEnum


class Role(StrEnum):
    """What a member of a programme may be. Jurors and applicants are not members: scoring and competitions know them."""

    ORGANISER = "organiser"
    SECRETARY = "secretary"
    CHECKER = "checker"
    CONSULTANT = "consultant"
    LAWYER = "lawyer"
    PRESS = "press"
    INSTITUTION = "institution"
    FUNDER = "funder"


STAFF = frozenset({Role.ORGANISER, Role.SECRETARY, Role.CHECKER, Role.CONSULTANT, Role.LAWYER, Role.PRESS})


class OrganisationKind(StrEnum):
    """What an organisation is to the programme."""

    ASSOCIATION = "association"
    CENTRE = "centre"
    CUSTOMER = "customer"
    INSTITUTION = "institution"
    PARTNER = "partner"


class InvitationPurpose(StrEnum):
    """Single-use links of this package."""

    MEMBERSHIP = "membership"


class ProgrammeRefusal(StrEnum):
    """Why an act on a programme or its members is not done."""

    ALREADY_MEMBER = "already_member"
    LAST_ORGANISER = "last_organiser"
    SLUG_TAKEN = "slug_taken"
    OTHER_ACCOUNT = "other_account"
