"""What happens to the team of a programme that higher packages answer. Pure."""

from dataclasses import dataclass

from app.core.events import Event
from app.programmes.states import Role


@dataclass(frozen=True, slots=True)
class RoleOffered(Event):
    """A role is offered to an account, or taken by it; a package in whose work it would meddle refuses."""

    programme_id: int
    user_id: int
    role: Role
