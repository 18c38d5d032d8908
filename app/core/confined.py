"""A program of ours in a process apart, under limits it cannot lift: whatever its input does to it, this process goes on.

It is given its input, our path and what is named, no key and no address. What it could read and reach all the same is shut by
`walls`, as far as the machine has them: `baiqau doctor` says which hold.
"""

import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.core.walls import Walls, build

# Who finds no place waits no longer: meanwhile she holds a thread of the server.
WAITING_SECONDS = 1
# For one second of the processor, so many of the clock.
PATIENCE = 2
OPEN_FILES = 64
OUT_OF_TIME = frozenset({-signal.SIGXCPU, -signal.SIGKILL})


class BusyError(Exception):
    """All places are taken, and none became free soon."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one such process may use up."""

    cpu_seconds: int
    memory: int
    has_threads: bool = False

    def confine(self, *readable: Path) -> Walls:
        """Put them on the present process, for good: the first line of the program apart.

        It writes no file and no core, starts no process, and reads what it is made of and `readable`.
        """
        built = build(*readable)
        if not self.has_threads:
            # It counts all that the account runs, so it can only be none; and it does not bind the administrator.
            resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
        for what, most in (
            (resource.RLIMIT_CPU, self.cpu_seconds),
            (resource.RLIMIT_AS, self.memory),
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_NOFILE, OPEN_FILES),
        ):
            resource.setrlimit(what, (most, most))
        return built


@dataclass(frozen=True, slots=True)
class Ended:
    """How the process ended, and what it gave."""

    code: int
    output: bytes
    complaint: bytes

    @property
    def is_out_of_time(self) -> bool:
        """Whether it was ended for taking too long."""
        return self.code in OUT_OF_TIME


class Confined:
    """A program apart: its module, and how many of it may run at once, fewer than the server has threads."""

    def __init__(self, module: str, limits: Limits, *, places: int) -> None:
        self._module = module
        self._wall_seconds = PATIENCE * limits.cpu_seconds
        self._places = threading.BoundedSemaphore(places)

    def run(self, data: bytes, *arguments: str, surroundings: Mapping[str, str] | None = None) -> Ended:
        """Standard input in, what it ended with out. It gets our path and what is named: no key, no address.

        Raises BusyError when there is no place soon.
        """
        command = [sys.executable, "-B", "-m", self._module, *arguments]
        ours = {"PYTHONPATH": os.pathsep.join(one for one in sys.path if one), "LANG": "C.UTF-8", **(surroundings or {})}
        if not self._places.acquire(timeout=WAITING_SECONDS):
            raise BusyError
        try:
            done = subprocess.run(  # noqa: S603 - our own program
                command, input=data, capture_output=True, timeout=self._wall_seconds, env=ours, check=False
            )
        except subprocess.TimeoutExpired:
            return Ended(-signal.SIGKILL, b"", b"")
        finally:
            self._places.release()
        return Ended(done.returncode, done.stdout, done.stderr)
