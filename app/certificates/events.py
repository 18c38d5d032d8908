"""What certificates tell higher packages. Pure."""

from dataclasses import dataclass

from app.core.events import Event


@dataclass(frozen=True, slots=True)
class HolderRenamed(Event):
    """A corrected certificate names its holder otherwise; how strangers may read the new name is not known here."""

    certificate_id: int
