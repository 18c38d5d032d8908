"""Headers on every response, trusted proxies, body limits, cookies."""

import secrets

from flask import Flask, Response, current_app, g, request, session
from werkzeug.exceptions import NotFound, UnsupportedMediaType
from werkzeug.middleware.proxy_fix import ProxyFix

from app.access.routes import BODY_LIMIT, FORM_TYPES, MEGABYTE, body_limit_of

# What one field of a form with files may hold; forms without files are bounded as a whole.
TEXT_LIMIT = 2 * MEGABYTE
YEAR = 365 * 24 * 3600
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=(), payment=(), usb=(), camera=(self)",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


def init_security(app: Flask) -> None:
    """Set limits and cookies, and put the headers on every response, errors and files included."""
    settings = app.config["SETTINGS"]
    secure = settings.base_url.startswith("https://")
    app.config.update(
        SECRET_KEY=settings.secret_key.get_secret_value(),
        MAX_CONTENT_LENGTH=BODY_LIMIT,
        MAX_FORM_MEMORY_SIZE=TEXT_LIMIT,
        MAX_FORM_PARTS=1000,
        SESSION_COOKIE_NAME="__Host-baiqau" if secure else "baiqau",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=secure,
    )
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=0
        )
    app.before_request(_name_request)
    app.before_request(_know_no_such_address)
    app.before_request(_take_forms_only)
    app.after_request(_protect)


def _name_request() -> None:
    g.request_id = secrets.token_hex(6)
    request.max_content_length = body_limit_of(current_app.view_functions.get(request.endpoint or ""))


def _know_no_such_address() -> None:
    """No address holds the character 0: PostgreSQL would refuse to look it up."""
    if "\0" in request.path:
        raise NotFound


def _take_forms_only() -> None:
    """A body that is no form is read by nobody: said at once, instead of taking it for an empty one."""
    if request.content_length and request.mimetype not in FORM_TYPES:
        raise UnsupportedMediaType


def _protect(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["X-Request-Id"] = g.get("request_id", "")
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = f"max-age={YEAR}; includeSubDomains"
    if request.endpoint == "static" and request.args.get("v"):
        response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    elif request.endpoint != "static":
        if session or "Set-Cookie" in response.headers:
            response.headers.setdefault("Cache-Control", "no-store")
        response.vary.update(("Cookie", "Accept-Language"))
    return response
