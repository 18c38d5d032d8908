"""Files of applications arrive piece by piece.

Risk: none, two empty tables are made. Back: files that are only half sent are sent again.
"""

import sqlalchemy as sa
from alembic import op

revision = "files_by_piece"
down_revision = "kept_searches"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "competitions_uploads",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False, comment="random, for addresses"),
        sa.Column("application_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("user_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("question_key", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column(
            "size",
            sa.Integer().with_variant(sa.BigInteger(), "postgresql"),
            nullable=False,
            comment="bytes of the whole, as its sender said",
        ),
        sa.Column("sha256", sa.String(length=64), nullable=False, comment="by which sending goes on; empty if not said"),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_competitions_uploads_size_is_positive")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["competitions_applications.id"], name=op.f("fk_competitions_uploads_application_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["people_users.id"], name=op.f("fk_competitions_uploads_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competitions_uploads")),
        sa.UniqueConstraint("public_id", name=op.f("uq_competitions_uploads_public_id")),
    )
    with op.batch_alter_table("competitions_uploads", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_competitions_uploads_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_competitions_uploads_begun_at"), ["begun_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_competitions_uploads_user_id"), ["user_id"], unique=False)

    op.create_table(
        "competitions_upload_pieces",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("upload_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column(
            "offset",
            sa.Integer().with_variant(sa.BigInteger(), "postgresql"),
            nullable=False,
            comment="bytes of the file before it",
        ),
        sa.Column("size", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("storage_key", sa.String(length=200), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_competitions_upload_pieces_size_is_positive")),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["competitions_uploads.id"], name=op.f("fk_competitions_upload_pieces_upload_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competitions_upload_pieces")),
        sa.UniqueConstraint("storage_key", name=op.f("uq_competitions_upload_pieces_storage_key")),
        sa.UniqueConstraint("upload_id", "offset", name=op.f("uq_competitions_upload_pieces_upload_id_offset")),
    )


def downgrade() -> None:
    op.drop_table("competitions_upload_pieces")
    with op.batch_alter_table("competitions_uploads", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_competitions_uploads_user_id"))
        batch_op.drop_index(batch_op.f("ix_competitions_uploads_begun_at"))
        batch_op.drop_index(batch_op.f("ix_competitions_uploads_application_id"))

    op.drop_table("competitions_uploads")
