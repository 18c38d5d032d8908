"""The demo, loaded once a run by the commands people use; every test that begins with it gets a copy of its own."""

import fcntl
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOADED_WITHIN_SECONDS = 300


@dataclass(frozen=True)
class Loaded:
    """An installation's folder with the demo in it: database, files, and the secrets they were sealed with."""

    data: Path

    def copy_to(self, data: Path) -> None:
        """Begin an installation in a folder that is not there yet."""
        shutil.copytree(self.data, data)


def environment(data: Path) -> dict[str, str]:
    """What `baiqau` is told in every process of an installation: nothing of this machine's, and cheap passwords."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("BAIQAU_")}
    cheap = {"BAIQAU_PASSWORD_MEMORY_KIB": "8", "BAIQAU_PASSWORD_ROUNDS": "1"}
    return plain | cheap | {"BAIQAU_DATA": str(data), "PYTHONUNBUFFERED": "1"}


def loaded_once(shared: Path) -> Loaded:
    """The demo in a folder that all processes of this run share: the first loads it, the others wait."""
    made, unfinished = shared / "loaded", shared / "loading"
    with (shared / "loaded.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            shutil.rmtree(unfinished, ignore_errors=True)
            for words in (("upgrade",), ("demo", "load")):
                _run(unfinished, *words)
            unfinished.rename(made)
    return Loaded(made)


def _run(data: Path, *words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", *words],
        cwd=ROOT, env=environment(data), check=False, capture_output=True, text=True, timeout=LOADED_WITHIN_SECONDS,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
