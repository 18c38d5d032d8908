"""The demo in one process, with states to go back to: for tests that ask thousands of questions."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from sqlalchemy import text

from app.core.db import db
from tests.client import Client
from tests.journeys.walker import PASSWORD


@dataclass
class Demo:
    """The demo in-process; `restore` takes back all that was done to it."""

    app: Flask
    database: Path
    makers: dict[str, Callable[[], None]] = field(default_factory=dict)
    """By which command a state follows from the loaded demo."""

    def keep(self, name: str) -> None:
        """Remember the present state under a name."""
        with self.app.app_context():
            db.session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            db.session.remove()
        shutil.copyfile(self.database, self.database.with_suffix(f".{name}"))

    def restore(self, name: str = "loaded") -> None:
        """Go back to a state; one that was not asked for before is made now."""
        if not self.database.with_suffix(f".{name}").exists():
            self._put_back("loaded")
            with self.app.app_context():
                self.makers[name]()
            self.keep(name)
        self._put_back(name)

    def _put_back(self, name: str) -> None:
        with self.app.app_context():
            db.engine.dispose()
        for leftover in self.database.parent.glob(f"{self.database.name}-*"):
            leftover.unlink()
        shutil.copyfile(self.database.with_suffix(f".{name}"), self.database)

    def enter(self, email: str | None) -> Client:
        """A client of somebody who is signed in, or a visitor's."""
        client = self.app.test_client()
        assert isinstance(client, Client)
        if email is not None:
            answer = client.post("/sign-in", data={"email": email, "password": PASSWORD})
            assert answer.status_code == 303, email
        return client
