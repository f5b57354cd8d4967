"""Python's search for cycles, made rare while a simulation runs or a file is read.

A run allocates millions of small values and makes hardly any cycle, but a search goes through all that lives: for ten
thousand machines it took an eighth of the time, and found nothing.

The search belongs to the whole process, so blocks that overlap (in threads, or one in another) are counted: the first
makes it rare, the last puts back what the first found. It is never switched off.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

RARE: Final = (200_000, 20, 100)
"""Allocations before the young are searched, and such searches before the older and the old are."""


class _Blocks:
    """Who is within a block now, and what held before the first came."""

    def __init__(self) -> None:
        self._lock, self._open, self._before = Lock(), 0, gc.get_threshold()

    def enter(self) -> None:
        with self._lock:
            if not self._open:
                self._before = gc.get_threshold()
                gc.set_threshold(*RARE)
            self._open += 1

    def leave(self) -> None:
        with self._lock:
            self._open -= 1
            if not self._open:
                gc.set_threshold(*self._before)


_BLOCKS: Final = _Blocks()


@contextmanager
def gc_tuning() -> Iterator[None]:
    """Search rarely within this block, and as before after the last of them."""
    _BLOCKS.enter()
    try:
        yield
    finally:
        _BLOCKS.leave()
