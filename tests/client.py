"""A test client that behaves as a browser with our pages open: its unsafe requests carry the CSRF token."""

import hashlib
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

HEADER = "X-CSRFToken"
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
PASSWORD = "төрт бөлек сөз жаздым"


class Client(FlaskClient):
    """Sends the token of its session; a test of an attack names the header itself, and then nothing is added."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        headers = dict(kwargs.get("headers") or {})
        if kwargs.get("method", "GET").upper() not in SAFE and HEADER not in headers:
            kwargs["headers"] = headers | {HEADER: self._csrf_token()}
        return super().open(*args, **kwargs)

    def hold_session(self, secret: str) -> None:
        """Be the browser of whoever a session was opened for, without the form."""
        with self.session_transaction() as session:
            session["_user_id"], session["_fresh"] = secret, True

    def _csrf_token(self) -> str:
        with self.session_transaction() as session:
            raw = session.setdefault("csrf_token", hashlib.sha1(b"a test").hexdigest())
        return str(URLSafeTimedSerializer(str(self.application.secret_key), salt="wtf-csrf-token").dumps(raw))


def enter(app: Flask, name: str) -> Client:
    """A browser in which NAME@example.com has signed in by the form, with the password of the tests."""
    browser = app.test_client()
    assert isinstance(browser, Client)
    assert browser.post("/sign-in", data={"email": f"{name}@example.com", "password": PASSWORD}).status_code == 303
    return browser
