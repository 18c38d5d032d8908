"""Pages for everybody: the front page, the switch of languages, what machines ask a site."""

from datetime import timedelta

from flask import Blueprint, Response, current_app, jsonify, redirect, request, send_from_directory
from werkzeug.wrappers import Response as BaseResponse

from app.access.routes import public
from app.core import clock
from app.people import queries
from app.people.services import accounts
from app.readiness import is_ready
from app.request import actor, link_to, page, remember_language, safe_next

bp = Blueprint("app_public", __name__)
SECURITY_LASTS = timedelta(days=180)
PRIVATE = ("/account/", "/my/", "/jury/", "/manage/", "/admin/", "/reports/", "/confirm/", "/invitation/")


@bp.get("/")
@public
def front() -> Response:
    """What Baiqau is, what is open now, and each role's door."""
    return page("app/public/front.html")


@bp.post("/language")
@public
def choose_language() -> BaseResponse:
    """Speak another language from now on, here and on the person's other devices."""
    settings, chosen = current_app.config["SETTINGS"], request.form.get("language", "")
    response = redirect(safe_next("/", request.form.get("next", "")), code=303)
    if chosen in settings.languages:
        remember_language(response, chosen)
        if actor().is_signed_in:
            accounts.choose_language(queries.own_user(actor()), language=chosen)
    return response


@bp.get("/healthz")
@public
def healthz() -> BaseResponse:
    """The process lives."""
    return jsonify(status="ok")


@bp.get("/readyz")
@public
def readyz() -> BaseResponse:
    """The process can serve: the database answers."""
    ready = is_ready()
    response = jsonify(status="ok" if ready else "unavailable")
    response.status_code = 200 if ready else 503
    return response


@bp.get("/.well-known/security.txt")
@public
def security_txt() -> Response:
    """Where to report a weakness (RFC 9116)."""
    settings = current_app.config["SETTINGS"]
    expires = (clock.now() + SECURITY_LASTS).strftime("%Y-%m-%dT00:00:00Z")
    lines = (
        f"Contact: mailto:security@{settings.host}",
        f"Expires: {expires}",
        f"Preferred-Languages: {', '.join(settings.languages)}",
        f"Canonical: {link_to('app_public.security_txt')}",
    )
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@bp.get("/robots.txt")
@public
def robots_txt() -> Response:
    """Search engines see public pages only."""
    lines = ["User-agent: *", *(f"Disallow: {prefix}" for prefix in PRIVATE)]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@bp.get("/favicon.ico")
@public
def favicon() -> Response:
    """Browsers ask for it whatever the page names."""
    return send_from_directory(str(current_app.static_folder), "img/favicon.svg", mimetype="image/svg+xml", max_age=86400)
