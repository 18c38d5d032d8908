"""Who may do what with accounts and persons. Pure."""

from enum import StrEnum

from app.access.actor import Actor
from app.access.policies import GRANTED, SILENT, Judgement


class Permission(StrEnum):
    """Acts of this package. Higher packages add their word, such as checkers on the identity of their applicants."""

    USER_LIST = "user:list"
    USER_BLOCK = "user:block"
    PERSON_CONTACT = "person:contact"
    PERSON_IDENTITY = "person:identity"
    PERSON_NAME = "person:name"
    INSTALLATION_READ = "installation:read"
    INSTALLATION_EDIT = "installation:edit"


ADMINISTRATOR = frozenset({Permission.USER_LIST, Permission.USER_BLOCK})
# What must not happen at a screen that was left open: the password is asked once more.
DANGEROUS = frozenset({"User.block", "User.unblock", "Person.reveal_contact", "Person.reveal_identity", "Person.correct_name"})
# What is masked everywhere and opened with a reason; who may open the identity may open the contacts.
PERSONAL = frozenset({Permission.PERSON_CONTACT, Permission.PERSON_IDENTITY})
# What staff may do with the data of those who applied; her own name a person writes in her account.
OF_APPLICANTS = PERSONAL | {Permission.PERSON_NAME}
INSTALLATION = frozenset({Permission.INSTALLATION_READ, Permission.INSTALLATION_EDIT})


def judge_own_person(_permission: StrEnum, actor: Actor, person_id: int) -> Judgement:
    """Everybody may see her own data."""
    return GRANTED if person_id in actor.person_ids else SILENT


def judge_own_account(_permission: StrEnum, actor: Actor, user_id: int) -> Judgement:
    """Pages about the installation itself are opened by an administrator's own account."""
    return GRANTED if actor.is_administrator and user_id == actor.user_id else SILENT
