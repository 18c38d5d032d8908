"""Every error as a page in the reader's language that says what happened, what was kept and what to do."""

import logging
from http import HTTPStatus

from flask import Flask, Response, g, jsonify, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from app.access.door import AbsentError, ForbiddenError
from app.core.refusals import RefusedError
from app.jinja import sentence
from app.request import page

log = logging.getLogger("baiqau.errors")


def init_errors(app: Flask) -> None:
    """Bind the handlers."""
    app.register_error_handler(AbsentError, lambda _error: _answer(HTTPStatus.NOT_FOUND))
    app.register_error_handler(ForbiddenError, lambda error: _answer(HTTPStatus.FORBIDDEN, tuple(map(sentence, error.reasons))))
    app.register_error_handler(RefusedError, lambda error: _answer(HTTPStatus.CONFLICT, tuple(map(sentence, error.refusals))))
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _csrf(_error: CSRFError) -> Response:
    return _answer(HTTPStatus.BAD_REQUEST, (_("This page was open for too long. Go back, reload it and send the form again."),))


def _http(error: HTTPException) -> Response:
    if error.code is not None and error.code < HTTPStatus.BAD_REQUEST:
        return error.get_response()  # type: ignore[return-value]  # a redirect
    if error.code == HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("internal error: %s", error.description)
    return _answer(HTTPStatus(error.code or 500))


def _unexpected(error: Exception) -> Response:
    log.error("unexpected error", exc_info=error)
    return _answer(HTTPStatus.INTERNAL_SERVER_ERROR)


def _answer(status: HTTPStatus, reasons: tuple[str, ...] = ()) -> Response:
    if request.accept_mimetypes.best == "application/json":
        return jsonify(message=" ".join(reasons) or status.phrase, reasons=list(reasons)), status  # type: ignore[return-value]
    response = page("errors/error.html", status=status, code=int(status), reasons=reasons, request_id=g.get("request_id", ""))
    response.headers["Cache-Control"] = "no-store"
    return response
