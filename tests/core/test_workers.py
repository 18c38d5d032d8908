"""A worker's name stands as long as its process lives, and is found free afterwards."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.core import workers

SWEEP = """
import sys
from pathlib import Path
from app.core import workers
print("sweeping", flush=True)
while True:
    with workers.dead(Path(sys.argv[1])):
        pass
"""
HOLD = """
import signal, sys
from pathlib import Path
from app.core import workers
print(workers.register(Path(sys.argv[1]))[0], flush=True)
signal.pause()
"""


def started(program: str, folder: Path) -> tuple[subprocess.Popen[str], str]:
    process = subprocess.Popen([sys.executable, "-c", program, str(folder)], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    return process, process.stdout.readline().strip()


def ended(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)


def test_name_is_free_only_after_its_process_was_killed(tmp_path: Path) -> None:
    process, name = started(HOLD, tmp_path)
    with workers.dead(tmp_path) as before:
        pass
    ended(process)
    with workers.dead(tmp_path) as after:
        pass

    assert (before, after) == ([], [name])
    assert list(tmp_path.iterdir()) == []


def test_name_that_was_not_dealt_with_is_found_again(tmp_path: Path) -> None:
    os.close(workers.register(tmp_path)[1])
    with pytest.raises(ZeroDivisionError), workers.dead(tmp_path) as first:
        first.append(str(1 // 0))
    with workers.dead(tmp_path) as second:
        pass

    assert len(first) == 1
    assert first == second


def test_worker_that_begins_while_another_sweeps_keeps_its_name(tmp_path: Path) -> None:
    process, _said = started(SWEEP, tmp_path)
    lost = []
    for _worker in range(5_000):
        name, lock = workers.register(tmp_path)
        if not (tmp_path / name).exists():
            lost.append(name)
        os.close(lock)
    ended(process)

    assert lost == []
