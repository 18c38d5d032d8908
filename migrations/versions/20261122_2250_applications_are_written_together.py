"""Applications: Somebody reads or writes an application together with its applicant.

Risk: none; one more table. Back: the table goes, and with it who took part beside the applicants.
"""

import sqlalchemy as sa
from alembic import op

revision = "written_together"
down_revision = "applicants_ask"
branch_labels = None
depends_on = None

NUMBER = sa.Integer().with_variant(sa.BigInteger(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "competitions_co_applicants",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False, comment="random, for addresses"),
        sa.Column("application_id", NUMBER, nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("may_edit", sa.Boolean(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["competitions_applications.id"], name=op.f("fk_competitions_co_applicants_application_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people_persons.id"], name=op.f("fk_competitions_co_applicants_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competitions_co_applicants")),
        sa.UniqueConstraint("public_id", name=op.f("uq_competitions_co_applicants_public_id")),
    )
    with op.batch_alter_table("competitions_co_applicants") as table:
        table.create_index(table.f("ix_competitions_co_applicants_application_id"), ["application_id"])
        table.create_index(table.f("ix_competitions_co_applicants_person_id"), ["person_id"])
        table.create_index(
            table.f("ix_competitions_co_applicants_one_a_person"),
            ["application_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("left_at IS NULL"),
            postgresql_where=sa.text("left_at IS NULL"),
        )


def downgrade() -> None:
    op.drop_table("competitions_co_applicants")
