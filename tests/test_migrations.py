"""Migrations lead up and down on both databases, and end where the models are."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from tests.conftest import Databases, make_app, make_settings

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_app(request, databases: Databases, tmp_path):
    app = make_app(make_settings(databases.bare(request.param), tmp_path))
    with app.app_context():
        yield app
        app.extensions["sqlalchemy"].engine.dispose()


@pytest.mark.db
def test_migrations_end_where_the_models_are_and_lead_back(bare_app):
    db = bare_app.extensions["sqlalchemy"]

    upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, db.metadata) == []

    downgrade(revision="base")
    assert inspect(db.engine).get_table_names() == ["alembic_version"]

    upgrade()
    assert set(inspect(db.engine).get_table_names()) == {*db.metadata.tables, "alembic_version"}


def test_migrations_never_import_the_application():
    importers = [
        path.name
        for path in (ROOT / "migrations" / "versions").glob("*.py")
        if any(line.startswith(("from app", "import app")) for line in path.read_text().splitlines())
    ]

    assert importers == []
