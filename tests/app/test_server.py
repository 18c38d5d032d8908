"""A request gets a thread only when it is here in whole; how late its body may come, and what is late then."""

import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from http.client import HTTPResponse
from urllib.request import urlopen

import pytest
from gunicorn.config import Config
from gunicorn.glogging import Logger

from app.access.routes import BODY_LIMIT, UPLOAD_LIMIT
from app.arrivals import UPLOAD_SECONDS, WORDS_SECONDS, PatientWorker, allowance_of
from tests.servers import free_port, scratch_folder, wait_for_port

# The site with one worker of four threads, a route that tells how old its request is, and little patience.
SITE = """
import sys
from app import arrivals
from app.access.routes import public
from app.core import clock
from app.extensions import csrf
from app.factory import create_app
from app.request import arrived_at, request
from app.server import serve

arrivals.WORDS_SECONDS = 1
arrivals.CONNECTIONS_OF_ONE = 60

@public
def age():
    return f"{(clock.now() - arrived_at()).total_seconds():.1f} {len(''.join(request.form))}"

def create():
    app = create_app()
    app.add_url_rule("/age", view_func=csrf.exempt(age), methods=["POST"])
    return app

serve(create, host="127.0.0.1", port=int(sys.argv[1]), workers=1, threads=4, certfile=None, keyfile=None)
"""
SOON = 2


@pytest.fixture(scope="module")
def site(databases):
    port = free_port()
    with scratch_folder("site") as folder:
        env = os.environ | {"BAIQAU_DATA": str(folder), "BAIQAU_DATABASE_URL": databases.sqlite()}
        server = subprocess.Popen([sys.executable, "-c", SITE, str(port)], env=env)
        try:
            wait_for_port(port)
            urlopen(f"http://127.0.0.1:{port}/healthz", timeout=60).close()
            yield port
        finally:
            server.terminate()
            server.wait(timeout=60)


def head(length, path="/age"):
    kind = "Content-Type: application/x-www-form-urlencoded"
    return f"POST {path} HTTP/1.1\r\nHost: localhost\r\n{kind}\r\nContent-Length: {length}\r\n\r\n".encode()


@contextmanager
def said(port, *parts):
    """A connection on which the parts were sent, with a pause before each but the first."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as client:
        for number, part in enumerate(parts):
            time.sleep(1.5 if number else 0)
            client.sendall(part)
        yield client


def answer(client):
    response = HTTPResponse(client)
    response.begin()
    return response.status, response.read().decode()


@pytest.mark.parametrize("silent", [b"GET / HTTP/1.1\r\nHost: localhost\r\n", head(100_000) + b"a=", head(60_000_000) + b"a="])
def test_those_who_fall_silent_hold_nobody_up(site, silent):
    with ExitStack() as stack:
        for _ in range(40):
            stack.enter_context(said(site, silent))
        asked_at = time.monotonic()
        with urlopen(f"http://127.0.0.1:{site}/healthz", timeout=20) as response:
            assert response.status == 200
        assert time.monotonic() - asked_at < SOON


def test_one_address_has_only_so_many_connections(site):
    with ExitStack() as stack:
        clients = [stack.enter_context(said(site, b"")) for _ in range(61)]
        clients[-1].settimeout(5)

        assert clients[-1].recv(10) == b""


def test_a_body_that_comes_soon_is_as_old_as_its_head(site):
    with said(site, head(4) + b"abcd") as client:
        assert answer(client) == (200, "0.0 4")


def test_a_body_that_comes_late_counts_from_its_end(site):
    with said(site, head(4) + b"ab", b"cd") as client:
        assert answer(client) == (200, "0.0 4")


def test_a_connection_serves_one_request_after_another(site):
    with said(site, head(2) + b"ab") as client:
        first = answer(client)
        client.sendall(head(300_000))
        second = answer(client)

    assert first == (200, "0.0 2")
    assert second[0] == 413


def test_a_body_without_a_length_is_not_awaited(site):
    with said(site, b"POST /age HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n") as client:
        assert answer(client)[0] == 411


def test_files_have_longer_than_words(app):
    words = b"POST /account/settings HTTP/1.1\r\n\r\n"
    files = b"POST /my/applications/x/form/y HTTP/1.1\r\n\r\n"

    assert allowance_of(app, words) == (BODY_LIMIT, WORDS_SECONDS)
    assert allowance_of(app, files) == (UPLOAD_LIMIT, UPLOAD_SECONDS)
    assert allowance_of(app, b"\xff\r\n\r\n") == (BODY_LIMIT, WORDS_SECONDS)


class Interrupted(ThreadPoolExecutor):
    """Threads whose end is interrupted, in the middle, by the next signal."""

    worker: PatientWorker

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        with self._shutdown_lock:
            self.worker.handle_quit(signal.SIGQUIT, None)
        super().shutdown(wait, cancel_futures=cancel_futures)


@pytest.mark.timeout(20)
def test_worker_that_is_told_twice_to_end_ends():
    config = Config()
    worker = PatientWorker(1, os.getppid(), [], None, 30, config, Logger(config))
    worker.tpool = Interrupted(max_workers=1)
    worker.tpool.worker = worker

    with pytest.raises(SystemExit):
        worker.handle_quit(signal.SIGINT, None)
    assert not worker.alive
    worker.tmp.close()
