"""Who reads reports. Pure."""

from collections.abc import Mapping
from enum import StrEnum

from app.programmes.states import Role


class Permission(StrEnum):
    """Acts of this package on a competition."""

    REPORT_READ = "report:read"


GRANTS: Mapping[StrEnum, frozenset[Role]] = {Permission.REPORT_READ: frozenset({Role.FUNDER, Role.ORGANISER})}
READERS = (Role.FUNDER, Role.ORGANISER)
