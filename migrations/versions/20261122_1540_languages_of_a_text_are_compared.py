"""Competitions: Know when each language of a text was last changed.

Risk: low; one more column of a short table. Until somebody changes a text, all its languages count as equally old.
Back: the column goes, and with it what was compared.
"""

import sqlalchemy as sa
from alembic import op

revision = "languages_compared"
down_revision = "states_without_acts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    comment = "{text: {language: instant of its last change}}, of rules.parity"
    with op.batch_alter_table("competitions_competitions") as table:
        table.add_column(sa.Column("edits", sa.JSON(), nullable=False, server_default="{}", comment=comment))
    with op.batch_alter_table("competitions_competitions") as table:
        table.alter_column("edits", existing_type=sa.JSON(), existing_nullable=False, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("competitions_competitions") as table:
        table.drop_column("edits")
