"""Some reads at a time, each answer in its place. A failure or an interrupt waits for none of the others.

The threads of `concurrent.futures` keep the process until they end, and one that waits as long as a service asks ends
minutes later.
"""

from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")
C = TypeVar("C")


def at_once(read: Callable[[C, T], R], of: Sequence[T], clients: Sequence[C]) -> list[R]:
    """What `read` gives for each, in this order; each client serves one thread. Raises the first failure that comes."""
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
        self._done: SimpleQueue[tuple[int, R] | Exception] = SimpleQueue()
        for each in enumerate(of):
            self._left.put(each)

    def run(self, client: C) -> None:
        """Read one after the other."""
        while not self.over.is_set():
            try:
                place, one = self._left.get_nowait()
                self._done.put((place, self._read(client, one)))
            except Empty:
                return
            except Exception as failed:
                self._done.put(failed)

    def next(self) -> tuple[int, R]:
        """The next that was read, and its place."""
        done = self._done.get()
        if isinstance(done, Exception):
            raise done
        return done
