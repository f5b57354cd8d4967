"""Some reads at a time, each answer in its place. A failure or an interrupt waits for none of the others.

The threads of `concurrent.futures` keep the process until they end, and one that waits as long as a service asks ends
minutes later.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Final, Generic, TypeVar

LOOK_S: Final = 0.2
"""Seconds after which whoever waits for an answer wakes: only where POSIX is does Ctrl-C break off a wait for a lock
(documented: docs.python.org/3/library/threading.html#threading.Lock.acquire).
"""

T = TypeVar("T")
R = TypeVar("R")
C = TypeVar("C")


def at_once(read: Callable[[C, T], R], of: Sequence[T], clients: Sequence[C]) -> list[R]:
    """What `read` gives for each, in this order; each client serves one thread. Raises the first failure that comes.

    No thread begins another one afterwards. The one that it reads then goes on; whoever closes its client ends that.
    """
    work = _Work(read, of)
    try:
        for client in clients[: len(of)]:
            Thread(target=work.run, args=(client,), name="failback-read", daemon=True).start()
        found = dict(work.next() for _ in of)
    finally:
        work.over.set()
    return [found[place] for place in range(len(of))]


class _Work(Generic[C, T, R]):
    """What is left to read, and what was read. `over`: nobody waits for it any more."""

    def __init__(self, read: Callable[[C, T], R], of: Sequence[T]) -> None:
        self._read, self.over = read, Event()
        self._left: SimpleQueue[tuple[int, T]] = SimpleQueue()
        self._done: SimpleQueue[tuple[int, R] | BaseException] = SimpleQueue()
        for each in enumerate(of):
            self._left.put(each)

    def run(self, client: C) -> None:
        """Read one after the other. Of a thread that ends in silence, the answer would be waited for without end."""
        while not self.over.is_set() and (taken := self._taken()) is not None:
            place, one = taken
            try:
                self._done.put((place, self._read(client, one)))
            except BaseException as failed:
                self.over.set()
                self._done.put(failed)

    def next(self) -> tuple[int, R]:
        """The next that was read, and its place."""
        done = self._came()
        if isinstance(done, BaseException):
            raise done
        return done

    def _taken(self) -> tuple[int, T] | None:
        with suppress(Empty):
            return self._left.get_nowait()
        return None

    def _came(self) -> tuple[int, R] | BaseException:
        while True:
            with suppress(Empty):
                return self._done.get(timeout=LOOK_S)
