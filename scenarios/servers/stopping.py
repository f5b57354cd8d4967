"""How a server that stays is told to end."""

import signal
import threading
from collections.abc import Iterator
from typing import Final

LOOK_S: Final = 0.5
"""How often it is looked, besides."""


def stop_signals() -> threading.Event:
    """An event that Ctrl-C, a request to end or a closed terminal sets."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, *_hang_ups()):
        signal.signal(number, lambda *_: stopped.set())
    return stopped


def _hang_ups() -> Iterator[signal.Signals]:
    """The terminal is closed: not on Windows, and not where nohup says that this does not matter."""
    number = getattr(signal, "SIGHUP", None)
    if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
        yield number


def until(stopped: threading.Event) -> None:
    """Wait for it. A signal in the instant in which a thread goes to sleep does not wake it, hence the looks."""
    while not stopped.wait(LOOK_S):
        pass
