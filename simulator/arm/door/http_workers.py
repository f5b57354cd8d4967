"""The threads of the mock's server: some are always free, however many clients keep others waiting."""

import sys
import traceback
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Event, Lock, Thread, current_thread
from time import monotonic
from typing import Any, Final, Protocol


class Client(Protocol):
    """A connection, as far as a pool has to know it."""

    waits_since: float

    def communicate(self) -> bool:
        """Serve one request; whether the connection is kept."""
        ...

    def hang_up(self) -> None:
        """End it from another thread."""
        ...

    def close(self) -> None:
        """Close it."""
        ...


class Keeper(Protocol):
    """A server that keeps connections between two requests."""

    def put_conn(self, conn: Any) -> None:
        """Take a connection back."""
        ...


@dataclass(frozen=True, slots=True)
class Limits:
    """What a server takes from its clients."""

    connections: int = 512
    """Open at one time. One more, and the one that has kept the server waiting longest is closed."""
    request_s: float = 30.0
    """Within which a request that has begun has to be here as a whole, and its answer has to be taken."""
    workers: int = 8
    """Threads that are free to serve, or soon will be; as many more as are held, if those are more."""
    held_s: float = 0.2
    """A thread that serves one request for longer counts as held, and another takes its place."""
    look_s: float = 0.1
    """How often the server looks which threads are held, and which clients are too slow."""


LIMITS: Final = Limits()


class Workers:
    """The pool of threads, in the form that cheroot asks of one. They do not keep the process from ending."""

    def __init__(self, server: Keeper, limits: Limits) -> None:
        self._server, self._limits = server, limits
        self._queue: SimpleQueue[Client | None] = SimpleQueue()
        self._serving: dict[Client, float] = {}
        self._threads: set[Thread] = set()
        self._wanted = limits.workers
        self._lock, self._ended = Lock(), Event()
        self._watch = Thread(target=self._keep_looking, name="failback-mock-watch", daemon=True)

    def start(self) -> None:
        """Start the threads."""
        self._start_workers()
        self._watch.start()

    def put(self, connection: Client) -> None:
        """Let a thread serve one request of this connection."""
        self._queue.put(connection)

    def stop(self, timeout: float) -> None:
        """Hang up on everybody and wait for the threads; one that is busy for longer than `timeout` is left behind."""
        until = monotonic() + timeout
        self._ended.set()
        self._watch.join(timeout)
        with self._lock:
            threads, serving = list(self._threads), list(self._serving)
        for connection in serving:
            connection.hang_up()
        for _ in threads:
            self._queue.put(None)
        for thread in threads:
            thread.join(max(0.0, until - monotonic()))
        self._close_those_in_line()

    def _close_those_in_line(self) -> None:
        """Close connections that came after the last thread was told to end: nobody will serve them."""
        with suppress(Empty):
            while True:
                connection = self._queue.get_nowait()
                if connection is not None:
                    connection.close()

    def _start_workers(self) -> None:
        with self._lock:
            missing = self._wanted - len(self._threads)
            new = {Thread(target=self._work, name="failback-mock-worker", daemon=True) for _ in range(missing)}
            self._threads |= new
        for thread in new:
            self._start(thread)

    def _start(self, thread: Thread) -> None:
        try:
            thread.start()
        except RuntimeError:  # this computer has no more to give; others end sooner or later
            with self._lock:
                self._threads.discard(thread)

    def _work(self) -> None:
        while (connection := self._queue.get()) is not None:
            self._serve(connection)
            if self._is_one_too_many():
                return

    def _is_one_too_many(self) -> bool:
        """Whether this thread is no longer wanted; then it is off the list."""
        with self._lock:
            ends = len(self._threads) > self._wanted
            if ends:
                self._threads.remove(current_thread())
        return ends

    def _serve(self, connection: Client) -> None:
        with self._lock:
            self._serving[connection] = monotonic()
        try:
            if connection.communicate():
                self._server.put_conn(connection)
            else:
                connection.close()
        except Exception:  # a thread that ends here would be missing for good
            traceback.print_exc(file=sys.stderr)
            connection.close()
        finally:
            with self._lock:
                del self._serving[connection]

    def _keep_looking(self) -> None:
        while not self._ended.wait(self._limits.look_s):
            self._look(monotonic())

    def _look(self, now_s: float) -> None:
        with self._lock:
            serving = dict(self._serving)
        for connection in serving:
            if connection.waits_since < now_s - self._limits.request_s:
                connection.hang_up()
        held = sum(began_s < now_s - self._limits.held_s for began_s in serving.values())
        waiting = self._queue.qsize() if held == len(self._threads) else 0
        free = max(self._limits.workers, held, waiting)
        self._wanted = min(held + free, self._limits.connections + self._limits.workers)
        self._start_workers()
