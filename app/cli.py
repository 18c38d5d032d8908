"""`baiqau`: the command line. Pure tools start without the application; all else runs inside it."""

import json
from typing import Any

import click
from flask.cli import FlaskGroup, with_appcontext


def _create(*_args: Any, **_kwargs: Any) -> Any:
    from app.factory import create_app  # noqa: PLC0415 - keeps `--help` and the pure tools quick

    return create_app()


@click.group(cls=FlaskGroup, create_app=_create, add_default_commands=False, add_version_option=False)
def main() -> None:
    """Baiqau: a grant competition platform."""


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=2, show_default=True)
@click.option("--certfile")
@click.option("--keyfile")
def web(host: str, port: int, workers: int, certfile: str | None, keyfile: str | None) -> None:
    """Serve the site."""
    from gunicorn.app.base import BaseApplication  # noqa: PLC0415 - a server is heavy to import

    options = {"bind": f"{host}:{port}", "workers": workers, "worker_class": "gthread", "threads": 4, "accesslog": None}
    options |= {name: value for name, value in (("certfile", certfile), ("keyfile", keyfile)) if value}

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            return _create()

    Server().run()


@main.command()
@with_appcontext
def upgrade() -> None:
    """Bring the database to the schema of this version."""
    from flask_migrate import upgrade as migrate  # noqa: PLC0415

    migrate()


@main.command()
@click.option("--json", "as_json", is_flag=True)
@with_appcontext
def routes(*, as_json: bool) -> None:
    """List every route with its policy and audience."""
    from app.routes import inventory  # noqa: PLC0415

    rows = inventory()
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        for row in rows:
            click.echo(f"{','.join(row['methods']):10} {row['rule']:60} {row['policy']:30} {row['audience']}")
