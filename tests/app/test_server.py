"""The web server does not wait for ever for a body."""

import socket
from typing import Any

from app import server
from app.server import Patience


def answer_of(environ):
    """What the server would answer: the bytes that came before it hung up."""

    def app(given, _start):
        return [given["wsgi.input"].read()]

    return Patience(app)(environ, print)


def test_body_that_trickles_is_hung_up_on(monkeypatch):
    monkeypatch.setattr(server, "BODY_SECONDS", 0.2)
    ours, theirs = socket.socketpair()
    with ours, theirs, ours.makefile("rb") as body:
        theirs.sendall(b"a few bytes")
        environ = {"CONTENT_LENGTH": "100", "gunicorn.socket": ours, "wsgi.input": body}

        assert answer_of(environ) == [b"a few bytes"]


def test_body_that_is_there_is_read_and_nobody_hangs_up_afterwards(monkeypatch):
    monkeypatch.setattr(server, "BODY_SECONDS", 60)
    ours, theirs = socket.socketpair()
    with ours, theirs, ours.makefile("rb") as body:
        theirs.sendall(b"all of it")
        theirs.shutdown(socket.SHUT_WR)
        environ: dict[str, Any] = {"CONTENT_LENGTH": "9", "gunicorn.socket": ours, "wsgi.input": body}

        assert answer_of(environ) == [b"all of it"]
        assert environ["wsgi.input"].timer.finished.is_set()
