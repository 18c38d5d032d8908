"""What the tests of this folder share: the demo, loaded once a process."""

import shutil
from collections.abc import Iterator

import pytest

from tests.client import Client
from tests.conftest import Databases, make_app, make_settings
from tests.journeys.demo import Demo


@pytest.fixture(scope="session")
def demo(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo in this process; each test begins with `demo.restore()`."""
    from app import demo as loader  # noqa: PLC0415 - imported with the application
    from app.core.db import db  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("demo")
    database = folder / "demo.sqlite3"
    shutil.copyfile(databases.sqlite().removeprefix("sqlite:///"), database)
    app = make_app(make_settings(f"sqlite:///{database}", folder / "data"))
    app.test_client_class = Client
    made = Demo(app, database, {"finished": loader.finish_scoring})
    with app.app_context():
        loader.load()
    made.keep("loaded")
    yield made
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
