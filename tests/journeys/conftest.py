"""What the tests of this folder share: the demo in this process."""

from collections.abc import Iterator

import pytest

from tests.client import Client
from tests.conftest import make_app, settings_of_copy
from tests.journeys.demo import Demo
from tests.loaded import Loaded


@pytest.fixture(scope="session")
def demo(loaded_demo: Loaded, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo in this process; each test begins with `demo.restore()`."""
    from app.core.db import db  # noqa: PLC0415 - imported with the application
    from app.demo import finish_scoring  # noqa: PLC0415

    settings = settings_of_copy(loaded_demo, tmp_path_factory.mktemp("demo") / "data")
    app = make_app(settings)
    app.test_client_class = Client
    made = Demo(app, settings.data / "baiqau.sqlite3", {"finished": finish_scoring})
    made.keep("loaded")
    yield made
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
