"""What ./run starts: a database of this version, the demo in an empty one, the site and its worker, until Ctrl-C.

The application is imported once and both processes are forked from this one, so that a second start is quick.
"""

import argparse
import ctypes
import multiprocessing
import os
import signal
import socket
import sys
import time
from collections.abc import Sequence
from multiprocessing import connection
from multiprocessing.context import ForkProcess
from typing import NoReturn

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, select

from app.cli import main as baiqau
from app.config import PRIVATE, MisconfiguredError, Settings
from app.core.db import db
from app.factory import create_app
from app.people.models import User
from app.tls import local_certificate

DEMO_PASSWORD = "baiqau-demo-2026"  # noqa: S105 - printed for everybody
DEMO_PEOPLE = {
    "organiser@demo.example": "runs Start App",
    "organiser.jas@demo.example": "runs JAS QADAM",
    "secretary@demo.example": "secretary of the jury",
    "checker@demo.example": "checks applications",
    "consultant@demo.example": "marks who came to seminars, as does consultant2@",
    "lawyer@demo.example": "reads competitions and events of the programme",
    "press@demo.example": "reads them as well",
    "institution@demo.example": "belongs to a children's home; its pages are still to come",
    "chair@demo.example": "chairs the jury; juror2@ to juror5@ score as well",
    "juror1@demo.example": "scores for JAS QADAM alone",
    "graduate1@demo.example": "an applicant, as are all up to graduate14@",
    "winner1@demo.example": "won last year and holds a diploma, as do all up to winner4@",
    "funder@demo.example": "reads the reports",
    "admin@demo.example": "administrator",
}
LAST_PORT = 65535
ENDS_WITHIN_SECONDS = 10
POLL_SECONDS = 0.02
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared with, not bound to
PR_SET_PDEATHSIG = 1

fork = multiprocessing.get_context("fork")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until a signal comes or one of the two processes ends; gives the exit status."""
    options = parse(arguments)
    if not is_free(options.host, options.port):
        print(f"Port {options.port} is taken. Try: ./run --port {options.port + 1}", file=sys.stderr)
        return 1
    os.umask(PRIVATE)
    address = f"{'https' if options.tls else 'http'}://{public_host(options.host)}:{options.port}"
    settings = read_settings(address)
    has_demo = prepare_database(is_demo_wanted=not options.empty and not settings.is_production)
    serve = ["web", "--host", options.host, "--port", str(options.port)]
    if options.tls:
        certfile, keyfile = local_certificate(settings.data / "tls", public_host(options.host))
        serve += ["--certfile", str(certfile), "--keyfile", str(keyfile)]
    processes = [fork.Process(target=run_command, args=(command, os.getpid())) for command in (serve, ["worker"])]
    for stop in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(stop, signal.default_int_handler)
    try:
        for process in processes:
            process.start()
        if wait_until_open(options.host, options.port, processes):
            print(greeting(os.environ.get("BAIQAU_BASE_URL", address), has_demo=has_demo), flush=True)
        connection.wait([process.sentinel for process in processes])
    except KeyboardInterrupt:
        return 0
    finally:
        end(processes)
    print("One of the processes ended by itself; its last words are above.", file=sys.stderr)
    return 1


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The options of ./run."""
    parser = argparse.ArgumentParser(prog="./run", description="Start Baiqau: the site and its worker.")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (8000)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on, 0.0.0.0 for all (127.0.0.1)")
    parser.add_argument("--empty", action="store_true", help="leave an empty database empty: no demo")
    parser.add_argument("--tls", action="store_true", help="serve https with a certificate made here")
    options = parser.parse_args(arguments)
    if not 0 < options.port <= LAST_PORT:
        parser.error(f"--port must be between 1 and {LAST_PORT}")
    return options


def is_free(host: str, port: int) -> bool:
    """Whether the site can listen there."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def public_host(host: str) -> str:
    """The host to print: when listening on all addresses, the one that phones in the same network can reach."""
    if host not in EVERYWHERE:
        return f"[{host}]" if ":" in host else host
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # chooses a route; a datagram socket sends nothing by connecting
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def read_settings(address: str) -> Settings:
    """The settings; letters and certificates point to `address` unless one is set."""
    try:
        settings = Settings()
    except MisconfiguredError as error:
        raise SystemExit(str(error)) from error
    if not settings.is_addressed:
        os.environ["BAIQAU_BASE_URL"] = address
        settings.leave_address(address)
    return settings


def prepare_database(*, is_demo_wanted: bool) -> bool:
    """Bring the database to this version and put the demo into an empty one if wanted; tells whether the demo is there."""
    app = create_app()
    with app.app_context():
        is_old = not has_this_schema(app.extensions["migrate"].migrate.get_config())
        db.engine.dispose()
    if is_old:
        apart("upgrade")
    if is_demo_wanted:
        with app.app_context():
            is_demo_due = db.session.scalar(select(func.count(User.id))) == 0
            db.session.remove()
            db.engine.dispose()
        if is_demo_due:
            print("Loading the demo ...", flush=True)
            apart("demo", "load")
    with app.app_context():
        has_demo = db.session.scalar(select(func.count(User.id)).where(User.email.in_(DEMO_PEOPLE))) != 0
        db.session.remove()
        db.engine.dispose()
    return has_demo


def apart(*command: str) -> None:
    """Run a command in a process of its own; ends with the status of one that failed, which has said itself why.

    Whoever stores a file starts threads. What is forked from there later would wait for threads that it has not got.
    """
    process = fork.Process(target=run_command, args=(list(command), os.getpid()))
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(process.exitcode)


def has_this_schema(config: Config) -> bool:
    """Whether the database has the tables of this version."""
    with db.engine.connect() as connected:
        present = MigrationContext.configure(connected).get_current_heads()
    return set(present) == set(ScriptDirectory.from_config(config).get_heads())


def run_command(command: list[str], parent: int) -> NoReturn:
    """In a child: be one of the commands, and end with the parent, however that ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent passes it on in order
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        raise SystemExit(1)
    baiqau(command)
    raise SystemExit(0)


def wait_until_open(host: str, port: int, processes: Sequence[ForkProcess]) -> bool:
    """Wait until the site takes connections; False when a process ended before."""
    target = "127.0.0.1" if host in EVERYWHERE else host
    while all(process.is_alive() for process in processes):
        try:
            socket.create_connection((target, port), timeout=1).close()
        except OSError:
            time.sleep(POLL_SECONDS)
        else:
            return True
    return False


def greeting(address: str, *, has_demo: bool) -> str:
    """What the terminal shows once people can come."""
    lines = [f"Baiqau is at {address}", "Ctrl-C ends it."]
    if has_demo:
        width = max(map(len, DEMO_PEOPLE))
        people = [f"  {email:<{width}}  {role}" for email, role in DEMO_PEOPLE.items()]
        lines += ["", f"Demo sign-ins, all with the password {DEMO_PASSWORD}:", *people]
    return "\n".join(lines)


def end(processes: Sequence[ForkProcess]) -> None:
    """End what still runs: asked first, killed when it does not listen."""
    for stop in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(stop, signal.SIG_IGN)
    running = [process for process in processes if process.pid and process.is_alive()]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + ENDS_WITHIN_SECONDS
    for process in running:
        process.join(max(0, deadline - time.monotonic()))
        process.kill()
        process.join()


if __name__ == "__main__":
    sys.exit(main())
