"""Scenes that are played once a process and engine, then copied with their database and files.

Most tests begin with a scene that takes longer to play than the test itself: a call, an applicant, an application that was
sent. A scene is a function without arguments. What it returns may hold rows, and anything that can be pickled; the rows are
loaded again from the copy.
"""

import io
import pickle
import shutil
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Flask
from sqlalchemy import inspect

if TYPE_CHECKING:
    from tests.conftest import Databases

T = TypeVar("T")


class Rows(pickle.Pickler):
    """Pickles a row as its class and key."""

    def persistent_id(self, obj: Any) -> Any:
        state = inspect(obj, raiseerr=False)
        if not hasattr(state, "identity") or isinstance(obj, type):
            return None
        assert state.identity, f"{obj} is not in the database"
        return type(obj), state.identity


class LoadedRows(pickle.Unpickler):
    """Loads the rows from the database of the application at hand."""

    def __init__(self, file: io.BytesIO, session: Any) -> None:
        super().__init__(file)
        self._session = session

    def persistent_load(self, pid: Any) -> Any:
        model, identity = pid
        return self._session.get_one(model, identity)


class Kept:
    """The scenes of one test process."""

    def __init__(self, databases: "Databases") -> None:
        self._databases = databases
        self._played: dict[Hashable, tuple[int, bytes]] = {}

    def __call__(self, app: Flask, play: Callable[[], T], *more: Hashable) -> T:
        """What `play` returns, in the database of `app`; `more` tells scenes of one function apart."""
        db, data = app.extensions["sqlalchemy"], app.config["SETTINGS"].data
        engine = db.engine.dialect.name
        key = (engine, play.__module__, play.__qualname__, *more)
        if key in self._played:
            number, packed = self._played[key]
            _close(db)
            self._databases.restore(engine, number)
            shutil.copytree(self._folder(number), data, dirs_exist_ok=True)
        else:
            packed = _packed(play())
            number = len(self._played)
            _close(db)
            self._databases.keep(engine, number)
            data.mkdir(exist_ok=True)
            shutil.copytree(data, self._folder(number), ignore=shutil.ignore_patterns("*.sqlite3*"))
            self._played[key] = number, packed
        made: T = LoadedRows(io.BytesIO(packed), db.session).load()
        return made

    def _folder(self, number: int) -> Path:
        return self._databases.folder / f"kept-{number}"


def _packed(made: object) -> bytes:
    file = io.BytesIO()
    Rows(file).dump(made)
    return file.getvalue()


def _close(db: Any) -> None:
    db.session.remove()
    db.engine.dispose()
