"""The commands that operators and programs rely on."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from click.testing import CliRunner
from flask_migrate import downgrade
from sqlalchemy import NullPool, create_engine

from app.cli import main
from app.core import clock
from app.core.db import db, writing
from app.core.jobs import GiveUpError, Job, JobState, drain, enqueue
from tests import factories

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def run(app, monkeypatch):
    """Run a command inside the test's application."""
    monkeypatch.setattr("app.cli.create", lambda: app)
    return lambda *words: CliRunner().invoke(main, list(words))


@pytest.fixture
def environment(app):
    """What a process of its own needs to be the same installation."""
    settings = app.config["SETTINGS"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BAIQAU_")}
    keys = {"BAIQAU_SECRET_KEY": "s" * 40, "BAIQAU_VAULT_KEY": "v" * 40, "BAIQAU_AUDIT_KEY": "a" * 40}
    return kept | keys | {"BAIQAU_DATABASE_URL": settings.database_url, "BAIQAU_DATA": str(settings.data), "BAIQAU_MODULES": ""}


def test_help_is_quick_for_it_imports_neither_database_nor_site():
    command = [sys.executable, "-X", "importtime", "-m", "app.cli", "--help"]
    listed = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)

    assert all(
        f" {name}\n" in listed.stdout or f" {name} " in listed.stdout for name in ("web", "worker", "doctor", "demo", "audit")
    )
    assert not {"sqlalchemy", "flask", "numpy"} & {line.rpartition("|")[2].strip() for line in listed.stderr.splitlines()}


def test_doctor_finds_a_sound_installation_sound(run):
    answer = run("doctor", "--json")
    found = json.loads(answer.stdout)

    assert [one for one in found["checks"] if not one["ok"]] == []
    assert (found["ok"], answer.exit_code) == (True, 0)
    assert all(one.keys() == {"name", "ok", "detail", "cure"} for one in found["checks"])
    assert {"settings", "database", "migrations", "space", "files", "fonts", "mail", "jobs", "audit chain"} <= {
        one["name"] for one in found["checks"]
    }


@pytest.mark.parametrize("command", ["web", "worker", "doctor", "nothing"])
def test_a_setting_that_cannot_be_used_is_told_in_one_sentence(monkeypatch, command):
    monkeypatch.setenv("BAIQAU_ENV", "prod")

    answer = CliRunner().invoke(main, [command])

    assert answer.output == "Error: Set BAIQAU_ENV anew: Input should be 'development' or 'production'.\n"
    assert answer.exit_code == 1


def test_doctor_says_what_is_wrong_and_what_to_do(app, run):
    app.config["SETTINGS"].smtp_url = "smtp://127.0.0.1:9"
    answer = run("doctor")

    assert answer.exit_code == 1
    assert "BAD mail: 127.0.0.1: ConnectionRefusedError  -> Look at BAIQAU_SMTP_URL" in answer.stdout


def revision_in(connection):
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


@pytest.fixture
def older(database, app):
    """A database one revision behind, with a row; gives that revision."""
    with writing():
        factories.programme()
    db.session.remove()
    downgrade(revision="-1")
    with db.engine.connect() as connection:
        return revision_in(connection)


def test_upgrade_keeps_the_database_as_it_was(older, database, app, run, databases):
    answer = run("upgrade")

    folder = app.config["SETTINGS"].data / "backups"
    (copy,) = folder.iterdir()
    assert f"The database as it was: {copy}" in answer.stdout
    assert answer.exit_code == (0 if database == "sqlite" else 1)  # the tests' PostgreSQL is careless, and the doctor says so
    with engine_of(copy, database, databases).connect() as connection:
        assert revision_in(connection) == older
        assert connection.exec_driver_sql("SELECT count(*) FROM programmes_programmes").scalar() == 1
    with db.engine.connect() as connection:
        assert revision_in(connection) != older
    run("upgrade")
    assert list(folder.iterdir()) == [copy]


def engine_of(copy, database, databases):
    """The copy, brought back as an administrator would."""
    if database == "sqlite":
        return create_engine(f"sqlite:///{copy}", poolclass=NullPool)
    databases.server.execute("DROP DATABASE IF EXISTS restored WITH (FORCE)", "CREATE DATABASE restored")
    url = databases.server.url("restored")
    subprocess.run(["pg_restore", "--exit-on-error", "--no-owner", f"--dbname={url}", str(copy)], check=True)
    return create_engine(url.replace("postgresql:", "postgresql+psycopg:"), poolclass=NullPool)


def test_upgrade_changes_nothing_where_no_copy_can_be_made(older, database, app, run, monkeypatch):
    """SQLite needs no program for its copy."""
    monkeypatch.setenv("PATH", "/nowhere")
    answer = run("upgrade")
    with db.engine.connect() as connection:
        found = revision_in(connection)

    if database == "sqlite":
        assert (answer.exit_code, found != older) == (0, True)
        return
    assert (answer.exit_code, found) == (1, older)
    assert "There is no pg_dump" in answer.stderr
    run("upgrade", "--no-copy")
    with db.engine.connect() as connection:
        assert revision_in(connection) != older
    assert list((app.config["SETTINGS"].data / "backups").iterdir()) == []


# Stands before the real one on the PATH: writes down what everybody on the machine could read, then lets it work.
WATCHED_PG_DUMP = """#!/bin/sh
printf '%s\\n' "$@" > "$BAIQAU_DATA/arguments"
PATH="${PATH#*:}"
exec pg_dump "$@"
"""


SECRET = "p%40s s/w&rd"


@contextmanager
def locked(server):
    """A role whom the server lets in by her password only."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        rules = Path(*connection.execute("SHOW hba_file").fetchall()[0])
    before = rules.read_text()
    rules.write_text(f"host all locked 127.0.0.1/32 scram-sha-256\n{before}")
    try:
        server.execute("DROP ROLE IF EXISTS locked", f"CREATE ROLE locked SUPERUSER LOGIN PASSWORD '{SECRET}'")
        server.execute("SELECT pg_reload_conf()")
        yield
    finally:
        rules.write_text(before)
        server.execute("SELECT pg_reload_conf()")


@pytest.mark.db("postgresql")  # SQLite has no passwords
@pytest.mark.parametrize("address", ["postgresql+psycopg://locked:{}@{}", "postgresql+psycopg://locked@{1}&password={0}"])
def test_upgrade_hands_the_password_to_nobody_else(older, database, databases, environment, address):
    data = Path(environment["BAIQAU_DATA"])
    (data / "programs").mkdir(parents=True)
    (data / "programs" / "pg_dump").write_text(WATCHED_PG_DUMP)
    (data / "programs" / "pg_dump").chmod(0o755)
    place = environment["BAIQAU_DATABASE_URL"].partition("@")[2]
    url = address.format(quote(SECRET, safe=""), f"{place}?application_name=baiqau")
    watched = {"PATH": f"{data}/programs:{os.environ['PATH']}", "BAIQAU_DATABASE_URL": url}
    command = [sys.executable, "-m", "app.cli", "upgrade"]
    with locked(databases.server):
        done = subprocess.run(command, env=environment | watched, cwd=ROOT, capture_output=True, text=True, check=False)

    told = (data / "arguments").read_text()
    assert "The database as it was: " in done.stdout, done.stderr
    assert "application_name=baiqau" in told
    assert [word for word in ("***", "password=", "p%", "w&rd", "w%26rd") if word in told.replace("--no-password", "")] == []


def test_what_the_command_line_writes_is_for_nobody_else(older, database, environment):
    data = Path(environment["BAIQAU_DATA"]) / "of-its-own"
    command = f"umask 022; exec {sys.executable} -m app.cli upgrade"
    own = environment | {"BAIQAU_DATA": str(data)}
    subprocess.run(["sh", "-c", command], env=own, cwd=ROOT, capture_output=True, check=False)

    written = [data, *data.rglob("*")]
    assert [path for path in written if path.parent.name == "backups"]
    assert [str(path) for path in written if path.stat().st_mode & 0o077] == []


def test_copies_are_for_nobody_else_whoever_makes_them(older, app, run, monkeypatch):
    monkeypatch.setattr("app.cli.PRIVATE", 0o022)
    folder = app.config["SETTINGS"].data / "backups"
    folder.mkdir(mode=0o755, parents=True)
    run("upgrade")

    (copy,) = folder.iterdir()
    assert [path.stat().st_mode & 0o777 for path in (folder, copy)] == [0o700, 0o600]


def test_audit_verify_counts_the_entries(run):
    answer = run("audit", "verify", "--json")

    assert (json.loads(answer.stdout), answer.exit_code) == ({"ok": True, "entries": 0, "first_broken": None}, 0)


def test_first_administrator_gets_a_link_that_opens_once(app, run):
    answer = run("user", "create", "--email", "Admin@example.com", "--role", "administrator")
    address = answer.stdout.strip()
    visitor = app.test_client()

    assert answer.exit_code == 0
    assert address.startswith("http://127.0.0.1:8000/sign-in/")
    assert visitor.get(address.removeprefix("http://127.0.0.1:8000")).status_code == 200
    assert run("user", "create", "--email", "admin@example.com", "--role", "administrator").exit_code != 0


@pytest.mark.parametrize(
    ("email", "said"),
    [("Admin@example.com", "Error: This e-mail address already has an account."), ("not-an-address", "Error: This is not an")],
)
def test_account_that_is_refused_is_refused_in_a_sentence(run, email, said):
    run("user", "create", "--email", "admin@example.com", "--role", "administrator")
    answer = run("user", "create", "--email", email, "--role", "administrator")

    assert answer.exit_code == 1
    assert isinstance(answer.exception, SystemExit)
    assert said in answer.stderr


def check_of(run, name):
    return next(one for one in json.loads(run("doctor", "--json").stdout)["checks"] if one["name"] == name)


def test_doctor_misses_a_worker_that_left_its_job_behind(app, run, at):
    with app.app_context(), writing():
        job = enqueue("test.do", key="1", payload={})
        held = {"state": JobState.RUNNING, "holder": "x", "lease_until": clock.now()}
        db.session.execute(db.update(Job).where(Job.id == job.id).values(held))
    soon = check_of(run, "jobs")
    at(clock.now() + timedelta(minutes=3))
    late = check_of(run, "jobs")

    assert (soon["ok"], soon["detail"]) == (True, "0 overdue")
    assert (late["ok"], late["detail"], late["cure"]) == (False, "1 overdue", "Start a worker: baiqau worker")


def test_job_that_was_given_up_is_told_and_runs_again_or_is_forgotten(app, run):
    def hopeless(_job, *, number):
        if number in broken:
            raise GiveUpError

    broken = {1, 2, 3}
    app.extensions["baiqau"].jobs["test.do"] = hopeless
    with app.app_context():
        with writing():
            made = [enqueue("test.do", key=str(one), payload={"number": one}) for one in (1, 2, 3)]
            made[0].public_id, made[1].public_id = "-RWtW-bznSu2HGtAXulwnQ", "--bHUicZ0DZMB3LydAfX3A"
            names = [one.public_id for one in made]
        drain()
    told = check_of(run, "jobs given up")
    listed = run("jobs", "list").stdout
    broken.clear()

    assert (told["ok"], told["detail"]) == (False, "3 given up")
    assert "baiqau jobs again" in told["cure"]
    assert [line.split()[0] for line in listed.splitlines()] == names
    assert "GiveUpError" in listed
    assert run("jobs", "forget", names[0]).stdout == "1 jobs\n"
    assert run("jobs", "forget", names[0]).exit_code == run("jobs", "forget").exit_code - 1 == 1
    assert run("jobs", "again", names[1]).stdout == "1 jobs\n"
    assert run("jobs", "again").stdout == "1 jobs\n"
    with app.app_context():
        assert drain() == 2
    assert check_of(run, "jobs given up")["ok"]


def test_routes_name_policy_and_audience(run):
    rows = json.loads(run("routes", "--json").stdout)
    found = {row["endpoint"]: row for row in rows}

    assert found["messages_admin.outbox"] == {
        "methods": ["GET"], "rule": "/admin/outbox", "endpoint": "messages_admin.outbox", "policy": "message:read",
        "audience": "administrator",
    }  # fmt: skip
    assert all(row.keys() == {"methods", "rule", "endpoint", "policy", "audience"} for row in rows)


def test_demo_stays_away_from_production_and_from_real_data(app, run):
    refused = [run("demo", "finish-scoring"), run("demo", "scale", "--applications", "1", "--jurors", "1", "--reviews", "1")]
    run("user", "create", "--email", "real@example.com", "--role", "administrator")
    refused.append(run("demo", "load"))
    app.config["SETTINGS"].env = "production"
    refused.append(run("demo", "load"))

    assert [answer.exit_code for answer in refused] == [1, 1, 1, 1]
    assert "real data" in refused[2].output
    assert "production" in refused[3].output
    with app.app_context():
        assert db.session.scalar(db.text("SELECT count(*) FROM people_users")) == 1


@pytest.mark.parametrize(
    "words", [("demo", "finish-scoring"), ("demo", "scale", "--applications", "1", "--jurors", "1", "--reviews", "1")]
)
def test_demo_changes_nothing_where_one_account_is_real(app, run, words):
    with app.app_context(), writing():
        factories.user("organiser@demo.example")
        factories.user("real@demo.example.com")
    answer = run(*words)

    assert answer.exit_code == 1
    assert "real data: 1 " in answer.output
    assert "set BAIQAU_DATA to a new folder, then baiqau upgrade and baiqau demo load" in answer.output


def test_worker_ends_its_work_on_sigterm(environment):
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "worker"], env=environment, cwd=ROOT, stderr=subprocess.PIPE, text=True
    )
    ticks = Path(environment["BAIQAU_DATA"]) / "wake.sqlite3"
    deadline = time.monotonic() + 60
    while not ticks.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(1)
    process.send_signal(signal.SIGTERM)
    _out, said = process.communicate(timeout=60)

    assert (process.returncode, "Traceback" in said) == (0, False)
