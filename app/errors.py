"""Every error as a page in the reader's language that says what happened, what was kept and what to do."""

import logging
from http import HTTPStatus
from urllib.parse import urlencode

from flask import Flask, Response, current_app, flash, g, jsonify, redirect, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from app.access.door import AbsentError, ForbiddenError
from app.access.routes import KILOBYTE, MEGABYTE, UPLOAD_LIMIT, Open, body_limit_of, policy_of
from app.core.db import is_taken
from app.core.refusals import RefusedError
from app.jinja import sentence
from app.kept import kept_act, kept_form, send_again
from app.people.forms import ConfirmForm, SignInForm
from app.people.session import take_ended
from app.people.views.person import confirm_page
from app.people.views.public import sign_in_page
from app.request import (
    SAFE_METHODS,
    ConfirmationNeededError,
    SignInNeededError,
    actor,
    came_from,
    is_fragment,
    nearest_page,
    page,
)

log = logging.getLogger("baiqau.errors")
RETRY_AFTER_SECONDS = "10"
TELLS_WHY = (HTTPStatus.FORBIDDEN, HTTPStatus.CONFLICT)


def init_errors(app: Flask) -> None:
    """Bind the handlers."""
    app.register_error_handler(AbsentError, lambda _error: _answer(HTTPStatus.NOT_FOUND))
    app.register_error_handler(ForbiddenError, lambda error: _answer(HTTPStatus.FORBIDDEN, tuple(map(sentence, error.reasons))))
    app.register_error_handler(RefusedError, lambda error: _answer(HTTPStatus.CONFLICT, tuple(map(sentence, error.refusals))))
    app.register_error_handler(SignInNeededError, _sign_in_needed)
    app.register_error_handler(ConfirmationNeededError, _confirmation_needed)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(IntegrityError, _overtaken)
    app.register_error_handler(Exception, _unexpected)


def _sign_in_needed(_error: SignInNeededError) -> BaseResponse:
    """To the sign-in page and back; a form that was sent meanwhile goes along and is sent afterwards."""
    if request.method in SAFE_METHODS and not is_fragment():
        if take_ended():
            flash(_("Your session has ended: nothing was done for long, or it was closed elsewhere. Sign in again."), "ended")
        target = request.full_path if request.query_string else request.path
        return redirect("/sign-in?" + urlencode({"next": target}), code=303)
    kept = None if is_fragment() else kept_form()
    if kept is None:
        return _answer(HTTPStatus.UNAUTHORIZED)
    return _unstored(sign_in_page(SignInForm(formdata=None), kept=kept, status=HTTPStatus.UNAUTHORIZED))


def _confirmation_needed(_error: ConfirmationNeededError) -> BaseResponse:
    """The password once more; the act goes along and is done afterwards."""
    return _unstored(confirm_page(ConfirmForm(formdata=None), kept=kept_act(), status=HTTPStatus.UNAUTHORIZED))


def _csrf(_error: CSRFError) -> BaseResponse:
    """A page of ours that was open too long: show what was typed and send it with a fresh token."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view is not None and policy_of(view) is not Open.PUBLIC and not actor().is_signed_in:
        return _sign_in_needed(SignInNeededError())
    kept = None if is_fragment() else kept_form()
    if kept is None:
        reason = _("This page was open for too long. Go back, reload it and send the form again.")
        return _answer(HTTPStatus.BAD_REQUEST, (reason,))
    reason = _("This page was open for too long, so it was not sent. Nothing you wrote was lost: send it again.")
    return _unstored(send_again(kept, reason=reason, status=HTTPStatus.BAD_REQUEST))


def _database(error: OperationalError) -> BaseResponse:
    """The database is busy, full or away: nothing was done, what was typed comes back with a button."""
    log.error("database error", exc_info=error)
    reason = _("The site could not save this just now. Nothing you wrote was lost: wait a little and send it again.")
    response = _unsaved(HTTPStatus.SERVICE_UNAVAILABLE, reason)
    response.headers["Retry-After"] = RETRY_AFTER_SECONDS
    return response


def _overtaken(error: IntegrityError) -> BaseResponse:
    """Two acts met over one name or number: nothing of this one was done, and sent again it sees what the other did."""
    if not is_taken(error):
        return _unexpected(error)
    log.error("database error", exc_info=error)
    reason = _("Someone else saved at the same moment, so this was not saved. Nothing you wrote was lost: send it again.")
    return _unsaved(HTTPStatus.CONFLICT, reason)


def _unsaved(status: HTTPStatus, reason: str) -> BaseResponse:
    """What was typed comes back with a button, where there is a page to show it on."""
    kept = None if is_fragment() else kept_form()
    return _answer(status) if kept is None else _unstored(send_again(kept, reason=reason, status=status))


def _http(error: HTTPException) -> BaseResponse:
    if error.code is not None and error.code < HTTPStatus.BAD_REQUEST:
        return error.get_response()
    if error.code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return _too_large()
    if error.code == HTTPStatus.TOO_MANY_REQUESTS:
        return _too_often()
    if error.code == HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("internal error: %s", error.description)
    return _answer(HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR))


def _too_often() -> BaseResponse:
    """More requests than a person makes: whatever she typed comes back with a button, or waits on her device."""
    reason = _("You sent very much within a minute. Nothing you wrote was lost: wait a minute and send it again.")
    kept = None if is_fragment() or _wants_json() else kept_form()
    if kept is not None:
        return _unstored(send_again(kept, reason=reason, status=HTTPStatus.TOO_MANY_REQUESTS))
    return _answer(HTTPStatus.TOO_MANY_REQUESTS, (reason,))


def _too_large() -> BaseResponse:
    """More than the route takes: it was not read, so the page leads back to where it was written."""
    view = current_app.view_functions.get(request.endpoint or "")
    limit = body_limit_of(view)
    if limit >= UPLOAD_LIMIT:
        reason = _("The files are larger than %(limit)s MB together.", limit=limit // MEGABYTE)
    else:
        reason = _("What you sent is longer than this page takes: at most %(limit)s KB.", limit=limit // KILOBYTE)
    return _answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, (reason,), back=came_from())


def _unexpected(error: Exception) -> BaseResponse:
    log.error("unexpected error", exc_info=error)
    return _answer(HTTPStatus.INTERNAL_SERVER_ERROR)


def _answer(status: HTTPStatus, reasons: tuple[str, ...] = (), *, back: str | None = None) -> Response:
    if _wants_json():
        response = jsonify(message=" ".join(reasons) or status.phrase, reasons=list(reasons))
        response.status_code = status
        return _unstored(response)
    back = back or (_page_above() if reasons and status in TELLS_WHY else None)
    shown = {"code": int(status), "reasons": reasons, "back": back, "request_id": g.get("request_id", "")}
    return _unstored(page("errors/error.html", status=status, written=_written(status), **shown))


def _page_above() -> str | None:
    """The page of what the refused act was about: the nearest address above it that can be opened, else where she came from."""
    return nearest_page(request.path.rstrip("/").rpartition("/")[0]) or came_from()


def _written(status: HTTPStatus) -> list[str]:
    """What she wrote in a form that was refused as a whole: to copy, so that nothing is lost."""
    if status is HTTPStatus.REQUEST_ENTITY_TOO_LARGE or is_fragment():
        return []
    kept = kept_form()
    return [one.value for one in kept.fields if one.is_prose] if kept is not None else []


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _unstored(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
