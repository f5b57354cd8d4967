"""How a server that stays is told to end."""

import signal
import threading
from typing import Final

LOOK_S: Final = 0.5
"""How often it is looked, besides."""


def stop_signals() -> threading.Event:
    """An event that Ctrl-C or a request to end sets."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    return stopped


def until(stopped: threading.Event) -> None:
    """Wait for it. A signal in the instant in which a thread goes to sleep does not wake it, hence the looks."""
    while not stopped.wait(LOOK_S):
        pass
