"""A browser as a process of its own, with a profile that outlives it: what a phone with an empty battery does to it."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, Playwright

STARTS_WITHIN_SECONDS = 60
TIMEOUT_MS = 30_000
OPTIONS = (
    "--headless=new", "--remote-debugging-port=0", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage",
    "--disable-background-networking", "--disable-extensions", "--lang=kk", "about:blank",
)  # fmt: skip


class Phone:
    """360 pixels wide; `die` ends it as the system does, with nothing said to its pages."""

    def __init__(self, playwright: Playwright, program: str, profile: Path) -> None:
        self._playwright = playwright
        self._program = program
        self.profile = profile
        self._process: subprocess.Popen[bytes] | None = None
        self.context: BrowserContext

    def start(self) -> Page:
        """Switch it on; gives an empty page."""
        told = self.profile / "DevToolsActivePort"
        told.unlink(missing_ok=True)
        with (self.profile.parent / "chromium.log").open("ab") as log:
            command = [self._program, f"--user-data-dir={self.profile}", *OPTIONS]
            self._process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        until = time.monotonic() + STARTS_WITHIN_SECONDS
        while not (told.exists() and told.read_text().count("\n")) and time.monotonic() < until:
            time.sleep(0.05)
        port = told.read_text().split("\n")[0]
        browser = self._playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
        self.context = browser.contexts[0]
        self.context.set_default_timeout(TIMEOUT_MS)
        return self.page()

    def page(self) -> Page:
        """One more tab."""
        made = self.context.new_page()
        made.set_viewport_size({"width": 360, "height": 740})
        return made

    def die(self) -> None:
        """SIGKILL for the processes that were started here, and for none else."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(TIMEOUT_MS / 1000)
            self._process = None


@contextmanager
def phone(playwright: Playwright, program: str, folder: Path) -> Iterator[Phone]:
    """A phone whose profile is made new, and removed."""
    profile = folder / "profile"
    profile.mkdir(parents=True)
    made = Phone(playwright, program, profile)
    try:
        yield made
    finally:
        made.die()
        shutil.rmtree(profile, ignore_errors=True)
