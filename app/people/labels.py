"""The words of accounts, consents and the platform's own refusals."""

from typing import Any

from flask_babel import lazy_gettext as _l

from app.core.refusals import CoreRefusal
from app.modules import Label
from app.people.states import AttemptKind, ConsentKind, NameReason, PeopleRefusal, PublicName, RevealReason, UserState

LABELS: tuple[dict[Any, Label], ...] = (
    {
        UserState.UNVERIFIED: Label(_l("address not confirmed"), "warning"),
        UserState.ACTIVE: Label(_l("active"), "success"),
        UserState.BLOCKED: Label(_l("blocked"), "danger"),
    },
    {
        ConsentKind.PROCESSING: Label(_l("Processing of personal data")),
        ConsentKind.NAME: Label(_l("Publication of the name")),
        ConsentKind.PHOTO: Label(_l("Photo and video")),
        ConsentKind.GRADUATE: Label(_l("Being called a graduate of a children's home")),
    },
    {
        PublicName.FULL: Label(_l("Full name")),
        PublicName.INITIAL: Label(_l("Surname and initial")),
        PublicName.PROJECT_ONLY: Label(_l("Project only, no name")),
    },
    {
        AttemptKind.SIGN_IN: Label(_l("failed sign-in")),
        AttemptKind.SIGN_UP: Label(_l("sign-up")),
        AttemptKind.LETTER: Label(_l("letter asked for")),
        AttemptKind.INVITATION: Label(_l("invitation")),
    },
    {
        RevealReason.ELIGIBILITY: Label(_l("to check eligibility")),
        RevealReason.CONTRACT: Label(_l("to prepare a contract")),
        RevealReason.CORRECTION: Label(_l("to correct a mistake")),
        RevealReason.OWN_REQUEST: Label(_l("at the person's own request")),
        RevealReason.CALL: Label(_l("to call or write to the person")),
    },
    {
        NameReason.SPELLING: Label(_l("it has a spelling mistake")),
        NameReason.DOCUMENT: Label(_l("the identity document shows another one")),
        NameReason.CHANGED: Label(_l("the person has changed her name by law")),
    },
    {
        CoreRefusal.STATE_CHANGED: Label(_l("This has already been done, or changed since you opened the page.")),
        CoreRefusal.NOT_ALLOWED: Label(_l("Your role does not allow this.")),
        CoreRefusal.LINK_USED: Label(_l("This link has been used or has expired. Ask for a new one.")),
        CoreRefusal.DOCUMENT_TOO_LONG: Label(
            _l("This is too much for one document. Nothing was lost: shorten the text, or read it on the page.")
        ),
        CoreRefusal.TOO_MANY: Label(_l("Too many attempts. Please try again at %(until)s.")),
    },
    {
        PeopleRefusal.SIGN_IN_FAILED: Label(_l("This e-mail address and password do not fit. Check both and try again.")),
        PeopleRefusal.EMAIL_INVALID: Label(_l("This is not an e-mail address. It looks like name@example.kz.")),
        PeopleRefusal.EMAIL_TAKEN: Label(_l("This e-mail address already has an account.")),
        PeopleRefusal.PASSWORD_SHORT: Label(
            _l("The password needs at least %(count)s characters. Three or four words are good.")
        ),
        PeopleRefusal.PASSWORD_LONG: Label(_l("The password may have at most %(count)s characters.")),
        PeopleRefusal.PASSWORD_COMMON: Label(
            _l("This password is easy to guess. Choose words that have nothing to do with each other.")
        ),
        PeopleRefusal.PASSWORD_WRONG: Label(_l("This is not your present password.")),
        PeopleRefusal.PASSWORD_GUESSED: Label(
            _l("The password was wrong too often, so this device was signed out. Sign in again.")
        ),
        PeopleRefusal.IIN_FORM: Label(_l("An IIN has 12 digits and nothing else.")),
        PeopleRefusal.IIN_COMPANY: Label(_l("This is the number of a company (BIN), not of a person.")),
        PeopleRefusal.IIN_CHECK_DIGIT: Label(
            _l("There is a mistake in this IIN: its last digit does not fit. Compare it with the document.")
        ),
        PeopleRefusal.PHONE_INVALID: Label(
            _l("This is not a phone number of Kazakhstan. It looks like +7\u00a0701\u00a0000\u00a000\u00a000.")
        ),
        PeopleRefusal.OWN_ACCOUNT: Label(_l("You cannot block your own account.")),
        PeopleRefusal.SAME_PERSON: Label(_l("These two records are already linked.")),
        PeopleRefusal.SAME_NAME: Label(_l("This is the name as it stands. Write how it shall be.")),
    },
)

# Acts as the record of acts names them, by `Noun.verb`.
ACTS: dict[str, Any] = {
    "Person.create": _l("a person was entered"),
    "Person.set_name": _l("a name was written"),
    "Person.correct_name": _l("a name was corrected by staff"),
    "Person.set_identity": _l("identity data were written"),
    "Person.reveal_contact": _l("a phone and an e-mail address were looked at"),
    "Person.reveal_identity": _l("an identity number was looked at"),
    "Person.merge": _l("two records of one person were linked"),
    "Person.separate": _l("two linked records were separated"),
    "User.create": _l("an account was made"),
    "User.verify": _l("an e-mail address was confirmed"),
    "User.block": _l("an account was blocked"),
    "User.unblock": _l("an account was unblocked"),
    "User.set_password": _l("a password was set"),
    "User.change_email": _l("an e-mail address was changed"),
    "Consent.give_consent": _l("a consent was given"),
    "Consent.withdraw_consent": _l("a consent was withdrawn"),
}
