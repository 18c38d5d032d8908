"""Competitions: Find applications by their words.

Risk: low; two new tables. What was submitted before is put into them by the worker, soon after it starts.
Back: both tables go; all of it is made out of what was submitted.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "found_by_words"
down_revision = "codes_their_own"
branch_labels = None
depends_on = None

KEY = sa.Integer().with_variant(sa.BigInteger(), "postgresql")
STEM = sa.String(40).with_variant(sa.String(40, collation="C"), "postgresql")
JOBS = sa.table(
    "core_jobs",
    *(sa.column(one) for one in ("public_id", "kind", "unique_key", "state", "error")),
    *(sa.column(one, sa.Integer) for one in ("attempts", "failures", "done_count", "total_count")),
    *(sa.column(one, sa.DateTime(timezone=True)) for one in ("run_at", "created_at")),
    sa.column("payload", sa.JSON),
)


def upgrade() -> None:
    entries, words = "competitions_search_entries", "competitions_search_words"
    op.create_table(
        entries,
        sa.Column("id", KEY, nullable=False),
        sa.Column("application_id", KEY, nullable=False),
        sa.Column("amount", KEY, nullable=True, comment="tenge asked for"),
        sa.Column("region", sa.String(5), nullable=True, comment="ISO 3166-2, KZ-NN"),
        sa.Column("age_index", sa.String(43), nullable=True, comment="blind index of the age on the closing day"),
        sa.ForeignKeyConstraint(
            ["application_id"], ["competitions_applications.id"], name=op.f(f"fk_{entries}_application_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{entries}")),
        sa.UniqueConstraint("application_id", name=op.f(f"uq_{entries}_application_id")),
    )
    for column in ("amount", "region", "age_index"):
        op.create_index(f"ix_{entries}_{column}", entries, [column])
    op.create_table(
        words,
        sa.Column("id", KEY, nullable=False),
        sa.Column("application_id", KEY, nullable=False),
        sa.Column("stem", STEM, nullable=False),
        sa.Column("is_name", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["competitions_applications.id"], name=op.f(f"fk_{words}_application_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{words}")),
        sa.UniqueConstraint("application_id", "stem", "is_name", name=op.f(f"uq_{words}_application_id_stem_is_name")),
    )
    op.create_index(f"ix_{words}_stem", words, ["stem", "is_name", "application_id"])
    _have_them_filled()


def _have_them_filled() -> None:
    """Endings are taken off by the program: its worker does it."""
    submitted = sa.text("SELECT 1 FROM competitions_applications WHERE code IS NOT NULL LIMIT 1")
    if op.get_bind().execute(submitted).first() is None:
        return
    now = datetime(2026, 11, 22, tzinfo=UTC)  # it is due at once
    job = {"public_id": "found_by_words", "kind": "competitions.index", "unique_key": "all", "payload": {}, "state": "queued"}
    counts = {"attempts": 0, "failures": 0, "done_count": 0, "total_count": 0}
    op.get_bind().execute(JOBS.insert().values(**job, **counts, error="", run_at=now, created_at=now))


def downgrade() -> None:
    op.drop_table("competitions_search_words")
    op.drop_table("competitions_search_entries")
    op.execute("DELETE FROM core_jobs WHERE kind = 'competitions.index'")
