"""Starts workers on demand: run as a program, it imports the application once and forks a worker for each line it reads.

It answers each line with the worker's process id, and with `ended` when that process has ended, however it did.
"""

import os
import sys

import app.factory  # noqa: F401 - imported once, before the forks
from app.cli import main

for _line in sys.stdin:
    worker = os.fork()
    if worker == 0:
        main(["worker"])
    print(worker, flush=True)  # noqa: T201 - the answer
    os.waitpid(worker, 0)
    print("ended", flush=True)  # noqa: T201 - the answer
