"""How a server that stays is told to end."""

import signal
import threading


def stop_signals() -> threading.Event:
    """An event that Ctrl-C or a request to end sets."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    return stopped
