"""Who may read and revoke certificates: the holder her own, organisers those of their programmes. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.access.actor import SYSTEM, Actor
from app.programmes.states import Role


class Permission(StrEnum):
    """Acts on certificates."""

    CERTIFICATE_READ = "certificate:read"
    CERTIFICATE_LIST = "certificate:list"
    CERTIFICATE_REVOKE = "certificate:revoke"


GRANTS: Mapping[StrEnum, frozenset[str]] = {
    Permission.CERTIFICATE_READ: frozenset({Role.ORGANISER, Role.SECRETARY}),
    Permission.CERTIFICATE_LIST: frozenset({Role.ORGANISER, Role.SECRETARY}),
    Permission.CERTIFICATE_REVOKE: frozenset({Role.ORGANISER}),
}
# What must not happen at a screen that was left open: the password is asked once more.
DANGEROUS = frozenset({"Certificate.revoke", "Certificate.replace"})
HOLDER = frozenset({Permission.CERTIFICATE_READ})


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """What decides about one certificate."""

    programme_id: int
    person_id: int | None


def grants_certificate(permission: StrEnum, actor: Actor, facts: CertificateFacts) -> bool:
    """Whether the actor holds it or has a role that grants the act."""
    if actor is SYSTEM or (permission in HOLDER and facts.person_id in actor.person_ids):
        return True
    return actor.has_role(facts.programme_id, *GRANTS[permission])
