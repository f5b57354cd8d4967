"""Python's search for cycles, made rare while a simulation runs.

A run allocates millions of small values and makes hardly any cycle, but a search goes through all that lives: for ten
thousand machines it took an eighth of the time, and found nothing.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

RARE: Final = (200_000, 20, 100)
"""Allocations before the young are searched, and such searches before the older and the old are."""


@contextmanager
def calm_memory() -> Iterator[None]:
    """Search rarely within this block, and as before after it."""
    before = gc.get_threshold()
    gc.set_threshold(*RARE)
    try:
        yield
    finally:
        gc.set_threshold(*before)
