"""cheroot's server, in which a client that says nothing, or half of something, costs nobody else anything.

A connection gets a thread when there is something to read on it, its TLS handshake included, and gives it back after
each request. What a client is slow with is limited in time, and its thread is made up for.
"""

import logging
import socket
import ssl
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EMFILE, ENFILE
from math import inf
from threading import Lock
from time import monotonic, sleep
from typing import Any, Final

from cheroot import wsgi
from cheroot.makefile import MakeFile
from cheroot.server import HTTPConnection

from .http_workers import Limits, Workers

_MOMENT_S: Final = 0.05
"""How long the server waits for files of others to be closed."""
_QUEUE: Final = 1024
"""Clients that may knock at one instant."""
_IDLE_S: Final = 120
"""How long a connection without a request is kept."""
_HEADERS_MAX: Final = 64 * 2**10
"""Bytes of a request's line and headers; more is a 413."""
_NO_TLS: Final = b"This mock speaks https; the client spoke plain http.\n"
_NO_TLS_ANSWER: Final = (
    b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%b"
    % (len(_NO_TLS), _NO_TLS)
)


def _files_max() -> int:
    """How many files and connections this process may have open."""
    if sys.platform == "win32":
        return 10_000
    import resource

    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return sys.maxsize if soft == resource.RLIM_INFINITY else soft


class Connection(HTTPConnection):
    """One client. `waits_since` is since when the server waits for it; never (inf) while it waits for the server."""

    server: "Server"

    def __init__(self, server: "Server", sock: socket.socket, makefile: Any = MakeFile) -> None:
        super().__init__(server, sock, makefile)
        self.is_new, self._shakes_hands = True, isinstance(sock, ssl.SSLSocket)
        self.waits_since = monotonic()

    def communicate(self) -> bool:
        """Shake hands, or serve one request; whether the connection is kept. A client that goes away is no news."""
        self.waits_since = monotonic()
        try:
            if self._shakes_hands:
                return self._shook_hands()
            return bool(super().communicate())  # type: ignore[no-untyped-call]  # without types
        except OSError:
            return False
        finally:
            self.waits_since = monotonic()

    @contextmanager
    def kept_waiting(self) -> Iterator[None]:
        """The client waits for the server meanwhile."""
        self.waits_since = inf
        try:
            yield
        finally:
            self.waits_since = monotonic()

    def hang_up(self) -> None:
        """End it from another thread: whoever reads or writes here is told so, and then closes it."""
        with suppress(OSError):
            socket.socket.shutdown(self.socket, socket.SHUT_RDWR)  # TLS's own would go on in plain text

    def close(self) -> None:
        """Close it, and both files on it: one that is left to the garbage collector complains of the lost client."""
        self.server.forget(self)
        for end in (super().close, self.wfile.close, self.socket.close):
            with suppress(OSError):
                end()

    def _shook_hands(self) -> bool:
        try:
            self.socket.do_handshake()
        except ssl.SSLError as broken:
            if broken.reason == "HTTP_REQUEST":
                socket.socket.sendall(self.socket, _NO_TLS_ANSWER)
            return False
        self._shakes_hands = False
        return True


class Server(wsgi.Server):
    """Keeps connections apart from threads, and their number within limits."""

    ConnectionClass = Connection

    def __init__(self, address: tuple[str, int], app: Any, limits: Limits) -> None:
        super().__init__(address, app, request_queue_size=_QUEUE, timeout=_IDLE_S)
        self.keep_alive_conn_limit, self.max_request_header_size = _QUEUE, _HEADERS_MAX
        self.requests = Workers(self, limits)
        self._room, self._lock = min(limits.connections, _files_max() // 2), Lock()
        self._open: set[Connection] = set()

    def process_conn(self, conn: Connection) -> None:
        """Something came: a new connection, which waits until there is something to read, or a request."""
        if not conn.is_new:
            self.requests.put(conn)
            return
        conn.is_new = False
        self._make_room_for(conn)
        self.put_conn(conn)

    def forget(self, conn: Connection) -> None:
        """This connection is closed."""
        with self._lock:
            self._open.discard(conn)

    def error_log(self, msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:
        """Say what is wrong with the server; what a client does wrong is no news, nor is a lack of free files."""
        if _is_out_of_files(sys.exc_info()[1]):
            self._make_room()
        elif level >= logging.ERROR:
            super().error_log(msg, level, traceback)

    def _make_room_for(self, conn: Connection) -> None:
        with self._lock:
            self._open.add(conn)
            if len(self._open) <= self._room:
                return
            self._hang_up_on_the_longest()

    def _make_room(self) -> None:
        """Nobody can be let in before a thread has closed somebody's files, so give the threads a moment."""
        with self._lock:
            self._hang_up_on_the_longest()
        sleep(_MOMENT_S)

    def _hang_up_on_the_longest(self) -> None:
        longest = min(self._open, key=lambda each: each.waits_since, default=None)
        if longest is not None and longest.waits_since < inf:
            self._open.remove(longest)
            longest.hang_up()


def _is_out_of_files(error: BaseException | None) -> bool:
    return isinstance(error, OSError) and error.errno in (EMFILE, ENFILE)
