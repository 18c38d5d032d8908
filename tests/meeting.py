"""Two requests that meet in the database: each holds its first row before either goes on."""

from contextlib import suppress
from threading import Barrier, BrokenBarrierError, local

from sqlalchemy import Engine, event

# Seconds after which one goes on alone, where the other waits for the row that this one holds.
PATIENCE = 0.7


def meet_at_their_first_lock(engine: Engine) -> None:
    """Let the next two threads that lock a row wait for each other there, if their rows let them."""
    meeting, mine = Barrier(2, timeout=PATIENCE), local()

    def wait(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "FOR UPDATE" in statement and not hasattr(mine, "has_locked"):
            mine.has_locked = True
            with suppress(BrokenBarrierError):
                meeting.wait()

    event.listen(engine, "after_cursor_execute", wait)
