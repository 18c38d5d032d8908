"""No two competitions give the same codes, for certificates are numbered by them in the whole installation.

Risk: the table of competitions is locked for as long as one index takes; where two had the same beginning, the later one
gives its next codes with a letter more. What was given keeps its code. Back: the constraint goes; the letters stay.
"""

from itertools import count, product

import sqlalchemy as sa
from alembic import op

revision = "codes_their_own"
down_revision = "languages_compared"
branch_labels = None
depends_on = None

LETTERS = "BCDEFGHJKLMNPQRSTUVWXYZ"
NAME = "uq_competitions_competitions_code_prefix"


def upgrade() -> None:
    told_apart(op.get_bind())
    with op.batch_alter_table("competitions_competitions") as table:
        table.create_unique_constraint(table.f(NAME), ["code_prefix"])


def told_apart(bind: sa.Connection) -> None:
    """Give each competition after the first of its beginning the next free letter."""
    taken: set[str] = set()
    rows = bind.execute(sa.text("SELECT id, code_prefix FROM competitions_competitions ORDER BY id")).all()
    wanted = {prefix for _id, prefix in rows}
    for one, prefix in rows:
        letters = ("".join(some) for length in count(1) for some in product(LETTERS, repeat=length))
        free = prefix if prefix not in taken else next(f"{prefix}{x}" for x in letters if f"{prefix}{x}" not in taken | wanted)
        taken.add(free)
        if free != prefix:
            bind.execute(
                sa.text("UPDATE competitions_competitions SET code_prefix = :free WHERE id = :one"), {"free": free, "one": one}
            )


def downgrade() -> None:
    with op.batch_alter_table("competitions_competitions") as table:
        table.drop_constraint(table.f(NAME), type_="unique")
