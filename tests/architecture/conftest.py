"""What the tests of this folder share: the application over the whole demo."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.client import Client
from tests.conftest import make_app, settings_of_copy
from tests.loaded import Loaded


@pytest.fixture
def demo_app(loaded_demo: Loaded, tmp_path: Path) -> Iterator[Flask]:
    """An application on a copy of the demo, with no context open; nobody checks the invariants afterwards."""
    from app.core.db import db  # noqa: PLC0415 - imported with the application

    app = make_app(settings_of_copy(loaded_demo, tmp_path / "data"))
    app.test_client_class = Client
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
