"""How a server that stays is told to end."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from failback.scenarios.interrupts import sleep

LOOK_S: Final = 0.5
"""A signal in the instant in which the process goes to sleep does not wake it, hence no longer sleep than this."""


@contextmanager
def until_stopped() -> Iterator[None]:
    """Do what is in the block, then wait. An interrupt is how a server is told to end, and no mistake."""
    try:
        yield
        while True:
            sleep(LOOK_S)
    except KeyboardInterrupt:
        pass
