"""Sessions remember when the password was typed.

Risk: low; one more column. Sessions that are open count as confirmed when they began.
Back: the column goes; nothing else is lost.
"""

import sqlalchemy as sa
from alembic import op

revision = "password_again"
down_revision = "letters_wait"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("people_user_sessions") as table:
        table.add_column(
            sa.Column(
                "confirmed_at",
                INSTANT,
                nullable=True,
                comment="the password was typed: to sign in, or again before a dangerous act",
            )
        )
    op.execute("UPDATE people_user_sessions SET confirmed_at = created_at")
    with op.batch_alter_table("people_user_sessions") as table:
        table.alter_column("confirmed_at", existing_type=INSTANT, nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("people_user_sessions") as table:
        table.drop_column("confirmed_at")
