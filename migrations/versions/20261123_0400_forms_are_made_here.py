"""Application forms are made here: more kinds of questions, changes that can be taken back, forms locked with the call.

Risk: low; one CHECK of a short table is made anew, one table is new, forms of announced calls get the instant of their lock.
Back: the changes that could be taken back are lost; the CHECK allows the earlier kinds only, so questions of the later
kinds must be gone before. The instants of locks stay: they mean the same before.
"""

import sqlalchemy as sa
from alembic import op

revision = "forms_are_made_here"
down_revision = "applicants_ask"
branch_labels = None
depends_on = None

BEFORE = (
    "short", "long", "number", "money", "date", "choice", "yes_no", "table", "budget", "file", "district",
    "person_name", "iin", "contact", "region_district", "institution",
)  # fmt: skip
AFTER = (
    "short", "long", "number", "money", "date", "choice", "multiple_choice", "yes_no", "phone", "email", "table", "budget",
    "file", "district", "person_name", "iin", "contact", "region_district", "institution", "consent", "text_block",
)  # fmt: skip


def upgrade() -> None:
    allow(AFTER)
    op.create_table(
        "competitions_form_edits",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("form_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False, comment="as rules.form_json writes it"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=True),
        sa.ForeignKeyConstraint(
            ["form_id"], ["competitions_forms.id"], name=op.f("fk_competitions_form_edits_form_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competitions_form_edits")),
    )
    op.create_index(op.f("ix_competitions_form_edits_form_id"), "competitions_form_edits", ["form_id"])
    op.execute(
        "UPDATE competitions_forms SET locked_at = (SELECT c.announced_at FROM competitions_competitions c"
        " WHERE c.id = competitions_forms.competition_id) WHERE locked_at IS NULL"
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_competitions_form_edits_form_id"), table_name="competitions_form_edits")
    op.drop_table("competitions_form_edits")
    allow(BEFORE)


def allow(kinds: tuple[str, ...]) -> None:
    quoted = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("competitions_questions") as batch:
        batch.drop_constraint(batch.f("ck_competitions_questions_question_kind"), type_="check")
        batch.create_check_constraint(batch.f("ck_competitions_questions_question_kind"), sa.text(f"kind IN ({quoted})"))
