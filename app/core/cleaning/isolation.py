"""Cleaning in a process apart: whatever a file does to its reader, this process goes on."""

import json
import logging
import os
import signal
import subprocess
import sys
import threading

from app.core.cleaning.child import CPU_SECONDS, REFUSED
from app.core.cleaning.kinds import Kind, UncleanError
from app.core.refusals import UploadRefusal

WALL_SECONDS = 2 * CPU_SECONDS
# So many files at once, however many people send them, fewer than the server has threads: who waits holds one.
PLACES = 2
WAITING_SECONDS = 1
_places = threading.BoundedSemaphore(PLACES)
_log = logging.getLogger(__name__)
OUT_OF_TIME = {-signal.SIGXCPU, -signal.SIGKILL}


def clean(data: bytes, kind: Kind) -> bytes:
    """The clean file, or `UncleanError`; also when there is no place soon."""
    # The child gets our path and nothing else of our surroundings: no key, no address.
    surroundings = {"PYTHONPATH": os.pathsep.join(one for one in sys.path if one), "LANG": "C.UTF-8"}
    command = [sys.executable, "-B", "-m", "app.core.cleaning.child", kind.value]
    if not _places.acquire(timeout=WAITING_SECONDS):
        raise UncleanError(UploadRefusal.BUSY)
    try:
        return _cleaned(command, data, kind, surroundings)
    finally:
        _places.release()


def _cleaned(command: list[str], data: bytes, kind: Kind, surroundings: dict[str, str]) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            command, input=data, capture_output=True, timeout=WALL_SECONDS, env=surroundings, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise UncleanError(UploadRefusal.TOO_COMPLEX) from error
    if done.returncode == 0:
        return done.stdout
    if done.returncode == REFUSED:
        said = json.loads(done.stdout)
        raise UncleanError(UploadRefusal(said["code"]), **said["params"])
    # The last line of a traceback may hold words of the file: only its kind is kept.
    reason = done.stderr.decode(errors="replace").rstrip().rpartition("\n")[2].partition(":")[0]
    _log.warning("A file of kind %s broke its reader: exit %d, %s", kind, done.returncode, reason)
    raise UncleanError(UploadRefusal.TOO_COMPLEX if done.returncode in OUT_OF_TIME else UploadRefusal.DAMAGED)
