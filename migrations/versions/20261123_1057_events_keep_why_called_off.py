"""Events keep why they were called off: guests read it on the page, not only in a letter.

Risk: low; one short table gets a column. What was called off before says no reason.
Back: the reasons go, the letters keep them.
"""

import sqlalchemy as sa
from alembic import op

revision = "events_keep_why_called_off"
down_revision = "form_edits_name_their_author"
branch_labels = None
depends_on = None


def upgrade() -> None:
    comment = "why it was called off, as guests read it"
    with op.batch_alter_table("seminars_events") as batch:
        batch.add_column(sa.Column("cancellation", sa.String(), nullable=False, server_default="", comment=comment))
    with op.batch_alter_table("seminars_events") as batch:
        batch.alter_column("cancellation", existing_type=sa.String(), existing_comment=comment, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("seminars_events") as batch:
        batch.drop_column("cancellation")
