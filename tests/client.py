"""A test client that behaves as a browser with our pages open: its unsafe requests carry the CSRF token."""

import hashlib
from typing import Any

from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

HEADER = "X-CSRFToken"
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class Client(FlaskClient):
    """Sends the token of its session; a test of an attack names the header itself, and then nothing is added."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        headers = dict(kwargs.get("headers") or {})
        if kwargs.get("method", "GET").upper() not in SAFE and HEADER not in headers:
            kwargs["headers"] = headers | {HEADER: self._csrf_token()}
        return super().open(*args, **kwargs)

    def _csrf_token(self) -> str:
        with self.session_transaction() as session:
            raw = session.setdefault("csrf_token", hashlib.sha1(b"a test").hexdigest())
        return str(URLSafeTimedSerializer(str(self.application.secret_key), salt="wtf-csrf-token").dumps(raw))
