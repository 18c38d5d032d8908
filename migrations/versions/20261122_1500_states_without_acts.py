"""No state without an act that leads to it.

Risk: low; three CHECKs and one index of two short tables are made anew. No row can be in a state that goes: no act led there.
Back: the CHECKs and the index allow those states again.
"""

import sqlalchemy as sa
from alembic import op

revision = "states_without_acts"
down_revision = "password_again"
branch_labels = None
depends_on = None

STATES = {
    "competitions_competitions": (
        "competition_state",
        ("draft", "approved", "announced", "decided", "published", "cancelled"),
        ("draft", "approved", "announced", "decided", "published", "closed", "cancelled"),
    ),
    "competitions_applications": (
        "application_state",
        ("draft", "submitted", "returned", "admitted", "not_admitted", "withdrawn"),
        ("draft", "submitted", "returned", "admitted", "not_admitted", "withdrawn", "disqualified"),
    ),
    "awards_awards": (
        "award_state",
        ("proposed", "published", "revoked"),
        ("proposed", "published", "declined", "revoked"),
    ),
}
ONE_A_PERSON = "ix_competitions_applications_one_a_person"


def upgrade() -> None:
    for table, (name, after, _before) in STATES.items():
        allow(table, name, after)
    count_as_one("state <> 'withdrawn'")


def downgrade() -> None:
    for table, (name, _after, before) in STATES.items():
        allow(table, name, before)
    count_as_one("state NOT IN ('withdrawn', 'disqualified')")


def allow(table: str, name: str, states: tuple[str, ...]) -> None:
    quoted = ", ".join(f"'{state}'" for state in states)
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(batch.f(f"ck_{table}_{name}"), type_="check")
        batch.create_check_constraint(batch.f(f"ck_{table}_{name}"), sa.text(f"state IN ({quoted})"))


def count_as_one(where: str) -> None:
    """One application a person in a competition, of those that still count."""
    op.drop_index(ONE_A_PERSON, table_name="competitions_applications")
    op.create_index(
        ONE_A_PERSON,
        "competitions_applications",
        ["competition_id", "applicant_id"],
        unique=True,
        sqlite_where=sa.text(where),
        postgresql_where=sa.text(where),
    )
