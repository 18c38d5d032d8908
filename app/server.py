"""The web server: gunicorn with the application loaded once and forked, so that its memory is shared."""

import gc
from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication

from app.arrivals import PatientWorker, Stamped
from app.core.db import db

SHUTDOWN_SECONDS = 30
KEEP_ALIVE_SECONDS = 5
CONNECTIONS = 800


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
        app.wsgi_app = Stamped(app.wsgi_app)
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
        "worker_class": PatientWorker,
        "worker_connections": CONNECTIONS,
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
