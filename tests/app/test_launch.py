"""./run as a person sees it: real processes, real ports."""

import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import pytest

from app.launch import greeting
from tests.servers import free_port

ROOT = Path(__file__).resolve().parents[2]


class Launched:
    """One start of ./run with a database of its own."""

    def __init__(self, data: Path, *options: str, **settings: str) -> None:
        self.port = free_port()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app.launch", "--port", str(self.port), *options],
            cwd=ROOT,
            env=os.environ | {"BAIQAU_DATA": str(data)} | settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def read_until(self, pattern: str) -> str:
        assert self.process.stdout
        text = ""
        for line in self.process.stdout:
            text += line
            if re.search(pattern, line):
                return text
        message = f"{pattern!r} did not come:\n{text}"
        raise AssertionError(message)

    def children(self) -> list[int]:
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in listed.split()]

    def end(self, stop: signal.Signals) -> int:
        self.process.send_signal(stop)
        return self.process.wait(timeout=20)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def launched(tmp_path: Path) -> Iterator[Launched]:
    with Launched(tmp_path, "--empty") as started:
        yield started


def is_alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists() and ") Z " not in Path(f"/proc/{pid}/stat").read_text()


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_run_serves_until_it_is_told_to_stop(launched, stop):
    greeting = launched.read_until("Baiqau is at")
    children = launched.children()

    assert f"http://127.0.0.1:{launched.port}" in greeting
    assert "demo" not in greeting.lower()
    with urllib.request.urlopen(f"http://127.0.0.1:{launched.port}/healthz") as answer:
        assert answer.status == 200
    assert len(children) == 2
    assert launched.end(stop) == 0
    assert [pid for pid in children if is_alive(pid)] == []


def test_links_of_the_site_and_of_commands_beside_it_lead_to_the_printed_address(launched, tmp_path):
    address = re.findall(r"http://\S+", launched.read_until("Ctrl-C"))[0]
    made = subprocess.run(
        [sys.executable, "-m", "app.cli", "user", "create", "--email", "head@example.kz", "--role", "administrator"],
        cwd=ROOT, env=os.environ | {"BAIQAU_DATA": str(tmp_path)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    page = urllib.request.urlopen(address).read().decode()

    assert address == f"http://127.0.0.1:{launched.port}"
    assert f"{address}/sign-in/" in made.stdout
    assert "http://127.0.0.1:8000" not in page


@pytest.mark.lasts(20)
def test_what_serves_is_not_forked_from_a_process_with_threads_of_its_own(tmp_path):
    """Whoever stored a file before the fork leaves its children waiting for threads that they have not got."""
    with Launched(tmp_path) as started:
        started.read_until("Ctrl-C")
        threads = list(Path(f"/proc/{started.process.pid}/task").iterdir())

        assert len(threads) == 1, [(one / "comm").read_text() for one in threads]
        assert started.end(signal.SIGINT) == 0


def test_run_ends_when_one_of_its_processes_dies(launched):
    launched.read_until("Baiqau is at")
    children = launched.children()

    os.kill(children[1], signal.SIGKILL)

    assert launched.process.wait(timeout=20) == 1
    assert [pid for pid in children if is_alive(pid)] == []


def test_run_on_a_taken_port_says_which_to_try(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = subprocess.run(
            [sys.executable, "-m", "app.launch", "--port", str(port)],
            cwd=ROOT,
            env=os.environ | {"BAIQAU_DATA": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )

    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == f"Port {port} is taken. Try: ./run --port {port + 1}\n"
    assert list(tmp_path.iterdir()) == []


def test_run_ends_with_the_status_of_a_step_that_failed(tmp_path):
    """Nothing is served over a database that could not be brought to this version."""
    result = subprocess.run(
        [sys.executable, "-c", "from app.launch import apart; apart('no-such-command'); print('went on')"],
        cwd=ROOT, env=os.environ | {"BAIQAU_DATA": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (result.returncode, result.stdout) == (2, "")


def test_run_with_tls_serves_its_own_certificate(tmp_path):
    with Launched(tmp_path, "--empty", "--tls") as launched:
        assert f"https://127.0.0.1:{launched.port}" in launched.read_until("Baiqau is at")
        trust = ssl.create_default_context(cafile=str(tmp_path / "tls" / "certificate.pem"))
        with urllib.request.urlopen(f"https://127.0.0.1:{launched.port}/healthz", context=trust) as answer:
            assert answer.status == 200


def test_run_in_production_refuses_without_secrets(tmp_path):
    with Launched(tmp_path, BAIQAU_ENV="production") as launched:
        assert "BAIQAU_SECRET_KEY" in launched.read_until("Set ")
        assert launched.process.wait(timeout=20) == 1


def test_greeting_names_everybody_of_the_demo_who_has_a_role():
    people = json.loads((Path(__file__).parents[2] / "app/demo_data/people.json").read_text(encoding="utf-8"))["staff"]
    told = greeting("http://127.0.0.1:8000", has_demo=True)
    named = set(re.findall(r"[\w.]+(?=@)", told))

    assert {one["email"].partition("@")[0] for one in people if one["roles"]} | {"chair", "juror1", "juror2", "juror5"} <= named
