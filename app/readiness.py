"""Whether this process can serve: one query, asked by balancers every few seconds."""

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app.core.db import db


def is_ready() -> bool:
    """Whether the database answers."""
    try:
        return db.session.scalar(select(1)) == 1
    except OperationalError:
        return False
