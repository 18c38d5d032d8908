"""Applications: An applicant appeals against a refusal, and is answered.

The comment of forms' locking says what it means since they are made here. Risk: none; one more table. Back: the table goes, and with it all that was written there.
"""

import sqlalchemy as sa
from alembic import op

revision = "applicants_appeal"
down_revision = "forms_are_made_here"
branch_labels = None
depends_on = None

NUMBER = sa.Integer().with_variant(sa.BigInteger(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "competitions_appeals",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("application_id", NUMBER, nullable=False),
        sa.Column("check_id", NUMBER, nullable=False, comment="the refusal"),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_upheld", sa.Boolean(), nullable=True, comment="NULL until it is answered"),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", NUMBER, nullable=True),
        sa.CheckConstraint(
            "(is_upheld IS NULL) = (answer IS NULL) AND (is_upheld IS NULL) = (answered_at IS NULL)"
            " AND (is_upheld IS NULL) = (answered_by_id IS NULL)",
            name=op.f("ck_competitions_appeals_answered_in_full"),
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["competitions_applications.id"], name=op.f("fk_competitions_appeals_application_id")
        ),
        sa.ForeignKeyConstraint(["check_id"], ["competitions_checks.id"], name=op.f("fk_competitions_appeals_check_id")),
        sa.ForeignKeyConstraint(["user_id"], ["people_users.id"], name=op.f("fk_competitions_appeals_user_id")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["people_users.id"], name=op.f("fk_competitions_appeals_answered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competitions_appeals")),
        sa.UniqueConstraint("check_id", name=op.f("uq_competitions_appeals_check_id")),
    )
    with op.batch_alter_table("competitions_appeals") as table:
        table.create_index(table.f("ix_competitions_appeals_application_id"), ["application_id"])
    say_of_the_lock("since when applications are written by it; it does not change any more")


def downgrade() -> None:
    say_of_the_lock("set when the first application uses it")
    op.drop_table("competitions_appeals")


def say_of_the_lock(comment: str) -> None:
    """SQLite keeps no comments."""
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("competitions_forms", "locked_at", comment=comment, existing_type=sa.DateTime(timezone=True))
