"""The life of a request: arrival, actor, language, one transaction, and how handlers answer."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, flash, g, redirect, render_template, request, session
from flask_babel import get_locale
from flask_login import current_user
from werkzeug.exceptions import InternalServerError
from werkzeug.wrappers import Response as BaseResponse

from app.access.actor import VISITOR, Actor
from app.access.routes import Open, policy_of
from app.core import clock
from app.core.db import db, writing

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LANGUAGE_COOKIE = "language"
ARRIVAL = "baiqau.arrived_at"


class Arrival:
    """The first line of the WSGI stack: stamps when a request came, before its body is read (catalogue D-01)."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Stamp and pass on."""
        environ[ARRIVAL] = clock.now()
        return self.app(environ, start_response)


class Baiqau(Flask):
    """Flask whose unsafe requests are one writing transaction, and whose handlers must ask the door they declared."""

    def dispatch_request(self) -> Any:
        """Run the handler: reading for safe methods, one writing transaction for all others."""
        view = self.view_functions.get(request.endpoint or "")
        if view is None or request.method in SAFE_METHODS:
            try:
                response = self.make_response(super().dispatch_request())
            finally:
                db.session.rollback()
        else:
            with writing():
                response = self.make_response(super().dispatch_request())
                _assert_asked(view, response)
            return response
        if view is not None:
            _assert_asked(view, response)
        return response


def _assert_asked(view: Callable[..., Any], response: BaseResponse) -> None:
    """Refuse to answer for a handler that never asked for the permission its route declares."""
    policy = policy_of(view)
    if policy is None or isinstance(policy, Open) or response.status_code >= 400:  # noqa: PLR2004 - HTTP errors tell nothing
        return
    if policy not in g.get("asked", ()):
        message = f"{request.endpoint} declares {policy} but never asked the door"
        raise InternalServerError(message)


def init_request(app: Flask) -> None:
    """Bind the steps every request takes."""
    app.wsgi_app = Arrival(app.wsgi_app)  # type: ignore[method-assign]
    app.before_request(_prepare)


def _prepare() -> None:
    view = request.view_args is not None and request.endpoint
    if view == "static":
        return
    g.actor = current_user.actor if current_user.is_authenticated else VISITOR
    db.session.rollback()


def arrived_at() -> datetime:
    """When the present request arrived, by the server's clock, before its body was read."""
    instant = request.environ.get(ARRIVAL)
    return instant if isinstance(instant, datetime) else clock.now()


def actor() -> Actor:
    """Who sent the present request."""
    found = g.get("actor", VISITOR)
    return found if isinstance(found, Actor) else VISITOR


def select_locale() -> str:
    """`?lang=` on public pages, the account's choice, the cookie, Accept-Language, else Kazakh."""
    languages = _languages()
    asked = request.args.get("lang") if request.method in SAFE_METHODS else None
    person = g.get("actor")
    for candidate in (asked, person.language if person else None, request.cookies.get(LANGUAGE_COOKIE)):
        if candidate in languages:
            return str(candidate)
    return request.accept_languages.best_match(languages) or languages[0]


def _languages() -> tuple[str, ...]:
    languages: tuple[str, ...] = current_app.config["SETTINGS"].languages
    return languages


def language() -> str:
    """The two-letter language of the present page."""
    return str(get_locale() or "kk")[:2]


def is_fragment() -> bool:
    """Whether htmx asks for a part of the page only."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"


def page(template: str, *, status: int = 200, fragment: str | None = None, **context: Any) -> Response:
    """Render a template named after its view; with `fragment`, htmx gets only that block of the same template."""
    if fragment and is_fragment():
        current_app.update_template_context(context)
        compiled = current_app.jinja_env.get_template(template)
        body = "".join(compiled.blocks[fragment](compiled.new_context(context)))
        return Response(body, status=status)
    return Response(render_template(template, **context), status=status)


def done(message: str, url: str, *, tone: str = "success") -> BaseResponse:
    """Say what was done and go on: a redirect after every act, so that reloading repeats nothing."""
    flash(message, tone)
    return redirect(url, code=303)


def safe_next(fallback: str, value: str | None = None) -> str:
    """The `next` address if it stays on this site, else `fallback`."""
    target = value if value is not None else request.values.get("next", "")
    if not target.startswith("/") or target.startswith(("//", "/\\")) or any(ord(c) < 32 or c == "\\" for c in target):  # noqa: PLR2004
        return fallback
    parts = urlsplit(target)
    return fallback if parts.scheme or parts.netloc else target


def forget_session() -> None:
    """Drop all that the cookie holds, for a fresh start after sign-in and sign-out."""
    session.clear()
