"""`baiqau` with its clock shifted by the seconds in a file, or held at the instant in it: five months fit into minutes.

Only `app.core.clock` is touched, the one place that reads a clock. Imported once by a process that forks the others, for the
import takes longer than all else of a start; it makes no application before the fork.
"""

import os
import sys
from datetime import datetime, timedelta
from pathlib import Path

import app.server  # noqa: F401 - imported once, before the forks
from app.cli import main
from app.config import DOMAIN_MODULES
from app.core import clock
from app.factory import load_modules

load_modules(DOMAIN_MODULES)


def run(offset: Path, words: list[str], environment: dict[str, str], log: Path) -> None:
    """Become the command, in a process of its own: its environment, its log, its clock."""
    present = clock.now

    def shifted() -> datetime:
        """The present instant, moved; or `=` and the instant at which the clock stands."""
        told = offset.read_text()
        if told.startswith("="):
            return datetime.fromisoformat(told[1:])
        return present() + timedelta(seconds=float(told or 0))

    clock.now = shifted
    os.environ.clear()
    os.environ.update(environment)
    with log.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    sys.argv = ["baiqau", *words]
    main()
