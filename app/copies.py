"""A copy of the database, kept beside the site's other data before a migration changes what it holds."""

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from shutil import which
from typing import Any

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import URL

from app.core import clock
from app.core.db import db

PG_DUMP = "pg_dump"


class CopyError(Exception):
    """No copy could be made; the sentence says why, and what to do."""


def revisions() -> tuple[set[str], set[str]]:
    """Where the schema is, and where this version wants it."""
    script = ScriptDirectory.from_config(current_app.extensions["migrate"].migrate.get_config())
    with db.engine.connect() as connection:
        present = set(MigrationContext.configure(connection).get_current_heads())
    return present, set(script.get_heads())


def is_about_to_change() -> bool:
    """Whether there is a database to lose, and a migration that it waits for."""
    present, wanted = revisions()
    return bool(present) and present != wanted


def copy_database() -> Path:
    """A whole copy, taken while the database is in use. Raises CopyError."""
    folder: Path = current_app.config["SETTINGS"].data / "backups"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    is_sqlite = db.engine.dialect.name == "sqlite"
    name = f"before-{'-'.join(sorted(revisions()[1]))}-{clock.now():%Y%m%d-%H%M%S}.{'sqlite3' if is_sqlite else 'dump'}"
    unfinished, copy = folder / f"{name}.part", folder / name
    unfinished.touch(mode=0o600)
    try:
        (_copy_sqlite if is_sqlite else _copy_postgresql)(unfinished)
        return unfinished.rename(copy)
    finally:
        unfinished.unlink(missing_ok=True)


def _copy_sqlite(target: Path) -> None:
    with closing(sqlite3.connect(target)) as opened, db.engine.connect() as connection:
        source: Any = connection.connection.dbapi_connection
        source.backup(opened)


def _copy_postgresql(target: Path) -> None:
    if which(PG_DUMP) is None:
        message = "There is no pg_dump: install the client programs of PostgreSQL (on Debian: postgresql-client)."
        raise CopyError(message)
    address, password = without_password(db.engine.url)
    command = [PG_DUMP, "--format=custom", "--no-owner", "--no-password", f"--file={target}", f"--dbname={address}"]
    # A password among the arguments could be read by everybody on the machine.
    surroundings = os.environ | ({"PGPASSWORD": password} if password else {})
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    if done.returncode != 0:
        raise CopyError(done.stderr.strip())


def without_password(url: URL) -> tuple[str, str | None]:
    """The address as the programs of PostgreSQL read it, and the password by itself, wherever in the address it stood."""
    query = dict(url.query)
    password = query.pop("password", None) or url.password
    address = URL.create("postgresql", url.username, None, url.host, url.port, url.database, query)
    return address.render_as_string(), None if password is None else str(password)
