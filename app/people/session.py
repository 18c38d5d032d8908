"""The signed-in session of a request: what Flask-Login's cookie opens, and the actor made from it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from flask import Flask
from flask_login import LoginManager, UserMixin

from app.access.actor import Actor
from app.core import clock
from app.people.models import User
from app.people.queries import live_session


@dataclass(frozen=True)
class SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """What Flask-Login keeps: the session's secret, never an account id; logging out kills the row behind it."""

    secret: str
    actor: Actor

    def get_id(self) -> str:
        """What the signed cookie holds."""
        return self.secret


def init_sign_in(app: Flask, login_manager: LoginManager, read: Callable[[User, int], Actor]) -> None:
    """Bind Flask-Login to session rows; `read` makes the actor of an account, with roles that only `programmes` knows."""
    login_manager.init_app(app)
    login_manager.user_loader(partial(_load, read))
    login_manager.session_protection = None  # a phone changes its address and browser string; the row decides


def _load(read: Callable[[User, int], Actor], secret: str) -> SignedIn | None:
    at = clock.now()
    found = live_session(secret, at)
    if found is None:
        return None
    return SignedIn(secret, read(found.user, found.id))
