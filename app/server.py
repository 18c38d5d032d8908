"""The web server: gunicorn with the application loaded once and forked, so that its memory is shared."""

import gc
import socket
from collections.abc import Callable, Iterable
from contextlib import suppress
from threading import Timer
from typing import Any

from gunicorn.app.base import BaseApplication

from app.core.db import db

SHUTDOWN_SECONDS = 30
KEEP_ALIVE_SECONDS = 5
# How long a body may take: these seconds, and as many as its bytes need on a line of a village (bytes a second).
BODY_SECONDS = 30
SLOWEST_LINE = 8 * 1024


class Patience:
    """Hangs up on bodies that come too slowly: a few of them would hold every thread of the server."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Give the body as long as a poor line needs; what was not read by then is answered as unreadable."""
        length, peer = environ.get("CONTENT_LENGTH") or "0", environ.get("gunicorn.socket")
        if peer is None or (length == "0" and "HTTP_TRANSFER_ENCODING" not in environ):
            return self.app(environ, start_response)
        timer = Timer(BODY_SECONDS + int(length) / SLOWEST_LINE, _hang_up, (peer,))
        timer.daemon = True
        environ["wsgi.input"] = Awaited(environ["wsgi.input"], timer, int(length))
        timer.start()
        try:
            return self.app(environ, start_response)
        finally:
            timer.cancel()


class Awaited:
    """The body of a request; once it is there, nobody hangs up."""

    def __init__(self, body: Any, timer: Timer, length: int) -> None:
        self.body, self.timer, self.left = body, timer, length

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        return self._seen(self.body.read(size))

    def readline(self, size: int = -1) -> bytes:
        """The next line."""
        return self._seen(self.body.readline(size))

    def _seen(self, data: bytes) -> bytes:
        self.left -= len(data)
        if not data or self.left == 0:
            self.timer.cancel()
        return data


def _hang_up(peer: socket.socket) -> None:
    with suppress(OSError):
        peer.shutdown(socket.SHUT_RD)


class Server(BaseApplication):
    """Gunicorn with our options instead of a configuration file."""

    def __init__(self, create: Callable[[], Any], options: dict[str, Any]) -> None:
        self.create = create
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        """Take the options."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Make the application, before the forks."""
        app = self.create()
        app.wsgi_app = Patience(app.wsgi_app)
        gc.collect()
        gc.freeze()  # a collection in a child would copy the pages it only looks at
        return app


def serve(
    create: Callable[[], Any], *, host: str, port: int, workers: int, threads: int, certfile: str | None, keyfile: str | None
) -> None:
    """Serve until SIGTERM, which lets requests end."""
    options: dict[str, Any] = {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "workers": workers,
        "worker_class": "gthread",
        "threads": threads,
        "preload_app": True,
        "graceful_timeout": SHUTDOWN_SECONDS,
        "keepalive": KEEP_ALIVE_SECONDS,
        "accesslog": None,
        "errorlog": "-",
        "loglevel": "warning",
        "post_fork": _after_fork,
    }
    Server(create, options | {name: file for name, file in (("certfile", certfile), ("keyfile", keyfile)) if file}).run()


def _after_fork(server: Any, _worker: Any) -> None:
    """A child must not share the parent's database connections."""
    app = server.app.callable
    if app is not None:
        with app.app_context():
            db.engine.dispose(close=False)
