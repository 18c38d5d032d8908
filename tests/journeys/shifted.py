"""`baiqau` with its clock shifted by the seconds in a file, or held at the instant in it: five months fit into minutes.

Run as `python -m tests.journeys.shifted FILE COMMAND...`; only `app.core.clock` is touched, the one place that reads a clock.
"""

import sys
from datetime import datetime, timedelta
from pathlib import Path

from app.core import clock

OFFSET = Path(sys.argv.pop(1))
present = clock.now


def shifted() -> datetime:
    """The present instant, moved; or `=` and the instant at which the clock stands."""
    told = OFFSET.read_text()
    if told.startswith("="):
        return datetime.fromisoformat(told[1:])
    return present() + timedelta(seconds=float(told or 0))


clock.now = shifted

if __name__ == "__main__":
    from app.cli import main

    main()
