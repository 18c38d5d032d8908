"""Migrations lead up and down on both databases, and end where the models are."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import CheckConstraint, func, inspect, select, text

from app.core.db import GUARDS, apart, drop_guards, migrating, put_guards, writing
from app.demo import load
from competitions.queries.search import all_submitted
from competitions.services.search import index_applications
from tests.conftest import Databases, make_app, make_settings

OLD_ROWS = """
INSERT INTO people_persons (id, public_id, family_name, given_name, patronymic, email, district, language, created_at)
VALUES (1, 'p1', '', '', '', 'typed@example.com', '', 'kk', '2026-08-01 00:00:00+00'),
(2, 'p2', '', '', '', 'entered@example.com', '', 'kk', '2026-08-01 00:00:00+00');
INSERT INTO people_users (id, public_id, person_id, email, state, is_administrator, created_at)
VALUES (1, 'u1', 1, 'confirmed@example.com', 'unverified', false, '2026-08-01 00:00:00+00');
INSERT INTO messages_messages (id, public_id, unique_key, kind, channel, address, name, language, subject, text, message_id,
state, attempts, answer, created_at) VALUES (1, 'm1', 'k', 'k', 'email', 'a@example.com', '', 'kk', 'S', 'x', '<1>',
'queued', 0, '', '2026-08-01 00:00:00+00')
"""
OLD_SESSION = """
INSERT INTO people_user_sessions (id, public_id, token, user_id, created_at, seen_at, expires_at, is_remembered, device)
VALUES (1, 's1', 't', 1, '2026-08-01 00:00:00+00', '2026-08-01 00:00:00+00', '2026-09-01 00:00:00+00', false, '')
"""
OLD_COMPETITIONS = """
INSERT INTO programmes_organisations (id, public_id, kind, name, address, phone, email, created_at)
VALUES (1, 'o1', 'association', '{}', '{}', '', '', '2026-08-01 00:00:00+00');
INSERT INTO programmes_programmes (id, public_id, slug, name, organisation_id, timezone, created_at)
VALUES (1, 'g1', 'one', '{}', 1, 'Asia/Almaty', '2026-08-01 00:00:00+00'),
(2, 'g2', 'two', '{}', 1, 'Asia/Almaty', '2026-08-01 00:00:00+00');
INSERT INTO competitions_competitions (id, public_id, slug, kind, region, state, name, tagline, description,
questions_and_answers, languages, fund, award_cap, award_count, code_prefix, last_number, helpline, contact_email, created_at,
cancellation, programme_id)
SELECT number, 'c' || number, 's' || number, 'grant', 'KZ-33', 'draft', '{}', '{}', '{}', '[]', '[]', 0, 0, 1,
CASE WHEN number = 4 THEN 'SA26B' ELSE 'SA26' END, 0, '', '', '2026-08-01 00:00:00+00', '', 1 + number % 2
FROM (SELECT 1 AS number UNION SELECT 2 UNION SELECT 3 UNION SELECT 4) AS numbers
"""
FEWEST_CHECKS = 55  # a CHECK that goes is a decision, not an oversight
FEWEST_PARTIAL_INDEXES = 5
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_app(request, databases: Databases, tmp_path):
    app = make_app(make_settings(databases.bare(request.param), tmp_path))
    with app.app_context():
        yield app
        app.extensions["sqlalchemy"].session.remove()
        app.extensions["sqlalchemy"].engine.dispose()


@pytest.mark.db
def test_migrations_end_where_the_models_are_and_lead_back(bare_app):
    db = bare_app.extensions["sqlalchemy"]

    upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []

    downgrade(revision="base")
    assert inspect(db.engine).get_table_names() == ["alembic_version"]

    upgrade()
    assert set(inspect(db.engine).get_table_names()) == {*db.metadata.tables, "alembic_version"}


@pytest.mark.db
def test_checks_and_indexes_of_migrated_tables_are_those_of_the_models(bare_app):
    """Alembic compares neither CHECKs nor which rows an index holds: what migrations made is held against the models."""
    db = bare_app.extensions["sqlalchemy"]
    upgrade()
    migrated, indexed = checks_of(db), indexes_of(db)
    downgrade(revision="base")
    with migrating() as connection:
        db.metadata.create_all(connection)

    assert migrated == checks_of(db)
    declared = {
        (table.name, str(one.name))
        for table in db.metadata.tables.values()
        for one in table.constraints
        if isinstance(one, CheckConstraint)
    }
    assert {(table, name) for table, name, _ in migrated} == declared
    assert len(declared) >= FEWEST_CHECKS
    assert indexed == indexes_of(db)
    assert len([definition for _name, definition in indexed if "where" in definition.lower()]) >= FEWEST_PARTIAL_INDEXES


@pytest.mark.db
def test_guards_in_the_database_are_those_of_the_models(bare_app):
    upgrade()
    with migrating() as connection:
        migrated = guards_of(connection)
        drop_guards(connection)
        assert guards_of(connection) == []
        put_guards(connection)
        assert guards_of(connection) == migrated
        assert len({name for name, _ in migrated}) >= len(GUARDS)


@pytest.mark.db
def test_the_loaded_demo_goes_back_to_the_first_revision_and_returns_whole(bare_app):
    """Tables that came later come back empty; the worker is asked to fill anew what is made of other tables."""
    db = bare_app.extensions["sqlalchemy"]
    upgrade()
    load()
    counts = rows_of(db)

    downgrade(revision="first")
    first = set(inspect(db.engine).get_table_names()) & set(counts)
    upgrade()
    back, asked = rows_of(db), jobs_of(db)
    with writing():
        index_applications(all_submitted())
    filled = rows_of(db)

    assert {name: back[name] for name in first - {"core_jobs"}} == {name: counts[name] for name in first - {"core_jobs"}}
    assert (back["core_jobs"], "competitions.index" in asked) == (counts["core_jobs"] + 1, True)
    assert sorted(counts.keys() - first) == [
        "competitions_appeals", "competitions_form_edits", "competitions_notes", "competitions_saved_views",
        "competitions_search_entries", "competitions_search_words", "competitions_upload_pieces", "competitions_uploads",
    ]  # fmt: skip
    assert {name: filled[name] for name in counts if "_search_" in name} == {n: c for n, c in counts.items() if "_search_" in n}
    assert counts["competitions_applications"] >= 28
    broken = {one.name: db.session.execute(one.violations()).all() for one in bare_app.extensions["baiqau"].invariants}
    assert {name: rows for name, rows in broken.items() if rows} == {}


def checks_of(db):
    """(table, name, condition) of every CHECK, without the spaces and quotes in which the databases write it."""
    found = inspect(db.engine)
    return sorted(
        (table, str(one["name"]), "".join(one["sqltext"].split()).replace('"', ""))
        for table in found.get_table_names()
        for one in found.get_check_constraints(table)
    )


def indexes_of(db):
    """(name, definition) of every index, without the spaces and quotes in which it was written."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            asked = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name"
        else:
            asked = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname"
        found = connection.exec_driver_sql(asked).all()
    return [(name, "".join(definition.split()).replace('"', "")) for name, definition in found if "alembic" not in name]


def guards_of(connection):
    if connection.dialect.name == "sqlite":
        asked = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
    else:
        asked = (
            "SELECT t.tgname, pg_get_triggerdef(t.oid) || pg_get_functiondef(t.tgfoid) FROM pg_trigger t "
            "WHERE NOT t.tgisinternal ORDER BY 1"
        )
    return [tuple(row) for row in connection.exec_driver_sql(asked)]


def jobs_of(db):
    with db.engine.connect() as connection:
        return set(connection.execute(text("SELECT kind FROM core_jobs WHERE state = 'queued'")).scalars())


def rows_of(db):
    with db.engine.connect() as connection:
        return {name: connection.scalar(select(func.count()).select_from(table)) for name, table in db.metadata.tables.items()}


@pytest.mark.db
def test_letters_written_before_they_waited_leave_at_once_and_go_to_the_account(bare_app):
    upgrade(revision="first")
    with apart() as connection:
        for statement in OLD_ROWS.split(";"):
            connection.execute(text(statement))

    upgrade(revision="letters_wait")
    with apart() as connection:
        assert connection.execute(text("SELECT email FROM people_persons ORDER BY id")).scalars().all() == [
            "confirmed@example.com",
            "entered@example.com",
        ]
        assert connection.execute(text("SELECT leaves_at = created_at FROM messages_messages")).scalars().all() == [True]

    downgrade(revision="first")
    with apart() as connection:
        assert connection.execute(text("SELECT subject FROM messages_messages")).scalars().all() == ["S"]


@pytest.mark.db
def test_sessions_that_were_open_count_as_confirmed_when_they_began(bare_app):
    upgrade(revision="first")
    with apart() as connection:
        for statement in f"{OLD_ROWS};{OLD_SESSION}".split(";"):
            connection.execute(text(statement))

    upgrade(revision="password_again")
    with apart() as connection:
        asked = "SELECT confirmed_at = created_at FROM people_user_sessions"
        assert connection.execute(text(asked)).scalars().all() == [True]


@pytest.mark.db
def test_competitions_that_gave_the_same_codes_give_their_own(bare_app):
    upgrade(revision="first")
    with apart() as connection:
        for statement in OLD_COMPETITIONS.split(";"):
            connection.execute(text(statement))

    upgrade(revision="codes_their_own")
    with apart() as connection:
        asked = "SELECT code_prefix FROM competitions_competitions ORDER BY id"
        assert connection.execute(text(asked)).scalars().all() == ["SA26", "SA26C", "SA26D", "SA26B"]


def test_migrations_never_import_the_application():
    importers = [
        path.name
        for path in (ROOT / "migrations" / "versions").glob("*.py")
        if any(line.startswith(("from app", "import app")) for line in path.read_text().splitlines())
    ]

    assert importers == []


def test_a_new_migration_is_written_for_the_house_of_the_script_wherever_it_is_called(tmp_path):
    house = Path(__file__).resolve().parents[1]
    called = f"import runpy\ntry: runpy.run_path({str(house / 'scripts/new_migration.py')!r})\nexcept SystemExit: pass\n"
    env = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    asked = [sys.executable, "-c", f"{called}import app; print(app.__file__)"]
    told = subprocess.run(asked, cwd=tmp_path, env=env, capture_output=True, text=True, check=True)

    assert told.stdout.strip() == str(house / "app/__init__.py")
