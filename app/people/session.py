"""The signed-in session of a request: what Flask-Login's cookie opens, and the actor made from it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, Response, current_app, g, request, session
from flask_login import LoginManager, UserMixin, login_user, logout_user
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.exc import OperationalError

from app.access.actor import VISITOR, Actor
from app.core import clock
from app.people.models import User, UserSession
from app.people.queries import account_index, live_session
from app.people.rules import CONFIRMED_FOR, LONGEST_REMEMBERED, SEEN_EVERY, session_ends_at
from app.people.services.sessions import see_session
from app.request import KEEPER, OWNER, SAID_BEFORE, forget_session

EXTENSION = "baiqau.sign_in"
HELD = "_user_id"  # where Flask-Login keeps the secret in the cookie
DEVICE_COOKIE = "device"
DEVICE_LASTS = 365 * 24 * 3600
ACCOUNTS_A_DEVICE = 4


@dataclass(frozen=True)
class SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """What Flask-Login keeps: the session's secret, never an account id; logging out kills the row behind it."""

    secret: str
    actor: Actor
    confirmed_at: datetime

    def is_confirmed(self, at: datetime) -> bool:
        """Whether the password was typed in the last minutes: to sign in, or before a dangerous act."""
        return at - self.confirmed_at <= CONFIRMED_FOR

    def get_id(self) -> str:
        """What the signed cookie holds."""
        return self.secret


def init_sign_in(app: Flask, login_manager: LoginManager, read: Callable[[User, int], Actor]) -> None:
    """Bind Flask-Login to session rows; `read` makes the actor of an account, with roles that only `programmes` knows."""
    app.config["PERMANENT_SESSION_LIFETIME"] = LONGEST_REMEMBERED
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    app.extensions[EXTENSION] = read
    login_manager.init_app(app)
    login_manager.user_loader(_load)
    login_manager.session_protection = None  # a phone changes its address and browser string; the row decides


def begin_session(secret: str, *, is_remembered: bool = False) -> Actor:
    """Let this browser hold the session from now on; nothing it held before survives but what she said of herself."""
    signed_in = _load(secret)
    if signed_in is None:
        message = "a session that was just opened is not alive"
        raise RuntimeError(message)
    was_visitor = not g.get("actor", VISITOR).is_signed_in
    forget_session(keep=(KEEPER, SAID_BEFORE) if was_visitor else (KEEPER,))
    session.permanent = is_remembered and not _is_staff(signed_in.actor)
    login_user(signed_in)
    session[OWNER] = signed_in.actor.user_id
    g.actor = signed_in.actor
    return signed_in.actor


def leave_session() -> None:
    """Let the browser of this request forget its session, but not whose it was: a form left open belongs to nobody else."""
    logout_user()
    forget_session(keep=(OWNER,))


def take_ended() -> bool:
    """Whether this browser still held a session that is alive no more; asked once, for it is dropped."""
    return session.pop(HELD, None) is not None


def device() -> str:
    """How the browser of this request calls itself, for the list of devices."""
    return request.user_agent.string


def is_known_device(email: str) -> bool:
    """Whether this browser signed in to the account before: attackers elsewhere cannot lock it out."""
    return account_index(email) in _accounts_of_device()


def remember_device(response: Response, email: str) -> Response:
    """Let the browser prove later that it was here; the cookie names accounts by their blind index only."""
    index = account_index(email)
    accounts = [index, *(one for one in _accounts_of_device() if one != index)][:ACCOUNTS_A_DEVICE]
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.set_cookie(
        DEVICE_COOKIE, _signer().dumps(accounts), max_age=DEVICE_LASTS, httponly=True, secure=secure, samesite="Lax"
    )
    return response


def _accounts_of_device() -> list[str]:
    try:
        return list(_signer().loads(request.cookies.get(DEVICE_COOKIE, "")))
    except (BadSignature, TypeError):
        return []


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="known device")


def _load(secret: str) -> SignedIn | None:
    at = clock.now()
    found = live_session(secret, at)
    if found is None:
        return None
    actor: Actor = current_app.extensions[EXTENSION](found.user, found.id)
    if at >= _ends_at(found, actor):
        return None
    _see(found, at)
    return SignedIn(secret, actor, found.confirmed_at)


def _ends_at(found: UserSession, actor: Actor) -> datetime:
    return session_ends_at(found.created_at, found.seen_at, is_remembered=found.is_remembered, is_staff=_is_staff(actor))


def _is_staff(actor: Actor) -> bool:
    return actor.is_administrator or bool(actor.roles)


def _see(found: UserSession, at: datetime) -> None:
    """Write at most once a minute, in a transaction of its own; a full disk must not keep people from reading."""
    if at - found.seen_at < SEEN_EVERY:
        return
    try:
        see_session(found.id, at=at)
    except OperationalError as error:
        current_app.logger.warning("a session's last use was not written: %s", type(error).__name__)
