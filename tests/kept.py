"""Scenes that are played once a process and engine, then copied with their database and files.

Most tests begin with a scene that takes longer to play than the test itself: a call, an applicant, an application that was
sent. A scene is a function of the module; what it is given tells its plays apart. What it returns may hold rows, and anything
that can be pickled; the rows are loaded again from the copy. Without an application context one is opened for it, as tests of
pages have none: they take ids and addresses from the scene, not rows.
"""

import io
import pickle
import shutil
from collections import defaultdict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Flask, has_app_context
from sqlalchemy import inspect, select

if TYPE_CHECKING:
    from tests.conftest import Databases

T = TypeVar("T")


class Rows(pickle.Pickler):
    """Pickles a row as its class and key, and remembers the keys."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file)
        self.keys: defaultdict[type[Any], set[int]] = defaultdict(set)

    def persistent_id(self, obj: Any) -> Any:
        state = inspect(obj, raiseerr=False)
        if not hasattr(state, "identity") or isinstance(obj, type):
            return None
        assert state.identity, f"{obj} is not in the database"
        self.keys[type(obj)].update(state.identity)
        return type(obj), state.identity

    def reducer_override(self, obj: Any) -> Any:
        return (read_only, (dict(obj),)) if isinstance(obj, MappingProxyType) else NotImplemented


def read_only(mapping: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    """The roles of an actor, which pickle does not know by their own name."""
    return MappingProxyType(mapping)


class LoadedRows(pickle.Unpickler):
    """Loads the rows from the database of the application at hand."""

    def __init__(self, file: io.BytesIO, session: Any) -> None:
        super().__init__(file)
        self._session = session

    def persistent_load(self, pid: Any) -> Any:
        model, identity = pid
        return self._session.get_one(model, identity)


@dataclass(frozen=True, slots=True)
class Packed:
    """What a scene returned, and the keys of its rows by model."""

    text: bytes
    keys: dict[type[Any], set[int]]


class Kept:
    """The scenes of one test process."""

    def __init__(self, databases: "Databases") -> None:
        self._databases = databases
        self._played: dict[Hashable, tuple[int, Packed]] = {}

    def __call__(self, app: Flask, play: Callable[..., T], *given: Hashable) -> T:
        """What `play(*given)` returns, in the database of `app`."""
        if has_app_context():
            return self._play(app, play, given)
        with app.app_context():
            return self._play(app, play, given)

    def _play(self, app: Flask, play: Callable[..., T], given: tuple[Hashable, ...]) -> T:
        db, data = app.extensions["sqlalchemy"], app.config["SETTINGS"].data
        engine = db.engine.dialect.name
        key = (engine, play.__module__, play.__qualname__, given)
        assert "scene" not in app.extensions, "a test begins with one scene"
        app.extensions["scene"] = key
        if key in self._played:
            number, packed = self._played[key]
            _close(app)
            self._databases.restore(engine, number)
            shutil.copytree(self._folder(number), data, dirs_exist_ok=True)
        else:
            _close(app)
            self._databases.fresh(engine)  # what a test wrote before its scene is in no copy
            packed = _packed(play(*given))
            number = len(self._played)
            _close(app)
            self._databases.keep(engine, number)
            data.mkdir(exist_ok=True)
            shutil.copytree(data, self._folder(number), ignore=shutil.ignore_patterns("*.sqlite3*"))
            self._played[key] = number, packed
        made: T = _unpacked(packed, db.session)
        return made

    def _folder(self, number: int) -> Path:
        return self._databases.folder / f"kept-{number}"


def _packed(made: object) -> Packed:
    rows = Rows(file := io.BytesIO())
    rows.dump(made)
    return Packed(file.getvalue(), dict(rows.keys))


def _unpacked(packed: Packed, session: Any) -> Any:
    """All rows of a table at once: one by one they take longer than the copy."""
    held = [session.scalars(select(model).where(_key(model).in_(keys))).all() for model, keys in packed.keys.items()]
    made = LoadedRows(io.BytesIO(packed.text), session).load()
    del held  # what the scene returns holds its rows now
    return made


def _key(model: type[Any]) -> Any:
    (column,) = inspect(model).primary_key
    return column


def _close(app: Flask) -> None:
    """Close all that has the database open: the session, its engine, and the queue of jobs by its own connection."""
    db = app.extensions["sqlalchemy"]
    db.session.remove()
    db.engine.dispose()
    queue = app.extensions.pop("baiqau.queue", None)
    if queue is not None:
        queue.storage.close()
