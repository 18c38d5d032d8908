"""A change of a form names its author as all other acts do: by a key that the database holds.

Risk: low; one short table gets a foreign key, and a change whose author is not there any more names nobody.
Back: the key goes, the numbers stay.
"""

import sqlalchemy as sa
from alembic import op

revision = "form_edits_name_their_author"
down_revision = "applicants_appeal"
branch_labels = None
depends_on = None

NAME = "fk_competitions_form_edits_user_id"


def upgrade() -> None:
    op.execute(
        sa.text(
            "UPDATE competitions_form_edits SET user_id = NULL"
            " WHERE user_id IS NOT NULL AND user_id NOT IN (SELECT id FROM people_users)"
        )
    )
    with op.batch_alter_table("competitions_form_edits") as batch:
        batch.create_foreign_key(batch.f(NAME), "people_users", ["user_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("competitions_form_edits") as batch:
        batch.drop_constraint(batch.f(NAME), type_="foreignkey")
