"""The life of a request: arrival, actor, language, one transaction, and how handlers answer."""

import logging
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from flask import Flask, Request, Response, current_app, flash, g, redirect, render_template, request, session
from flask_babel import get_locale
from flask_login import current_user
from sqlalchemy.exc import OperationalError
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.exceptions import HTTPException, InternalServerError, NotFound
from werkzeug.utils import cached_property
from werkzeug.wrappers import Response as BaseResponse

from app.access.actor import VISITOR, Actor
from app.access.door import AbsentError
from app.access.routes import Open, danger_of, policy_of
from app.core import clock
from app.core.db import db, is_deadlock, looking, writing

log = logging.getLogger("baiqau.request")
V = TypeVar("V", bound=Callable[..., Any])
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LANGUAGE_COOKIE = "language"
LANGUAGE_LASTS = timedelta(days=365)
ARRIVAL = "baiqau.arrived_at"
STATIC = "static"
NUL = "\0"
# What a visitor said before she signed in, and should not have to say again.
SAID_BEFORE = "said_before"
# Whose browser a form that waits belongs to.
KEEPER = "keeper"
# The account that was signed in last in this browser; it stays when the session ends or is left.
OWNER = "owner"
LONGEST_NEXT = 2000
# Times a request is tried that PostgreSQL ends because it and another wait for each other's rows.
TRIES = 4


# Whole parts of the site that are absent for others, before any list in them could be empty.
ENTRANCES: dict[str, Callable[[Actor], bool]] = {
    "admin": lambda who: who.is_administrator,
    "manage": lambda who: who.is_administrator or bool(who.roles),
}


class SignInNeededError(Exception):
    """A visitor asked for something that needs an account; the edge asks her to sign in and keeps what she typed."""


class ConfirmationNeededError(Exception):
    """A dangerous act, and the password was typed long ago; the edge asks for it again and keeps what she typed."""


class Arrival:
    """The first line of the WSGI stack: stamps when a request came, unless the server knows better."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Stamp and pass on."""
        environ.setdefault(ARRIVAL, clock.now())
        return self.app(environ, start_response)


class CleanRequest(Request):
    """A request without the character 0, which no keyboard types, no text holds and PostgreSQL does not store."""

    def _load_form_data(self) -> None:
        super()._load_form_data()
        self.__dict__["form"] = _without_nul(self.form)

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """What stands behind the question mark of the address."""
        return _without_nul(super().args)


def _without_nul(found: MultiDict[str, str]) -> MultiDict[str, str]:
    if not any(NUL in text for item in found.items(multi=True) for text in item):
        return found
    return ImmutableMultiDict((name.replace(NUL, ""), text.replace(NUL, "")) for name, text in found.items(multi=True))


class Baiqau(Flask):
    """Flask whose unsafe requests are one writing transaction, and whose handlers must ask the door they declared."""

    request_class = CleanRequest

    def dispatch_request(self) -> Any:
        """Run the handler: reading for safe methods, one writing transaction for all others."""
        view = self.view_functions.get(request.endpoint or "")
        if view is None or request.endpoint == STATIC:
            return super().dispatch_request()
        _assert_may_enter(view)
        _assert_confirmed(view)
        if request.method in SAFE_METHODS:
            with nullcontext() if hasattr(view, "__records_looks__") else looking():
                return self._look(view)
        _prepare_writing(view)
        kept = _Kept(deepcopy(dict(session)), {name: g.get(name) for name in g})
        for _earlier in range(TRIES - 1):
            try:
                return self._write(view)
            except OperationalError as error:
                if not is_deadlock(error):
                    raise
                log.warning("%s met another request over the same rows and begins again", request.endpoint)
            kept.put_back()
        return self._write(view)

    def _write(self, view: Callable[..., Any]) -> BaseResponse:
        with writing():
            response: BaseResponse = self.make_response(super().dispatch_request())
            _assert_declared(view, response)
        return response

    def _look(self, view: Callable[..., Any]) -> BaseResponse:
        try:
            response: BaseResponse = self.make_response(super().dispatch_request())
            _assert_declared(view, response)
        finally:
            db.session.rollback()
        return response


def _assert_may_enter(view: Callable[..., Any]) -> None:
    """Nobody enters a route that declares no policy, only signed-in people one that is not public, only staff the desks."""
    policy = policy_of(view)
    if policy is None:
        raise NotFound
    who = actor()
    if policy is not Open.PUBLIC and not who.is_signed_in and request.method != "OPTIONS":
        raise SignInNeededError
    is_hers = ENTRANCES.get(request.path.split("/")[1])
    if who.is_signed_in and is_hers is not None and not is_hers(who):
        raise AbsentError


def _assert_confirmed(view: Callable[..., Any]) -> None:
    """A dangerous route waits for the password; one that also shows a form waits until the form is sent."""
    methods = request.url_rule.methods if request.url_rule else None
    is_only_shown = request.method in SAFE_METHODS and not SAFE_METHODS.issuperset(methods or ())
    if danger_of(view) is None or is_only_shown or request.method == "OPTIONS":
        return
    if not current_user.is_confirmed(arrived_at()):
        raise ConfirmationNeededError


def _prepare_writing(view: Callable[..., Any]) -> None:
    """What is slow comes before the transaction opens, so that nobody waits for it: the body, then the handler's own step."""
    request.get_data(parse_form_data=True)
    step = getattr(view, "__before_writing__", None)
    if step is not None:
        g.prepared = step(**(request.view_args or {}))
        db.session.rollback()


@dataclass(frozen=True)
class _Kept:
    """What a handler may change outside the database: sentences to be shown, who is signed in, how far a file was read."""

    said: dict[str, Any]
    known: dict[str, Any]

    def put_back(self) -> None:
        """As it was before the transaction that was undone."""
        session.clear()
        session.update(deepcopy(self.said))
        for name in set(g) - set(self.known):
            g.pop(name)
        for name, value in self.known.items():
            setattr(g, name, value)
        for found in request.files.values():
            found.stream.seek(0)


def _assert_declared(view: Callable[..., Any], response: BaseResponse) -> None:
    """Refuse to answer for a handler that never asked for the permission, or did what is dangerous undeclared."""
    danger = danger_of(view)
    undeclared = g.get("acts", set()) & current_app.extensions["baiqau"].dangerous - (danger[1] if danger else frozenset())
    if undeclared:
        message = f"{request.endpoint} does {', '.join(sorted(undeclared))} and does not declare it dangerous"
        raise InternalServerError(message)
    policy = policy_of(view)
    if isinstance(policy, Open) or request.method == "OPTIONS" or response.status_code >= 400:  # noqa: PLR2004 - HTTP errors tell nothing
        return
    if policy not in g.get("asked", ()):
        message = f"{request.endpoint} declares {policy} but never asked the door"
        raise InternalServerError(message)


def records_looks(view: V) -> V:
    """Let a handler of GET write that somebody looked, in a short transaction of its own, before what she sees is sent."""
    view.__records_looks__ = True  # type: ignore[attr-defined]
    return view


def before_writing(step: Callable[..., Any]) -> Callable[[V], V]:
    """Let `step(**view_args)` run before the handler's writing transaction opens: hashing, re-encoding of files.

    It may read, not write. The handler finds what it returned by `prepared()` and decides nothing on its stale rows.
    """

    def declare(view: V) -> V:
        view.__before_writing__ = step  # type: ignore[attr-defined]
        return view

    return declare


def prepared() -> Any:
    """What the step given to `before_writing` returned; None for a safe method."""
    return g.get("prepared")


def init_request(app: Flask) -> None:
    """Bind the steps every request takes."""
    app.wsgi_app = Arrival(app.wsgi_app)  # type: ignore[method-assign]
    app.before_request(_prepare)
    app.after_request(_keep_language)


def _prepare() -> None:
    if request.endpoint == STATIC:
        return
    g.actor = current_user.actor if current_user.is_authenticated else VISITOR
    db.session.rollback()


def arrived_at() -> datetime:
    """When the present request arrived, by the server's clock: its head, if its body came soon after."""
    instant = request.environ.get(ARRIVAL)
    return instant if isinstance(instant, datetime) else clock.now()


def actor() -> Actor:
    """Who sent the present request."""
    found = g.get("actor", VISITOR)
    return found if isinstance(found, Actor) else VISITOR


def select_locale() -> str:
    """`?lang=` on public pages, the account's choice, the cookie, Accept-Language, else Kazakh."""
    languages = _languages()
    for candidate in (_language_of_link(), g.get("actor", VISITOR).language, request.cookies.get(LANGUAGE_COOKIE)):
        if candidate in languages:
            return str(candidate)
    return request.accept_languages.best_match(languages) or languages[0]


def _language_of_link() -> str | None:
    """What `?lang=` asks for, where it may: on public pages that are only read."""
    view = current_app.view_functions.get(request.endpoint or "")
    is_public = view is None or policy_of(view) is Open.PUBLIC
    asked = request.args.get("lang") if request.method in SAFE_METHODS and is_public else None
    return asked if asked in _languages() else None


def remember_language(response: BaseResponse, code: str) -> None:
    """Let this browser's visitor be spoken to in this language from now on."""
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.set_cookie(LANGUAGE_COOKIE, code, max_age=LANGUAGE_LASTS, httponly=True, secure=secure, samesite="Lax")


def _keep_language(response: Response) -> Response:
    """A visitor who came by a link in one language gets the answers to her forms in it too."""
    asked = _language_of_link()
    if asked and not actor().is_signed_in and request.cookies.get(LANGUAGE_COOKIE) != asked:
        remember_language(response, asked)
    return response


def _languages() -> tuple[str, ...]:
    languages: tuple[str, ...] = current_app.config["SETTINGS"].languages
    return languages


def language() -> str:
    """The two-letter language of the present page."""
    return str(get_locale() or "kk")[:2]


def is_fragment() -> bool:
    """Whether htmx asks for a part of the page only."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"


def is_from_here() -> bool:
    """Whether the browser says that one of our own pages sent this request; silence is no."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    sender = request.headers.get("Origin") or request.headers.get("Referer") or ""
    parts = urlsplit(sender)
    return bool(parts.netloc) and (parts.scheme, parts.netloc) == (request.scheme, request.host)


def came_from() -> str | None:
    """The page of ours from which the present request was sent, if the browser tells."""
    parts = urlsplit(request.referrer or "")
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return target if (parts.scheme, parts.netloc) == (request.scheme, request.host) and is_local(target) else None


def nearest_page(path: str) -> str | None:
    """The nearest address at or above `path` that can be opened."""
    addresses, parts = current_app.url_map.bind("localhost"), path.rstrip("/").split("/")
    for length in range(len(parts), 1, -1):
        above = "/".join(parts[:length])
        try:
            addresses.match(above, method="GET")
        except HTTPException:
            continue
        return above
    return None


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


def link_to(endpoint: str, **values: object) -> str:
    """The whole address of a page for letters and documents: built from the settings, never from the Host header."""
    path = current_app.url_map.bind("localhost").build(endpoint, values)
    return f"{current_app.config['SETTINGS'].base_url}{path}"


def safe_next(fallback: str, value: str | None = None) -> str:
    """The `next` address if it stays on this site, else `fallback`."""
    target = value if value is not None else request.values.get("next", "")
    return target if is_local(target) else fallback


def is_local(target: str) -> bool:
    """Whether a browser that is sent to `target` stays on this site.

    Browsers read backslashes and controls freely, and take dots out of a path before they look where it begins.
    """
    for form in (target, unquote(target)):
        path = re.split(r"[?#]", form, maxsplit=1)[0]
        if not path.startswith("/") or "//" in path or "\\" in form or len(form) > LONGEST_NEXT:
            return False
        if not {".", ".."}.isdisjoint(path.split("/")):
            return False
        if not form.isprintable() or any(c.isspace() and c != " " for c in form):
            return False
    try:
        parts = urlsplit(target)
    except ValueError:
        return False
    return not parts.scheme and not parts.netloc


def forget_session(*, keep: Sequence[str] = ()) -> None:
    """Drop all that the cookie holds, for a fresh start after sign-in and sign-out, but for what `keep` names."""
    kept = {name: session[name] for name in keep if name in session}
    session.clear()
    session.update(kept)
    g.pop("csrf_token", None)
