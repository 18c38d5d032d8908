"""A network that can be cut: a proxy of our own between a browser and a site, which drops its connections at the socket."""

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock, Thread

LINGER_NOT = struct.pack("ii", 1, 0)  # close by a reset, as a lost network looks to both ends


class Wire:
    """Carries bytes between `port` and `target`, both on loopback, until it is cut."""

    def __init__(self, target: int, listener: socket.socket) -> None:
        self.target = target
        self.port = int(listener.getsockname()[1])
        self._listener = listener
        self._lock = Lock()
        self._open: set[socket.socket] = set()
        self._is_cut = False
        self.refused = 0
        Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Drop every connection, and every new one as soon as it comes."""
        with self._lock:
            self._is_cut = True
            for one in self._open:
                _reset(one)
            self._open.clear()

    def mend(self) -> None:
        """Let connections through again."""
        with self._lock:
            self._is_cut = False

    def _accept(self) -> None:
        while True:
            try:
                near, _address = self._listener.accept()
            except OSError:
                return
            with self._lock:
                if self._is_cut:
                    self.refused += 1
                    _reset(near)
                    continue
                try:
                    far = socket.create_connection(("127.0.0.1", self.target))
                except OSError:
                    _reset(near)
                    continue
                self._open |= {near, far}
            for source, sink in ((near, far), (far, near)):
                Thread(target=self._carry, args=(source, sink), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(65536):
                sink.sendall(piece)
        with self._lock:
            for one in (source, sink):
                self._open.discard(one)
                _reset(one)


def _reset(one: socket.socket) -> None:
    with suppress(OSError):
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)  # wakes the thread that reads from it
    one.close()


@contextmanager
def wire(listener: socket.socket, target: int) -> Iterator[Wire]:
    """A wire that is cut for good at the end."""
    made = Wire(target, listener)
    try:
        yield made
    finally:
        made.cut()
        listener.close()
