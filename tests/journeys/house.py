"""A whole installation for journeys: site and worker as processes of their own, a real SMTP server, a movable clock."""

import multiprocessing
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import httpx

from tests.loaded import Loaded, environment
from tests.mail import Mailbox, mail_server
from tests.servers import free_port

STARTS_WITHIN_SECONDS = 90
ENDS_WITHIN_SECONDS = 30
FORKS = multiprocessing.get_context("forkserver")
SIGNS_OF_FAULTS = ("Traceback", "internal error", "unexpected error")


def faults_of(log: str) -> list[str]:
    """The lines that tell of a fault of ours: what Python says, and both sentences of `app/errors.py`."""
    return [line for line in log.splitlines() if any(sign in line for sign in SIGNS_OF_FAULTS)]


@dataclass
class House:
    """What a journey needs to know of the installation it walks through."""

    address: str
    mailbox: Mailbox
    folder: Path
    environment: dict[str, str]
    port: int
    processes: dict[str, ForkServerProcess] = field(default_factory=dict)

    def start(self) -> None:
        """Start the site, or start it again on the port it had, and wait until it answers."""
        site = _start(self, "site", "web", "--port", str(self.port), "--workers", "1")
        self.processes["site"] = site
        _wait(f"http://127.0.0.1:{self.port}", site)

    def stop(self) -> None:
        """End the site, as an upgrade does; the worker stays."""
        site = self.processes.pop("site")
        site.terminate()
        _wait_for_end(site)

    @property
    def now(self) -> datetime:
        """The instant the installation believes in."""
        told = self._offset.read_text()
        if told.startswith("="):
            return datetime.fromisoformat(told[1:])
        return datetime.fromtimestamp(time.time() + float(told), UTC)

    @property
    def _offset(self) -> Path:
        return self.folder / "offset"

    def travel(self, instant: datetime) -> None:
        """Move the clock of both processes; it goes on from there."""
        self._tell(str(instant.timestamp() - time.time()))

    def hold(self, instant: datetime) -> None:
        """Let the clock stand at an instant."""
        self._tell(f"={instant.isoformat()}")

    def _tell(self, told: str) -> None:
        """Both processes read the file all the time: it is never seen half written."""
        fresh = self._offset.with_suffix(".fresh")
        fresh.write_text(told)
        fresh.replace(self._offset)

    def rows(self, select: str, **values: object) -> list[tuple[object, ...]]:
        """What stands in the database of the site."""
        address = f"file:{self.folder / 'data' / 'baiqau.sqlite3'}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as database:
            return database.execute(select, values).fetchall()

    def log(self) -> str:
        """All that both processes wrote."""
        return "".join(path.read_text() for path in sorted(self.folder.glob("*.log")))

    def faults(self) -> list[str]:
        """The lines of the log that say the installation itself broke."""
        return faults_of(self.log())

    def letter_to(self, address: str, containing: str = "", *, within: float = 180) -> str:
        """The text of the newest letter to this address; waits for the worker."""
        until = time.monotonic() + within
        while time.monotonic() < until:
            for letter in reversed(self.mailbox.to(address)):
                body = letter.get_body(("plain",))
                text = str(body.get_content()) if body else ""
                if containing in text or containing in str(letter["Subject"]):
                    return text
            time.sleep(0.05)
        message = f"no letter to {address} with {containing!r}; arrived: {[str(one['To']) for one in self.mailbox.letters]}"
        raise AssertionError(message)


@contextmanager
def open_house(folder: Path, demo: Loaded, *, door: int | None = None) -> Iterator[House]:
    """Copy the demo, start site and worker, wait until the site answers; end both afterwards.

    With `door`, people come through that port of loopback instead of the site's own.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "offset").write_text("0")
    with mail_server() as mailbox:
        port = free_port()
        address = f"http://127.0.0.1:{door or port}"
        own = {"BAIQAU_BASE_URL": address, "BAIQAU_SMTP_URL": mailbox.url}
        house = House(address, mailbox, folder, environment(folder / "data") | own, port)
        demo.copy_to(folder / "data")
        try:
            house.processes["worker"] = _start(house, "worker", "worker")
            house.start()
            yield house
        finally:
            for process in house.processes.values():
                process.terminate()
            for process in house.processes.values():
                _wait_for_end(process)


def _start(house: House, name: str, *words: str) -> ForkServerProcess:
    FORKS.set_forkserver_preload(["tests.journeys.shifted"])  # it imports the application once
    arguments = (house.folder / "offset", list(words), house.environment, house.folder / f"{name}.log")
    process = FORKS.Process(target=_become, args=arguments)
    process.start()
    return process


def _become(*arguments: Any) -> None:
    """Runs in the new process: this one never imports what it becomes."""
    from tests.journeys.shifted import run  # noqa: PLC0415

    run(*arguments)


def _wait_for_end(process: ForkServerProcess) -> None:
    process.join(ENDS_WITHIN_SECONDS)
    assert process.exitcode == 0, f"{process} did not end as it was told"


def _wait(address: str, site: ForkServerProcess) -> None:
    until = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < until and site.exitcode is None:
        try:
            if httpx.get(f"{address}/healthz", timeout=2).status_code == httpx.codes.OK:
                return
        except httpx.HTTPError:
            time.sleep(0.05)
    message = f"the site did not start: {site.exitcode}"
    raise AssertionError(message)
