"""Who acts. Made once per request from the session, or by a command or job. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Actor:
    """A person at the door: identity and roles, without any object of the database."""

    label: str
    user_id: int | None = None
    session_id: int | None = None
    # Records of one person merge by link; all ids of the same human being are hers.
    person_ids: frozenset[int] = frozenset()
    name: str = ""
    email: str = ""
    language: str | None = None
    roles: Mapping[int, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    is_administrator: bool = False

    @property
    def is_signed_in(self) -> bool:
        """Whether an account stands behind the actor."""
        return self.user_id is not None

    @property
    def person_id(self) -> int | None:
        """The person's own record: the smallest id of hers, or None for visitors and the system."""
        return min(self.person_ids, default=None)

    def programmes_with(self, *roles: str) -> frozenset[int]:
        """Programmes in which the actor holds at least one of `roles`."""
        return frozenset(programme for programme, held in self.roles.items() if held & set(roles))

    def has_role(self, programme_id: int, *roles: str) -> bool:
        """Whether the actor holds one of `roles` in the programme."""
        return bool(self.roles.get(programme_id, frozenset()) & set(roles))


VISITOR = Actor(label="visitor")
SYSTEM = Actor(label="system")
COMMAND = Actor(label="command")
