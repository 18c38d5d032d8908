"""Headers on every response, trusted proxies, body limits, cookies."""

import secrets

from flask import Flask, Response, g, request, session
from werkzeug.middleware.proxy_fix import ProxyFix

MEGABYTE = 1024 * 1024
BODY_LIMIT = MEGABYTE
UPLOAD_LIMIT = 60 * MEGABYTE
# A million Kazakh letters that somebody pasted into one field get an answer that keeps them (catalogue C-07).
TEXT_LIMIT = 2 * MEGABYTE
ENCODED_LIMIT = 8 * MEGABYTE
LIMITS = {"multipart/form-data": UPLOAD_LIMIT, "application/x-www-form-urlencoded": ENCODED_LIMIT}
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
        MAX_CONTENT_LENGTH=UPLOAD_LIMIT,
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
    app.after_request(_protect)


def _name_request() -> None:
    g.request_id = secrets.token_hex(6)
    request.max_content_length = LIMITS.get(request.mimetype, BODY_LIMIT)


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
