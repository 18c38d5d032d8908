"""A whole installation for journeys: site and worker as processes of their own, a real SMTP server, a movable clock."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx

from tests.mail import Mailbox, mail_server
from tests.servers import free_port

ROOT = Path(__file__).resolve().parents[2]
STARTS_WITHIN_SECONDS = 90
ENDS_WITHIN_SECONDS = 30


@dataclass
class House:
    """What a journey needs to know of the installation it walks through."""

    address: str
    mailbox: Mailbox
    folder: Path
    environment: dict[str, str]

    @property
    def now(self) -> datetime:
        """The instant the installation believes in."""
        return datetime.fromtimestamp(time.time() + float(self._offset.read_text()), UTC)

    @property
    def _offset(self) -> Path:
        return self.folder / "offset"

    def travel(self, instant: datetime) -> None:
        """Move the clock of both processes; it goes on from there."""
        self._offset.write_text(str(instant.timestamp() - time.time()))

    def command(self, *words: str) -> str:
        """What `baiqau WORDS` prints; raises CalledProcessError when it fails."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.journeys.shifted", str(self._offset), *words],
            cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        return done.stdout

    def log(self) -> str:
        """All that both processes wrote."""
        return "".join(path.read_text() for path in sorted(self.folder.glob("*.log")))

    def letter_to(self, address: str, containing: str = "", *, within: float = 60) -> str:
        """The text of the newest letter to this address; waits for the worker."""
        until = time.monotonic() + within
        while time.monotonic() < until:
            for letter in reversed(self.mailbox.to(address)):
                body = letter.get_body(("plain",))
                text = str(body.get_content()) if body else ""
                if containing in text or containing in str(letter["Subject"]):
                    return text
            time.sleep(0.2)
        message = f"no letter to {address} with {containing!r}; arrived: {[str(one['To']) for one in self.mailbox.letters]}"
        raise AssertionError(message)


@contextmanager
def open_house(folder: Path, *, demo: bool = False, at: datetime | None = None) -> Iterator[House]:
    """Migrate, load the demo if wanted, start site and worker, wait until the site answers; end both afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "offset").write_text("0")
    with mail_server() as mailbox:
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        house = House(address, mailbox, folder, _environment(folder, address, mailbox))
        if at is not None:
            house.travel(at)
        house.command("upgrade")
        if demo:
            house.command("demo", "load")
        site = _start(house, "site", "web", "--port", str(port), "--workers", "1")
        worker = _start(house, "worker", "worker")
        try:
            _wait(address, site)
            yield house
        finally:
            for process in (worker, site):
                process.send_signal(signal.SIGTERM)
            for process in (worker, site):
                process.wait(ENDS_WITHIN_SECONDS)


def _environment(folder: Path, address: str, mailbox: Mailbox) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("BAIQAU_")}
    return plain | {
        "BAIQAU_DATA": str(folder / "data"),
        "BAIQAU_BASE_URL": address,
        "BAIQAU_SMTP_URL": mailbox.url,
        "BAIQAU_PASSWORD_MEMORY_KIB": "8",
        "BAIQAU_PASSWORD_ROUNDS": "1",
        "PYTHONUNBUFFERED": "1",
    }


def _start(house: House, name: str, *words: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.journeys.shifted", str(house.folder / "offset"), *words]
    with (house.folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(command, cwd=ROOT, env=house.environment, stdout=log, stderr=log)


def _wait(address: str, site: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < until and site.poll() is None:
        try:
            if httpx.get(f"{address}/healthz", timeout=2).status_code == httpx.codes.OK:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    message = f"the site did not start: {site.poll()}"
    raise AssertionError(message)
