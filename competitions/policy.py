"""Who may do what with competitions and applications, and what stands in the way now. Pure."""

from collections.abc import Mapping
from enum import StrEnum

from app.programmes.states import STAFF, Role


class Permission(StrEnum):
    """Acts of this package."""

    COMPETITION_READ = "competition:read"
    COMPETITION_CREATE = "competition:create"
    COMPETITION_EDIT = "competition:edit"
    COMPETITION_APPROVE = "competition:approve"
    COMPETITION_ANNOUNCE = "competition:announce"
    APPLICATION_LIST = "application:list"
    APPLICATION_READ = "application:read"
    APPLICATION_EDIT = "application:edit"
    APPLICATION_SUBMIT = "application:submit"
    APPLICATION_WITHDRAW = "application:withdraw"
    APPLICATION_CHECK = "application:check"
    APPLICATION_IDENTITY = "application:identity"
    APPLICATION_EXPORT = "application:export"


GRANTS: Mapping[StrEnum, frozenset[Role]] = {
    Permission.COMPETITION_READ: STAFF | {Role.FUNDER},
    Permission.COMPETITION_CREATE: frozenset({Role.ORGANISER}),
    Permission.COMPETITION_EDIT: frozenset({Role.ORGANISER}),
    Permission.COMPETITION_APPROVE: frozenset({Role.ORGANISER}),
    Permission.COMPETITION_ANNOUNCE: frozenset({Role.ORGANISER}),
    Permission.APPLICATION_LIST: frozenset({Role.ORGANISER, Role.SECRETARY, Role.CHECKER}),
    Permission.APPLICATION_READ: frozenset({Role.ORGANISER, Role.SECRETARY, Role.CHECKER}),
    Permission.APPLICATION_CHECK: frozenset({Role.CHECKER, Role.ORGANISER}),
    Permission.APPLICATION_IDENTITY: frozenset({Role.CHECKER}),
    Permission.APPLICATION_EXPORT: frozenset({Role.ORGANISER, Role.CHECKER}),
}
