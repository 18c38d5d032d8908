"""Who may see letters: administrators all of them, organisers and secretaries those of their programmes. Pure."""

from enum import StrEnum

from app.access.actor import Actor


class Permission(StrEnum):
    """Acts on letters."""

    MESSAGE_READ = "message:read"
    MESSAGE_SEND = "message:send"


# Role values are written out: programmes stand above messages.
GRANTS: dict[StrEnum, frozenset[str]] = {
    Permission.MESSAGE_READ: frozenset({"organiser", "secretary"}),
    Permission.MESSAGE_SEND: frozenset({"organiser", "secretary"}),
}


def grants_message(permission: StrEnum, actor: Actor, programme_id: int | None) -> bool:
    """Whether the actor may; letters outside any programme are the administrator's alone."""
    return actor.is_administrator or (programme_id is not None and actor.has_role(programme_id, *GRANTS[permission]))
