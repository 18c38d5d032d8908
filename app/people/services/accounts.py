"""Verbs of accounts: signing up, passwords, addresses, language, blocking."""

import hashlib
from datetime import datetime, timedelta

from app.core import audit, tokens
from app.core.audit import By
from app.core.db import db, use_case
from app.core.refusals import CoreRefusal, Refusal, RefusedError
from app.core.transitions import move
from app.messages.services import Address
from app.people import notices
from app.people.models import Person, User
from app.people.queries import blocking_attempt, person_without_account, user_by_email, user_by_public_id
from app.people.rules import canonical_email
from app.people.services.sessions import end_sessions, note_attempt
from app.people.states import AttemptKind, PeopleRefusal, TokenPurpose, UserState

SIGN_UP_LASTS = timedelta(days=2)
RESET_LASTS = timedelta(minutes=60)
CHANGE_LASTS = timedelta(minutes=60)
UNDO_LASTS = timedelta(days=7)
FIRST_SIGN_IN_LASTS = timedelta(days=3)


# --- Signing up ---------------------------------------------------------------------------------------------------------


@use_case
def begin_sign_up(email: str, *, language: str, next_page: str, address: str, at: datetime) -> None:
    """Send a link that proves the mailbox. An address that has an account gets another letter: the page says the same."""
    canonical = _canonical(email)
    _count_letter(AttemptKind.SIGN_UP, canonical, address=address, at=at)
    user = user_by_email(canonical)
    if user is not None and user.state != UserState.UNVERIFIED:
        notices.account_exists(user, at=at)
        return
    secret = tokens.issue(
        TokenPurpose.VERIFY_EMAIL,
        _subject(canonical),
        lasts=SIGN_UP_LASTS,
        at=at,
        email=canonical,
        language=language,
        next=next_page,
    )
    notices.verify_email(canonical, language=language, secret=secret)


@use_case
def confirm_sign_up(secret: str, *, password_hash: str, by: By, at: datetime) -> tuple[User, str]:
    """Make the account whose mailbox the link proves; returns it and the page she came for."""
    claim = tokens.consume(TokenPurpose.VERIFY_EMAIL, secret, at=at)
    email = claim.payload["email"]
    user = user_by_email(email)
    if user is None:
        user = create_account(email, language=claim.payload["language"], by=by, at=at)
    elif user.state != UserState.UNVERIFIED:
        raise RefusedError(Refusal(CoreRefusal.LINK_USED))
    tokens.revoke(TokenPurpose.VERIFY_EMAIL, claim.subject)
    set_password(user, password_hash=password_hash, by=by, at=at)
    return user, claim.payload.get("next", "")


@use_case
def create_account(email: str, *, language: str | None, by: By, at: datetime, is_administrator: bool = False) -> User:
    """Enter an account that nobody can sign in to yet; joins the record of a person who was entered with this address.

    The language she signs up in is her own choice from then on, whatever others had entered for her.
    """
    canonical = _canonical(email)
    if user_by_email(canonical) is not None:
        raise RefusedError(Refusal(PeopleRefusal.EMAIL_TAKEN, field="email"))
    person = person_without_account(canonical) or Person(email=canonical, language=language or "kk", created_at=at)
    person.language = language or person.language
    db.session.add(person)
    db.session.flush()
    user = User(person=person, email=canonical, language=language, created_at=at, is_administrator=is_administrator)
    db.session.add(user)
    db.session.flush()
    audit.record("create", user, by=by, at=at, person=person.public_id, is_administrator=is_administrator)
    return user


# --- Passwords ----------------------------------------------------------------------------------------------------------


@use_case
def set_password(user: User, *, password_hash: str, by: By, at: datetime, except_session: int | None = None) -> None:
    """Set a password. Whoever got here owns the mailbox; all other sessions end and open links die."""
    if user.state == UserState.UNVERIFIED:
        user.verified_at = at
        move(user, UserState.ACTIVE, by=by, at=at)
    user.password_hash = password_hash
    end_sessions(user, except_id=except_session, at=at)
    for purpose in (TokenPurpose.RESET_PASSWORD, TokenPurpose.SIGN_IN, TokenPurpose.CHANGE_EMAIL):
        tokens.revoke(purpose, user.public_id)
    audit.record("set_password", user, by=by, at=at)


@use_case
def change_password(user: User, *, compared: str | None, password_hash: str, session: int | None, by: By, at: datetime) -> None:
    """Replace a known password; `compared` is the hash the old one was checked against."""
    if user.password_hash is None or user.password_hash != compared:
        raise RefusedError(Refusal(PeopleRefusal.PASSWORD_WRONG, field="current"))
    set_password(user, password_hash=password_hash, by=by, at=at, except_session=session)
    notices.password_changed(user, at=at)


@use_case
def request_reset(email: str, *, address: str, at: datetime) -> None:
    """Send a link to choose a new password, if there is such an account; the page says the same if not, and as late."""
    canonical = canonical_email(email) or email
    _count_letter(AttemptKind.LETTER, canonical, address=address, at=at)
    user = user_by_email(canonical)
    if user is not None and user.state != UserState.BLOCKED:
        _send_reset(user.public_id, canonical, notices.address_of(user), at=at)
        return
    with db.session.begin_nested() as undone:  # the same work, which nobody gets: time must not tell who has an account
        _send_reset(_subject(canonical), canonical, Address(canonical, "kk"), at=at)
        undone.rollback()


def _send_reset(subject: str, email: str, to: Address, *, at: datetime) -> None:
    secret = tokens.issue(TokenPurpose.RESET_PASSWORD, subject, lasts=RESET_LASTS, at=at, email=email)
    notices.reset_password(to, secret=secret)


@use_case
def reset_password(purpose: TokenPurpose, secret: str, *, password_hash: str, by: By, at: datetime) -> User:
    """Set the password of the account a link is for (forgotten, or the first one); the link must name its present address."""
    claim = tokens.consume(purpose, secret, at=at)
    user = user_by_public_id(claim.subject)
    if user is None or user.email != claim.payload["email"] or user.state == UserState.BLOCKED:
        raise RefusedError(Refusal(CoreRefusal.LINK_USED))
    set_password(user, password_hash=password_hash, by=by, at=at)
    notices.password_changed(user, at=at)
    return user


@use_case
def first_sign_in(user: User, *, at: datetime) -> str:
    """The secret of a link by which an account that a command made chooses its password."""
    return tokens.issue(TokenPurpose.SIGN_IN, user.public_id, lasts=FIRST_SIGN_IN_LASTS, at=at, email=user.email)


# --- E-mail address -----------------------------------------------------------------------------------------------------


@use_case
def request_email_change(user: User, *, email: str, compared: str | None, address: str, at: datetime) -> None:
    """Send a link to the new address; a taken one gets a letter that says so, and the page says the same."""
    if user.password_hash is None or user.password_hash != compared:
        raise RefusedError(Refusal(PeopleRefusal.PASSWORD_WRONG, field="current"))
    canonical = _canonical(email)
    _count_letter(AttemptKind.LETTER, canonical, address=address, at=at)
    holder = user_by_email(canonical)
    if holder is not None:
        notices.account_exists(holder, at=at)
        return
    tokens.revoke(TokenPurpose.CHANGE_EMAIL, user.public_id)
    secret = tokens.issue(TokenPurpose.CHANGE_EMAIL, user.public_id, lasts=CHANGE_LASTS, at=at, email=canonical, old=user.email)
    notices.change_email(user, canonical, secret=secret)


@use_case
def confirm_email_change(secret: str, *, by: By, at: datetime) -> User:
    """Move the account to the address the link proves; the old one gets a letter with a way back."""
    claim = tokens.consume(TokenPurpose.CHANGE_EMAIL, secret, at=at)
    user, old = _addressed(claim, claim.payload["old"])
    way_back = tokens.issue(
        TokenPurpose.UNDO_EMAIL, user.public_id, lasts=UNDO_LASTS, at=at, email=old, old=claim.payload["email"]
    )
    _move_address(user, claim.payload["email"], by=by, at=at)
    notices.email_changed(user, old, secret=way_back)
    return user


@use_case
def undo_email_change(secret: str, *, by: By, at: datetime) -> User:
    """Give the account back to its old address: all devices are signed out and the password is void."""
    claim = tokens.consume(TokenPurpose.UNDO_EMAIL, secret, at=at)
    user = user_by_public_id(claim.subject)
    if user is None or user_by_email(claim.payload["email"]) not in (None, user):
        raise RefusedError(Refusal(CoreRefusal.LINK_USED))
    _move_address(user, claim.payload["email"], by=by, at=at)
    # Whoever moved the address on meanwhile has a way back of his own: it must not outlive the owner's.
    tokens.revoke(TokenPurpose.UNDO_EMAIL, user.public_id, issued_after=claim)
    user.password_hash = None
    end_sessions(user, at=at)
    secret = tokens.issue(TokenPurpose.RESET_PASSWORD, user.public_id, lasts=RESET_LASTS, at=at, email=user.email)
    notices.reset_password(notices.address_of(user), secret=secret)
    return user


def _addressed(claim: tokens.Claim, present: str) -> tuple[User, str]:
    """The account of a link that was made when its address was `present`."""
    user = user_by_public_id(claim.subject)
    if user is None or user.email != present or user_by_email(claim.payload["email"]) is not None:
        raise RefusedError(Refusal(CoreRefusal.LINK_USED))
    return user, user.email


def _move_address(user: User, email: str, *, by: By, at: datetime) -> None:
    user.email = user.person.email = email
    for purpose in (TokenPurpose.RESET_PASSWORD, TokenPurpose.CHANGE_EMAIL):
        tokens.revoke(purpose, user.public_id)
    audit.record("change_email", user, by=by, at=at)


# --- Settings and blocking ----------------------------------------------------------------------------------------------


@use_case
def choose_language(user: User, *, language: str) -> None:
    """Speak this language on her pages and in letters about her account; what she answered about other letters stands."""
    user.language = language


@use_case
def block(user: User, *, by: By, at: datetime) -> None:
    """Shut an account: it is signed out everywhere at once."""
    if user.id == by.user_id:
        raise RefusedError(Refusal(PeopleRefusal.OWN_ACCOUNT))
    move(user, UserState.BLOCKED, by=by, at=at)
    end_sessions(user, at=at)


@use_case
def unblock(user: User, *, by: By, at: datetime) -> None:
    """Open a blocked account again; an address that was never confirmed counts as confirmed by the administrator."""
    user.verified_at = user.verified_at or at
    move(user, UserState.ACTIVE, by=by, at=at)


def _count_letter(kind: AttemptKind, email: str, *, address: str, at: datetime) -> None:
    until = blocking_attempt(kind, email=email, address=address, at=at)
    if until is not None:
        raise RefusedError(Refusal(CoreRefusal.TOO_MANY, {"until": until}))
    note_attempt(kind, email=email, address=address, at=at)


def _canonical(email: str) -> str:
    canonical = canonical_email(email)
    if canonical is None:
        raise RefusedError(Refusal(PeopleRefusal.EMAIL_INVALID, field="email"))
    return canonical


def _subject(email: str) -> str:
    return hashlib.sha256(email.encode()).hexdigest()
