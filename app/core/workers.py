"""Which workers of this machine live: a file each, locked as long as its process lives, however that ends."""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path


def register(folder: Path) -> tuple[str, int]:
    """A name of one's own, and the open file whose lock says that its worker lives.

    Never waits: where a sweep took the file between its making and its locking, another name is tried.
    """
    while True:
        path = folder / secrets.token_hex(8)
        lock = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        if _is_taken(lock) and path.exists():
            return path.name, lock
        os.close(lock)


@contextmanager
def dead(folder: Path) -> Iterator[list[str]]:
    """The names of workers that live no more. They are held meanwhile, and dropped at the end unless that fails."""
    with ExitStack() as held:
        found = [path for path in folder.iterdir() if _is_ours(path, held)]
        yield [path.name for path in found]
        for path in found:
            path.unlink(missing_ok=True)


def _is_ours(path: Path, held: ExitStack) -> bool:
    try:
        return _is_taken(held.enter_context(path.open("r+")).fileno())
    except FileNotFoundError:
        return False


def _is_taken(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
