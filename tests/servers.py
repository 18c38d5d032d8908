"""Real servers for the tests, on loopback, in folders of their own, ended with the session."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg

STARTS_WITHIN_SECONDS = 60


@contextmanager
def scratch_folder(name: str) -> Iterator[Path]:
    """A folder for one server or one worker, in memory where the machine has such a disk."""
    memory = Path("/dev/shm")
    parent = memory if memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 1 << 30 else None
    path = Path(tempfile.mkdtemp(prefix=f"baiqau-{name}-", dir=parent))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def free_port() -> int:
    """A port of loopback on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class PostgreSQL:
    """A PostgreSQL server of Debian's making, trusted, and careless about power failures for speed."""

    def __init__(self, port: int) -> None:
        self.port = port

    def url(self, name: str) -> str:
        return f"postgresql://baiqau@127.0.0.1:{self.port}/{name}"

    def execute(self, *statements: str) -> None:
        for statement in statements:
            self._connection.execute(statement.encode())

    @cached_property
    def _connection(self) -> psycopg.Connection:
        """Kept open: to connect takes as long as to copy a small database."""
        return psycopg.connect(self.url("postgres"), autocommit=True)

    def close(self) -> None:
        """Give the connection back before the server ends."""
        self._connection.close()

    def drop(self, name: str) -> None:
        """Remove the database `name`, ending whoever still uses it."""
        self.execute(_drop(name))

    def copy(self, template: str, name: str) -> None:
        """Make the database `name` anew, equal to `template`."""
        self.execute(_drop(name), f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')


def _drop(name: str) -> str:
    return f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'


@contextmanager
def postgresql() -> Iterator[PostgreSQL]:
    """Start PostgreSQL, as its own user when the tests run as root, whom it refuses to serve."""
    programs = postgresql_programs()
    port = free_port()
    user = "postgres" if os.getuid() == 0 else None
    with scratch_folder("postgresql") as folder:
        if user:
            shutil.chown(folder, user, user)
        data, log = folder / "data", folder / "log"
        initdb: list[str | Path] = [
            programs / "initdb",
            "--pgdata",
            data,
            "--username=baiqau",
            "--auth=trust",
            "--encoding=UTF8",
        ]
        run: dict[str, Any] = {"user": user, "group": user, "extra_groups": []} if user else {}
        subprocess.run(
            [*initdb, "--locale=C.UTF-8", "--no-sync", "--no-instructions"],
            check=True,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            **run,
        )
        careless = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "max_wal_size=4GB")
        local = (f"port={port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={folder}", "max_connections=200")
        options = [word for setting in (*careless, *local) for word in ("-c", setting)]
        with log.open("wb") as output:
            server = subprocess.Popen(
                [programs / "postgres", "-D", data, *options],
                cwd=folder,
                stdout=output,
                stderr=output,
                start_new_session=True,
                **run,
            )
        try:
            _wait_for(server, port, log)
            with closing(PostgreSQL(port)) as made:
                yield made
        finally:
            server.send_signal(signal.SIGINT)  # end all sessions, then stop
            server.wait(timeout=30)


def postgresql_programs() -> Path:
    """The folder of the newest PostgreSQL: Debian keeps the server's programs off the PATH."""
    found = [Path(path) for path in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))]
    path = str(found[-1]) if found else shutil.which("initdb")
    if path is None:
        message = "PostgreSQL is not installed; ./test installs it"
        raise RuntimeError(message)
    return Path(path).parent


def _wait_for(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            psycopg.connect(f"postgresql://baiqau@127.0.0.1:{port}/postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    message = f"PostgreSQL did not start:\n{log.read_text(errors='replace')}"
    raise RuntimeError(message)


@contextmanager
def redis() -> Iterator[str]:
    """Start Redis in memory and give its address."""
    port = free_port()
    program = shutil.which("redis-server")
    if program is None:
        message = "Redis is not installed; ./test installs it"
        raise RuntimeError(message)
    with scratch_folder("redis") as folder:
        options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        server = subprocess.Popen([program, *options], cwd=folder, stdout=subprocess.DEVNULL, start_new_session=True)
        try:
            wait_for_port(port)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.terminate()
            server.wait(timeout=30)


def wait_for_port(port: int) -> None:
    """Wait until somebody listens on `port` of loopback."""
    deadline = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    message = f"nobody listens on port {port}"
    raise RuntimeError(message)
