"""Competitions: Keep searches under a name.

Risk: low; one new table. Back: the table goes, and with it the kept searches.
"""

import sqlalchemy as sa
from alembic import op

revision = "kept_searches"
down_revision = "found_by_words"
branch_labels = None
depends_on = None

KEY = sa.Integer().with_variant(sa.BigInteger(), "postgresql")


def upgrade() -> None:
    table = "competitions_saved_views"
    op.create_table(
        table,
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(32), nullable=False, comment="random, for addresses"),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("query", sa.String(300), nullable=False, comment="as typed; a name may stand in it"),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("programme_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["people_users.id"], name=op.f(f"fk_{table}_user_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes_programmes.id"], name=op.f(f"fk_{table}_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("programme_id", "user_id", "name", name=op.f(f"uq_{table}_programme_id_user_id_name")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
    )
    op.create_index(op.f(f"ix_{table}_user_id"), table, ["user_id"])
    op.create_index(op.f(f"ix_{table}_programme_id"), table, ["programme_id"])


def downgrade() -> None:
    op.drop_table("competitions_saved_views")
