"""Letters go to confirmed addresses, and wait their turn.

Risk: low; one more column with an index, and the addresses of account holders become those of their accounts.
Back: the column goes; the addresses stay.
"""

import sqlalchemy as sa
from alembic import op

revision = "letters_wait"
down_revision = "first"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.execute(
        "UPDATE people_persons SET email = (SELECT u.email FROM people_users u WHERE u.person_id = people_persons.id) "
        "WHERE EXISTS (SELECT 1 FROM people_users u WHERE u.person_id = people_persons.id)"
    )
    with op.batch_alter_table("messages_messages") as table:
        table.add_column(
            sa.Column("leaves_at", INSTANT, nullable=True, comment="not before: nobody gets a flood of letters within an hour")
        )
    op.execute("UPDATE messages_messages SET leaves_at = created_at")
    with op.batch_alter_table("messages_messages") as table:
        table.alter_column("leaves_at", existing_type=INSTANT, nullable=False)
        table.create_index(table.f("ix_messages_messages_address_leaves_at"), ["address", "leaves_at"])


def downgrade() -> None:
    with op.batch_alter_table("messages_messages") as table:
        table.drop_index(table.f("ix_messages_messages_address_leaves_at"))
        table.drop_column("leaves_at")
