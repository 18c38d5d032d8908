"""How migrations reach the database: through the application's engine, in one writing transaction.

Our column types are written as plain ones, so that a migration never imports the application. Guards are no part of the
revisions: they are taken off before, and put on as the models declare them once the schema is the newest.
"""

from typing import Any, Literal

from alembic import context
from alembic.migration import MigrationContext
from flask import current_app
from sqlalchemy import JSON, Connection, DateTime, LargeBinary
from sqlalchemy.types import TypeDecorator

from app.core.db import db, drop_guards, migrating, put_guards


def render_item(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Write decorated types as what the database sees."""
    if kind != "type" or not isinstance(item, TypeDecorator):
        return False
    plain = item.impl_instance if hasattr(item, "impl_instance") else item.impl
    if isinstance(plain, DateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(plain, LargeBinary):
        return "sa.LargeBinary()"
    return "sa.JSON()" if isinstance(plain, JSON) else "sa.String()"


def run(connection: Connection) -> None:
    """Migrate over an open connection."""
    options = current_app.extensions["migrate"].configure_args | {"compare_type": True}
    context.configure(connection=connection, target_metadata=db.metadata, render_item=render_item, **options)
    with context.begin_transaction():
        drop_guards(connection)
        context.run_migrations()
        if set(MigrationContext.configure(connection).get_current_heads()) == set(context.script.get_heads()):
            put_guards(connection)


with migrating() as live:
    run(live)
