"""Signing in and out: sessions are rows, so a copied cookie dies with its row."""

import secrets
from datetime import datetime

from sqlalchemy import case, update

from app.core.db import changed_rows, db, use_case
from app.core.refusals import CoreRefusal, Refusal
from app.people.models import Attempt, User, UserSession
from app.people.queries import account_index, blocking_attempt, network_index, session_digest, user_by_email
from app.people.rules import LONGEST_REMEMBERED, LONGEST_SESSION, canonical_email
from app.people.services.passwords import Credentials
from app.people.states import AttemptKind, PeopleRefusal, UserState

SECRET_BYTES = 32
DEVICE_LENGTH = 200


@use_case
def sign_in(credentials: Credentials, *, device: str, is_remembered: bool, at: datetime) -> str | Refusal:
    """Open a session and return its secret, or count the failure and say why.

    A refusal is returned, not raised: the failed attempt must be kept. It is the same for a wrong password,
    an unknown, an unconfirmed and a blocked account.
    """
    until = blocking_attempt(
        AttemptKind.SIGN_IN,
        email=credentials.email,
        address=credentials.address,
        at=at,
        is_known_device=credentials.is_known_device,
    )
    if until is not None:
        return Refusal(CoreRefusal.TOO_MANY, {"until": until})
    user = user_by_email(canonical_email(credentials.email) or "")
    if user is None or not credentials.is_right or user.password_hash != credentials.compared or user.state != UserState.ACTIVE:
        note_attempt(AttemptKind.SIGN_IN, email=credentials.email, address=credentials.address, at=at)
        return Refusal(PeopleRefusal.SIGN_IN_FAILED)
    if credentials.better_hash:
        user.password_hash = credentials.better_hash
    return open_session(user, device=device, is_remembered=is_remembered, at=at)


@use_case
def right_password(compared: Credentials | Refusal, *, session: UserSession, at: datetime) -> Refusal | None:
    """None if a signed-in person knew her password; else the reason. Who only guessed is signed out."""
    if isinstance(compared, Refusal):
        end_session(session, at=at)
        return compared
    return None if compared.is_right else Refusal(PeopleRefusal.PASSWORD_WRONG, field="current")


@use_case
def open_session(user: User, *, device: str, is_remembered: bool = False, at: datetime) -> str:
    """Sign the account in on one more device; the secret goes into the cookie and is kept nowhere."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    lasts = LONGEST_REMEMBERED if is_remembered else LONGEST_SESSION
    row = UserSession(
        token=session_digest(secret),
        user_id=user.id,
        created_at=at,
        confirmed_at=at,
        seen_at=at,
        expires_at=at + lasts,
        is_remembered=is_remembered,
        device=device[:DEVICE_LENGTH],
    )
    db.session.add(row)
    return secret


@use_case
def see_session(session_id: int, *, at: datetime) -> None:
    """Remember that the session was used, so that it does not end for being idle."""
    db.session.execute(update(UserSession).where(UserSession.id == session_id, UserSession.seen_at < at).values(seen_at=at))


@use_case
def confirm_session(session_id: int, *, at: datetime) -> None:
    """Remember that the password was typed just now: for some minutes no dangerous act asks for it."""
    newer = (UserSession.id == session_id, UserSession.confirmed_at < at)
    db.session.execute(update(UserSession).where(*newer).values(confirmed_at=at))


@use_case
def end_session(session: UserSession, *, at: datetime) -> None:
    """Sign one device out."""
    if session.ended_at is None:
        session.ended_at = max(at, session.created_at)


@use_case
def end_sessions(user: User, *, except_id: int | None = None, at: datetime) -> int:
    """Sign all devices of an account out, but for the one it acts on; returns how many."""
    wanted = update(UserSession).where(UserSession.user_id == user.id, UserSession.ended_at.is_(None))
    if except_id is not None:
        wanted = wanted.where(UserSession.id != except_id)
    instant = case((UserSession.created_at > at, UserSession.created_at), else_=at)
    return changed_rows(wanted.values(ended_at=instant).execution_options(synchronize_session=False))


@use_case
def note_attempt(kind: AttemptKind, *, email: str, address: str, at: datetime) -> None:
    """Count one attempt of an address from a network."""
    db.session.add(Attempt(kind=kind, account=account_index(email), address=network_index(address), at=at))
