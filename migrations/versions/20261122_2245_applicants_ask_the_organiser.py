"""Applications: An applicant and those who work on her application write to each other.

Risk: none; one more table. Back: the table goes, and with it all that was written there.
"""

import sqlalchemy as sa
from alembic import op

revision = "applicants_ask"
down_revision = "files_by_piece"
branch_labels = None
depends_on = None

NUMBER = sa.Integer().with_variant(sa.BigInteger(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "competitions_notes",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("application_id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("is_answer", sa.Boolean(), nullable=False, comment="written by the organiser's people, not by the applicant"),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True, comment="when it was found to need no answer"),
        sa.ForeignKeyConstraint(
            ["application_id"], ["competitions_applications.id"], name=op.f("fk_competitions_notes_application_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["people_users.id"], name=op.f("fk_competitions_notes_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competitions_notes")),
    )
    with op.batch_alter_table("competitions_notes") as table:
        table.create_index(table.f("ix_competitions_notes_application_id"), ["application_id"])


def downgrade() -> None:
    op.drop_table("competitions_notes")
