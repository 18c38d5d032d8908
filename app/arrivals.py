"""Requests on their way in: a request gets a thread only when it is here in whole, so that nobody holds one by silence.

One loop reads from all connections at once. What is large waits in a file without a name. Each wait has an end: for the head
`HEAD_SECONDS`, for the body what its route allows. The instant at which the head was complete is the arrival of the request
if the body came in time; of a body that came later, the instant at which it was complete.
"""

import re
import socket
import ssl
import struct
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from selectors import EVENT_READ
from tempfile import SpooledTemporaryFile
from typing import Any, cast
from urllib.parse import unquote, urlsplit

from flask import Flask
from gunicorn import sock
from gunicorn.http.parser import RequestParser
from gunicorn.workers.gthread import TConn, ThreadWorker
from werkzeug.exceptions import HTTPException

from app.access.routes import KILOBYTE, MEGABYTE, UPLOAD_LIMIT, body_limit_of
from app.core import clock
from app.request import ARRIVAL

HEAD_SECONDS = 15
# Within these a body is in time: words, and files on a line of a village. After the longer nobody waits for any.
WORDS_SECONDS = 60
UPLOAD_SECONDS = 300
LINGER_SECONDS = 3
# How long one piece of an answer may wait for its reader.
SENDING_SECONDS = 30
LONGEST_HEAD = 64 * KILOBYTE
IN_MEMORY = 256 * KILOBYTE
PIECE = 64 * KILOBYTE
# Connections of one network address and bytes it has announced; behind a proxy all come from one, and the proxy counts.
CONNECTIONS_OF_ONE = 200
BYTES_OF_ONE = 256 * MEGABYTE
BYTES_OF_ALL = 1024 * MEGABYTE
END_OF_HEAD = b"\r\n\r\n"
LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,12})[ \t]*(?=\r\n)", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
EXPECTS = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*(?=\r\n)", re.IGNORECASE)

arrived: ContextVar[datetime | None] = ContextVar("arrived", default=None)


@dataclass
class Incoming:
    """One request that is still coming."""

    deadline: float
    head: bytearray = field(default_factory=bytearray)
    body: Any = None
    missing: int = 0
    length: int = 0
    arrived_at: datetime | None = None
    in_time_until: float = 0
    has_more: bool = False

    @property
    def is_head_complete(self) -> bool:
        """Whether only the body may be missing."""
        return self.arrived_at is not None

    def pieces(self) -> Iterator[bytes]:
        """The whole request, for the parser."""
        yield bytes(self.head)
        if self.body is not None:
            self.body.seek(0)
            while piece := self.body.read(PIECE):
                yield piece
            self.body.close()
            self.body = None


class Connection(TConn):
    """A connection that tells when it ends."""

    incoming: Incoming

    def __init__(self, *known: Any, linger: Callable[["Connection"], None], at_end: Callable[["Connection"], None]) -> None:
        super().__init__(*known)
        self.linger, self.at_end = linger, at_end
        self.is_open = True

    @property
    def who(self) -> str:
        """The network address at its other end."""
        return str(self.client[0]) if isinstance(self.client, tuple) else ""

    def close(self, graceful: bool = False) -> None:  # noqa: FBT001, FBT002 - the server calls it so
        """End it, and say so once; after an answer only when its reader has read it, which nobody may wait for here."""
        if graceful and self.is_open:
            self.linger(self)
            return
        if self.is_open:
            self.is_open = False
            self.at_end(self)
        super().close()


class PatientWorker(ThreadWorker):
    """Gunicorn's threads, each for a request that is complete."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.coming: dict[Connection, Incoming] = {}
        self.lingering: dict[Connection, float] = {}
        self.connections: Counter[str] = Counter()
        self.is_quitting = False

    def handle_quit(self, sig: int, frame: Any) -> None:
        """Ctrl-C comes twice, from the terminal and from the arbiter: the second would wait for a lock that the first holds."""
        if not self.is_quitting:
            self.is_quitting = True
            super().handle_quit(sig, frame)

    def accept(self, listener: socket.socket) -> None:
        """Take a connection and read from it, without a thread."""
        try:
            client, address = listener.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return
        conn = Connection(self.cfg, client, address, listener.getsockname(), linger=self._linger, at_end=self._uncount)
        self.nr_conns += 1
        self.connections[conn.who] += 1
        if self._counts_addresses and self.connections[conn.who] > CONNECTIONS_OF_ONE:
            self._end(conn)
            return
        try:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", SENDING_SECONDS, 0))
            conn.sock = sock.ssl_wrap_socket(client, self.cfg) if self.cfg.is_ssl else client
        except OSError:
            self._end(conn)
            return
        self._await(conn)

    def on_client_socket_readable(self, conn: Any, client: Any) -> None:
        """The next request of a connection that was kept."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._await(conn)
        self._read(conn, client)

    def murder_pending(self) -> None:
        """Nobody waits for ever."""
        now = time.monotonic()
        super().murder_pending()
        for conn in [conn for conn, until in self.lingering.items() if until < now]:
            self._part(conn)
        for conn in [conn for conn, coming in self.coming.items() if coming.deadline < now or not (self.alive or coming.head)]:
            self._refuse(conn, b"408 Request Timeout")

    def handle(self, conn: Any) -> Any:
        """In a thread: the request is here in whole."""
        arrived.set(conn.incoming.arrived_at)
        try:
            stays = super().handle(conn)
        finally:
            if conn.incoming.body is not None:
                conn.incoming.body.close()
        return stays and not conn.incoming.has_more

    def _await(self, conn: Connection) -> None:
        conn.sock.settimeout(0)
        self.coming[conn] = Incoming(time.monotonic() + HEAD_SECONDS)
        self.poller.register(conn.sock, EVENT_READ, partial(self._read, conn))

    def _read(self, conn: Connection, _client: Any) -> None:
        """Take what has come; the poller calls again when there is more."""
        coming = self.coming.get(conn)
        if coming is None:
            return
        try:
            data = conn.sock.recv(PIECE)
            while isinstance(conn.sock, ssl.SSLSocket) and conn.sock.pending():
                data += conn.sock.recv(PIECE)
        except (BlockingIOError, InterruptedError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return
        except OSError:
            self._end(conn)
            return
        if not data:
            self._end(conn)
        elif coming.is_head_complete:
            self._take(conn, coming, data)
        else:
            self._take_head(conn, coming, data)

    def _take_head(self, conn: Connection, coming: Incoming, data: bytes) -> None:
        seen = max(0, len(coming.head) - len(END_OF_HEAD))
        coming.head += data
        end = coming.head.find(END_OF_HEAD, seen)
        if end < 0:
            if len(coming.head) > LONGEST_HEAD:
                self._refuse(conn, b"431 Request Header Fields Too Large")
            return
        rest = bytes(coming.head[end + len(END_OF_HEAD) :])
        del coming.head[end + len(END_OF_HEAD) :]
        now = time.monotonic()
        coming.arrived_at = clock.now()
        if CHUNKED.search(coming.head):
            self._refuse(conn, b"411 Length Required")
            return
        found = LENGTH.findall(coming.head)
        coming.length = int(found[0]) if len(found) == 1 else 0
        limit, seconds = allowance_of(self.site, bytes(coming.head))
        if coming.length == 0 or coming.length > limit:  # too long is not read, but told
            coming.has_more = bool(rest) or coming.length > 0
            self._hand_over(conn, coming)
            return
        if not self._may_announce(conn, coming.length):
            self._refuse(conn, b"503 Service Unavailable")
            return
        coming.missing, coming.in_time_until, coming.deadline = coming.length, now + seconds, now + UPLOAD_SECONDS
        coming.body = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed when it was read
        if EXPECTS.search(coming.head) and not rest:
            with suppress(OSError):
                conn.sock.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        self._take(conn, coming, rest)

    def _take(self, conn: Connection, coming: Incoming, data: bytes) -> None:
        coming.has_more = len(data) > coming.missing
        coming.body.write(data[: coming.missing])
        coming.missing -= min(coming.missing, len(data))
        if coming.missing == 0:
            if time.monotonic() > coming.in_time_until:
                coming.arrived_at = clock.now()
            self._hand_over(conn, coming)

    def _hand_over(self, conn: Connection, coming: Incoming) -> None:
        """To a thread."""
        self._stop_reading(conn)
        conn.incoming = coming
        conn.parser = RequestParser(self.cfg, coming.pieces(), conn.client)
        conn.initialized = conn.data_ready = True
        self.enqueue_req(conn)

    def _may_announce(self, conn: Connection, length: int) -> bool:
        """Whether there is room for so many bytes more."""
        waiting = [(one.who, coming.length) for one, coming in self.coming.items() if coming.body is not None]
        of_one = sum(announced for who, announced in waiting if who == conn.who)
        if self._counts_addresses and of_one + length > BYTES_OF_ONE:
            return False
        return sum(announced for _who, announced in waiting) + length <= BYTES_OF_ALL

    @property
    def site(self) -> Flask:
        """The application, whose routes say how long a body may be."""
        return cast("Flask", self.wsgi)

    @property
    def _counts_addresses(self) -> bool:
        return not self.site.config["SETTINGS"].proxies

    def _uncount(self, conn: Connection) -> None:
        self.connections[conn.who] -= 1
        if self.connections[conn.who] <= 0:
            del self.connections[conn.who]

    def _linger(self, conn: Connection) -> None:
        """What still comes is thrown away for a while: hanging up on it would take the answer from its reader."""
        try:
            conn.sock.settimeout(0)
            conn.sock.shutdown(socket.SHUT_WR)
            self.poller.register(conn.sock, EVENT_READ, partial(self._discard, conn))
        except (OSError, ValueError):
            conn.close()
            return
        self.lingering[conn] = time.monotonic() + LINGER_SECONDS

    def _discard(self, conn: Connection, _client: Any) -> None:
        try:
            is_over = not conn.sock.recv(PIECE)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            is_over = True
        if is_over:
            self._part(conn)

    def _part(self, conn: Connection) -> None:
        if self.lingering.pop(conn, None) is not None:
            self.poller.unregister(conn.sock)
            conn.close()

    def _refuse(self, conn: Connection, status: bytes) -> None:
        """Say why in one line, without waiting for anybody to read it."""
        with suppress(OSError):
            conn.sock.send(b"HTTP/1.1 " + status + b"\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        self._end(conn)

    def _stop_reading(self, conn: Connection) -> None:
        if self.coming.pop(conn, None) is not None:
            self.poller.unregister(conn.sock)

    def _end(self, conn: Connection) -> None:
        coming = self.coming.get(conn)
        self._stop_reading(conn)
        if coming is not None and coming.body is not None:
            coming.body.close()
        self.nr_conns -= 1
        conn.close()


def allowance_of(app: Flask, head: bytes) -> tuple[int, float]:
    """How many bytes the body of this request may have, and within how many seconds it is in time."""
    words = head.split(b"\r\n", 1)[0].decode("latin-1").split()
    try:
        method, target = words[:2]
        endpoint, _values = app.url_map.bind("localhost").match(unquote(urlsplit(target).path), method=method)
    except (HTTPException, ValueError):
        endpoint = ""
    limit = body_limit_of(app.view_functions.get(endpoint))
    return limit, UPLOAD_SECONDS if limit >= UPLOAD_LIMIT else WORDS_SECONDS


class Stamped:
    """Hands the instant of arrival on to the application."""

    def __init__(self, app: Callable[..., Any]) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        """Stamp and pass on."""
        instant = arrived.get()
        if instant is not None:
            environ[ARRIVAL] = instant
        return self.app(environ, start_response)
